/**
 * Reductions, scans, copies and parallel loops over odd extents and all thread counts, executed on the simulator and
 * compared with the interpreter. A sample runs by default; `node scripts/sweep-tile-operations.mjs` runs every point.
 */

import { describe, expect, test } from 'vitest';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { covering } from './covering.js';
import { simulateModule } from './run-kernels.js';
import { sweepGroups, sweepName, sweepProgram, type SweepPoint } from './tile-programs.js';

const architectures = ['sm_80', 'gfx942'];
const perFile = 16;

/** Pairs of values of each group, divided between the architectures; on AMD a block has whole wavefronts. */
function sampleFor(number: number): SweepPoint[] {
  // Finding the fewest points among tens of thousands takes longer than running them.
  const thinned = (points: readonly SweepPoint[]): SweepPoint[] => {
    const step = Math.max(1, Math.floor(points.length / 700));
    return points.filter((_, i) => (i * 7919) % points.length < points.length / step);
  };
  return sweepGroups
    .flatMap((points) => covering(thinned(points), 2))
    .filter(({ threads }, i) => i % 4 === number && (number === 0 || threads >= 64));
}

describe.skipIf('reason' in findHostCompiler())('tile operations', () => {
  for (const [number, arch] of architectures.entries()) {
    const own = sampleFor(number);
    for (let start = 0; start < own.length; start += perFile) {
      const batch = own.slice(start, start + perFile);
      test(`${arch}: ${batch.map(sweepName).join(', ')}`, () => {
        const run = simulateModule(batch.map(sweepProgram).join('\n'), arch);
        expect(run.errors.replace(/.*remark: (?:[^\n]*\n){3}/g, '')).toBe('');
        expect(run.status).toBe(0);
      });
    }
  }
});
