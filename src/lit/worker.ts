/** The side of a worker thread: takes one test after the other from the pool. */

import {
  MessageChannel,
  parentPort,
  receiveMessageOnPort,
  workerData,
  type MessagePort,
  type WorkerOptions,
} from 'node:worker_threads';
import { setProcessRunners, type FinishedProcess } from '../runtime/process.js';
import type { LitTest } from './discovery.js';
import type { ExternalResult } from './external-command.js';
import { isProcessHost, serveProcessHost, type HostResult, type HostTask } from './process-host.js';
import type { TestResult } from './result.js';
import { runTest } from './run-test.js';
import type { RunSettings } from './run-settings.js';
import type { ToolTable } from './shell-executor.js';

/** Marks a thread that the pool started, as a thread may also be a test runner's own. */
const WORKER_ROLE = 'tilewright-lit-worker';

interface WorkerData {
  readonly role: typeof WORKER_ROLE;
  readonly settings: RunSettings;
  /** Where the result comes of a program that the thread stands still for, and what wakes it. */
  readonly results: MessagePort;
  readonly signal: Int32Array;
}

/** The pool's end of the connection over which a thread that stands still gets a result. */
export interface WorkerConnection {
  readonly options: WorkerOptions;
  wake(result: HostResult): void;
}

export function connectWorker(settings: RunSettings): WorkerConnection {
  const { port1, port2 } = new MessageChannel();
  // The thread alone decides how long the connection lasts.
  port1.unref();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const data: WorkerData = { role: WORKER_ROLE, settings, results: port2, signal };
  return {
    options: { workerData: data, transferList: [port2] },
    wake(result) {
      port1.postMessage(result);
      Atomics.store(signal, 0, 1);
      Atomics.notify(signal, 0);
    },
  };
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** `isBlocking`: the thread stands still until it has the result. */
  | { readonly kind: 'task'; readonly task: HostTask; readonly isBlocking: boolean }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'result'; readonly result: TestResult };

/** What the pool tells a thread: to run a test, or what the task gave that it waits for. */
export type PoolMessage =
  | { readonly kind: 'test'; readonly test: LitTest }
  | { readonly kind: 'result'; readonly result: HostResult };

/** Whether this thread was started by the pool. */
function isLitWorker(): boolean {
  return parentPort !== null && (workerData as Partial<WorkerData> | null)?.role === WORKER_ROLE;
}

/** Serves a pool if this thread, or this process, was started by one; returns whether. */
export function serveLit(tools: ToolTable): boolean {
  if (isLitWorker()) serveLitWorker(tools);
  else if (isProcessHost()) serveProcessHost();
  else return false;
  return true;
}

/** Serves the pool that started this thread until it is terminated. */
function serveLitWorker(tools: ToolTable): void {
  const port = parentPort!;
  const { settings, results, signal } = workerData as WorkerData;
  const send = (message: WorkerMessage): void => port.postMessage(message);
  // A thread runs one test, and that one task, at a time.
  let settle: ((result: HostResult) => void) | undefined;
  const start = (task: HostTask): Promise<HostResult> => {
    send({ kind: 'task', task, isBlocking: false });
    return new Promise((resolve) => (settle = resolve));
  };
  setProcessRunners({
    run(request) {
      send({ kind: 'task', task: { kind: 'program', request }, isBlocking: true });
      Atomics.wait(signal, 0, 0);
      Atomics.store(signal, 0, 0);
      return (receiveMessageOnPort(results) as { message: FinishedProcess }).message;
    },
    start: (request) => ({
      finished: start({ kind: 'program', request }) as Promise<FinishedProcess>,
      cancel: () => send({ kind: 'cancel' }),
    }),
  });
  port.on('message', (message: PoolMessage) => {
    if (message.kind === 'result') {
      settle?.(message.result);
      return;
    }
    void runTest(message.test, settings, {
      tools,
      runPipeline: (commands, input) =>
        start({ kind: 'pipeline', commands, input }) as Promise<ExternalResult[]>,
      log: (text) => send({ kind: 'log', text }),
    }).then((result) => send({ kind: 'result', result }));
  });
  send({ kind: 'ready' });
}
