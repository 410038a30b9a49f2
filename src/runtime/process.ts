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

/** What a finished program left behind. */
export interface ProcessResult {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
  readonly timedOut: boolean;
}

/** Runs a program without a shell and waits for it. */
export function runProcess(
  program: string,
  args: readonly string[],
  options: { cwd?: string; seconds?: number; env?: Record<string, string> } = {},
): ProcessResult {
  const result = spawnSync(program, args, {
    cwd: options.cwd,
    encoding: 'utf8',
    timeout: (options.seconds ?? 300) * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
    env: { ...process.env, LC_ALL: 'C', ...options.env },
  });
  const error = result.error as NodeJS.ErrnoException | undefined;
  return {
    status: result.status,
    output: result.stdout ?? '',
    errors:
      (result.stderr ?? '') + (error && error.code !== 'ETIMEDOUT' ? `${error.message}\n` : ''),
    timedOut: error?.code === 'ETIMEDOUT',
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
