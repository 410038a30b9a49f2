/** What a command-line tool may touch of the world, so that every tool also runs inside another process. */

import { fstatSync, readFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';

/** The streams, working directory and environment of one run of a tool. */
export interface ToolIO {
  /** Reads all of standard input; called at most once. */
  readStdin(): string;
  writeStdout(text: string): void;
  writeStderr(text: string): void;
  /** Absolute working directory; relative paths in arguments are resolved against it with `resolvePath`. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard error is a terminal: colours and progress are for people only. */
  readonly isTerminal: boolean;
  /** The same of standard output. Absent: it is none. */
  readonly isOutputTerminal?: boolean;
}

/** A tool's whole behaviour: arguments without the program's name in, exit status out; never calls `process.exit`. */
export type ToolMain = (args: readonly string[], io: ToolIO) => number | Promise<number>;

/** Resolves a path given on a tool's command line. */
export function resolvePath(io: ToolIO, path: string): string {
  return resolve(io.cwd, path);
}

/**
 * Writes all of a text to a file descriptor. The streams of `process` would do, but making them loads a good part of Node's
 * networking, which takes some milliseconds of every run.
 */
function writeFully(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length;) {
    try {
      start += writeSync(descriptor, bytes, start);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      // Another process made the pipe or terminal that both have non-blocking, and it is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Calls `write`; `gone` where the reader of the stream went away. */
function unlessGone(write: () => void, gone: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    gone();
  }
}

/** Whether a file descriptor is a device, as a terminal is: only then is its stream asked whether it is one. */
function isDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}

/** The streams of this process. */
export function processIO(): ToolIO {
  return {
    readStdin: () => readFileSync(0, 'utf8'),
    // A reader that goes away (`tile-opt x | head`) ends the tool quietly, as it does for any Unix tool.
    writeStdout: (text) =>
      unlessGone(
        () => writeFully(1, text),
        () => process.exit(0),
      ),
    writeStderr: (text) =>
      unlessGone(
        () => writeFully(2, text),
        () => undefined,
      ),
    cwd: process.cwd(),
    env: process.env,
    isTerminal: isDevice(2) && process.stderr.isTTY === true,
    isOutputTerminal: isDevice(1) && process.stdout.isTTY === true,
  };
}

/** Runs a tool as this process: the body of every `tools/<name>/main.ts`. */
export async function runTool(main: ToolMain): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), processIO());
}
