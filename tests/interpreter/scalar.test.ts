// Scalar operations one by one: each computes from constants of the right type and stores into a tensor.
import { describe, expect, it } from 'vitest';
import { FloatType, indexType, IntegerType, type Type } from '../../src/ir/index.js';
import { formatOf, type Tensor } from '../../src/runtime/numerics/index.js';
import { errorOf, output, run } from './run-kernel.js';

const types: Record<string, Type> = {
  index: indexType,
  ...Object.fromEntries([1, 8, 16, 32, 64].map((width) => [`i${width}`, IntegerType.get(width)])),
  ...Object.fromEntries(
    (['f16', 'bf16', 'f32', 'f64'] as const).map((kind) => [kind, FloatType.get(kind)]),
  ),
};

/** Runs `line`, which defines %r of type `result` from the elements %a, %b, %c of the operand types. */
function evaluate(
  line: string,
  operands: readonly (readonly [string, number | bigint])[],
  result: string,
) {
  const names = ['a', 'b', 'c'];
  const given: Record<string, Tensor> = {};
  const loads = operands.map(([type, value], i) => {
    const data = formatOf(types[type]).allocate(1);
    data[0] = value as never;
    given[names[i].toUpperCase()] = { elementType: types[type], shape: [1], data };
    return `%${names[i]} = memref.load %${names[i].toUpperCase()}[%z] : memref<1x${type}>`;
  });
  const args = operands.map(([type], i) => `%${names[i].toUpperCase()}: memref<1x${type}>`);
  const text = [
    `tile.kernel @k(${[...args, `%R: memref<1x${result}>`].join(', ')}) blocks(%x) = (1) threads(32) {`,
    '%z = arith.constant 0 : index',
    ...loads,
    line,
    `memref.store %r, %R[%z] : memref<1x${result}>`,
    '}',
  ].join('\n');
  return run(text, given);
}

const value = (...parameters: Parameters<typeof evaluate>): number | bigint =>
  output(evaluate(...parameters), 'R')[0];

describe('integers of two operands', () => {
  it.each<[string, string, number | bigint, number | bigint, number | bigint]>([
    ['addi', 'i32', 2 ** 31 - 1, 1, -(2 ** 31)],
    ['addi', 'i8', 100, 100, -56],
    ['addi', 'i1', 1, 1, 0],
    ['addi', 'i64', 2n ** 63n - 1n, 1n, -(2n ** 63n)],
    ['addi', 'index', 2 ** 40, 3, 2 ** 40 + 3],
    ['subi', 'i32', -(2 ** 31), 1, 2 ** 31 - 1],
    ['muli', 'i32', 123456789, 987654321, Math.imul(123456789, 987654321)],
    ['muli', 'i16', 300, 300, 24464],
    ['muli', 'index', 0, -5, 0],
    ['muli', 'i64', 2n ** 40n, 2n ** 40n, 0n],
    ['divsi', 'i32', -7, 2, -3],
    ['divsi', 'index', -7, 2, -3],
    ['divui', 'i32', -1, 2, 2147483647],
    ['divui', 'i8', -1, 2, 127],
    ['divui', 'index', -1, 4096, 2 ** 52 - 1],
    ['floordivsi', 'i32', -7, 2, -4],
    ['ceildivsi', 'i32', 7, 2, 4],
    ['ceildivsi', 'i64', -7n, 2n, -3n],
    ['floordivsi', 'i64', -7n, 2n, -4n],
    ['ceildivui', 'index', 257, 128, 3],
    ['remsi', 'i32', -7, 3, -1],
    ['remui', 'i32', -1, 10, 5],
    ['remsi', 'index', 7, 4, 3],
    ['maxsi', 'i32', -1, 1, 1],
    ['maxui', 'i32', -1, 1, -1],
    ['minsi', 'i1', 1, 0, 1],
    ['minui', 'i64', -1n, 1n, 1n],
    ['andi', 'i32', -1, 255, 255],
    ['andi', 'index', 2 ** 40 + 5, 7, 5],
    ['ori', 'i1', 1, 0, 1],
    ['xori', 'i64', -1n, 1n, -2n],
    ['xori', 'index', 6, 3, 5],
    ['shli', 'i32', 1, 31, -(2 ** 31)],
    ['shli', 'index', 1, 40, 2 ** 40],
    ['shrsi', 'i32', -8, 1, -4],
    ['shrsi', 'index', -8, 1, -4],
    ['shrui', 'i32', -8, 1, 2147483644],
    ['shrui', 'i8', -8, 1, 124],
    ['shrui', 'index', 2 ** 41, 1, 2 ** 40],
    ['shrui', 'i64', -8n, 1n, 2n ** 63n - 4n],
  ])('%s %s %s, %s', (name, type, a, b, expected) => {
    expect(
      value(
        `%r = arith.${name} %a, %b : ${type}`,
        [
          [type, a],
          [type, b],
        ],
        type,
      ),
    ).toBe(expected);
  });

  it.each([
    ['divsi', 'i32', `'arith.divsi' divides by zero`],
    ['remui', 'index', `'arith.remui' divides by zero`],
  ])('%s by zero', (name, type, message) => {
    const result = evaluate(
      `%r = arith.${name} %a, %b : ${type}`,
      [
        [type, 1],
        [type, 0],
      ],
      type,
    );
    expect(errorOf(result)[0]).toBe(`5:6: ${message}`);
  });

  it('shifts by too much', () => {
    const result = evaluate(
      '%r = arith.shli %a, %b : i8',
      [
        ['i8', 1],
        ['i8', 8],
      ],
      'i8',
    );
    expect(errorOf(result)[0]).toContain('shifts by 8, which is not less than the width 8');
  });

  it('counts indices exactly or not at all', () => {
    const result = evaluate(
      '%r = arith.muli %a, %b : index',
      [
        ['index', 2 ** 30],
        ['index', 2 ** 30],
      ],
      'index',
    );
    expect(errorOf(result)[0]).toContain('beyond 2^53');
  });

  it.each<[string, string, number | bigint, number | bigint, number]>([
    ['eq', 'i32', 1, 1, 1],
    ['slt', 'i32', -1, 1, 1],
    ['ult', 'i32', -1, 1, 0],
    ['ugt', 'index', -1, 1, 1],
    ['sge', 'i64', -1n, 1n, 0],
    ['uge', 'i64', -1n, 1n, 1],
    ['slt', 'i1', 1, 0, 1],
    ['ne', 'i8', -1, 1, 1],
  ])('cmpi %s %s %s, %s', (predicate, type, a, b, expected) => {
    expect(
      value(
        `%r = arith.cmpi ${predicate}, %a, %b : ${type}`,
        [
          [type, a],
          [type, b],
        ],
        'i1',
      ),
    ).toBe(expected);
  });
});

