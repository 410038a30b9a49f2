/** The side of a worker thread: takes one test after the other from the pool. */

import { parentPort, workerData } from 'node:worker_threads';
import type { LitTest } from './discovery.js';
import type { TestResult } from './result.js';
import { runTest } from './run-test.js';
import type { RunSettings } from './run-settings.js';
import type { ToolTable } from './shell-executor.js';

/** Marks a thread that the pool started, as a thread may also be a test runner's own. */
const WORKER_ROLE = 'tilewright-lit-worker';

export interface WorkerData {
  readonly role: typeof WORKER_ROLE;
  readonly settings: RunSettings;
}

export function makeWorkerData(settings: RunSettings): WorkerData {
  return { role: WORKER_ROLE, settings };
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'process'; readonly event: 'started' | 'ended'; readonly pid: number }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'result'; readonly result: TestResult };

/** Whether this thread was started by the pool. */
export function isLitWorker(): boolean {
  return parentPort !== null && (workerData as Partial<WorkerData> | null)?.role === WORKER_ROLE;
}

/** Serves the pool that started this thread until it is terminated. */
export function serveLitWorker(tools: ToolTable): void {
  const port = parentPort!;
  const { settings } = workerData as WorkerData;
  const send = (message: WorkerMessage): void => port.postMessage(message);
  port.on('message', (test: LitTest) => {
    void runTest(test, settings, {
      tools,
      watch: (event, pid) => send({ kind: 'process', event, pid }),
      log: (text) => send({ kind: 'log', text }),
    }).then((result) => send({ kind: 'result', result }));
  });
  send({ kind: 'ready' });
}
