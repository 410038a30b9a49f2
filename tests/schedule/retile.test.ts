/** New tile extents: applied everywhere where that is sound, refused with a reason where it is not, results unchanged. */

import { describe, expect, test } from 'vitest';
import { createContext } from '../../src/dialects/index.js';
import { symbolName, type Operation } from '../../src/ir/index.js';
import { createInterpreter } from '../../src/runtime/run/executors.js';
import { compareTensors } from '../../src/runtime/run/compare.js';
import { prepareInputs } from '../../src/runtime/run/inputs.js';
import { defaultTolerance } from '../../src/runtime/run/tolerance.js';
import { tileKernels } from '../../src/schedule/index.js';
import { SourceFile } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';
import { readKernel } from '../kernels/kernel-files.js';
import { GEMM, schedule } from './programs.js';

function outputs(module: Operation, program: string) {
  const source = new SourceFile('program.mlir', program);
  return tileKernels(module).map((kernel) => {
    const inputs = prepareInputs(kernel, { values: new Map(), shapes: new Map(), seed: 3 });
    const outcome = createInterpreter({}).run({ module, source, kernel, inputs });
    expect(outcome.diagnostics, symbolName(kernel)).toEqual([]);
    return { outputs: outcome.outputs, tolerance: defaultTolerance(kernel) };
  });
}

/** The interpreter must find the same results before and after. */
function expectSameResults(program: string, yaml: string): string {
  const after = schedule(program, yaml);
  expect(after.errors).toBe('');
  const before = parseModule(new SourceFile('program.mlir', program), createContext())!;
  const found = outputs(after.module, program);
  outputs(before, program).forEach((expected, i) => {
    for (const [name, tensor] of expected.outputs)
      expect(
        compareTensors(found[i].outputs.get(name)!, tensor, expected.tolerance),
        name,
      ).toMatchObject({ isEqual: true });
  });
  return after.text;
}

describe('extents of a product', () => {
  test.each([
    ['bigger rows', 'acc.0: 64', 'blocks(%bx, %by) = (2, 2)'],
    ['smaller rows', 'acc.0: 16', 'blocks(%bx, %by) = (2, 5)'],
    ['rows that divide nothing', 'by: 24', 'blocks(%bx, %by) = (2, 3)'],
    ['columns', 'acc.1: 32', 'blocks(%bx, %by) = (3, 3)'],
    ['columns by the block index', 'bx: 96', 'blocks(%bx, %by) = (1, 3)'],
    ['the sum', 'k: 32', '%k = 0 to 50 step 32'],
    ['the sum in one step', 'As.1: 64', '%k = 0 to 50 step 64'],
    ['all at once', 'acc.0: 16, acc.1: 128, k: 48', 'blocks(%bx, %by) = (1, 5)'],
  ])('%s', (_, tiles, expected) => {
    const text = expectSameResults(GEMM, `kernels: { gemm: { tiles: { ${tiles} } } }`);
    expect(text).toContain(expected);
  });

  test('a name with its old extent', () => {
    const text = expectSameResults(GEMM, 'kernels: { gemm: { tiles: { BN: 64 -> 32 } } }');
    expect(text).toContain('!tile.fragment<32x32xf32>');
  });

  test('after index arithmetic was lowered', () => {
    const lowered = GEMM.replace(
      '%m = affine.apply affine_map<(d0) -> (d0 * 32)>(%by)',
      '%c32 = arith.constant 32 : index\n%m = arith.muli %by, %c32 : index',
    );
    const text = expectSameResults(lowered, 'kernels: { gemm: { tiles: { by: 48 } } }');
    expect(text).toContain('blocks(%bx, %by) = (2, 2)');
  });
});

test.each([
  ['elementwise_add.mlir', 'elementwise_add', 'bx: 256'],
  ['gemm_transposes.mlir', 'gemm_tn', 'by: 64, k: 64'],
  ['flash_attention.mlir', 'flash_attention', 'acc.0: 64'],
])('%s of the library', (file, kernel, tiles) => {
  expectSameResults(readKernel(file), `kernels: { ${kernel}: { tiles: { ${tiles} } } }`);
});

