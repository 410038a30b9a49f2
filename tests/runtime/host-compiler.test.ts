import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findProgram } from '../../src/runtime/process.js';
import { decodeF16, firstDifference, gemmReference, gemmRequest, golden } from './support.js';

describe('the host compiler', () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'tilewright-cache-test-'));
    vi.stubEnv('TILEWRIGHT_CACHE', cache);
    vi.resetModules();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  });

  it('if missing is asked for in one line', async () => {
    vi.stubEnv('TILEWRIGHT_CXX', '/nowhere/g++');
    const { simulate } = await import('../../src/runtime/sim/index.js');
    const result = simulate(gemmRequest(golden('gemm_sm80.cu'), 'cuda'));
    expect(result).toEqual({
      status: 'unavailable',
      reason:
        "the simulator needs a C++20 compiler: TILEWRIGHT_CXX names '/nowhere/g++', which cannot be executed (install g++ 11 or clang++ 15 or newer)",
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  const clang = findProgram(['clang++', 'clang++-19']);
  it.skipIf(!clang)('may be clang++, and fills the cache with whole folders', async () => {
    vi.stubEnv('TILEWRIGHT_CXX', clang!);
    const { simulate } = await import('../../src/runtime/sim/index.js');
    const result = simulate(gemmRequest(golden('gemm_sm80.cu'), 'cuda'));
    if (result.status !== 'ran') throw new Error(JSON.stringify(result));
    expect(result.reports).toEqual([]);
    expect(firstDifference(decodeF16(result.outputs.get('C')!), gemmReference())).toBe(-1);
    const names = readdirSync(join(cache, 'sim')).sort();
    expect(names).toHaveLength(3);
    expect(names[0]).toMatch(/^engine-[0-9a-f]{24}$/);
    expect(names[1]).toMatch(/^header-[0-9a-f]{24}$/);
    expect(names[2]).toMatch(/^kernel-[0-9a-f]{24}$/);
    expect(existsSync(join(cache, 'sim', names[2], 'kernel.so'))).toBe(true);
  });
});
