/** Schedule files: every message at its place, lists as points, overrides as patches, and the schema that editors read. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  pointCount,
  scheduleJsonSchema,
  schedulePoint,
  KERNEL_SETTINGS,
} from '../../src/schedule/index.js';
import { overrideSpace, readSchedule } from '../../src/schedule/schedule-file.js';
import { DiagnosticError, formatPosition } from '../../src/support/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { GEMM, schedule } from './programs.js';

/** `line:column: message` of the first error. */
function problem(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const { position, message } = error.diagnostic;
    return `${formatPosition(position)?.split(':').slice(1).join(':')}: ${message}`;
  }
  return 'no error';
}

describe('errors of files', () => {
  test.each([
    ['kernels: [', '1:11: flow sequence in block collection must be'],
    ['', '1:1: expected a schedule to be a map'],
    ['[]', '1:1: expected a schedule to be a map'],
    ['summary: x', "1:1: a schedule has no 'kernels'"],
    ['kernels: {}', "1:1: 'kernels' names no kernel"],
    ['kernel: { f: {} }', "1:1: unknown key 'kernel' in a schedule; did you mean 'kernels'?"],
    ['kernels:\n  f: 3', "2:6: expected the settings of kernel 'f' to be a map"],
    [
      'kernels:\n  f:\n    thread: 3',
      "3:5: unknown key 'thread' in the settings of kernel 'f'; did you mean 'threads'?",
    ],
    [
      'kernels:\n  f: { threads: many }',
      "2:17: expected a whole number of at least 1 for 'threads', found 'many'",
    ],
    [
      'kernels:\n  f: { threads: 0 }',
      "2:17: expected a whole number of at least 1 for 'threads', found '0'",
    ],
    [
      'kernels:\n  f: { threads: }',
      "2:17: expected a whole number of at least 1 for 'threads', found nothing",
    ],
    ['kernels:\n  f: { threads: [] }', "2:17: 'threads' lists no value"],
    ['kernels:\n  f: { tiles: { BM: 128 - 64 } }', "2:21: expected an extent such as '64'"],
    [
      'kernels:\n  f: { loops: { k: { stage: 3 } } }',
      "2:22: unknown key 'stage' in 'k'; did you mean 'stages'?",
    ],
    ['kernels:\n  f: { loops: { k: 3 } }', "2:20: expected 'k' to be a map"],
    [
      'kernels:\n  f: { gemms: { c: { policy: row } } }',
      "2:30: expected one of square, rows, cols for 'policy', found 'row'; did you mean 'rows'?",
    ],
    [
      'kernels:\n  f: { rasterize: diagonal }',
      "2:19: expected 'none', 'row panel(N)' or 'column panel(N)'",
    ],
    [
      'kernels:\n  f: { persistent: blocks(0) }',
      "2:20: expected 'none', 'auto' or 'blocks(N)' for 'persistent', found 'blocks(0)'",
    ],
    ['kernels:\n  f: { persistent: 8 }', "2:20: expected 'none', 'auto' or 'blocks(N)'"],
    [
      'kernels:\n  f: { persistent: [auto, all] }',
      "2:27: expected 'none', 'auto' or 'blocks(N)' for 'persistent', found 'all'",
    ],
    [
      'kernels:\n  f: { dimensions: { M: [a, b] } }',
      "2:25: 'M' is not a decision, so it has one value",
    ],
    ['kernels:\n  f: { layouts: { A: row } }', '2:22: expected a layout such as'],
    ['kernels:\n  f: { tiles: { __proto__: 3 } }', "2:17: '__proto__' cannot be a name in 'tiles'"],
    ['kernels:\n  f: { threads: 1 }\n  f: { threads: 2 }', '3:3: map keys must be unique'],
  ])('%j', (text, expected) => {
    expect(problem(() => readSchedule(text, 'f.yaml'))).toContain(expected);
  });
});

describe('errors of names', () => {
  test.each([
    ['gem: { threads: 64 }', "no kernel is named 'gem'; did you mean 'gemm'?"],
    ['gemm: { loops: { j: { stages: 2 } } }', "no pipelined loop is named 'j'; did you mean 'k'?"],
    [
      'gemm: { gemms: { ac: { policy: rows } } }',
      "no matrix product is named 'ac'; did you mean 'acc'?",
    ],
    ['gemm: { copies: { X: { mode: sync } } }', "no copy is named 'X'"],
    [
      'gemm: { layouts: { Cs: "#layout.shared<(2,2):(2,1)>" } }',
      "no tile is named 'Cs'; did you mean",
    ],
    [
      'gemm: { layouts: { As: "#layout.shared<(2,2):(2,1)>" } }',
      "expected a layout of shape 32x16 for '%As', found 2x2",
    ],
    ['gemm: { layouts: { As: "#layout.shared<(2,2:(2,1)>" } }', 'schedule.yaml:1:'],
    [
      'gemm: { layouts: { As: "#layout.fragment<[32, 16], thread = 64:8, value = 8:1>" } }',
      "expected a '#layout.shared' for a tile of type",
    ],
    [
      'gemm: { tiles: { BM: 64 } }',
      "no tile dimension is named 'BM'; declare it, as in 'dimensions: { BM:",
    ],
    [
      'gemm: { dimensions: { BM: acc.0 }, tiles: { BN: 64 } }',
      "no tile dimension is named 'BN'; did you mean 'BM'?",
    ],
    [
      'gemm: { dimensions: { BM: ac.0 }, tiles: { BM: 64 } }',
      "no tile is named 'ac'; did you mean 'acc'?",
    ],
    [
      'gemm: { dimensions: { BM: acc.2 }, tiles: { BM: 64 } }',
      "tile 'acc' has 2 dimensions, so the last is 'acc.1'",
    ],
    ['gemm: { dimensions: { BM: acc }, tiles: { BM: 64 } }', "a dimension of the tile is 'acc.0'"],
    ['gemm: { tiles: { acc.0: 64 -> 32 } }', "expected extent 64 of 'acc.0', found 32"],
    [
      'gemm: { tiles: { BX: 128 -> 32 } }',
      'expected one tile dimension of extent 128 that blocks or loops divide, found none',
    ],
  ])('%s', (kernels, expected) => {
    const { errors } = schedule(GEMM, `kernels: { ${kernels} }`);
    expect(errors).toContain(expected);
    expect(errors).toMatch(/schedule\.yaml:1:\d+: error/);
  });
});