describe('floats', () => {
  it.each<[string, string, number, number, number]>([
    ['addf', 'f32', 1, 2 ** -24, 1],
    ['addf', 'f64', 1, 2 ** -24, 1 + 2 ** -24],
    ['addf', 'f16', 2048, 1, 2048],
    ['subf', 'bf16', 256, 1, 255],
    ['mulf', 'f16', 300, 300, Infinity],
    ['divf', 'f32', 1, 3, Math.fround(1 / 3)],
    ['divf', 'f32', 1, 0, Infinity],
    ['remf', 'f32', -7, 3, -1],
    ['maximumf', 'f32', NaN, 1, NaN],
    ['minimumf', 'f32', -0, 0, -0],
    ['maxnumf', 'f32', NaN, 1, 1],
    ['minnumf', 'f32', 2, NaN, 2],
  ])('%s %s %s, %s', (name, type, a, b, expected) => {
    expect(
      value(
        `%r = arith.${name} %a, %b : ${type}`,
        [
          [type, a],
          [type, b],
        ],
        type,
      ),
    ).toBe(expected);
  });

  it.each<[string, number, number, number]>([
    ['olt', 1, 2, 1],
    ['olt', NaN, 2, 0],
    ['ult', NaN, 2, 1],
    ['one', NaN, 1, 0],
    ['une', NaN, 1, 1],
    ['ord', NaN, 1, 0],
    ['uno', NaN, 1, 1],
    ['oeq', 0, -0, 1],
    ['ueq', 1, 2, 0],
    ['uge', 1, 2, 0],
  ])('cmpf %s %s, %s', (predicate, a, b, expected) => {
    expect(
      value(
        `%r = arith.cmpf ${predicate}, %a, %b : f32`,
        [
          ['f32', a],
          ['f32', b],
        ],
        'i1',
      ),
    ).toBe(expected);
  });

  it.each<[string, string, number, number]>([
    ['absf', 'f32', -1.5, 1.5],
    ['exp', 'f16', 1, 2.71875],
    ['exp2', 'f32', 10, 1024],
    ['log2', 'f32', 8, 3],
    ['rsqrt', 'f32', 4, 0.5],
    ['sqrt', 'f32', 2, Math.fround(Math.SQRT2)],
    ['tanh', 'f64', 0.5, Math.tanh(0.5)],
    ['floor', 'f32', -1.5, -2],
    ['ceil', 'f32', -1.5, -1],
    ['round', 'f32', 2.5, 3],
    ['roundeven', 'f32', 2.5, 2],
    ['trunc', 'f32', -1.5, -1],
    ['erf', 'f64', 0.5, 0.5204998778130465],
  ])('math.%s %s %s', (name, type, a, expected) => {
    expect(value(`%r = math.${name} %a : ${type}`, [[type, a]], type)).toBeCloseTo(expected, 15);
  });

  it('fuses', () => {
    const operands = [
      ['f32', 3],
      ['f32', 4],
      ['f32', 5],
    ] as const;
    expect(value('%r = math.fma %a, %b, %c : f32', operands, 'f32')).toBe(17);
  });
});

