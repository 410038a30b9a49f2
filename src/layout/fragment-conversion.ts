/** What it takes to turn one distribution of a tile into another: nothing, registers, shuffles, or shared memory. */

import type { Fragment } from './fragment.js';
import { LayoutError } from './int-tuple.js';
import { planShuffles, type LaneSources, type ShufflePlan } from './shuffle-plan.js';

export type ConversionPlan =
  | { readonly kind: 'identity' }
  /** Destination register `r` is source register `permutation[r]` of the same thread (-1: holds nothing anywhere). */
  | { readonly kind: 'registers'; readonly permutation: Int32Array }
  /** All data stays within warps, and every warp does the same. */
  | { readonly kind: 'shuffle'; readonly sources: LaneSources; readonly plan: ShufflePlan }
  | { readonly kind: 'shared' };

/**
 * The cheapest way from one fragment to another of the same tile, decided exactly over all pairs.
 *
 * - `identity`: every pair of `to` holds what the same pair of `from` holds.
 * - `registers`: each thread already has all it needs, in the same other registers in every thread (registers
 *   cannot be indexed at run time, so a permutation that depends on the thread is a `shuffle`).
 * - `shuffle`: each element is held in the warp that needs it, at the same place in every warp.
 * - `shared`: otherwise.
 *
 * Of several holders of an element the nearest is read: the thread itself, then the lane with the least XOR.
 *
 * @param warpSize - threads that can shuffle with each other: 32 or 64.
 * @throws LayoutError when the tiles differ or `from` lacks an element that `to` needs.
 */
export function planConversion(from: Fragment, to: Fragment, warpSize = 32): ConversionPlan {
  if (from.shape.join() !== to.shape.join()) {
    throw new LayoutError(
      `expected fragments of one tile, found [${from.shape.join(', ')}] and [${to.shape.join(', ')}]`,
    );
  }
  if (from.isEquivalent(to)) return { kind: 'identity' };
  const source = findSources(from, to, warpSize);
  if (source === undefined) return { kind: 'shared' };
  const permutation = uniformPermutation(to, source);
  if (permutation !== undefined) {
    const same = permutation.every((own, register) => own === register || own === -1);
    if (same && from.threads === to.threads && from.registers === to.registers) {
      return { kind: 'identity' };
    }
    return { kind: 'registers', permutation };
  }
  const sources = uniformLanes(to, source, warpSize);
  return sources === undefined
    ? { kind: 'shared' }
    : { kind: 'shuffle', sources, plan: planShuffles(sources) };
}

/** Per pair `thread * registers + register` of the destination: where it finds its element, -1 where it holds nothing. */
interface PairSources {
  readonly thread: Int32Array;
  readonly register: Int32Array;
}

/** The nearest holder of each element within the warp that wants it; undefined where one is in other warps only. */
function findSources(from: Fragment, to: Fragment, warpSize: number): PairSources | undefined {
  const { starts, pairs } = from.getOwnerIndex();
  const total = to.threads * to.registers;
  const source = {
    thread: new Int32Array(total).fill(-1),
    register: new Int32Array(total).fill(-1),
  };
  for (let thread = 0, pair = 0; thread < to.threads; thread += 1) {
    for (let register = 0; register < to.registers; register += 1, pair += 1) {
      const element = to.elementAt(thread, register);
      if (element >= to.size) continue;
      if (starts[element] === starts[element + 1]) {
        throw new LayoutError(`element ${element} is held by nobody in the source fragment`);
      }
      let nearest = warpSize;
      for (let at = starts[element]; at < starts[element + 1]; at += 1) {
        const owner = Math.floor(pairs[at] / from.registers);
        const own = pairs[at] - owner * from.registers;
        const isSameWarp = Math.floor(owner / warpSize) === Math.floor(thread / warpSize);
        const distance = (owner % warpSize) ^ (thread % warpSize);
        if (!isSameWarp || distance > nearest || (distance === nearest && own !== register))
          continue;
        nearest = distance;
        source.thread[pair] = owner;
        source.register[pair] = own;
      }
      if (nearest === warpSize) return undefined;
    }
  }
  return source;
}

/** The source register of each register, where every thread has what it needs itself and all in the same registers. */
function uniformPermutation(to: Fragment, source: PairSources): Int32Array | undefined {
  const permutation = new Int32Array(to.registers).fill(-1);
  for (let pair = 0; pair < source.register.length; pair += 1) {
    if (source.register[pair] < 0) continue;
    const thread = Math.floor(pair / to.registers);
    const register = pair - thread * to.registers;
    if (source.thread[pair] !== thread) return undefined;
    if (permutation[register] < 0) permutation[register] = source.register[pair];
    else if (permutation[register] !== source.register[pair]) return undefined;
  }
  return permutation;
}

/** The sources by lane, where all warps agree. */
function uniformLanes(
  to: Fragment,
  source: PairSources,
  warpSize: number,
): LaneSources | undefined {
  const lanes = Math.min(warpSize, to.threads);
  const lane = new Int32Array(lanes * to.registers).fill(-1);
  const register = new Int32Array(lanes * to.registers).fill(-1);
  for (let pair = 0; pair < source.register.length; pair += 1) {
    if (source.register[pair] < 0) continue;
    const thread = Math.floor(pair / to.registers);
    const at = (pair - thread * to.registers) * lanes + (thread % warpSize);
    const from = source.thread[pair] % warpSize;
    if (lane[at] < 0) {
      lane[at] = from;
      register[at] = source.register[pair];
    } else if (lane[at] !== from || register[at] !== source.register[pair]) return undefined;
  }
  return { lanes, registers: to.registers, lane, register };
}
