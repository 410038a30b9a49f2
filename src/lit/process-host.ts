/**
 * A process of its own that starts the programs of all tests. Starting one copies the page tables of whoever does it: tens of
 * milliseconds for the hundreds of megabytes of threads that run compilers, one or two for this.
 */

import { fork, type ChildProcess } from 'node:child_process';
import {
  killGroup,
  runMeanwhile,
  type FinishedProcess,
  type ProcessRequest,
  type ProcessWatcher,
} from '../runtime/process.js';
import { runExternal, type ExternalCommand, type ExternalResult } from './external-command.js';

/** What the process is started with. */
const HOST_ROLE = 'tilewright-lit-process-host';

/** What a test wants to be run: a pipeline of RUN lines, or a program of one of our tools. */
export type HostTask =
  | {
      readonly kind: 'pipeline';
      readonly commands: readonly ExternalCommand[];
      readonly input: Uint8Array;
    }
  | { readonly kind: 'program'; readonly request: ProcessRequest };

export type HostResult = readonly ExternalResult[] | FinishedProcess;

type HostMessage =
  | { readonly kind: 'start'; readonly id: number; readonly task: HostTask }
  | { readonly kind: 'cancel'; readonly id: number };

interface HostReply {
  readonly id: number;
  readonly result: HostResult;
}

/** Whether this process was started to be a host. */
export function isProcessHost(): boolean {
  return process.argv[2] === HOST_ROLE && process.connected;
}

/** Runs what the process that started this one asks for, until that one ends. */
export function serveProcessHost(): void {
  const groups = new Map<number, Set<number>>();
  process.on('message', (message: HostMessage) => {
    const { id } = message;
    if (message.kind === 'cancel') {
      groups.get(id)?.forEach(killGroup);
      return;
    }
    const own = new Set<number>();
    groups.set(id, own);
    const watch: ProcessWatcher = (event, pid) => {
      if (event === 'started') own.add(pid);
      else own.delete(pid);
    };
    const { task } = message;
    const running =
      task.kind === 'pipeline'
        ? runExternal(task.commands, task.input, watch)
        : runMeanwhile(task.request, watch);
    void running.then((result) => {
      groups.delete(id);
      const reply: HostReply = { id, result };
      // A failure means that nobody waits for the reply any more.
      if (process.connected) process.send!(reply, undefined, undefined, () => undefined);
    });
  });
  process.on('disconnect', () => {
    for (const own of groups.values()) own.forEach(killGroup);
    process.exit();
  });
  // The process that started this one gets the signal too, and ends as it likes.
  process.on('SIGINT', () => undefined);
}

/** A task that was given to the host. */
export interface RunningTask {
  readonly result: Promise<HostResult>;
  /** Kills what the task started, and waits a moment for its end. */
  cancel(): Promise<void>;
}

/** Milliseconds to wait for killed processes: one that left its group may hold on to what they write to. */
const CANCEL_TIME = 1000;

interface Pending {
  readonly task: HostTask;
  readonly settle: (result: HostResult) => void;
}

/** The host as its user sees it; the process is started when the first task comes. */
export class ProcessHost {
  private child: ChildProcess | undefined;
  private readonly pending = new Map<number, Pending>();
  private count = 0;

  /** @param file bundle that calls `serveLit` */
  constructor(private readonly file: string) {}

  run(task: HostTask): RunningTask {
    const id = this.count++;
    const child = (this.child ??= this.start());
    const send = (message: HostMessage): void => {
      // A failure means that the process has ended, which is heard by itself.
      if (child.connected) child.send(message, () => undefined);
    };
    const result = new Promise<HostResult>((settle) => this.pending.set(id, { task, settle }));
    send({ kind: 'start', id, task });
    return {
      result,
      cancel: async () => {
        send({ kind: 'cancel', id });
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([
          result,
          new Promise((resolve) => (timer = setTimeout(resolve, CANCEL_TIME))),
        ]);
        clearTimeout(timer);
      },
    };
  }

  private start(): ChildProcess {
    const child = fork(this.file, [HOST_ROLE], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', ({ id, result }: HostReply) => {
      this.pending.get(id)?.settle(result);
      this.pending.delete(id);
    });
    child.on('error', () => this.fail(child));
    child.on('exit', () => this.fail(child));
    return child;
  }

  /** Whoever waits for a process that has ended hears so; the next task starts another. */
  private fail(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = undefined;
    const message = 'the process that starts programs has ended';
    const text = Buffer.from(`${message}\n`);
    const nothing = new Uint8Array(0);
    for (const { task, settle } of this.pending.values())
      settle(
        task.kind === 'pipeline'
          ? task.commands.map(() => ({ status: 127, stdout: nothing, stderr: text }))
          : {
              status: null,
              signal: null,
              output: nothing,
              errors: nothing,
              answer: nothing,
              failure: { code: undefined, message },
            },
      );
    this.pending.clear();
  }

  close(): void {
    const { child } = this;
    this.child = undefined;
    child?.disconnect();
  }
}
