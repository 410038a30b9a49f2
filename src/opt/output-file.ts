/** Writes output so that a file is either as it was or complete. */

import { closeSync, openSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What the system says of a failed operation on a file: `No such file or directory`. */
export function describeSystemError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return SYSTEM_ERRORS[code] ?? (error instanceof Error ? error.message : String(error));
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  EROFS: 'Read-only file system',
  ENOSPC: 'No space left on device',
  EEXIST: 'File exists',
  EMFILE: 'Too many open files',
};

let counter = 0;

/**
 * Writes a whole file: into a temporary file beside it, which then takes its place. Devices and pipes are written to
 * directly. Throws the system's error; what was there before is still there then.
 */
export function writeFileAtomically(path: string, text: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  if (status !== undefined && !status.isFile()) {
    writeAll(openSync(path, 'w'), text);
    return;
  }
  // An existing file that may not be written must not be replaced through its directory either.
  if (status !== undefined) closeSync(openSync(path, 'r+'));
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${counter++}.tmp`);
  const file = openSync(temporary, 'wx', status?.mode);
  try {
    writeAll(file, text);
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

function writeAll(file: number, text: string): void {
  try {
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  } finally {
    closeSync(file);
  }
}
