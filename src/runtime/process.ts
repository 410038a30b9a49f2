// Running compilers: finding a program, running it to its end, and folders that appear whole or not at all.
import { spawnSync } from 'node:child_process';
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
}

/** What a finished program left behind. */
export interface FinishedProcess {
  /** Null where it was killed. */
  readonly status: number | null;
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

const runHere: ProcessRunner = ({ program, args, cwd, env, input, seconds, maxBytes }) => {
  const { status, output, error } = spawnSync(program, args, {
    cwd,
    env,
    input: input ?? '',
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: maxBytes,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, written, errors, answer] = (output ?? []) as (Buffer | null | undefined)[];
  const nothing = new Uint8Array(0);
  return {
    status,
    output: written ?? nothing,
    errors: errors ?? nothing,
    answer: answer ?? nothing,
    failure: error && { code: (error as NodeJS.ErrnoException).code, message: error.message },
  };
};

let runner = runHere;

/** Has another run the programs of this thread: to start one from a process with much memory takes tens of milliseconds. */
export function setProcessRunner(other: ProcessRunner): void {
  runner = other;
}

const decoder = new TextDecoder();

/** Runs a program without a shell and waits for it. */
export function runProcess(
  program: string,
  args: readonly string[],
  options: Partial<Pick<ProcessRequest, 'cwd' | 'env' | 'input' | 'seconds' | 'maxBytes'>> = {},
): ProcessResult {
  const { status, output, errors, answer, failure } = runner({
    program,
    args,
    cwd: options.cwd,
    env: { ...process.env, LC_ALL: 'C', ...options.env },
    input: options.input,
    seconds: options.seconds ?? 300,
    maxBytes: options.maxBytes ?? 1 << 26,
  });
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
