/** Tests of candidates: a command of the user's, or a tool of ours in this process. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  private running: number | undefined;

  constructor(
    private readonly command: string,
    private readonly io: ToolIO,
    private readonly timeoutSeconds: number,
  ) {
    this.folder = mkdtempSync(join(io.env.TMPDIR ?? tmpdir(), 'tile-reduce-'));
  }

  run(text: string): Promise<TestOutcome> {
    const file = join(this.folder, 'candidate.mlir');
    writeFileSync(file, text);
    const quoted = `'${file.replaceAll("'", `'\\''`)}'`;
    const command = this.command.includes('%s')
      ? this.command.replaceAll('%s', quoted)
      : `${this.command} ${quoted}`;
    return new Promise((settle) => {
      const child = spawn('/bin/sh', ['-c', command], {
        cwd: this.io.cwd,
        env: this.io.env as NodeJS.ProcessEnv,
        stdio: 'ignore',
        detached: true,
      });
      this.running = child.pid;
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        this.cancel();
      }, this.timeoutSeconds * 1000);
      const finish = (isInteresting: boolean, reason: string): void => {
        clearTimeout(timer);
        this.running = undefined;
        settle({ isInteresting, reason });
      };
      child.on('error', (error) => finish(false, `could not be started: ${error.message}`));
      child.on('close', (code, signal) => {
        if (isLate) finish(false, `took more than ${this.timeoutSeconds} seconds`);
        else if (signal !== null) finish(false, `was ended by signal ${signal}`);
        else finish(code === 0, `exited with status ${code}`);
      });
    });
  }

  cancel(): void {
    if (this.running === undefined) return;
    try {
      process.kill(-this.running, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
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
