/** Integers with a sign in their type, of which half are beyond what the signed type of that width holds. */

import { describe, expect, test } from 'vitest';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { simulateModule } from './run-kernels.js';

const kinds = ['sum', 'prod', 'max', 'min', 'abssum', 'absmax', 'and', 'or', 'xor'];
const scans = ['max', 'min {exclusive}', 'max {exclusive, reverse}', 'sum', 'min'];

/** Reductions and scans of numbers that are negative before they lose their sign, and a copy of them as they are. */
function program(width: number): string {
  const type = `ui${width}`;
  const [signed, tile, row] = [`17x40xi${width}`, `17x40x${type}`, `17x${type}`];
  const scalar = width === 4 ? 'ui8' : type;
  const parameters = [
    `%unused: ${scalar}`,
    `%X: memref<${signed}>`,
    `%Copy: memref<${tile}>`,
    ...kinds.map((_, i) => `%R${i}: memref<${row}>`),
    ...scans.map((_, i) => `%S${i}: memref<${tile}>`),
  ];
  const reductions = kinds.map(
    (kind, i) => `
  %r${i} = tile.alloc : !tile.fragment<${row}>
  tile.reduce ${kind} %x to %r${i} dim(1) {clear} : !tile.fragment<${tile}> to !tile.fragment<${row}>
  tile.copy %r${i} to %R${i} : !tile.fragment<${row}> to memref<${row}>`,
  );
  const scanned = scans.map((scan, i) => {
    const [kind, ...flags] = scan.split(' ');
    return `
  %s${i} = tile.alloc : !tile.fragment<${tile}>
  tile.scan ${kind} %x to %s${i} dim(1) ${flags.join(' ')} : !tile.fragment<${tile}> to !tile.fragment<${tile}>
  tile.copy %s${i} to %S${i} : !tile.fragment<${tile}> to memref<${tile}>`;
  });
  return `tile.kernel @combine_${type}(${parameters.join(', ')}) blocks(%b) = (1) threads(128) {
  %x = tile.alloc : !tile.fragment<${tile}>
  tile.copy %X to %x : memref<${signed}> to !tile.fragment<${tile}>
  tile.copy %x to %Copy : !tile.fragment<${tile}> to memref<${tile}>${reductions.join('')}${scanned.join('')}
}
`;
}

describe.skipIf('reason' in findHostCompiler())('integers without a sign', () => {
  for (const arch of ['sm_80', 'gfx942']) {
    for (const width of [4, 8, 16, 32, 64]) {
      test(`ui${width} on ${arch}`, () => {
        const run = simulateModule(program(width), arch, { flags: ['--arg=unused=3'] });
        expect(run.errors).not.toMatch(/error/);
        expect(run.status).toBe(0);
      });
    }
  }
});
