/** Selects and orders tests: filters, shards, and the times of earlier runs. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fullName, type LitTest } from './discovery.js';
import { isFailure, type TestResult } from './result.js';

export type TestOrder = 'lexical' | 'random' | 'smart';

const TIMES_NAME = '.lit_test_times.txt';

/** Seconds of each test in the last run; a failed test counts as endless, so that it comes first. */
type Times = Map<string, number>;

function timesPath(test: LitTest): string {
  return join(test.config.execRoot, TIMES_NAME);
}

function readTimes(path: string): Times {
  const times: Times = new Map();
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return times;
  }
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space !== -1) times.set(line.slice(space + 1), Number(line.slice(0, space)) || 0);
  }
  return times;
}

/** Puts tests in order: by name, shuffled, or failures of the last run first and then the slowest. */
export function orderTests(tests: readonly LitTest[], order: TestOrder): LitTest[] {
  const sorted = [...tests].sort((a, b) => (fullName(a) < fullName(b) ? -1 : 1));
  if (order === 'lexical') return sorted;
  if (order === 'random') {
    for (let index = sorted.length - 1; index > 0; index--) {
      const other = Math.floor(Math.random() * (index + 1));
      [sorted[index], sorted[other]] = [sorted[other], sorted[index]];
    }
    return sorted;
  }
  const files = new Map<string, Times>();
  const timeOf = (test: LitTest): number => {
    const path = timesPath(test);
    let times = files.get(path);
    if (times === undefined) files.set(path, (times = readTimes(path)));
    const time = times.get(test.name);
    if (time === undefined) return Infinity;
    return time < 0 ? Infinity : time;
  };
  const keys = new Map(sorted.map((test) => [test, timeOf(test)]));
  const compare = (a: number, b: number): number => (a === b ? 0 : b > a ? 1 : -1);
  return sorted.sort((a, b) => compare(keys.get(a)!, keys.get(b)!));
}

/** Remembers how long each test took, and which failed. */
export function recordTimes(results: ReadonlyMap<LitTest, TestResult>): void {
  const files = new Map<string, Times>();
  for (const [test, { code, elapsed }] of results) {
    if (code === 'SKIPPED' || code === 'EXCLUDED') continue;
    const path = timesPath(test);
    let times = files.get(path);
    if (times === undefined) files.set(path, (times = readTimes(path)));
    times.set(test.name, isFailure(code) ? -1 : elapsed);
  }
  for (const [path, times] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      [...times].map(([name, time]) => `${time.toExponential(6)} ${name}\n`).join(''),
    );
  }
}
