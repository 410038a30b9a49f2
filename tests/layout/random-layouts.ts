/** Deterministic random layouts for property tests, and brute-force answers to compare with. */

import { Layout, type IntTuple } from '../../src/layout/index.js';

/** A small linear generator: the same cases on every run. */
export class Random {
  constructor(private state: number) {}

  /** An integer from 0 to `bound - 1`. */
  below(bound: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * bound);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let at = result.length - 1; at > 0; at -= 1) {
      const other = this.below(at + 1);
      [result[at], result[other]] = [result[other], result[at]];
    }
    return result;
  }

  shape(leaves: number, extents: readonly number[] = [1, 2, 3, 4, 5, 6, 8]): IntTuple {
    if (leaves === 1 && this.below(2) === 0) return this.pick(extents);
    const parts: IntTuple[] = [];
    let rest = leaves;
    while (rest > 0) {
      const take = 1 + this.below(rest);
      parts.push(
        take === 1
          ? this.pick(extents)
          : take === leaves
            ? this.shape(1, extents)
            : this.shape(take, extents),
      );
      rest -= take;
    }
    return parts;
  }

  /** Any layout: strides 0 to 12. */
  layout(leaves = 1 + this.below(4)): Layout {
    const shape = this.shape(leaves);
    const strides = (node: IntTuple): IntTuple =>
      typeof node === 'number' ? this.below(13) : node.map(strides);
    return new Layout(shape, strides(shape));
  }

  /** A layout whose strides nest: modes of a compact layout in random order, some dropped. */
  nestedLayout(leaves = 1 + this.below(4), keep = 3): Layout {
    let stride = 1;
    const modes: [number, number][] = [];
    for (let leaf = 0; leaf < leaves; leaf += 1) {
      const extent = this.pick([1, 2, 3, 4, 5]);
      if (this.below(4) < keep) modes.push([extent, stride]);
      stride *= extent;
    }
    if (modes.length === 0) modes.push([2, 1]);
    const shuffled = this.shuffle(modes);
    return new Layout(
      shuffled.map(([extent]) => extent),
      shuffled.map(([, own]) => own),
    );
  }
}

/** Offset by the definition, one leaf after the other, without any of the layout's own evaluation. */
export function evaluateByDefinition(layout: Layout, index: number): number {
  let rest = index;
  let offset = 0;
  layout.shapes.forEach((extent, leaf) => {
    offset += (rest % extent) * layout.strides[leaf];
    rest = Math.floor(rest / extent);
  });
  return offset;
}

export function valuesOf(layout: { size: number; atIndex(index: number): number }): number[] {
  return Array.from({ length: layout.size }, (_, index) => layout.atIndex(index));
}
