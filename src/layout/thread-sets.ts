/** Which threads share something, told by the bits of their numbers: what a barrier has to reach over. */

import type { Fragment } from './fragment.js';
import { Layout } from './layout.js';

/**
 * For each of some places the threads that use it: one of them, and the bits of a thread's number in which others differ
 * from it. Threads that differ in a subset of some bits form a group, so that the least group around several sets is
 * the union of bits.
 */
export class ThreadSets {
  /** -1 where nobody uses the place. */
  private readonly first: Int32Array;
  private readonly spread: Int32Array;

  constructor(readonly places: number) {
    this.first = new Int32Array(places).fill(-1);
    this.spread = new Int32Array(places);
  }

  /** Adds a thread, with all that differ from it in some of the bits `spread`. */
  add(place: number, thread: number, spread = 0): void {
    if (this.first[place] === -1) this.first[place] = thread;
    this.spread[place] |= spread | (this.first[place] ^ thread);
  }

  /** The bits in which a thread that uses a place and one that uses a place of `other` can differ. */
  bitsBetween(place: number, other: ThreadSets, otherPlace: number): number {
    const [a, b] = [this.first[place], other.first[otherPlace]];
    if (a === -1 || b === -1) return 0;
    return this.spread[place] | other.spread[otherPlace] | (a ^ b);
  }
}

/** Whether a thread holds the first of several copies of its elements: the one that writes them. */
export function isFirstCopy({ thread: { shapes, strides } }: Fragment, thread: number): boolean {
  let rest = thread;
  for (let leaf = 0; leaf < shapes.length; leaf++) {
    if (strides[leaf] === 0 && rest % shapes[leaf] !== 0) return false;
    rest = Math.floor(rest / shapes[leaf]);
  }
  return true;
}

/**
 * Calls `visit` with every element and a thread that holds it; of several copies, which all are read and one of which is
 * written, with the first alone if `isWrite`.
 */
export function forEachHeld(
  fragment: Fragment,
  isWrite: boolean,
  visit: (element: number, thread: number) => void,
): void {
  for (let thread = 0; thread < fragment.threads; thread++) {
    if (isWrite && !isFirstCopy(fragment, thread)) continue;
    for (let register = 0; register < fragment.registers; register++) {
      const element = fragment.elementAt(thread, register);
      if (element < fragment.size) visit(element, thread);
    }
  }
}

/** By number of the element, which threads read or write it. */
export function threadsByElement(fragment: Fragment, isWrite: boolean): ThreadSets {
  const sets = new ThreadSets(fragment.size);
  forEachHeld(fragment, isWrite, (element, thread) => sets.add(element, thread));
  return sets;
}

/**
 * The threads of one group as a layout from a thread's number in its group to the block's: `(32,2):(1,64)` where threads
 * of one group differ in bits 0 to 4 and 6.
 */
export function groupOfBits(bits: number): Layout {
  const shapes: number[] = [];
  const strides: number[] = [];
  for (let bit = 1; bit <= bits; bit *= 2) {
    if ((bits & bit) === 0) continue;
    const last = shapes.length - 1;
    if (last >= 0 && shapes[last] * strides[last] === bit) shapes[last] *= 2;
    else {
      shapes.push(2);
      strides.push(bit);
    }
  }
  return shapes.length === 1 ? new Layout(shapes[0], strides[0]) : new Layout(shapes, strides);
}

/** The bits in which threads of a group differ; the inverse of {@link groupOfBits}. */
export function bitsOfGroup(group: Layout): number {
  return group.cosize - 1;
}
