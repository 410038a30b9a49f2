/**
 * Products of every tile, thread count, place and storage order of the operands, and element type: compiled for real,
 * executed on the simulator and compared with the interpreter, or refused for a documented reason. A sample in which all
 * pairs of values meet; `node scripts/sweep-gemm.mjs` runs every point.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clangVersion, compileHip, nvccVersion } from '../../src/runtime/compile/index.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import {
  documentedDiagnostics,
  documentedName,
  judgePoints,
  problemsOf,
} from './gemm-tiles-report.js';
import { sampledPoints, sweepTargets, tilePoints, tileProgram } from './gemm-tiles.js';
import { KernelJudge } from './judge-kernels.js';
import { SweepStore } from './sweep-store.js';

const sample = sampledPoints();

/** Versions of the compilers that can be used here. */
const compilers = {
  nvidia: nvccVersion(),
  amd: compileHip('extern "C" __global__ void probe() {}', 'gfx90a').available
    ? clangVersion()
    : undefined,
};

describe.skipIf('reason' in findHostCompiler())('products of all tiles', () => {
  test.for(sweepTargets)('%s', (target) => {
    const compiler = compilers[target.startsWith('sm_') ? 'nvidia' : 'amd'];
    const judge = new KernelJudge(target, { store: new SweepStore(), lowering: '', compiler });
    const judged = judgePoints(
      judge,
      sample.filter((point) => point.target === target),
    );
    expect(judged.flatMap(problemsOf)).toEqual([]);
    // A sweep in which everything is refused would find nothing.
    const equal = judged.filter(({ verdict }) => verdict.difference === '');
    expect(equal.length).toBeGreaterThan(judged.length / 2);
    if (compiler !== undefined)
      for (const { verdict } of equal) expect(verdict.compiled, verdict.name).toBeDefined();
  });
});

test('the whole sweep has every point once', () => {
  const names = tilePoints('all').map((point) => tileProgram(point, 'f16', 2).name);
  expect(new Set(names).size).toBe(3 * 5 * 4 * 4 * 3 * 4);
});

test('what the sweep accepts as documented is documented', () => {
  const page = readFileSync(join(packageRoot(), 'docs', 'products.md'), 'utf8');
  const examples = [...page.matchAll(/^(error|remark): (.*)$/gm)].map(([, severity, message]) =>
    documentedName({ severity: severity as 'error' | 'remark', message }),
  );
  expect(examples).not.toContain(undefined);
  expect([...new Set(examples)].sort()).toEqual(Object.keys(documentedDiagnostics).sort());
});
