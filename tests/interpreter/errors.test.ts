// What the interpreter reports, each with its positions.
import { describe, expect, it } from 'vitest';
import { f16, f32, i32 } from '../../src/ir/index.js';
import { errorOf, noise, output, run, tensor } from './run-kernel.js';

/** A kernel on one block whose body is `lines`, which begin at line 2. */
const kernel = (args: string, ...lines: string[]): string =>
  [`tile.kernel @k(${args}) blocks(%b) = (1) threads(32) {`, ...lines, '}'].join('\n');

const constants = '%c0 = arith.constant 0 : index';

describe('reads of what was never written', () => {
  it('of a tile, by a copy', () => {
    const text = kernel(
      '%C: memref<4x4xf32>',
      '  %t = tile.alloc : !tile.fragment<4x4xf32>',
      '  tile.copy %t to %C : !tile.fragment<4x4xf32> to memref<4x4xf32>',
    );
    expect(errorOf(run(text))).toEqual([
      `3:3: element [0, 0] of '%t' is read but was never written`,
      '2:8: the tile is allocated here; its contents are undefined until written',
    ]);
  });

  it('of a tile, by a product', () => {
    const text = kernel(
      '%C: memref<16x16xf32>',
      '  %a = tile.alloc : !tile.shared<16x16xf16>',
      '  %c = tile.alloc : !tile.fragment<16x16xf32>',
      '  tile.clear %a : !tile.shared<16x16xf16>',
      '  tile.gemm %a, %a into %c : !tile.shared<16x16xf16>, !tile.shared<16x16xf16>, !tile.fragment<16x16xf32>',
      '  tile.copy %c to %C : !tile.fragment<16x16xf32> to memref<16x16xf32>',
    );
    expect(errorOf(run(text))[0]).toBe(`5:3: element [0, 0] of '%c' is read but was never written`);
  });

  it('of the one element that a loop left out', () => {
    const text = kernel(
      '%C: memref<4x4xf32>',
      '  %t = tile.alloc : !tile.fragment<4x4xf32>',
      '  %one = arith.constant 1.0 : f32',
      '  %c6 = arith.constant 6 : index',
      '  tile.parallel (%i, %j) in (4, 4) {',
      '    %n = affine.apply affine_map<(d0, d1) -> (d0 * 4 + d1)>(%i, %j)',
      '    %is = arith.cmpi ne, %n, %c6 : index',
      '    scf.if %is {',
      '      tile.store %one, %t[%i, %j] : !tile.fragment<4x4xf32>',
      '    }',
      '  }',
      '  tile.copy %t to %C : !tile.fragment<4x4xf32> to memref<4x4xf32>',
    );
    expect(errorOf(run(text))[0]).toBe(
      `12:3: element [1, 2] of '%t' is read but was never written`,
    );
  });

  it('of an output', () => {
    const text = kernel(
      '%C: memref<4xf32>',
      '  %t = tile.alloc : !tile.fragment<4xf32>',
      '  tile.copy %C to %t : memref<4xf32> to !tile.fragment<4xf32>',
      '  tile.copy %t to %C : !tile.fragment<4xf32> to memref<4xf32>',
    );
    const C = { ...tensor(f32, [4], () => 0), defined: new Uint8Array([1, 1, 0, 1]) };
    expect(errorOf(run(text, { C }))).toEqual([
      `3:3: element [2] of '%C' is read but was never written`,
      `1:16: argument 'C' is declared here`,
    ]);
  });

  it('of a tile allocated anew in each iteration', () => {
    const text = kernel(
      '%C: memref<4xf32>',
      '  tile.pipelined %k = 0 to 2 step 1 {',
      '    %t = tile.alloc : !tile.fragment<4xf32>',
      '    %c0 = arith.constant 0 : index',
      '    %is = arith.cmpi eq, %k, %c0 : index',
      '    scf.if %is {',
      '      tile.clear %t : !tile.fragment<4xf32>',
      '    }',
      '    tile.copy %t to %C : !tile.fragment<4xf32> to memref<4xf32>',
      '  }',
    );
    expect(errorOf(run(text))[0]).toBe(`9:5: element [0] of '%t' is read but was never written`);
  });
});

it('leaves unwritten elements of an output marked', () => {
  const text = kernel(
    '%C: memref<4xf32>',
    `  ${constants}`,
    '  %one = arith.constant 1.0 : f32',
    '  tile.store %one, %C[%c0] : memref<4xf32>',
  );
  expect([...run(text).tensors.get('C')!.defined!]).toEqual([1, 0, 0, 0]);
});

