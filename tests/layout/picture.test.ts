/** Pictures of layouts: what the cells say, conflicts where they are, colours only when asked for. */

import { describe, expect, test } from 'vitest';
import {
  fragmentPicture,
  parseFragment,
  parseLayout,
  pictureTable,
  picturesSvg,
  sharedAccessConflicts,
  sharedPicture,
  worstPhase,
  type SharedAccess,
} from '../../src/layout/index.js';

const ldmatrix: SharedAccess = { kind: 'ldmatrix' };
const plain = parseLayout('(64,64):(64,1)');
const swizzled = parseLayout('swizzle<3,3,3> o 0 o (64,64):(64,1)');
const tile = (layout: typeof plain | typeof swizzled) => ({
  layout,
  shape: [64, 64],
  elementBits: 16,
  model: 'nvidia' as const,
  accesses: [{ name: 'tile.gemm reads', access: ldmatrix }],
});

describe('the worst phase', () => {
  test('rows of 128 bytes: eight rows meet in the same banks', () => {
    const phase = worstPhase(plain, [64, 64], 16, ldmatrix, 'nvidia')!;
    expect(phase).toMatchObject({ degree: 8, vector: 8 });
    expect(phase.lanes.map(({ element }) => element)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => i * 64),
    );
    expect(phase.lanes.every(({ isConflicting }) => isConflicting)).toBe(true);
  });

  test('nobody meets with a swizzle', () => {
    const phase = worstPhase(swizzled, [64, 64], 16, ldmatrix, 'nvidia')!;
    expect(phase.degree).toBe(1);
    expect(phase.lanes.some(({ isConflicting }) => isConflicting)).toBe(false);
  });

  test('has the degree that all accesses together have', () => {
    const accesses: SharedAccess[] = [
      ldmatrix,
      { kind: 'rows', bytes: 16 },
      { kind: 'operand', edge: 16, bytes: 8 },
    ];
    for (const layout of [plain, swizzled, parseLayout('(64,64):(72,1)')])
      for (const access of accesses)
        for (const model of ['nvidia', 'amd'] as const)
          expect(worstPhase(layout, [64, 64], 16, access, model)!.degree).toBe(
            sharedAccessConflicts(layout, [64, 64], 16, access, model).degree,
          );
  });
});

describe('tables', () => {
  test('a fragment', () => {
    const picture = fragmentPicture(
      parseFragment('[2, 4], thread = (2,2,2):(2,4,0), value = 2:1'),
      {
        title: '%t',
      },
    );
    expect(pictureTable(picture)).toBe(
      [
        '%t',
        'fragment [2, 4], thread = (2,2,2):(2,4,0), value = 2:1',
        '8 threads with 2 registers each, 2 threads hold each element; vectors of 2',
        '  |       0       1       2       3',
        '0 | t0:r0x2 t0:r1x2 t1:r0x2 t1:r1x2',
        '1 | t2:r0x2 t2:r1x2 t3:r0x2 t3:r1x2',
        '',
      ].join('\n'),
    );
  });

  test('conflicts are marked and said', () => {
    const text = pictureTable(sharedPicture(tile(plain), { rows: 9, columns: 9 }));
    expect(text).toContain('tile.gemm reads, 16 bytes per lane: 8-way bank conflict');
    const rows = text.split('\n').filter((line) => /^\d \|/.test(line));
    expect(rows[0]).toContain('b3:7!');
    expect(rows[0]).not.toContain('b4:8!');
    expect(rows[7]).toContain('b0:448!');
    expect(rows[8]).not.toContain('!');
    expect(text).toContain('(9x9 of 64x64 shown)');
    expect(pictureTable(sharedPicture(tile(swizzled)))).not.toContain('!');
  });

  test('an access to the exchanged tile marks its own elements', () => {
    const columnMajor = parseLayout('(64,64):(1,64)');
    const picture = sharedPicture({
      ...tile(plain),
      layout: columnMajor,
      accesses: [{ name: 'x', access: ldmatrix, isTransposed: true }],
    });
    expect(picture.cell(7, 7).isMarked).toBe(true);
    expect(picture.cell(8, 0).isMarked).toBe(false);
    expect(picture.cell(0, 8).isMarked).toBe(false);
  });

  test('colours only when asked for', () => {
    const picture = sharedPicture(tile(plain), { rows: 1, columns: 1 });
    expect(pictureTable(picture)).not.toContain('\u001b');
    expect(pictureTable(picture, true)).toContain('\u001b[48;2;');
  });
});

describe('SVG', () => {
  const svg = picturesSvg([
    sharedPicture(tile(plain), { title: '%As : !tile.shared<64x64xf16>', rows: 8, columns: 16 }),
    fragmentPicture(parseFragment('[4, 32], thread = (16,8):(2,0), value = (2,4):(1,32)')),
  ]);

  test('is well formed and escapes text', () => {
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(svg).toContain('!tile.shared&lt;64x64xf16&gt;');
    const opened = [...svg.matchAll(/<(\w+)(?: [^>]*[^/])?>/g)].map(([, name]) => name);
    const closed = [...svg.matchAll(/<\/(\w+)>/g)].map(([, name]) => name);
    expect(opened.filter((name) => name !== 'rect').sort()).toEqual(closed.sort());
  });

  test('outlines what each conflicting lane accesses', () => {
    expect(svg.match(/stroke="#d1242f"/g)).toHaveLength(8);
  });

  test('stays inside of its own size', () => {
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
    for (const [, x, y] of svg.matchAll(/<rect x="(\d+)" y="(\d+)"/g)) {
      expect(Number(x)).toBeLessThan(width);
      expect(Number(y)).toBeLessThan(height);
    }
  });
});
