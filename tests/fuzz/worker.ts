/** The long-running fuzzer's thread: runs the batches it is sent and says which case it is at. */

import { parentPort, workerData } from 'node:worker_threads';
import * as fc from 'fast-check';
import { createSubjects } from './subjects.js';

const { root, subjectName } = workerData as { readonly root: string; readonly subjectName: string };
const subject = createSubjects(root).find(({ name }) => name === subjectName)!;
const property = subject.property((text) => parentPort!.postMessage({ kind: 'begin', text }));

parentPort!.on(
  'message',
  async ({ seed, runs }: { readonly seed: number; readonly runs: number }) => {
    const details = await fc.check(property, { seed, numRuns: runs });
    const complaint = details.failed ? fc.defaultReportMessage(details) : undefined;
    const text = details.counterexample?.[0].text;
    parentPort!.postMessage({ kind: 'done', complaint, text });
  },
);