describe('bounds', () => {
  it('a tile has no outside', () => {
    const text = kernel(
      '%C: memref<4xf32>',
      '  %t = tile.alloc : !tile.fragment<4xf32>',
      '  tile.clear %t : !tile.fragment<4xf32>',
      '  %c4 = arith.constant 4 : index',
      '  %x = tile.load %t[%c4] : !tile.fragment<4xf32>',
      '  tile.copy %t to %C : !tile.fragment<4xf32> to memref<4xf32>',
    );
    expect(errorOf(run(text))[0]).toBe(`5:8: element [4] is outside of '%t', whose shape is 4`);
  });

  it('memref accesses have no guard', () => {
    const text = kernel(
      '%A: memref<4x4xf32>, %C: memref<4xf32>',
      `  ${constants}`,
      '  %c9 = arith.constant 9 : index',
      '  %x = memref.load %A[%c0, %c9] : memref<4x4xf32>',
      '  memref.store %x, %C[%c0] : memref<4xf32>',
    );
    const A = tensor(f32, [4, 4], noise(1));
    expect(errorOf(run(text, { A }))).toEqual([
      `4:8: element [0, 9] is outside of '%A', whose shape is 4x4`,
      `1:16: argument 'A' is declared here`,
    ]);
  });

  it('guarded accesses read zero and write nothing', () => {
    const text = kernel(
      '%A: memref<3xf32>, %C: memref<4xf32>',
      '  tile.parallel (%i) in (6) {',
      '    %x = tile.load %A[%i] : memref<3xf32>',
      '    tile.store %x, %C[%i] : memref<4xf32>',
      '  }',
    );
    const A = tensor(f32, [3], (i) => i + 1);
    expect(output(run(text, { A }), 'C')).toEqual([1, 2, 3, 0]);
  });

  it('copies clip on every side', () => {
    const text = kernel(
      '%A: memref<4x4xf32>, %C: memref<4x4xf32>, %m: index',
      '  %t = tile.alloc : !tile.fragment<8x8xf32>',
      '  tile.copy %A[%m, %m] to %t : memref<4x4xf32> to !tile.fragment<8x8xf32>',
      '  tile.copy %t to %C[%m, %m] : !tile.fragment<8x8xf32> to memref<4x4xf32>',
    );
    const A = tensor(f32, [4, 4], noise(1));
    expect(output(run(text, { A, m: -2 }), 'C')).toEqual([...A.data]);
    expect(run(text, { A, m: 9 }).tensors.get('C')!.defined).toEqual(new Uint8Array(16));
  });

  it('in_bounds is a promise', () => {
    const text = kernel(
      '%A: memref<4xf32>, %C: memref<8xf32>',
      '  %t = tile.alloc : !tile.fragment<8xf32>',
      '  tile.copy %A to %t {in_bounds} : memref<4xf32> to !tile.fragment<8xf32>',
      '  tile.copy %t to %C : !tile.fragment<8xf32> to memref<8xf32>',
    );
    const A = tensor(f32, [4], noise(1));
    expect(errorOf(run(text, { A }))[0]).toBe(
      `3:3: the region at [0] reaches outside of '%A', whose shape is 4, but the copy promises 'in_bounds'`,
    );
  });
});

describe('iterations that are not independent', () => {
  const loop = (...body: string[]): string =>
    kernel(
      '%C: memref<4xf32>',
      '  %t = tile.alloc : !tile.fragment<4xf32>',
      '  tile.clear %t : !tile.fragment<4xf32>',
      `  ${constants}`,
      '  %one = arith.constant 1.0 : f32',
      '  tile.parallel (%i, %j) in (2, 2) {',
      '    %n = affine.apply affine_map<(d0, d1) -> (d0 * 2 + d1)>(%i, %j)',
      '    %p = affine.max affine_map<(d0, d1) -> (d0 * 2 + d1 - 1, 0)>(%i, %j)',
      '    %q = affine.min affine_map<(d0, d1) -> (d0 * 2 + d1 + 1, 3)>(%i, %j)',
      ...body,
      '  }',
      '  tile.copy %t to %C : !tile.fragment<4xf32> to memref<4xf32>',
    );

  it('two write one element', () => {
    const text = loop('    tile.store %one, %t[%i] : !tile.fragment<4xf32>');
    expect(errorOf(run(text))).toEqual([
      `10:5: iterations (0, 1) and (0, 0) both write element [0] of '%t'`,
      '6:3: iterations of this loop run in no particular order',
      '2:8: the tile is allocated here; its contents are undefined until written',
    ]);
  });

  it.each([
    ['written before', '%p'],
    ['written after', '%q'],
  ])('one reads what another has %s', (_when, index) => {
    const text = loop(
      `    %x = tile.load %t[${index}] : !tile.fragment<4xf32>`,
      '    tile.store %x, %t[%n] : !tile.fragment<4xf32>',
    );
    expect(errorOf(run(text))[0]).toMatch(
      /^1[01]:\d+: iterations \(0, 1\) and \(0, 0\) conflict: one writes/,
    );
  });

  it('reads by many, then a write', () => {
    const text = loop(
      '    %x = tile.load %t[%c0] : !tile.fragment<4xf32>',
      '    %c3 = arith.constant 3 : index',
      '    %last = arith.cmpi eq, %n, %c3 : index',
      '    scf.if %last {',
      '      tile.store %one, %t[%c0] : !tile.fragment<4xf32>',
      '    }',
    );
    expect(errorOf(run(text))[0]).toMatch(/^14:7: iterations \(1, 1\) and another one conflict/);
  });

  it('on a global tensor', () => {
    const text = loop('    tile.store %one, %C[%c0] : memref<4xf32>');
    expect(errorOf(run(text))[0]).toContain(`both write element [0] of '%C'`);
  });

  it('accepts an iteration that reads and writes its own element, twice over', () => {
    const own = [
      '    %x = tile.load %t[%n] : !tile.fragment<4xf32>',
      '    %y = arith.addf %x, %one : f32',
      '    tile.store %y, %t[%n] : !tile.fragment<4xf32>',
    ];
    const twice = loop(...own, ...own.map((line) => line.replaceAll(/%([xy])/g, '%$12')));
    expect(output(run(twice), 'C')).toEqual([2, 2, 2, 2]);
  });

  it('accepts a second loop with another assignment of elements', () => {
    const text = kernel(
      '%C: memref<4xf32>',
      '  %t = tile.alloc : !tile.fragment<4xf32>',
      '  %one = arith.constant 1.0 : f32',
      '  tile.parallel (%i) in (4) {',
      '    tile.store %one, %t[%i] : !tile.fragment<4xf32>',
      '  }',
      '  tile.parallel (%i) in (4) {',
      '    %r = affine.apply affine_map<(d0) -> (3 - d0)>(%i)',
      '    %x = tile.load %t[%r] : !tile.fragment<4xf32>',
      '    tile.store %x, %C[%i] : memref<4xf32>',
      '  }',
    );
    expect(output(run(text), 'C')).toEqual([1, 1, 1, 1]);
  });
});

