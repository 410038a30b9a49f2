/**
 * Pipelined loops whose copies stand under a condition, executed: masks that want every block, none, and some; any number of
 * iterations, known now or at run time; several executions of one loop, so that its prologue meets what came before.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { i1 } from '../../src/ir/index.js';
import { formatOf } from '../../src/runtime/numerics/index.js';
import { writeNpy } from '../../src/runtime/npy.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { expectCompiles } from './accepting-compilers.js';
import { readKernel } from './kernel-files.js';
import { simulateModule, simulateRuns } from './run-kernels.js';

const A = 'memref<32x224xf16>';
const B = 'memref<224x32xf16>';
const a = '!tile.shared<32x32xf16>';
const copyA = `tile.copy %A[%c0, %k] to %a : ${A} to ${a}`;
const copyB = `tile.copy %B[%k, %c0] to %b : ${B} to ${a}`;
const product = `tile.gemm %a, %b into %acc : ${a}, ${a}, !tile.fragment<32x32xf32>`;
const branch = (condition: string, ...statements: string[]): string =>
  `scf.if ${condition} {\n${statements.join('\n')}\n}`;

/** Bodies of the loop: `%w` and `%v` are conditions that only the mask decides. */
const bodies = {
  together: branch('%w', copyA, copyB, product),
  apart: branch('%w', copyA, copyB) + branch('%w', product),
  loaded_again: `${branch('%w', copyA, copyB)}
    %again = tile.load %mask[%o, %block] : memref<3x7xi32>
    %same = arith.cmpi slt, %again, %limit : i32
    ${branch('%same', product)}`,
  one_of_two: copyA + '\n' + branch('%w', copyB, product),
  different: branch('%w', copyA) + branch('%v', copyB) + branch('%w', branch('%v', product)),
  loaded_place: branch(
    '%w',
    `%place = tile.load %places[%block] : memref<7xi32>
    %bit_of = arith.andi %place, %bit : i32
    %row = arith.index_cast %bit_of : i32 to index
    %from = arith.muli %row, %c32 : index
    tile.copy %A[%c0, %from] to %a : ${A} to ${a}`,
    copyB,
    product,
  ),
};

type Body = keyof typeof bodies;
/** Bodies with one copy ahead of the other, by lists: the statements are branches. */
const scheduled: Readonly<Partial<Record<Body, string>>> = {
  apart: 'order([0, 1]) stage([0, 2])',
  different: 'order([1, 2, 0]) stage([0, 1, 3])',
  one_of_two: 'order([1, 0]) stage([0, 2])',
};

function program(body: Body, pipeline: string, end: number | '%n'): string {
  const name = [body, ...(pipeline.match(/[0-9]+/g) ?? []), String(end).replace('%', '')].join('_');
  return `
tile.kernel @${name}(%A: ${A}, %B: ${B}, %mask: memref<3x7xi32>, %places: memref<7xi32>, %C: memref<96x32xf32>, %limit: i32, %n: index)
    blocks(%x) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c32 = arith.constant 32 : index
  %even = arith.constant 0 : i32
  %bit = arith.constant 1 : i32
  %a = tile.alloc : ${a}
  %b = tile.alloc : ${a}
  %acc = tile.alloc : !tile.fragment<32x32xf32>
  scf.for %o = %c0 to %c3 step %c1 {
    tile.clear %acc : !tile.fragment<32x32xf32>
    tile.pipelined %k = 0 to ${end} step 32 ${pipeline} {
      %block = affine.apply affine_map<(d0) -> (d0 floordiv 32)>(%k)
      %m = tile.load %mask[%o, %block] : memref<3x7xi32>
      %w = arith.cmpi slt, %m, %limit : i32
      %low = arith.andi %m, %bit : i32
      %v = arith.cmpi eq, %low, %even : i32
      ${bodies[body]}
    }
    %at = arith.muli %o, %c32 : index
    tile.copy %acc to %C[%at, %c0] : !tile.fragment<32x32xf32> to memref<96x32xf32>
  }
}`;
}

