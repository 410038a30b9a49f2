/** What is claimed of neighbouring iterations holds in every group of every loop that is tried. */

import { expect, test } from 'vitest';
import { IntegerAnalysis } from '../../src/analysis/integer-facts.js';
import { NeighbourAnalysis } from '../../src/conversions/support/neighbour-analysis.js';
import { createContext } from '../../src/dialects/index.js';
import type { Operation, Value } from '../../src/ir/index.js';
import { createRandom } from '../../src/runtime/run/random.js';
import { SourceFile } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';

const EXTENTS = [3, 48] as const;

type Evaluate = (a: number, b: number) => number;

const OPERATIONS: Readonly<Record<string, Evaluate>> = {
  'arith.addi': (a, b) => a + b,
  'arith.subi': (a, b) => a - b,
  'arith.muli': (a, b) => a * b,
  'arith.floordivsi': (a, b) => Math.floor(a / b),
  'arith.divsi': (a, b) => Math.trunc(a / b),
  'arith.remsi': (a, b) => a % b,
  'arith.minsi': Math.min,
};

const PREDICATES: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  slt: (a, b) => a < b,
  sle: (a, b) => a <= b,
  sgt: (a, b) => a > b,
  sge: (a, b) => a >= b,
};

interface Program {
  readonly text: string;
  /** For each value of the body what it is in iteration (i, j). */
  readonly values: ReadonlyMap<string, (i: number, j: number) => number>;
}

function program(seed: number): Program {
  const random = createRandom(seed, 'neighbours');
  const integer = (from: number, to: number): number =>
    from + Math.floor(random() * (to - from + 1));
  const pick = <T>(list: readonly T[]): T => list[integer(0, list.length - 1)];
  const values = new Map<string, (i: number, j: number) => number>([
    ['i', (i) => i],
    ['j', (_, j) => j],
  ]);
  const lines: string[] = [];
  const constant = (value: number): string => {
    const name = `c${lines.length}`;
    lines.push(`%${name} = arith.constant ${value} : index`);
    return name;
  };
  for (let n = 0; n < 12; n++) {
    const numbers = [...values.keys()].filter((name) => !name.startsWith('p'));
    const from = pick(numbers);
    const name = pick(Object.keys(OPERATIONS));
    const isDivision = /div|rem/.test(name);
    const isByConstant = isDivision || name === 'arith.muli' || random() < 0.5;
    const by = isDivision ? pick([2, 3, 4, 6, 8, 16, 24]) : pick([0, 1, 2, 4, 7, 8, 16, -8]);
    const other = isByConstant ? constant(by) : pick(numbers);
    const [lhs, rhs] = [values.get(from)!, isByConstant ? () => by : values.get(other)!];
    lines.push(`%v${n} = ${name} %${from}, %${other} : index`);
    values.set(`v${n}`, (i, j) => OPERATIONS[name](lhs(i, j), rhs(i, j)));
    const predicate = pick(Object.keys(PREDICATES));
    const limit = pick([0, 4, 8, 16, 17, 32]);
    lines.push(`%p${n} = arith.cmpi ${predicate}, %v${n}, %${constant(limit)} : index`);
    const value = values.get(`v${n}`)!;
    values.set(`p${n}`, (i, j) => Number(PREDICATES[predicate](value(i, j), limit)));
  }
  const text = `
tile.kernel @loop() blocks(%b) = (1) threads(32) {
  tile.parallel (%i, %j) in (${EXTENTS.join(', ')}) {
    ${lines.join('\n    ')}
  }
}`;
  return { text, values };
}

function bodyValues(loop: Operation): Map<string, Value> {
  const values = new Map<string, Value>();
  const [block] = [...loop.regions[0].blocks()];
  for (const argument of block.arguments) values.set(argument.name!, argument);
  for (const op of block.operations()) values.set(op.result.name!, op.result);
  return values;
}

test('of random index arithmetic', () => {
  const claims = new Map<string, number>();
  for (let seed = 0; seed < 300; seed++) {
    const { text, values } = program(seed);
    const module = parseModule(new SourceFile('loop.mlir', text), createContext())!;
    let loop: Operation | undefined;
    module.walk((op) => {
      if (op.name.text === 'tile.parallel') loop = op;
    });
    const found = bodyValues(loop!);
    for (const count of [2, 4, 8]) {
      const analysis = new NeighbourAnalysis(loop!, 1, count, new IntegerAnalysis());
      for (const [name, evaluate] of values) {
        const claim = analysis.of(found.get(name)!);
        if (claim === undefined) continue;
        const kind = `${name.startsWith('p') ? 'condition' : 'number'} by ${Math.sign(claim.step)}`;
        claims.set(kind, (claims.get(kind) ?? 0) + 1);
        for (let i = 0; i < EXTENTS[0]; i++) {
          for (let j = 0; j < EXTENTS[1]; j += count) {
            const first = evaluate(i, j);
            const isMultiple =
              claim.divisor === 0 ? first === 0 : Math.abs(first % claim.divisor) === 0;
            const grows = Array.from(
              { length: count },
              (_, n) => evaluate(i, j + n) === first + claim.step * n,
            );
            if (!isMultiple || grows.includes(false))
              expect.fail(
                `%${name} at (${i}, ${j}) in groups of ${count} is no ${JSON.stringify(claim)}, seed ${seed}\n${text}`,
              );
          }
        }
      }
    }
  }
  // Claims of all kinds were checked.
  for (const kind of ['condition by 0', 'number by 0', 'number by 1', 'number by -1'])
    expect(claims.get(kind), kind).toBeGreaterThan(100);
});
