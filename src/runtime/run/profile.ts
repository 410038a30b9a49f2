/** What the simulator counted, per line of the program and against what the target can do. */

import type { Target } from '../../targets/target.js';
import { sectorEfficiency, type Counters, type SimulatorProfile } from '../sim/index.js';

/** Bytes of one sector of global memory. */
const SECTOR_BYTES = 32;

export interface Roofline {
  /** Operations of matrix instructions for each byte of global memory moved; undefined where none is moved. */
  readonly flopPerByte: number | undefined;
  /** Seconds that the target needs at least for the traffic, and for the matrix instructions. */
  readonly memorySeconds: number;
  readonly matrixSeconds: number;
  readonly boundBy: 'memory' | 'matrix instructions';
}

/** The least time that a target needs, from its peak rates and all of its multiprocessors. */
export function roofline(totals: Counters, target: Target): Roofline {
  const { f16_flop_per_clock, clock_ghz, memory_tb_per_second } = target.rates;
  const bytes = totals.globalSectors * SECTOR_BYTES;
  const memorySeconds = bytes / (memory_tb_per_second * 1e12);
  const matrixSeconds =
    totals.flop / (f16_flop_per_clock * target.multiprocessors * clock_ghz * 1e9);
  return {
    flopPerByte: bytes === 0 ? undefined : totals.flop / bytes,
    memorySeconds,
    matrixSeconds,
    boundBy: memorySeconds >= matrixSeconds ? 'memory' : 'matrix instructions',
  };
}

/** Columns of the table; `html` pages sort by them. */
export const profileColumns: readonly (readonly [string, (counters: Counters) => string])[] = [
  ['requests', (c) => `${c.requests}`],
  ['shared bytes', (c) => `${c.sharedBytes}`],
  ['wavefronts', (c) => `${c.sharedWavefronts}`],
  ['conflicts', (c) => `${c.sharedConflicts}`],
  ['global bytes', (c) => `${c.globalBytes}`],
  ['sectors', (c) => `${c.globalSectors}`],
  ['useful', (c) => (c.globalSectors === 0 ? '-' : `${Math.round(sectorEfficiency(c) * 100)}%`)],
  ['flop', (c) => `${c.flop}`],
  // Operations of the thread between a copy's start and the wait for it.
  ['to wait', (c) => (c.copies === 0 ? '-' : (c.copyDistance / c.copies).toFixed(0))],
];

/** A table of one row for each line and operation, the totals, and the roofline. */
export function formatProfile(kernel: string, profile: SimulatorProfile, target: Target): string {
  const rows = [
    ['line', 'operation', ...profileColumns.map(([title]) => title)],
    ...profile.lines.map((line) => [
      `${line.file}:${line.line}`,
      line.operation,
      ...profileColumns.map(([, show]) => show(line)),
    ]),
    ['total', '', ...profileColumns.map(([, show]) => show(profile.totals))],
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const table = rows.map((row) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
  const { flopPerByte, memorySeconds, matrixSeconds, boundBy } = roofline(profile.totals, target);
  const micro = (seconds: number): string => `${(seconds * 1e6).toPrecision(3)} us`;
  return [
    `${kernel}: ${profile.blocks} blocks in ${profile.launches} launches, ${profile.barriers} barriers`,
    ...table,
    `roofline of ${target.name}: at least ${micro(memorySeconds)} for memory, ${micro(matrixSeconds)} for matrix instructions` +
      `${flopPerByte === undefined ? '' : ` (${flopPerByte.toPrecision(3)} flop per byte)`}; bound by ${boundBy}`,
    '',
  ].join('\n');
}
