/** Runs tests in worker threads, and ends those that take too long however they hang. */

import { Worker } from 'node:worker_threads';
import type { LitTest } from './discovery.js';
import { runExternal } from './external-command.js';
import { ProcessHost, type HostTask, type RunningTask } from './process-host.js';
import type { TestResult } from './result.js';
import { runTest } from './run-test.js';
import type { RunSettings } from './run-settings.js';
import type { ToolTable } from './shell-executor.js';
import {
  connectWorker,
  type PoolMessage,
  type WorkerConnection,
  type WorkerMessage,
} from './worker.js';

export interface PoolOptions {
  /** The file a worker runs: a bundle that calls `serveLit`. Undefined: tests run in this thread. */
  readonly workerFile: string | undefined;
  readonly tools: ToolTable;
  readonly settings: RunSettings;
  readonly workers: number;
  /** Seconds a test may take; 0 for no limit. Needs workers to be enforced. */
  timeoutOf(test: LitTest): number;
}

class PooledWorker {
  private readonly worker: Worker;
  private readonly connection: WorkerConnection;
  /** What the thread's test waits for. */
  private running: RunningTask | undefined;
  private log = '';
  private settle: ((result: TestResult | 'crashed') => void) | undefined;
  /** Starts the clock of the test that was given to the thread; called once the thread is ready. */
  private begin: (() => void) | undefined;
  private isReady = false;
  private crash = '';

  constructor(
    file: string,
    settings: RunSettings,
    private readonly host: ProcessHost,
  ) {
    this.connection = connectWorker(settings);
    this.worker = new Worker(file, this.connection.options);
    this.worker.on('message', (message: WorkerMessage) => {
      switch (message.kind) {
        case 'task':
          void this.start(message.task, message.isBlocking);
          break;
        case 'cancel':
          void this.running?.cancel();
          break;
        case 'log':
          this.log += message.text;
          break;
        case 'result':
          this.settle?.(message.result);
          break;
        case 'ready':
          this.isReady = true;
          this.begin?.();
          break;
      }
    });
    this.worker.on('error', (error) => {
      this.crash = error.stack ?? error.message;
      this.settle?.('crashed');
    });
    this.worker.on('exit', () => this.settle?.('crashed'));
  }

  /** Runs one test; afterwards the worker is usable only if `isAlive`. */
  async run(
    test: LitTest,
    timeout: number,
  ): Promise<{ readonly result: TestResult; readonly isAlive: boolean }> {
    this.log = '';
    const started = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const outcome = await new Promise<TestResult | 'crashed' | 'late'>((resolve) => {
      this.settle = resolve;
      // A thread that is still starting takes nothing from the time of its first test.
      this.begin = () => {
        if (timeout > 0) timer = setTimeout(() => resolve('late'), timeout * 1000);
      };
      if (this.isReady) this.begin();
      this.post({ kind: 'test', test });
    });
    clearTimeout(timer);
    this.settle = this.begin = undefined;
    if (typeof outcome !== 'string') return { result: outcome, isAlive: true };
    const elapsed = (performance.now() - started) / 1000;
    await this.terminate();
    const log = `Command Output (stdout):\n--\n${this.log}`;
    const result: TestResult =
      outcome === 'late'
        ? {
            code: 'TIMEOUT',
            elapsed,
            output: `Exit Code: -9\nTimeout: Reached timeout of ${timeout} seconds\n\n${log}# error: command reached timeout: True\n\n--\n`,
          }
        : {
            code: 'FAIL',
            elapsed,
            output: `Exit Code: -6\n\n${log}# error: a command ended its thread\n${this.crash}\n\n--\n`,
          };
    return { result, isAlive: false };
  }

  private post(message: PoolMessage): void {
    this.worker.postMessage(message);
  }

  /** Has the programs run that the thread's test asks for. */
  private async start(task: HostTask, isBlocking: boolean): Promise<void> {
    this.running = this.host.run(task);
    const result = await this.running.result;
    this.running = undefined;
    if (isBlocking) this.connection.wake(result);
    else this.post({ kind: 'result', result });
  }

  /** Ends the thread, even in an endless loop, and every process that it started. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
    await this.running?.cancel();
  }
}

/** Threads that take one test each; a thread that hung is replaced when the next test comes. */
export class LitPool {
  private readonly idle: PooledWorker[] = [];
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private readonly host: ProcessHost | undefined;

  constructor(private readonly options: PoolOptions) {
    const { workerFile } = options;
    if (workerFile !== undefined) this.host = new ProcessHost(workerFile);
  }

  /** Runs a test as soon as a thread is free. */
  async run(test: LitTest): Promise<TestResult> {
    const { workerFile, settings, tools } = this.options;
    if (workerFile === undefined || this.host === undefined) {
      return runTest(test, settings, { tools, runPipeline: runExternal, log: () => undefined });
    }
    if (this.busy >= this.options.workers) {
      // Whoever ends hands its place on, so that `busy` stays as it is.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.busy++;
    }
    try {
      const worker = this.idle.pop() ?? new PooledWorker(workerFile, settings, this.host);
      const { result, isAlive } = await worker.run(test, this.options.timeoutOf(test));
      if (isAlive) this.idle.push(worker);
      return result;
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.busy--;
      else next();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((worker) => worker.terminate()));
    this.host?.close();
  }
}

/**
 * Runs `tests` in order, several at once, and calls `onResult` for each as it ends.
 *
 * @param shouldStop asked before each test is started
 */
export async function runPool(
  tests: readonly LitTest[],
  options: PoolOptions,
  onResult: (test: LitTest, result: TestResult) => void,
  shouldStop: () => boolean,
): Promise<void> {
  const pool = new LitPool(options);
  let next = 0;
  const runLane = async (lane: number): Promise<void> => {
    while (next < tests.length && !shouldStop()) {
      const test = tests[next++];
      const start = Date.now();
      onResult(test, { ...(await pool.run(test)), run: { start, lane } });
    }
  };
  const lanes = options.workerFile === undefined ? 1 : Math.min(options.workers, tests.length);
  try {
    await Promise.all(Array.from({ length: lanes }, (_, index) => runLane(index + 1)));
  } finally {
    await pool.close();
  }
}
