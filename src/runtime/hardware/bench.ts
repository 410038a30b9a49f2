/** Times of a kernel by the device's own events, and what they say against the peak rates of a target. */

import type { GpuDriver } from './driver.js';

export interface BenchOptions {
  /** Launches that are not timed. */
  readonly warmUp: number;
  /** Launches that are timed, each by itself. */
  readonly repeats: number;
  /** Whether the caches are overwritten before each launch, so that operands come from memory. */
  readonly flush: boolean;
}

export const defaultBench: BenchOptions = { warmUp: 10, repeats: 100, flush: true };

/** Seconds of one launch. */
export interface Timing {
  readonly median: number;
  readonly minimum: number;
  readonly p10: number;
  readonly p90: number;
  readonly repeats: number;
}

/** Least bytes that are overwritten to flush a cache of unknown size. */
const LEAST_FLUSH_BYTES = 2 ** 26;

/** Times `start`, which launches one kernel or several. */
export function timeLaunches(
  driver: GpuDriver,
  start: () => void,
  { warmUp, repeats, flush }: BenchOptions,
): Timing {
  const flushBytes = flush ? Math.max(LEAST_FLUSH_BYTES, 2 * driver.facts.l2Bytes) : 0;
  const [begin, end] = [driver.createEvent(), driver.createEvent()];
  const scratch = flush ? driver.allocate(flushBytes) : undefined;
  const seconds: number[] = [];
  try {
    for (let launch = 0; launch < warmUp + repeats; launch++) {
      if (scratch !== undefined) driver.fill(scratch, launch % 256, flushBytes);
      driver.recordEvent(begin);
      start();
      driver.recordEvent(end);
      driver.awaitEvent(end);
      if (launch >= warmUp) seconds.push(driver.elapsedTime(begin, end) / 1000);
    }
    driver.synchronize();
  } finally {
    if (scratch !== undefined) driver.free(scratch);
    driver.destroyEvent(begin);
    driver.destroyEvent(end);
  }
  return summarize(seconds);
}

/** @param seconds at least one. */
export function summarize(seconds: readonly number[]): Timing {
  const sorted = [...seconds].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    minimum: sorted[0],
    p10: quantile(sorted, 0.1),
    p90: quantile(sorted, 0.9),
    repeats: sorted.length,
  };
}

/** Between the two nearest of sorted numbers, in proportion. */
function quantile(sorted: readonly number[], fraction: number): number {
  const place = fraction * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** What one launch has to do, whoever executes it. */
export interface Work {
  /** Of matrix and scalar instructions; a multiply-add is two. */
  readonly flop: number;
  /** Of global memory, each element of a tensor once. */
  readonly bytes: number;
  /** The least time at the peak rates of a target, and its name; absent where no description fits. */
  readonly roofline?: {
    readonly seconds: number;
    readonly boundBy: string;
    readonly target: string;
  };
}

export interface BenchResult extends Timing {
  readonly gigaflopPerSecond: number;
  readonly gigabytesPerSecond: number;
  /** Least time by the roofline over the median; absent with it. */
  readonly shareOfRoofline?: number;
  readonly work: Work;
}

export function rateTiming(timing: Timing, work: Work): BenchResult {
  const { median } = timing;
  const perSecond = (amount: number): number => (median > 0 ? amount / median / 1e9 : 0);
  const { roofline } = work;
  return {
    ...timing,
    gigaflopPerSecond: perSecond(work.flop),
    gigabytesPerSecond: perSecond(work.bytes),
    ...(roofline && median > 0 && { shareOfRoofline: roofline.seconds / median }),
    work,
  };
}

const micro = (seconds: number): string => `${(seconds * 1e6).toPrecision(4)} us`;

/** Two lines for people. */
export function formatBench(kernel: string, result: BenchResult): string {
  const { median, minimum, p10, p90, repeats, work, shareOfRoofline } = result;
  const rates = [
    `${result.gigaflopPerSecond.toPrecision(4)} GFLOP/s`,
    `${result.gigabytesPerSecond.toPrecision(4)} GB/s`,
  ];
  if (work.roofline !== undefined && shareOfRoofline !== undefined) {
    const { seconds, boundBy, target } = work.roofline;
    rates.push(
      `${(shareOfRoofline * 100).toPrecision(3)} % of the roofline of ${target} (${micro(seconds)}, bound by ${boundBy})`,
    );
  }
  return (
    `${kernel}: ${micro(median)} median of ${repeats}, ${micro(minimum)} least, p10 ${micro(p10)}, p90 ${micro(p90)}\n` +
    `${kernel}: ${rates.join(', ')}\n`
  );
}
