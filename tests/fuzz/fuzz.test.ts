/** Damaged texts never crash a tool. `node scripts/fuzz-text.mjs --cases=100000` does the same for as long as wanted. */

import { expect, test } from 'vitest';
import { createSubjects } from './subjects.js';

const CASES: Readonly<Record<string, number>> = {
  parser: 300,
  'dialect file': 60,
  'check file': 300,
  pipeline: 300,
};

for (const subject of createSubjects('.')) {
  test(subject.name, { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= CASES[subject.name]; seed++) {
      const start = performance.now();
      const complaint = await subject.run(seed);
      expect(complaint, `case ${seed}:\n${subject.textOf(seed)}`).toBeUndefined();
      expect(performance.now() - start, `time of case ${seed}`).toBeLessThan(20_000);
    }
  });
}
