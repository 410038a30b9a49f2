/** Tests of candidates: a command of the user's, or a tool of ours in this process. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, type RunningProcess } from '../runtime/process.js';
import type { ToolIO, ToolMain } from '../support/index.js';

/** What a test said of a candidate. */
export interface TestOutcome {
  readonly isInteresting: boolean;
  /** For the message when the input itself is not interesting: `exited with status 1`. */
  readonly reason: string;
}

/** A way to ask whether a text is interesting. */
export interface CandidateTest {
  run(text: string): Promise<TestOutcome>;
  /** Ends the test in hand; its outcome no longer counts. */
  cancel(): void;
  dispose(): void;
}

/** Runs a shell command for each candidate; exit status 0 means interesting. `%s` stands for the candidate's file. */
export class CommandTest implements CandidateTest {
  private readonly folder: string;
  private running: RunningProcess | undefined;

  constructor(
    private readonly command: string,
    private readonly io: ToolIO,
    private readonly timeoutSeconds: number,
  ) {
    this.folder = mkdtempSync(join(io.env.TMPDIR ?? tmpdir(), 'tile-reduce-'));
  }

  async run(text: string): Promise<TestOutcome> {
    const file = join(this.folder, 'candidate.mlir');
    writeFileSync(file, text);
    const quoted = `'${file.replaceAll("'", `'\\''`)}'`;
    const command = this.command.includes('%s')
      ? this.command.replaceAll('%s', quoted)
      : `${this.command} ${quoted}`;
    this.running = startProcess('/bin/sh', ['-c', command], {
      cwd: this.io.cwd,
      env: this.io.env,
      seconds: this.timeoutSeconds,
      isQuiet: true,
    });
    const { status, signal, failure } = await this.running.finished;
    this.running = undefined;
    if (failure?.code === 'ETIMEDOUT')
      return {
        isInteresting: false,
        reason: `took more than ${this.timeoutSeconds} seconds`,
      };
    if (failure !== undefined)
      return { isInteresting: false, reason: `could not be started: ${failure.message}` };
    if (signal !== null) return { isInteresting: false, reason: `was ended by signal ${signal}` };
    return { isInteresting: status === 0, reason: `exited with status ${status}` };
  }

  cancel(): void {
    this.running?.cancel();
  }

  dispose(): void {
    this.cancel();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a tool in this process with the candidate on standard input; interesting if its output matches. */
export class ToolTest implements CandidateTest {
  constructor(
    private readonly main: ToolMain,
    private readonly args: readonly string[],
    private readonly expected: RegExp,
    private readonly io: ToolIO,
  ) {}

  async run(text: string): Promise<TestOutcome> {
    let output = '';
    const write = (part: string): void => void (output += part);
    const status = await this.main([...this.args, '-'], {
      ...this.io,
      readStdin: () => text,
      writeStdout: write,
      writeStderr: write,
      isTerminal: false,
    });
    // Signals are handled between two tests only.
    await new Promise((settle) => setImmediate(settle));
    return {
      isInteresting: this.expected.test(output),
      reason: `exited with status ${status} and printed nothing that matches ${this.expected}`,
    };
  }

  cancel(): void {
    // Nothing runs between two turns of the event loop.
  }

  dispose(): void {
    // Nothing was made.
  }
}
