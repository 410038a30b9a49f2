/** The long-running fuzzer's thread: runs the cases it is sent and says which one it is at. */

import { parentPort, workerData } from 'node:worker_threads';
import { createSubjects } from './subjects.js';

const { root, subjectName } = workerData as { readonly root: string; readonly subjectName: string };
const subject = createSubjects(root).find(({ name }) => name === subjectName)!;

parentPort!.on('message', async ({ from, to }: { readonly from: number; readonly to: number }) => {
  for (let seed = from; seed < to; seed++) {
    parentPort!.postMessage({ kind: 'begin', seed });
    const complaint = await subject.run(seed);
    if (complaint !== undefined)
      parentPort!.postMessage({ kind: 'complaint', seed, complaint, text: subject.textOf(seed) });
  }
  parentPort!.postMessage({ kind: 'done', to });
});