test('operations are found by name, by both ends and by label', () => {
  const labelled = GEMM.replace(
    'tile.copy %A[%m, %k] to %As : memref<70x50xf16> to !tile.shared<32x16xf16>',
    'tile.copy %A[%m, %k] to %As : memref<70x50xf16> to !tile.shared<32x16xf16> loc("fetch")',
  );
  const { text, errors } = schedule(
    labelled,
    `kernels:
  "*":
    threads: 128
    rasterize: column panel(4)
    persistent: blocks(3)
    loops: { "%k": { stages: 4 } }
    gemms: { acc: { policy: cols } }
    copies: { fetch: { mode: sync }, "B->Bs": { mode: async } }`,
  );
  expect(errors).toBe('');
  expect(text).toContain('threads(128)');
  expect(text).toContain('tile.rasterize column panel(4)');
  expect(text).toContain('tile.persistent blocks(3)');
  expect(text).toContain('stages(4)');
  expect(text).toContain('policy = "cols"');
  expect(text).toMatch(/to %As \{mode = "sync"\}/);
  expect(text).toMatch(/to %Bs \{mode = "async"\}/);
});

describe('points', () => {
  const space = readSchedule(
    'kernels: { f: { threads: [64, 128], tiles: { a.0: [16, 8 -> 32, 4] }, loops: { k: { stages: 2 } } } }',
    'f.yaml',
  );

  test('the last list varies fastest', () => {
    expect(pointCount(space)).toBe(6);
    const values = [0, 1, 3, 5].map((number) => schedulePoint(space, number).values);
    expect(values).toEqual([
      [64, { to: 16 }],
      [64, { from: 8, to: 32 }],
      [128, { to: 16 }],
      [128, { to: 4 }],
    ]);
  });

  test('points share what they have in common', () => {
    const [first, second] = [0, 1].map((number) => schedulePoint(space, number).schedule);
    expect(first.kernels.f.loops).toBe(second.kernels.f.loops);
    expect(first.kernels.f.tiles).not.toBe(second.kernels.f.tiles);
    expect(space.schedule.kernels.f.threads).toBe(64);
  });

  test('overrides replace lists, add what is missing, and leave the original alone', () => {
    const changed = overrideSpace(space, ['f.threads=32', 'g.loops.k.stages=5', 'f.tiles.b.1=7']);
    expect(pointCount(changed)).toBe(3);
    expect(changed.schedule.kernels).toMatchObject({
      f: { threads: 32, tiles: { 'a.0': { to: 16 }, 'b.1': { to: 7 } } },
      g: { loops: { k: { stages: 5 } } },
    });
    expect(space.schedule.kernels.f.threads).toBe(64);
  });

  test.each([
    ['f', "1:1: expected an override such as 'gemm.threads=256'"],
    ['f.thread=3', "1:1: no setting is named 'thread'; did you mean 'threads'?"],
    ['f.threads.x.y=3', "1:1: expected a path of the form 'kernel.threads'"],
    ['f.loops.k=3', "1:1: expected a path of the form 'kernel.loops.name.stages'"],
    ['f.threads=x', "1:11: expected a whole number of at least 1 for 'threads', found 'x'"],
    ['f.persistent=blocks', "1:14: expected 'none', 'auto' or 'blocks(N)'"],
    ['f.gemms.c.policy=col', "found 'col'; did you mean 'cols'?"],
  ])('override %s', (text, expected) => {
    expect(problem(() => overrideSpace(space, [text]))).toContain(expected);
  });

  test('a sweep of millions is refused', () => {
    const list = `[${Array.from({ length: 400 }, (_, i) => i + 1).join(', ')}]`;
    const text = `kernels: { f: { threads: ${list}, loops: { k: { stages: ${list} } } } }`;
    expect(problem(() => readSchedule(text, 'f.yaml'))).toContain('make 160000 points');
  });
});

describe('the schema', () => {
  const path = join(packageRoot(), 'kernels', 'schedules', 'schema.json');

  test('is the one of the settings', () => {
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(scheduleJsonSchema());
  });

  test('knows every setting of the example', () => {
    const example = parse(
      readFileSync(join(packageRoot(), 'kernels', 'schedules', 'gemm.yaml'), 'utf8'),
    ) as { kernels: Record<string, Record<string, unknown>> };
    for (const kernel of Object.values(example.kernels))
      for (const key of Object.keys(kernel)) expect(Object.keys(KERNEL_SETTINGS)).toContain(key);
  });
});
