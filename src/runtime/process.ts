// Running compilers: finding a program, running it to its end, and folders that appear whole or not at all.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';

/** A program to run, without a shell. */
export interface ProcessRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What it reads from standard input; nothing by default. */
  readonly input: Uint8Array | undefined;
  /** When to kill it. */
  readonly seconds: number;
  /** Bytes that each of its streams may have. */
  readonly maxBytes: number;
  /** Whether it writes to nowhere. */
  readonly isQuiet: boolean;
}

/** What a finished program left behind. */
export interface FinishedProcess {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  /** What it wrote to standard output, to standard error, and to file descriptor 3. */
  readonly output: Uint8Array;
  readonly errors: Uint8Array;
  readonly answer: Uint8Array;
  /** The code of what went wrong, such as `ENOENT`, and that in words. */
  readonly failure: { readonly code: string | undefined; readonly message: string } | undefined;
}

/** The same with the texts decoded. */
export interface ProcessResult {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
  readonly answer: Uint8Array;
  readonly timedOut: boolean;
}

/** Runs programs and waits for them. */
export type ProcessRunner = (request: ProcessRequest) => FinishedProcess;

/** Where standard output, standard error and file descriptor 3 go. */
const HEARD = ['pipe', 'pipe', 'pipe'] as const;
const QUIET = ['ignore', 'ignore', 'ignore'] as const;

const runHere: ProcessRunner = ({ program, args, cwd, env, input, seconds, maxBytes, isQuiet }) => {
  const { status, signal, output, error } = spawnSync(program, args, {
    cwd,
    env,
    input: input ?? '',
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: maxBytes,
    stdio: ['pipe', ...(isQuiet ? QUIET : HEARD)],
  });
  const [, written, errors, answer] = (output ?? []) as (Buffer | null | undefined)[];
  const nothing = new Uint8Array(0);
  return {
    status,
    signal,
    output: written ?? nothing,
    errors: errors ?? nothing,
    answer: answer ?? nothing,
    failure: error && { code: (error as NodeJS.ErrnoException).code, message: error.message },
  };
};

/** Tells who watches the time which process groups to kill. */
export type ProcessWatcher = (event: 'started' | 'ended', pid: number) => void;

/** Runs a program in a group of its own, while others go on. */
export function runMeanwhile(
  { program, args, cwd, env, input, seconds, maxBytes, isQuiet }: ProcessRequest,
  watch: ProcessWatcher,
): Promise<FinishedProcess> {
  const child = spawn(program, args, {
    cwd,
    env,
    detached: true,
    stdio: ['pipe', ...(isQuiet ? QUIET : HEARD)],
  });
  const { pid } = child;
  if (pid !== undefined) watch('started', pid);
  let failure: FinishedProcess['failure'];
  const stop = (code: string): void => {
    failure ??= { code, message: `${program} ${code}` };
    if (pid !== undefined) killGroup(pid);
  };
  const timer = setTimeout(() => stop('ETIMEDOUT'), seconds * 1000);
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(input);
  const streams = [child.stdout, child.stderr, child.stdio[3] as Readable | null];
  const contents = streams.map((stream) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream?.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) stop('ENOBUFS');
    });
    return chunks;
  });
  return new Promise((settle) => {
    const finish = (status: number | null, signal: string | null): void => {
      clearTimeout(timer);
      if (pid !== undefined) watch('ended', pid);
      const [output, errors, answer] = contents.map((chunks) => Buffer.concat(chunks));
      settle({ status, signal, output, errors, answer, failure });
    };
    child.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      failure = { code, message };
      finish(null, null);
    });
    child.on('close', finish);
  });
}

/** Kills a process group, which is called after its first process. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}

/** A program that runs while others go on. */
export interface RunningProcess {
  readonly finished: Promise<FinishedProcess>;
  /** Kills it. */
  cancel(): void;
}

const startHere = (request: ProcessRequest): RunningProcess => {
  let group: number | undefined;
  const finished = runMeanwhile(request, (event, pid) => {
    group = event === 'started' ? pid : undefined;
  });
  return {
    finished,
    cancel() {
      if (group !== undefined) killGroup(group);
    },
  };
};

/** Who runs the programs of this thread. */
export interface ProcessRunners {
  readonly run: ProcessRunner;
  readonly start: (request: ProcessRequest) => RunningProcess;
}

let runners: ProcessRunners = { run: runHere, start: startHere };

/** Has another run the programs of this thread: to start one from a process with much memory takes tens of milliseconds. */
export function setProcessRunners(others: ProcessRunners): void {
  runners = others;
}

type ProcessOptions = Partial<
  Pick<ProcessRequest, 'cwd' | 'env' | 'input' | 'seconds' | 'maxBytes' | 'isQuiet'>
>;

function makeRequest(
  program: string,
  args: readonly string[],
  options: ProcessOptions,
): ProcessRequest {
  return {
    program,
    args,
    cwd: options.cwd,
    env: options.env ?? process.env,
    input: options.input,
    seconds: options.seconds ?? 300,
    maxBytes: options.maxBytes ?? 1 << 26,
    isQuiet: options.isQuiet ?? false,
  };
}

/** Starts a program without a shell. */
export function startProcess(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): RunningProcess {
  return runners.start(makeRequest(program, args, options));
}

const decoder = new TextDecoder();

/** Runs a program without a shell and waits for it; its messages are not translated. */
export function runProcess(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): ProcessResult {
  const env = { ...process.env, LC_ALL: 'C', ...options.env };
  const { status, output, errors, answer, failure } = runners.run(
    makeRequest(program, args, { ...options, env }),
  );
  const timedOut = failure?.code === 'ETIMEDOUT';
  return {
    status,
    output: decoder.decode(output),
    errors: decoder.decode(errors) + (failure && !timedOut ? `${failure.message}\n` : ''),
    answer,
    timedOut,
  };
}

/** The path of the first of `names` that can be executed: absolute ones as they are, others on PATH. */
export function findProgram(names: readonly (string | undefined)[]): string | undefined {
  for (const name of names) {
    if (!name) continue;
    const folders = isAbsolute(name)
      ? ['']
      : (process.env.PATH ?? '').split(delimiter).filter(Boolean);
    for (const folder of folders) {
      const path = folder === '' ? name : join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // not there: try the next
      }
    }
  }
  return undefined;
}

/** A short name for contents: the same parts give the same name. */
export function contentHash(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 24);
}

/**
 * The folder `target`, made by `make` if it is not there. `make` fills a temporary folder that is then renamed, so that
 * other processes see all of it or nothing; if it returns false the folder is dropped and the result is false.
 */
export function makeOnce(target: string, make: (folder: string) => boolean): boolean {
  if (existsSync(target)) return true;
  const temporary = `${target}.${process.pid}.${randomBytes(4).toString('hex')}`;
  mkdirSync(temporary, { recursive: true });
  try {
    if (!make(temporary)) return false;
    try {
      renameSync(temporary, target);
    } catch (error) {
      // Another process was first: its folder has the same contents.
      if (!existsSync(target)) throw error;
    }
    return true;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
