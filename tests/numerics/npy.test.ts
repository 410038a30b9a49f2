import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  FloatType,
  IndexType,
  IntegerType,
  f16,
  f32,
  i32,
  i8,
  type Type,
} from '../../src/ir/index.js';
import { formatOf, type Tensor } from '../../src/runtime/numerics/index.js';
import { NpyError, readNpy, readNpyHeader, writeNpy } from '../../src/runtime/npy.js';

/** A file with that dictionary and those bytes. */
function file(
  dictionary: string,
  data: readonly number[] = [],
  version: readonly [number, number] = [1, 0],
): Uint8Array {
  const header = Buffer.from(`${dictionary}\n`, 'latin1');
  const length = version[0] === 1 ? Buffer.alloc(2) : Buffer.alloc(4);
  if (version[0] === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), ...version]),
    length,
    header,
    Buffer.from(data),
  ]);
}

const dictionary = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

function sample(type: Type, shape: readonly number[]): Tensor {
  const format = formatOf(type);
  const data = format.allocate(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < data.length; i++) {
    const value = format.round((i % 5) - (format.isUnsigned ? 0 : 2));
    data[i] = (format.isBig ? BigInt(value) : value) as never;
  }
  return { elementType: type, shape, data };
}

const types: Type[] = [
  ...(
    [
      'f16',
      'bf16',
      'f32',
      'f64',
      'tf32',
      'f8E4M3FN',
      'f8E5M2',
      'f8E4M3FNUZ',
      'f8E5M2FNUZ',
      'f4E2M1FN',
    ] as const
  ).map((kind) => FloatType.get(kind)),
  ...[1, 4, 8, 16, 32, 64].map((width) => IntegerType.get(width)),
  ...[8, 16, 32, 64].map((width) => IntegerType.get(width, 'unsigned')),
  IndexType.get(),
];

describe.each(types.map((type) => [String(type), type] as const))('%s', (_name, type) => {
  it.each([[[3, 5]], [[7]], [[]], [[0, 4]], [[1, 2, 3, 4]]])(
    'comes back from a file of shape %j',
    (shape) => {
      const tensor = sample(type, shape);
      const back = readNpy(writeNpy(tensor), type);
      expect(back.shape).toEqual(shape);
      expect([...back.data]).toEqual([...tensor.data]);
    },
  );
});

it('aligns the elements', () => {
  expect(readNpyHeader(writeNpy(sample(f32, [3]))).dataOffset % 64).toBe(0);
});

it('reads column-major files and newer versions', () => {
  const bytes = file(dictionary('|i1', '(2, 3)', 'True'), [1, 4, 2, 5, 3, 6], [2, 0]);
  expect([...readNpy(bytes, i8).data]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...readNpy(file(dictionary('|i1', '(2,)'), [1, 2], [3, 0]), i8).data]).toEqual([1, 2]);
});

const ok = dictionary('<f4', '(1,)');
describe('refuses', () => {
  it.each<[string, Uint8Array, Type, RegExp]>([
    ['another file', Buffer.from('PK\u0003\u0004 not this one'), f32, /^expected a NumPy file/],
    ['an empty file', Buffer.alloc(0), f32, /^expected a NumPy file/],
    ['an unknown version', file(ok, [0, 0, 0, 0], [4, 0]), f32, /found 4\.0/],
    [
      'a header longer than the file',
      Buffer.concat([file(ok).subarray(0, 8), Buffer.from([0xff, 0xef]), Buffer.alloc(20)]),
      f32,
      /header claims 61439 bytes/,
    ],
    [
      'a huge header',
      Buffer.concat([file(ok, [], [2, 0]).subarray(0, 8), Buffer.from([0xff, 0xff, 0xff, 0xff])]),
      f32,
      /at most 65535/,
    ],
    ['no dictionary', file('[1, 2]'), f32, /expected a dictionary/],
    ['a missing key', file(`{'descr': '<f4', 'shape': (1,)}`), f32, /expected key 'fortran_order'/],
    ['a key twice', file(`{'descr': '<f4', 'descr': '<f4'}`), f32, /appears twice/],
    [
      'an unknown key',
      file(`{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': True}`),
      f32,
      /'x' is not known/,
    ],
    ['trailing text', file(`{'descr': '<f4', evil()}`), f32, /cannot read the header from 'evil/],
    [
      'a structured type',
      file(`{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}`),
      f32,
      /structured/,
    ],
    [
      'a shape that is no tuple',
      file(dictionary('<f4', '(1)'), [0, 0, 0, 0]),
      f32,
      /expected a tuple/,
    ],
    [
      'a shape beyond counting',
      file(dictionary('<f4', '(9999999999, 9999999999)')),
      f32,
      /too large/,
    ],
    [
      'another type',
      file(dictionary('<f8', '(1,)'), [0, 0, 0, 0, 0, 0, 0, 0]),
      f32,
      /'f32' \('<f4'\) found '<f8'/,
    ],
    ['big-endian elements', file(dictionary('>f4', '(1,)'), [0, 0, 0, 0]), f32, /found '>f4'/],
    [
      'floats for codes',
      file(dictionary('<f2', '(1,)'), [0, 0]),
      FloatType.get('bf16'),
      /its codes in '<u2', found '<f2'/,
    ],
    [
      'too few elements',
      file(dictionary('<f4', '(2,)'), [0, 0, 0, 0]),
      f32,
      /takes 8 bytes, but 4 follow/,
    ],
    [
      'too many elements',
      file(dictionary('<i4', '()'), [0, 0, 0, 0, 1]),
      i32,
      /takes 4 bytes, but 5 follow/,
    ],
    [
      'codes of too many bits',
      file(dictionary('|u1', '(2,)'), [15, 16]),
      IntegerType.get(4),
      /code 16 at element 1/,
    ],
  ])('%s', (_what, bytes, type, message) => {
    expect(() => readNpy(bytes, type)).toThrow(message);
    expect(() => readNpy(bytes, type)).toThrow(NpyError);
  });
});

const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
describe.skipIf(!hasNumpy)('NumPy itself', () => {
  it('reads our files and we read its', () => {
    const code =
      'import sys, io, numpy as n; a = n.load(io.BytesIO(sys.stdin.buffer.read())); b = io.BytesIO(); n.save(b, a * 2); sys.stdout.buffer.write(b.getvalue())';
    const tensor = sample(f16, [3, 5]);
    const { stdout } = spawnSync('python3', ['-c', code], { input: writeNpy(tensor) });
    const doubled = readNpy(stdout, f16);
    expect(doubled.shape).toEqual([3, 5]);
    expect([...doubled.data]).toEqual([...tensor.data].map((value) => Number(value) * 2));
  });
});
