/** What a command-line tool may touch of the world, so that every tool also runs inside another process. */

import { readFileSync } from 'node:fs';
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

/** The streams of this process. */
export function processIO(): ToolIO {
  return {
    readStdin: () => readFileSync(0, 'utf8'),
    writeStdout: (text) => void process.stdout.write(text),
    writeStderr: (text) => void process.stderr.write(text),
    cwd: process.cwd(),
    env: process.env,
    isTerminal: process.stderr.isTTY === true,
    isOutputTerminal: process.stdout.isTTY === true,
  };
}

/** Runs a tool as this process: the body of every `tools/<name>/main.ts`. */
export async function runTool(main: ToolMain): Promise<void> {
  // A reader that goes away (`tile-opt x | head`) ends the tool quietly, as it does for any Unix tool.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.exitCode = await main(process.argv.slice(2), processIO());
}
