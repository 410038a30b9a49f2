/** Runs programs that are not ours, connected by pipes, each pipeline's processes killable as groups. */

import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { ProcessWatcher } from '../runtime/process.js';

export interface ExternalCommand {
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard error goes where standard output goes. */
  readonly mergesErrors: boolean;
}

export interface ExternalResult {
  /** Negative: the signal that ended it. */
  readonly status: number;
  /** Empty for all but the last of a pipeline. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** Runs commands, each one's standard output being the next one's standard input. */
export type PipelineRunner = (
  commands: readonly ExternalCommand[],
  input: Uint8Array,
) => Promise<ExternalResult[]>;

/** Output kept of one stream; what is more ends the command. */
const MAX_OUTPUT = 256 * 1024 * 1024;

const SIGNALS: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** The program that a name stands for, or undefined. */
export function findProgram(
  name: string,
  cwd: string,
  path: string | undefined,
): string | undefined {
  const candidates = name.includes('/')
    ? [isAbsolute(name) ? name : resolve(cwd, name)]
    : (path ?? '').split(delimiter).map((folder) => join(resolve(cwd, folder), name));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

/** Runs commands, each one's standard output being the next one's standard input. */
export function runExternal(
  commands: readonly ExternalCommand[],
  input: Uint8Array,
  watch: ProcessWatcher = () => undefined,
): Promise<ExternalResult[]> {
  const children = commands.map(({ program, args, cwd, env, mergesErrors }) => {
    // Only a shell can give a child one descriptor for both streams without a file between.
    const [file, list] = mergesErrors
      ? ['/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', program, ...args]]
      : [program, [...args]];
    const child = spawn(file, list, { cwd, env, detached: true, stdio: 'pipe' });
    if (child.pid !== undefined) watch('started', child.pid);
    return child;
  });
  // Commands whose reader ended first. Node's pipes are sockets, which give a writer a failing status of its own
  // making; by a pipe it would have ended by SIGPIPE.
  const cut = new Set<number>();
  children[0].stdin.on('error', () => undefined);
  children[0].stdin.end(input);
  for (let index = 1; index < children.length; index++) {
    const from = children[index - 1].stdout;
    const to = children[index].stdin;
    // A reader that is done ends its writer, as a closed pipe does.
    const stop = (): void => {
      cut.add(index - 1);
      from.destroy();
    };
    to.on('error', stop);
    to.on('close', () => {
      if (!from.readableEnded) stop();
    });
    from.pipe(to);
  }
  return Promise.all(
    children.map(
      (child, index) =>
        new Promise<ExternalResult>((settle) => {
          const stdout: Buffer[] = [];
          const stderr: Buffer[] = [];
          let size = 0;
          const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
            chunks.push(chunk);
            size += chunk.length;
            if (size > MAX_OUTPUT) {
              stderr.push(Buffer.from('output is larger than 256 MiB\n'));
              child.kill('SIGKILL');
            }
          };
          if (index === children.length - 1) child.stdout.on('data', keep(stdout));
          child.stderr.on('data', keep(stderr));
          const finish = (status: number): void => {
            if (child.pid !== undefined) watch('ended', child.pid);
            settle({ status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
          };
          child.on('error', (error) => {
            stderr.push(Buffer.from(`${error.message}\n`));
            finish(127);
          });
          child.on('close', (code, signal) =>
            finish(
              cut.has(index) && code !== 0
                ? -SIGNALS.SIGPIPE
                : signal === null
                  ? (code ?? 0)
                  : -(SIGNALS[signal] ?? 1),
            ),
          );
        }),
    ),
  );
}
