// The fuzzer itself, and fixed seeds of it for every target. `node scripts/fuzz.mjs` runs more.
import { describe, expect, it } from 'vitest';
import {
  fuzz,
  generateProgram,
  reduceProgram,
  renderProgram,
} from '../../src/runtime/fuzz/index.js';
import { checkProgram } from '../../src/runtime/fuzz/check.js';
import { allStatements } from '../../src/runtime/fuzz/program.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { findTarget } from '../../src/targets/target.js';

const noHostCompiler = 'reason' in findHostCompiler();

describe.skipIf(noHostCompiler)('random programs', () => {
  it.each(['sm_80', 'sm_89', 'gfx90a', 'gfx942'])('run equal: %s', (arch) => {
    const target = findTarget(arch)!;
    const result = fuzz({ target, seed: 1, schedules: 2, programs: 8, isReducing: false });
    expect(result.failures.map(({ seed, category, detail }) => [seed, category, detail])).toEqual(
      [],
    );
    expect([...result.invalid]).toEqual([]);
    expect(result.equal).toBeGreaterThanOrEqual(4);
  });
});

describe('the generator', () => {
  it('makes the same program of the same seed', () => {
    const text = (seed: number): string => renderProgram(generateProgram(seed, { warpSize: 32 }));
    expect(text(5)).toBe(text(5));
    expect(text(5)).not.toBe(text(6));
  });

  it('uses the whole language', () => {
    const names = new Set<string>();
    for (let seed = 0; seed < 300; seed++)
      for (const { kind } of allStatements(generateProgram(seed, { warpSize: 32 }).body))
        names.add(kind);
    expect([...names].sort()).toEqual(
      ['clear', 'copy', 'fill', 'gemm', 'if', 'loop', 'parallel', 'rasterize'].sort(),
    );
  });
});

describe('the reducer', () => {
  it('keeps only what the failure needs', () => {
    const hasGemm = (body: Parameters<typeof allStatements>[0]): boolean =>
      [...allStatements(body)].some(({ kind }) => kind === 'gemm');
    let seed = 0;
    while (!hasGemm(generateProgram(seed, { warpSize: 32 }).body)) seed++;
    const program = generateProgram(seed, { warpSize: 32 });
    const smallest = reduceProgram(program, ({ body }) => hasGemm(body), { attempts: 5000 });
    expect(smallest.body.map(({ kind }) => kind)).toEqual(['gemm']);
    expect(smallest.grid.every((extent) => extent === 1)).toBe(true);
    expect(Math.max(...smallest.tiles.flatMap(({ shape }) => shape))).toBe(1);
  });
});

describe.skipIf(noHostCompiler)('verdicts', () => {
  const check = (text: string): string =>
    checkProgram(text, { target: findTarget('sm_80')!, seed: 1, schedules: 1, isExact: true }).kind;
  const kernel = (body: string, threads = 64): string =>
    `tile.kernel @k(%A: memref<64xf32>, %B: memref<64xf32>) blocks(%b) = (1) threads(${threads}) {\n  %t = tile.alloc : !tile.fragment<64xf32>\n${body}\n}`;
  const load = '  tile.copy %A to %t : memref<64xf32> to !tile.fragment<64xf32>';
  const store = '  tile.copy %t to %B : !tile.fragment<64xf32> to memref<64xf32>';

  it('tells programs that are wrong from those that are refused and those that run', () => {
    expect(check(kernel(`${load}\n${store}`))).toBe('equal');
    expect(check('tile.kernel')).toBe('invalid');
    expect(check(kernel(store))).toBe('invalid');
    expect(check(kernel(`${load}\n${store}`, 2048))).toBe('refused');
  });
});
