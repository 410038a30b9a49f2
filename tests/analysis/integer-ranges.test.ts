import { expect, test } from 'vitest';
import {
  ConstantPropagation,
  DataFlowSolver,
  IntegerRangeAnalysis,
} from '../../src/analysis/index.js';
import type { Operation } from '../../src/ir/index.js';
import { parseOk } from '../dialects/helpers.js';

const WIDTH = 3;
const COUNT = 2 ** WIDTH;
const signed = (bits: number): number => Number(BigInt.asIntN(WIDTH, BigInt(bits)));
const division =
  (read: (bits: number) => number, round: (quotient: number) => number) =>
  (x: number, y: number): number | undefined =>
    // Without a result: division by zero, and a quotient that the width does not hold.
    y === 0 || (read === signed && signed(x) === -COUNT / 2 && signed(y) === -1)
      ? undefined
      : round(read(x) / read(y));
const unsigned = (bits: number): number => bits;
const shift =
  (compute: (x: number, y: number) => number) =>
  (x: number, y: number): number | undefined =>
    y < WIDTH ? compute(x, y) : undefined;

/** What each operation gives for the bits of its operands; undefined where it may give anything. */
const OPERATIONS: Readonly<Record<string, (x: number, y: number) => number | undefined>> = {
  addi: (x, y) => x + y,
  subi: (x, y) => x - y,
  muli: (x, y) => x * y,
  andi: (x, y) => x & y,
  ori: (x, y) => x | y,
  xori: (x, y) => x ^ y,
  maxsi: (x, y) => Math.max(signed(x), signed(y)),
  maxui: Math.max,
  minsi: (x, y) => Math.min(signed(x), signed(y)),
  minui: Math.min,
  divui: division(unsigned, Math.floor),
  divsi: division(signed, Math.trunc),
  ceildivui: division(unsigned, Math.ceil),
  ceildivsi: division(signed, Math.ceil),
  floordivsi: division(signed, Math.floor),
  remui: (x, y) => (y === 0 ? undefined : x % y),
  remsi: (x, y) => (y === 0 ? undefined : signed(x) % signed(y)),
  shli: shift((x, y) => x << y),
  shrui: shift((x, y) => x >> y),
  shrsi: shift((x, y) => signed(x) >> y),
};

interface Known {
  readonly first: number;
  readonly size: number;
}

/** Every range of unsigned numbers, that of all of them once. */
const RANGES: Known[] = [];
for (let first = 0; first < COUNT; first++)
  for (let size = 1; first + size <= COUNT; size++) RANGES.push({ first, size });

test.each(Object.entries(OPERATIONS))('no value of arith.%s leaves its range', (name, compute) => {
  const type = `i${WIDTH}`;
  const constant = (value: number): string => `arith.constant ${signed(value % COUNT)} : ${type}`;
  // `first + x mod size`, where x may be anything.
  const operand = (side: string, { first, size }: Known, number: number): string =>
    size === COUNT
      ? `%${side}${number} = arith.addi %${side}, %${side}_zero : ${type}`
      : `%${side}${number}_n = ${constant(size)}
         %${side}${number}_r = arith.remui %${side}, %${side}${number}_n : ${type}
         %${side}${number}_f = ${constant(first)}
         %${side}${number} = arith.addi %${side}${number}_r, %${side}${number}_f : ${type}`;
  const sides = ['a', 'b'];
  const operands = sides.flatMap((side) =>
    RANGES.map((range, number) => operand(side, range, number)),
  );
  const pairs = RANGES.flatMap((_, a) => RANGES.map((_, b) => ({ a, b })));
  const results = pairs.map(
    ({ a, b }) => `arith.${name} %a${a}, %b${b} {pair = [${a}, ${b}]} : ${type}`,
  );
  const root = parseOk(`func.func @f(%a: ${type}, %b: ${type}) {
    %a_zero = ${constant(0)}
    %b_zero = ${constant(0)}
    ${operands.join('\n')}
    ${results.join('\n')}
    return
  }`);
  const solver = new DataFlowSolver();
  solver.load(ConstantPropagation);
  const analysis = solver.load(IntegerRangeAnalysis);
  solver.run(root);
  const found: Operation[] = [];
  root.walk((op) => void (op.hasAttribute('pair') && found.push(op)));
  expect(found).toHaveLength(pairs.length);
  const wrong: string[] = [];
  found.forEach((op, index) => {
    const { a, b } = pairs[index];
    const known = analysis.lookup(op.result)!;
    const valuesOf = ({ first, size }: Known): number[] =>
      Array.from({ length: size }, (_, i) => first + i);
    for (const x of valuesOf(RANGES[a])) {
      for (const y of valuesOf(RANGES[b])) {
        const result = compute(x, y);
        if (result === undefined) continue;
        const bits = BigInt.asUintN(WIDTH, BigInt(result));
        const number = BigInt.asIntN(WIDTH, bits);
        const isInside =
          bits >= known.unsigned.min &&
          bits <= known.unsigned.max &&
          number >= known.signed.min &&
          number <= known.signed.max;
        if (!isInside) wrong.push(`${x}, ${y} -> ${bits}`);
      }
    }
  });
  expect(wrong.slice(0, 5)).toEqual([]);
});
