import { expect, it } from 'vitest';
import { isReservedName } from '../../src/targets/reserved-names.js';

it.each([
  'load',
  'mfma_32x32x8_f32_f16',
  'f16',
  'exp',
  'expf',
  'class',
  'threadIdx',
  '__x',
  '_X',
  'Registers',
])("'%s' is reserved", (name) => expect(isReservedName(name)).toBe(true));

it.each(['A', 'gemm', 'acc', 'thread', 'flash_attention', '_x', 'n'])("'%s' is free", (name) =>
  expect(isReservedName(name)).toBe(false),
);