const names = Object.keys(bodies) as Body[];
/** All programs of one body; bounds known now take the place of `n`. */
const programsOf = (body: Body): string[] => [
  ...['stages(2)', 'stages(3)', 'stages(4)', ...[scheduled[body] ?? []].flat()].map((pipeline) =>
    program(body, pipeline, '%n'),
  ),
  program(body, 'stages(3)', 32),
  program(body, 'stages(3)', 224),
];
/** Drawn entries of the mask lie between -7 and 7: none is wanted, all, those below 0. */
const runs = [
  ...[-100, 100].flatMap((limit) =>
    [0, 32, 64, 224].map((n) => ({ values: { limit, n }, seed: 1 })),
  ),
  ...[0, 32, 96, 224].map((n) => ({ values: { limit: 0, n }, seed: 2 })),
  // The first block of an execution is not wanted, and the second overwrites what the one before read last.
  ...[3, 4, 5, 6, 7].map((seed) => ({ values: { limit: 0, n: 64 }, seed })),
];

describe.skipIf('reason' in findHostCompiler())('executed', () => {
  for (const arch of ['sm_80', 'gfx942']) {
    test.each(names)(`${arch}: %s`, (body) => {
      const { failures, remarks } = simulateRuns(programsOf(body).join('\n'), arch, runs, 4);
      expect(failures).toEqual([]);
      expect(remarks.join('\n')).not.toMatch(/is not pipelined|does not run ahead/);
    });
  }
});

/** A tile of which two versions exceed the shared memory of gfx942. */
const largeTile = `
tile.kernel @large_tile(%A: memref<768x96xf32>, %mask: memref<8xi1>, %C: memref<768x96xf32>) blocks(%b) = (1) threads(256) {
  %c0 = arith.constant 0 : index
  %c96 = arith.constant 96 : index
  %s = tile.alloc : !tile.shared<96x96xf32>
  %f = tile.alloc : !tile.fragment<96x96xf32>
  tile.clear %f : !tile.fragment<96x96xf32>
  tile.pipelined %k = 0 to 8 step 1 stages(2) {
    %wanted = tile.load %mask[%k] : memref<8xi1>
    %at = arith.muli %k, %c96 : index
    scf.if %wanted {
      tile.copy %A[%at, %c0] to %s : memref<768x96xf32> to !tile.shared<96x96xf32>
      tile.transpose %s to %f : !tile.shared<96x96xf32> to !tile.fragment<96x96xf32>
    }
    tile.copy %f to %C[%at, %c0] : !tile.fragment<96x96xf32> to memref<768x96xf32>
  }
}`;

test.skipIf('reason' in findHostCompiler())('gfx942: one version of a tile', () => {
  for (const seed of [1, 2, 3]) {
    const run = simulateModule(largeTile, 'gfx942', { seed, schedules: 4 });
    expect(run.errors).toContain('loop has one version of each buffer and a second barrier');
    expect(run.errors).not.toMatch(/error|does not run ahead/);
    expect(run.status).toBe(0);
  }
});

const folder = mkdtempSync(join(tmpdir(), 'masks-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `kernels/attention_block_sparse.mlir` with another number of blocks of keys and another depth. */
function attention(blocks: number, stages: number): string {
  return readKernel('attention_block_sparse.mlir')
    .replace('0 to 256', `0 to ${blocks * 64}`)
    .replace('stages(2)', `stages(${stages})`);
}

describe.skipIf('reason' in findHostCompiler())('block-sparse attention', () => {
  const wanted = { none: [0, 0, 0, 0], all: [1, 1, 1, 1], first: [1, 0, 0, 0], last: [0, 0, 0, 1] };
  const other = { none: [0, 0, 0, 0], all: [1, 1, 1, 1], first: [0, 1, 1, 0], last: [1, 0, 1, 0] };
  const cases = ['sm_80', 'gfx942'].flatMap((arch) =>
    [
      [1, 2],
      [2, 4],
      [3, 2],
      [4, 3],
    ].map(([blocks, stages]) => ({ arch, blocks, stages })),
  );
  test.each(cases)('$arch: $blocks blocks, $stages stages', ({ arch, blocks, stages }) => {
    for (const [name, row] of Object.entries(wanted)) {
      const data = formatOf(i1).allocate(8);
      data.set([...row, ...other[name as keyof typeof other]] as never);
      const file = join(folder, `${name}.npy`);
      writeFileSync(file, writeNpy({ elementType: i1, shape: [2, 4], data }));
      const run = simulateModule(attention(blocks, stages), arch, {
        flags: [`--arg=mask=${file}`],
        schedules: 2,
      });
      expect(run.errors).not.toMatch(/error|pipelined|does not run ahead/);
      expect(run.status).toBe(0);
    }
  });
});

test('the compilers accept it', ({ skip }) => {
  const text = [...programsOf('together'), ...programsOf('different')].join('\n');
  expectCompiles(text, skip);
});