describe('limits', () => {
  it('an endless loop ends', () => {
    const text = kernel(
      '%C: memref<1xf32>',
      '  %true = arith.constant true',
      '  scf.while : () -> () {',
      '    scf.condition(%true)',
      '  } do {',
      '    scf.yield',
      '  }',
    );
    expect(errorOf(run(text, {}, { limits: { steps: 1000 } }))).toEqual([
      '3:3: the program did not end within 1000 loop iterations',
    ]);
  });

  it('a huge tile is refused before it is allocated', () => {
    const text = kernel(
      '%C: memref<1xf32>',
      '  %t = tile.alloc : !tile.shared<1000000x1000000xf32>',
    );
    expect(errorOf(run(text))[0]).toMatch(
      /^2:8: the tile takes 5000000000000 bytes, which goes beyond/,
    );
  });

  it('a loop without progress is refused', () => {
    const text = kernel(
      '%C: memref<1xf32>, %step: index',
      `  ${constants}`,
      '  %c9 = arith.constant 9 : index',
      '  scf.for %i = %c0 to %c9 step %step {',
      '  }',
    );
    expect(errorOf(run(text, { step: 0 }))[0]).toBe(
      `4:3: the loop's step must be positive, but is 0`,
    );
  });
});

describe('arguments', () => {
  const text = kernel('%A: memref<4x?xf16>, %n: i32', `  ${constants}`);
  const A = tensor(f16, [4, 2], noise(1));

  it.each([
    ['missing', { A }, `no value is given for argument 'n'`],
    [
      'a number for a tensor',
      { A: 1, n: 1 },
      `argument 'A' is a tensor of type 'memref<4x?xf16>', but a number is given`,
    ],
    [
      'a tensor for a number',
      { A, n: A },
      `argument 'n' is a scalar of type 'i32', but a tensor is given`,
    ],
    [
      'another element type',
      { A: tensor(f32, [4, 2], noise(1)), n: 1 },
      `argument 'A' has type 'memref<4x?xf16>', but a tensor of 4x2xf32 is given`,
    ],
    [
      'another shape',
      { A: tensor(f16, [2, 2], noise(1)), n: 1 },
      `argument 'A' has type 'memref<4x?xf16>', but a tensor of 2x2xf16 is given`,
    ],
    ['a fraction for an integer', { A, n: 1.5 }, `argument 'n' has type 'i32', but 1.5 is given`],
    [
      'too few elements',
      { A: { ...A, data: new Float32Array(7) }, n: 1 },
      `argument 'A' has 8 elements, but 7 are given`,
    ],
  ])('%s', (_what, given, message) => {
    expect(errorOf(run(text, given))).toEqual([`1:1: ${message}`]);
  });

  it('fit', () => expect(errorOf(run(text, { A, n: 1 }))).toEqual([]));
});

it('selects kernels by name', () => {
  const text = `${kernel('%A: memref<1xi32>', '')}\n${kernel('%A: memref<1xi32>', '').replace('@k', '@other')}`;
  const A = tensor(i32, [1], () => 1);
  expect(errorOf(run(text, { A }, { kernel: 'othr' }))[0]).toContain(
    `the module has no kernel named 'othr'; did you mean 'other'?`,
  );
  expect(run(text, { A }, { kernel: 'other' }).isOk).toBe(true);
});

it('says which operation it cannot run', () => {
  const text = kernel('%A: memref<1xf32>', '  %x = gpu.thread_id x');
  expect(errorOf(run(text, { A: tensor(f32, [1], noise(1)) }))[0]).toBe(
    `2:8: 'gpu.thread_id' has no meaning to the interpreter, which runs tile-level programs`,
  );
});
