/** Damaged texts never crash a tool. `node scripts/fuzz-text.mjs --cases=100000` does the same for as long as wanted. */

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSubjects } from './subjects.js';

const CASES: Readonly<Record<string, number>> = {
  parser: 300,
  'dialect file': 60,
  'check file': 300,
  pipeline: 300,
  'IRDL program': 60,
  'pattern file': 200,
};
/** Milliseconds for one case. */
const LIMIT = 20_000;

for (const { name, property } of createSubjects('.')) {
  test(name, async () => {
    expect(CASES[name]).toBeGreaterThan(0);
    await fc.assert(property(), { seed: 1, numRuns: CASES[name], timeout: LIMIT });
  });
}
