// The scalar language of emitted text is what all three compilers accept.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import {
  buffer,
  encode,
  golden,
  noHostCompiler,
  randomMatrix,
  reportLines,
  run,
  withWrappers,
} from './support.js';

const source = readFileSync(new URL('golden/expressions.cu', import.meta.url), 'utf8');

describe('forms of scalar code', () => {
  it.skipIf(noHostCompiler).each([32, 64] as const)(
    'run on the simulator with %i lanes',
    (waveSize) => {
      const a = randomMatrix(1024, 1);
      const result = run({
        text: golden('expressions.cu'),
        target: waveSize === 32 ? 'cuda' : 'hip',
        waveSize,
        entry: 'launch_expressions',
        arguments: [
          buffer('A', 'f16', 'read', encode(a, 'f16')),
          buffer('B', 'bf16', 'read', encode(a, 'bf16')),
          buffer('C', 'f32', 'write', new Uint8Array(512)),
          buffer('counts', 'i32', 'readwrite', encode([0, 0, 1000, 0], 'i32')),
          { kind: 'scalar', name: 'scale', type: 'f32', value: 0.25 },
          { kind: 'scalar', name: 'rows', type: 'i64', value: 17 },
        ],
        seed: 1,
        schedules: 8,
      });
      expect(reportLines(result)).toEqual([]);
      const counts = new Int32Array(result.outputs.get('counts')!.slice().buffer);
      expect(Array.from(counts)).toEqual([128, 127, 0, 255]);
      const values = new Float32Array(result.outputs.get('C')!.slice().buffer);
      expect(values.every(Number.isFinite)).toBe(true);
    },
  );

  it('compile with nvcc', ({ skip }) => {
    const result = compileCuda(golden('expressions.cu'), 'sm_80');
    if (!result.available) return skip(result.reason);
    expect(result.ok, result.diagnostics).toBe(true);
    expect(result.kernels[0].stackFrame).toBe(0);
  });

  it('compile with clang', ({ skip }) => {
    const result = compileHip(withWrappers(source, 'hip'), 'gfx90a');
    if (!result.available) return skip(result.reason);
    expect(result.ok, result.diagnostics).toBe(true);
    expect(result.scratch).toBe(0);
  });
});

describe('sync_threads on AMD', () => {
  it('waits for LDS and leaves global loads in flight', ({ skip }) => {
    const text = withWrappers(
      `//! wrappers thread_index load store dynamic_shared_memory sync_threads
extern "C" __global__ void __launch_bounds__(256) kernel(const f32* __restrict__ in, f32* __restrict__ out) {
  f32* const shared = reinterpret_cast<f32*>(dynamic_shared_memory());
  const int thread = thread_index();
  store(shared + thread, f32(thread));
  const f32 value = load(in + thread);
  sync_threads();
  store(out + thread, value + load(shared + (thread ^ 64)));
}
`,
      'hip',
    );
    for (const arch of ['gfx90a', 'gfx942'] as const) {
      const result = compileHip(text, arch);
      if (!result.available) return skip(result.reason);
      expect(result.ok, result.diagnostics).toBe(true);
      const lines = readFileSync(result.assemblyPath!, 'utf8').split('\n');
      const at = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line));
      const barrier = at(/s_barrier/);
      expect(at(/global_load_dword/)).toBeGreaterThan(0);
      expect(at(/global_load_dword/)).toBeLessThan(barrier);
      expect(at(/ds_write/)).toBeLessThan(barrier);
      expect(at(/ds_read/)).toBeGreaterThan(barrier);
      const waits = lines
        .slice(at(/ds_write/), barrier)
        .filter((line) => line.includes('s_waitcnt'));
      expect(waits.some((line) => line.includes('lgkmcnt(0)'))).toBe(true);
      expect(waits.filter((line) => line.includes('vmcnt'))).toEqual([]);
    }
  });
});
