/** What it takes to turn one distribution of a tile into another: nothing, registers, shuffles, or shared memory. */

import type { Fragment } from './fragment.js';
import { LayoutError } from './int-tuple.js';

/** How the lanes that a shuffle reads from depend on the reading lane. */
export type ShufflePattern =
  { readonly kind: 'xor'; readonly mask: number } | { readonly kind: 'indexed' };

/** One destination register of a shuffle conversion. */
export interface ShuffleStep {
  /** Register that is written. */
  readonly register: number;
  /** Source registers that lanes read; more than one needs that many shuffles and selects by lane. */
  readonly sources: readonly number[];
  readonly pattern: ShufflePattern;
}

/** Per pair `thread * registers + register` of the destination, -1 where that pair holds nothing. */
export interface ConversionSource {
  readonly thread: Int32Array;
  readonly register: Int32Array;
}

export type ConversionPlan =
  | { readonly kind: 'identity' }
  /** Destination register `r` is source register `permutation[r]` of the same thread (-1: holds nothing anywhere). */
  | { readonly kind: 'registers'; readonly permutation: Int32Array }
  /** All data stays within warps of `lanes` threads; `shuffles` counts single-register shuffle instructions. */
  | {
      readonly kind: 'shuffle';
      readonly lanes: number;
      readonly shuffles: number;
      readonly steps: readonly ShuffleStep[];
      readonly source: ConversionSource;
    }
  | { readonly kind: 'shared' };

/**
 * The cheapest way from one fragment to another of the same tile, decided exactly over all pairs.
 *
 * - `identity`: every pair of `to` holds what the same pair of `from` holds.
 * - `registers`: each thread already has all it needs, in the same other registers in every thread (registers
 *   cannot be indexed at run time, so a permutation that depends on the thread is a `shuffle`).
 * - `shuffle`: each element is held in the warp that needs it.
 * - `shared`: otherwise.
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
  const owners = from.getOwnerIndex();
  const total = to.threads * to.registers;
  const source = {
    thread: new Int32Array(total).fill(-1),
    register: new Int32Array(total).fill(-1),
  };
  let local = true;
  for (let thread = 0, pair = 0; thread < to.threads; thread += 1) {
    const warp = Math.floor(thread / warpSize);
    for (let register = 0; register < to.registers; register += 1, pair += 1) {
      const element = to.elementAt(thread, register);
      if (element >= to.size) continue;
      if (owners.starts[element] === owners.starts[element + 1]) {
        throw new LayoutError(`element ${element} is held by nobody in the source fragment`);
      }
      // The same pair is best, then the same thread, then any of the same warp.
      let best = -1;
      for (let at = owners.starts[element]; at < owners.starts[element + 1]; at += 1) {
        const owner = Math.floor(owners.pairs[at] / from.registers);
        if (owner === thread) {
          const own = owners.pairs[at] - owner * from.registers;
          if (best < 0 || Math.floor(best / from.registers) !== thread || own === register) {
            best = owners.pairs[at];
          }
        } else if (best < 0 && Math.floor(owner / warpSize) === warp) best = owners.pairs[at];
      }
      if (best < 0) return { kind: 'shared' };
      source.thread[pair] = Math.floor(best / from.registers);
      source.register[pair] = best % from.registers;
      if (source.thread[pair] !== thread) local = false;
    }
  }
  const permutation = local ? uniformPermutation(to, source) : undefined;
  if (permutation !== undefined) {
    const same = permutation.every((own, register) => own === register || own === -1);
    if (same && from.threads === to.threads && from.registers === to.registers) {
      return { kind: 'identity' };
    }
    return { kind: 'registers', permutation };
  }
  const steps = Array.from({ length: to.registers }, (_, register) =>
    planShuffle(to, source, register, warpSize),
  );
  const shuffles = steps.reduce((sum, step) => sum + step.sources.length, 0);
  return { kind: 'shuffle', lanes: warpSize, shuffles, steps, source };
}

function uniformPermutation(to: Fragment, source: ConversionSource): Int32Array | undefined {
  const permutation = new Int32Array(to.registers).fill(-1);
  for (let pair = 0; pair < source.register.length; pair += 1) {
    if (source.register[pair] < 0) continue;
    const register = pair % to.registers;
    if (permutation[register] < 0) permutation[register] = source.register[pair];
    else if (permutation[register] !== source.register[pair]) return undefined;
  }
  return permutation;
}

function planShuffle(
  to: Fragment,
  source: ConversionSource,
  register: number,
  warpSize: number,
): ShuffleStep {
  const sources = new Set<number>();
  let mask = -1;
  let isXor = true;
  for (let thread = 0; thread < to.threads; thread += 1) {
    const pair = thread * to.registers + register;
    if (source.thread[pair] < 0) continue;
    sources.add(source.register[pair]);
    const difference = (source.thread[pair] % warpSize) ^ (thread % warpSize);
    if (mask < 0) mask = difference;
    else if (mask !== difference) isXor = false;
  }
  const pattern: ShufflePattern = isXor && mask >= 0 ? { kind: 'xor', mask } : { kind: 'indexed' };
  return { register, sources: [...sources].sort((a, b) => a - b), pattern };
}
