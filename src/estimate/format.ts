/** Estimates as text for people. */

import type { KernelEstimate } from './estimate.js';

/** `1.50 MiB`, `320 B` */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
}

/** `2.15 GFLOP` */
export function formatFlop(flop: number): string {
  return scaled(flop, 1000, ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP', 'PFLOP']);
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let [number, unit] = [value, 0];
  while (number >= base && unit < units.length - 1) [number, unit] = [number / base, unit + 1];
  return `${unit === 0 ? Math.round(number) : number.toPrecision(3)} ${units[unit]}`;
}

/** `12.3 us` */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return '0 us';
  return seconds < 1e-3
    ? `${(seconds * 1e6).toPrecision(3)} us`
    : `${(seconds * 1e3).toPrecision(3)} ms`;
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

export function formatEstimate(estimate: KernelEstimate): string {
  const { registers, occupancy, global, flop, intensity, time, waves } = estimate;
  const tiles = estimate.grid.reduce((product, extent) => product * Math.max(1, extent), 1);
  const extents = estimate.grid.join(' x ');
  const { blocks, threads } = estimate;
  const limits = Object.entries(occupancy.limits)
    .map(([resource, count]) => `${resource} ${count}`)
    .join(', ');
  const matrix = Object.entries(flop.matrix).map(
    ([type, count]) => `${formatFlop(count)} by matrix instructions on ${type}`,
  );
  const special =
    flop.transcendental === 0 ? '' : ` (${formatFlop(flop.transcendental)} transcendental)`;
  const work = [...matrix, `${formatFlop(flop.scalar)} by scalar instructions${special}`];
  const rows: [string, string][] = [
    [
      'blocks',
      blocks < tiles
        ? `${blocks} of ${threads} threads walk ${tiles} tiles (${extents})`
        : `${blocks} (${extents}) of ${threads} threads`,
    ],
    [
      'registers',
      `${registers.expected} expected, at least ${registers.atLeast}, of ${registers.limit} per thread` +
        (registers.spills ? '; spills expected' : ''),
    ],
    ['shared memory', `${estimate.sharedBytes} bytes per block`],
    [
      'occupancy',
      `${occupancy.blocks} block${occupancy.blocks === 1 ? '' : 's'} (${occupancy.warps} warps, ${percent(occupancy.fraction)}) per multiprocessor, limited by ${occupancy.limitedBy} (${limits})`,
    ],
    ['waves', `${waves.count}, ${percent(waves.fill)} full`],
    [
      'global memory',
      `${formatBytes(global.idealRead)} read and ${formatBytes(global.idealWritten)} written at best, ` +
        `${formatBytes(global.read)} and ${formatBytes(global.written)} without reuse`,
    ],
    ['work', work.join(', ')],
    [
      'intensity',
      `${intensity.ideal.toPrecision(3)} FLOP per byte at best, ${intensity.withoutReuse.toPrecision(3)} without reuse`,
    ],
    [
      'roofline',
      `at least ${formatSeconds(time.roofline)}, bound by ${time.boundBy} ` +
        `(matrix ${formatSeconds(time.matrix)}, scalar ${formatSeconds(time.scalar)}, ` +
        `memory ${formatSeconds(time.memory)}, without reuse ${formatSeconds(time.memoryWithoutReuse)})`,
    ],
    ...estimate.notes.map((note): [string, string] => ['note', note]),
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  const lines = rows.map(([title, text]) => `  ${title.padEnd(width)}  ${text}`);
  return `${estimate.kernel} on ${estimate.arch}\n${lines.join('\n')}\n`;
}