test('a tile along the first and the last dimension of a tensor', () => {
  const text = expectSameResults(
    `tile.kernel @heads(%X: memref<64x3x32xf32>, %Y: memref<3x64x32xf32>) blocks(%bx, %head) = (4, 3) threads(32) {
       %c0 = arith.constant 0 : index
       %m = affine.apply affine_map<(d0) -> (d0 * 16)>(%bx)
       %t = tile.alloc : !tile.fragment<16x32xf32>
       tile.copy %X[%m, %head, %c0] to %t dims(0, 2) : memref<64x3x32xf32> to !tile.fragment<16x32xf32>
       tile.copy %t to %Y[%head, %m, %c0] : !tile.fragment<16x32xf32> to memref<3x64x32xf32>
     }`,
    'kernels: { heads: { tiles: { bx: 24 } } }',
  );
  expect(text).toContain('blocks(%bx, %head) = (3, 3)');
  expect(text).toContain('to %t dims(0, 2) : memref<64x3x32xf32> to !tile.fragment<24x32xf32>');
});

describe('what could change results is refused', () => {
  const kernel = (body: string, grid = '(%bx) = (4)'): string => `
tile.kernel @f(%A: memref<64x64xf32>, %B: memref<64xf32>, %C: memref<64x64xf32>) blocks${grid} threads(32) {
  %c0 = arith.constant 0 : index
  %m = affine.apply affine_map<(d0) -> (d0 * 16)>(%bx)
  %t = tile.alloc : !tile.fragment<16x64xf32>
  %s = tile.alloc : !tile.fragment<16xf32>
  ${body}
}`;
  const load = 'tile.copy %A[%m, %c0] to %t : memref<64x64xf32> to !tile.fragment<16x64xf32>';
  const store = 'tile.copy %t to %C[%m, %c0] : !tile.fragment<16x64xf32> to memref<64x64xf32>';
  const parallel = (lines: string): string => `tile.parallel (%i, %j) in (16, 64) {\n${lines}\n}`;

  test.each([
    [
      'a reduction over it',
      'bx',
      `${load}
       %r = tile.alloc : !tile.fragment<64xf32>
       tile.reduce sum %t to %r dim(0) {clear} : !tile.fragment<16x64xf32> to !tile.fragment<64xf32>
       ${store}`,
      'a reduction combines its elements, so each block has its share',
    ],
    [
      'the place in a tile',
      'bx',
      `${load}
       ${parallel(`%x = arith.index_cast %i : index to i32
       %y = arith.sitofp %x : i32 to f32
       tile.store %y, %t[%i, %j] : !tile.fragment<16x64xf32>`)}
       ${store}`,
      "'arith.index_cast' uses the place of an element within its tile",
    ],
    [
      'the block index by itself',
      'bx',
      `${load}
       %b = arith.index_cast %bx : index to i32
       ${store}`,
      "'arith.index_cast' uses the block index by itself",
    ],
    [
      'a neighbour',
      'bx',
      `${load}
       ${parallel(`%c1 = arith.constant 1 : index
       %x = tile.load %t[%c1, %j] : !tile.fragment<16x64xf32>
       tile.store %x, %t[%i, %j] : !tile.fragment<16x64xf32>`)}
       ${store}`,
      'an element is accessed whose index is not that of the loop around',
    ],
    [
      'a dimension that nothing divides',
      't.1',
      `${load}\n${store}`,
      'no block index or loop moves it',
    ],
    [
      'overlapping tiles',
      't.0',
      `%n = affine.apply affine_map<(d0) -> (d0 * 8)>(%bx)
       tile.copy %A[%n, %c0] to %t : memref<64x64xf32> to !tile.fragment<16x64xf32>
       ${store}`,
      'what moves it is no block index times 16 and no loop of step 16',
    ],
    [
      'a result that blocks share',
      'bx',
      `${load}\n${store}
       tile.clear %s : !tile.fragment<16xf32>
       tile.copy %s to %B[%c0] : !tile.fragment<16xf32> to memref<64xf32>`,
      'every block along it writes the same place of a tensor',
    ],
  ])('%s', (_, place, body, reason) => {
    const { errors } = schedule(kernel(body), `kernels: { f: { tiles: { ${place}: 32 } } }`);
    expect(errors).toContain(reason);
    expect(errors).toContain('schedule.yaml:1:');
    expect(errors).toContain('note: here');
  });

  const loop = (body: string, bounds = '0 to 64 step 16'): string => `
tile.kernel @f(%A: memref<64x64xf32>, %C: memref<64xf32>, %D: memref<64x64xf32>) blocks(%bx) = (1) threads(32) {
  %c0 = arith.constant 0 : index
  %t = tile.alloc : !tile.fragment<64x16xf32>
  %s = tile.alloc : !tile.fragment<64xf32>
  %u = tile.alloc : !tile.fragment<64xf32>
  tile.clear %s : !tile.fragment<64xf32>
  tile.clear %t : !tile.fragment<64x16xf32>
  tile.pipelined %k = ${bounds} {
    ${body}
  }
  tile.copy %s to %C[%c0] : !tile.fragment<64xf32> to memref<64xf32>
}`;
  const step = 'tile.copy %A[%c0, %k] to %t : memref<64x64xf32> to !tile.fragment<64x16xf32>';
  const sum =
    'tile.reduce sum %t to %s dim(1) : !tile.fragment<64x16xf32> to !tile.fragment<64xf32>';

  test('a sum over iterations is fine', () => {
    const program = loop(`${step}\n${sum}`).replace(
      'tile.clear %t : !tile.fragment<64x16xf32>',
      '',
    );
    expectSameResults(program, 'kernels: { f: { tiles: { k: 32 } } }');
  });

  test.each([
    [
      'what is carried is used',
      32,
      loop(`${step}\n${sum}
        tile.copy %s to %u : !tile.fragment<64xf32> to !tile.fragment<64xf32>`),
      'it writes a tile once per iteration, however many there are',
    ],
    [
      'an accumulator is read',
      32,
      loop(`${step}\n${sum}
        tile.parallel (%i, %j) in (64, 16) {
          %x = tile.load %s[%i] : !tile.fragment<64xf32>
          tile.store %x, %t[%i, %j] : !tile.fragment<64x16xf32>
        }`),
      'it uses what the iterations so far have accumulated',
    ],
    [
      'a cleared reduction',
      32,
      loop(`${step}\n${sum.replace('dim(1)', 'dim(1) {clear}')}`),
      'a reduction combines its elements of one iteration at a time',
    ],
    [
      'the tile is used outside',
      32,
      loop(`${step}\n${sum}`),
      'it uses, outside of the loop, what one iteration left',
    ],
    [
      'the loop ends before the tensor',
      64,
      loop(`${step}\n${sum}`, '0 to 32 step 16').replace(
        'tile.clear %t : !tile.fragment<64x16xf32>',
        '',
      ),
      'it would see 64 elements instead of 32',
    ],
  ])('%s', (_, extent, program, reason) => {
    const { errors } = schedule(program, `kernels: { f: { tiles: { k: ${extent} } } }`);
    expect(errors).toContain(reason);
  });

  test('zeros behind the end would join a maximum', () => {
    const program = loop(`${step}\n${sum.replace('sum', 'max')}`).replace(
      'tile.clear %t : !tile.fragment<64x16xf32>',
      '',
    );
    const { errors } = schedule(program, 'kernels: { f: { tiles: { k: 48 } } }');
    expect(errors).toContain('it would see 96 elements instead of 64, the last of them zeros');
  });
});
