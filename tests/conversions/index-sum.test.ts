/** Offsets built as index arithmetic equal the layout's own values, however coordinates are split into digits. */

import { describe, expect, test } from 'vitest';
import { IndexBuilder } from '../../src/conversions/support/index-builder.js';
import { buildOffset, buildSum, type IndexTerm } from '../../src/conversions/support/index-sum.js';
import { createContext } from '../../src/dialects/index.js';
import { Block, Builder, indexType, unknownLocation, type Value } from '../../src/ir/index.js';
import { ComposedLayout, Layout, Swizzle } from '../../src/layout/index.js';
import { Random } from '../layout/random-layouts.js';
import { evaluate } from './evaluate.js';

/** Splits a coordinate below `extent` into digits of a mixed radix, each a value of its own or a constant. */
function randomDigits(
  random: Random,
  extent: number,
  input: () => Value,
): { sum: IndexTerm[]; digits: Map<Value, number> } {
  const sum: IndexTerm[] = [];
  const digits = new Map<Value, number>();
  for (let coefficient = 1; coefficient < extent;) {
    const rest = extent / coefficient;
    const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter(
      (radix) => radix > 1 && rest % radix === 0,
    );
    const radix = random.pick(divisors);
    const digit = random.below(radix);
    if (random.below(5) === 0) sum.push({ value: digit, coefficient, extent: radix });
    else {
      const value = input();
      digits.set(value, digit);
      sum.push({ value, coefficient, extent: radix });
    }
    coefficient *= radix;
  }
  return { sum: random.shuffle(sum), digits };
}

function randomLayout(random: Random, extents: readonly number[]): Layout | ComposedLayout {
  const strides: number[] = [];
  let stride = 1;
  for (let i = extents.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= extents[i];
    if (random.below(4) === 0) stride += 8;
  }
  // A mode in two parts, as panels have it.
  const isSplit = extents[0] % 4 === 0 && random.below(2) === 0;
  const layout = isSplit
    ? new Layout(
        [[4, extents[0] / 4], ...extents.slice(1)],
        [[strides[0], 4 * strides[0] + 16], ...strides.slice(1)],
      )
    : new Layout([...extents], strides);
  if (random.below(3) === 0) return layout;
  const bits = 1 + random.below(3);
  const swizzle = new Swizzle(bits, random.below(4), bits + random.below(3));
  return new ComposedLayout(swizzle, random.pick([0, 0, 64, 24]), layout);
}

describe('buildOffset', () => {
  test('equals the value of the layout', () => {
    const random = new Random(7);
    const context = createContext();
    for (let round = 0; round < 400; round++) {
      const block = new Block([], unknownLocation);
      const builder = new Builder(context);
      builder.setInsertionPointToEnd(block);
      const index = new IndexBuilder(builder);
      const input = (): Value => block.addArgument(indexType, unknownLocation);
      const extents = Array.from({ length: 1 + random.below(2) }, () =>
        random.pick([1, 2, 4, 6, 8, 12, 16, 32, 48]),
      );
      const layout = randomLayout(random, extents);
      const parts = extents.map((extent) => randomDigits(random, extent, input));
      const inputs = new Map(parts.flatMap(({ digits }) => [...digits]));
      const coordinates = parts.map(({ sum }) => evaluate(buildSum(index, sum), inputs));
      const offset = buildOffset(
        index,
        layout,
        parts.map(({ sum }) => sum),
      );
      expect(evaluate(offset, inputs), `${layout} at ${coordinates.join()}`).toBe(
        layout.at(coordinates.length === 1 ? coordinates[0] : coordinates),
      );
    }
  });

  test('leaves what a swizzle does not touch in the open', () => {
    const context = createContext();
    const block = new Block([], unknownLocation);
    const builder = new Builder(context);
    builder.setInsertionPointToEnd(block);
    const index = new IndexBuilder(builder);
    const [lane, step] = [0, 1].map(() => block.addArgument(indexType, unknownLocation));
    const layout = new ComposedLayout(new Swizzle(2, 3, 3), 0, new Layout([128, 32], [32, 1]));
    const offset = buildOffset(index, layout, [
      [
        { value: lane, coefficient: 1, extent: 32 },
        { value: step, coefficient: 32, extent: 4 },
      ],
      [],
    ]) as Value;
    // (lane * 32 ^ ...) + step * 1024: unrolled steps become immediate offsets.
    expect(offset.definingOp?.name.text).toBe('arith.addi');
    expect(offset.definingOp?.operand(0).definingOp?.name.text).toBe('arith.xori');
  });

  test('adds the bits of a loop variable that the XOR does not reach', () => {
    const context = createContext();
    const block = new Block([], unknownLocation);
    const builder = new Builder(context);
    builder.setInsertionPointToEnd(block);
    const index = new IndexBuilder(builder);
    const [lane, step] = [0, 1].map(() => block.addArgument(indexType, unknownLocation));
    const layout = new ComposedLayout(new Swizzle(3, 3, 4), 0, new Layout([16, 128], [128, 1]));
    const row = index.remainder(lane, 16);
    const offset = buildOffset(index, layout, [
      [{ value: row, coefficient: 1, extent: 16 }],
      [{ value: step, coefficient: 16, extent: 8 }],
    ]) as Value;
    // ((row * 128 ^ ...) ^ step % 4 * 16) + step / 4 * 64: four addresses serve eight steps.
    const [xored, added] = [0, 1].map((i) => offset.definingOp!.operand(i).definingOp!);
    expect(xored.name.text).toBe('arith.xori');
    expect(added.operand(0).definingOp?.name.text).toBe('arith.divui');
    for (let at = 0; at < 16; at++) {
      for (let k = 0; k < 8; k++)
        expect(
          evaluate(
            offset,
            new Map([
              [lane, at],
              [step, k],
            ]),
          ),
        ).toBe(layout.at([at, 16 * k]));
    }
  });
});