describe('casts', () => {
  it.each<[string, string, string, number | bigint, number | bigint]>([
    ['extf', 'f16', 'f32', 1.5, 1.5],
    ['truncf', 'f32', 'bf16', 1.01, 1.0078125],
    ['extsi', 'i8', 'i32', -1, -1],
    ['extui', 'i8', 'i32', -1, 255],
    ['extsi', 'i1', 'i32', 1, -1],
    ['extui', 'i1', 'i32', 1, 1],
    ['extsi', 'i32', 'i64', -1, -1n],
    ['extui', 'i32', 'i64', -1, 4294967295n],
    ['trunci', 'i64', 'i32', 2n ** 32n + 5n, 5],
    ['trunci', 'i32', 'i8', 511, -1],
    ['index_cast', 'i32', 'index', -1, -1],
    ['index_cast', 'index', 'i32', 2 ** 32 + 1, 1],
    ['index_cast', 'index', 'i64', 2 ** 40, 2n ** 40n],
    ['index_castui', 'i32', 'index', -1, 4294967295],
    ['sitofp', 'i32', 'f32', 16777217, 16777216],
    ['uitofp', 'i8', 'f32', -1, 255],
    ['sitofp', 'i1', 'f32', 1, -1],
    ['sitofp', 'i64', 'f64', -5n, -5],
    ['fptosi', 'f32', 'i32', -1.9, -1],
    ['fptosi', 'f32', 'i8', 1000, 127],
    ['fptoui', 'f32', 'i8', 200, -56],
    ['fptosi', 'f64', 'i64', 1e10, 10000000000n],
    ['bitcast', 'f32', 'i32', 1, 0x3f800000],
    ['bitcast', 'i16', 'f16', 0x3c00, 1],
    ['bitcast', 'f64', 'i64', 1, 0x3ff0000000000000n],
    ['bitcast', 'i64', 'f64', 0x4000000000000000n, 2],
  ])('%s %s to %s', (name, from, to, a, expected) => {
    expect(value(`%r = arith.${name} %a : ${from} to ${to}`, [[from, a]], to)).toBe(expected);
  });
});

describe('control flow', () => {
  it('selects', () => {
    expect(
      value(
        '%r = arith.select %a, %b, %c : f32',
        [
          ['i1', 1],
          ['f32', 2],
          ['f32', 3],
        ],
        'f32',
      ),
    ).toBe(2);
    expect(
      value(
        '%r = arith.select %a, %b, %c : i64',
        [
          ['i1', 0],
          ['i64', 2n],
          ['i64', 3n],
        ],
        'i64',
      ),
    ).toBe(3n);
  });

  it('carries values that change places', () => {
    const line = `
%c1 = arith.constant 1 : index
%c5 = arith.constant 5 : index
%r, %s = scf.for %i = %z to %c5 step %c1 iter_args(%u = %a, %v = %b) -> (i32, i32) {
  %n = arith.addi %u, %v : i32
  scf.yield %v, %n : i32, i32
}`;
    expect(
      value(
        line,
        [
          ['i32', 0],
          ['i32', 1],
        ],
        'i32',
      ),
    ).toBe(5);
  });

  it('loops while', () => {
    const line = `
%c3 = arith.constant 3 : i32
%c1 = arith.constant 1 : i32
%c2 = arith.constant 2 : i32
%c0 = arith.constant 0 : i32
%r:2 = scf.while (%n = %a, %steps = %c0) : (i32, i32) -> (i32, i32) {
  %go = arith.cmpi ne, %n, %c1 : i32
  scf.condition(%go) %steps, %n : i32, i32
} do {
^bb0(%steps: i32, %n: i32):
  %odd = arith.andi %n, %c1 : i32
  %is = arith.cmpi eq, %odd, %c1 : i32
  %next = scf.if %is -> (i32) {
    %t = arith.muli %n, %c3 : i32
    %u = arith.addi %t, %c1 : i32
    scf.yield %u : i32
  } else {
    %h = arith.divsi %n, %c2 : i32
    scf.yield %h : i32
  }
  %more = arith.addi %steps, %c1 : i32
  scf.yield %next, %more : i32, i32
}`;
    const whole = evaluate(
      line.replace('%r:2', '%q:2') + '\n%r = arith.addi %q#0, %c0 : i32',
      [['i32', 27]],
      'i32',
    );
    expect(output(whole, 'R')).toEqual([111]);
  });

  it('applies affine maps', () => {
    const map = '(d0)[s0] -> ((d0 * 3 + s0) floordiv 4 + (d0 - 20) mod 7 + d0 ceildiv 2)';
    const line = `%r = affine.apply affine_map<${map}>(%a)[%b]`;
    expect(
      value(
        line,
        [
          ['index', 10],
          ['index', 5],
        ],
        'index',
      ),
    ).toBe(Math.floor(35 / 4) + 4 + 5);
  });

  it('asks for extents', () => {
    const line = '%r = memref.dim %A, %z : memref<1xindex>';
    expect(value(line, [['index', 10]], 'index')).toBe(1);
  });
});
