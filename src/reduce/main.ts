/** tile-reduce: makes a program smaller as long as a command says that it still shows the problem. */

import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { parseCommandLine } from '../support/command-line.js';
import { createContext, loadDialectFile } from '../dialects/index.js';
import { verifyOperation, type Context, type Operation, type PrintOptions } from '../ir/index.js';
import { tileOptMain } from '../opt/index.js';
import { describeSystemError, writeFileAtomically } from '../opt/output-file.js';
import { registerAll } from '../opt/register-all.js';
import { loadExtensions } from '../opt/tool-session.js';
import { parseModule } from '../syntax/index.js';
import {
  DiagnosticError,
  renderDiagnostic,
  resolvePath,
  SourceFile,
  type ToolIO,
  type ToolMain,
} from '../support/index.js';
import { splitOutsideBraces } from '../passes/index.js';
import { toolVersion } from '../opt/version.js';
import { printCandidate, reduceProgram, type Progress, type ReduceResult } from './reducer.js';
import { CommandTest, ToolTest, type CandidateTest } from './test-command.js';

interface Flags {
  readonly output: string;
  readonly test?: string;
  readonly tileOpt?: string;
  readonly expect?: string;
  readonly timeout: number;
  readonly maxTests?: number;
  readonly generic?: boolean;
  readonly allowInvalid?: boolean;
  readonly loadDialect: readonly string[];
  readonly loadPlugin: readonly string[];
  readonly quiet?: boolean;
}

const append = (value: string, all: readonly string[]): readonly string[] => [...all, value];

function positive(value: string): number {
  if (!/^[0-9]+$/.test(value) || Number(value) === 0)
    throw new InvalidArgumentError('expected a positive number');
  return Number(value);
}

function createCommand(): Command {
  return new Command('tile-reduce')
    .description('Make a program smaller as long as a test says that it is interesting.')
    .argument('<input>', 'program; anything that parses, with dialects that are not known too')
    .option('-o, --output <file>', 'where the smallest program so far is written', '-')
    .option(
      '--test <command>',
      'shell command; status 0 means interesting; %s is the file (default: the last argument)',
    )
    .option(
      '--tile-opt <arguments>',
      'instead of a command: run tile-opt in this process, with --expect',
    )
    .option('--expect <regex>', "what tile-opt's output has to match to be interesting")
    .option('--timeout <seconds>', 'a test that takes longer is not interesting', positive, 60)
    .option('--max-tests <n>', 'stop after so many tests', positive)
    .option('--generic', 'give the test, and write, generic form')
    .option('--allow-invalid', 'also try programs that the verifier refuses')
    .option('--load-dialect <file.yaml>', 'load a dialect; may be repeated', append, [])
    .option('--load-plugin <file.js>', 'load a plugin; may be repeated', append, [])
    .option('-q, --quiet', 'no progress and no summary')
    .version(toolVersion());
}

/** A message that ends the run. */
class UsageError extends Error {}

/** The whole tool: 0 when done, 1 on errors, 2 for a wrong command line, 130 when interrupted. */
export const tileReduceMain: ToolMain = async (args, io) => {
  const command = createCommand();
  const status = parseCommandLine(command, args, io);
  if (status !== undefined) return status;
  const flags = command.opts<Flags>();
  try {
    return await new TileReduce(command.args[0], flags, args, io).run();
  } catch (error) {
    if (error instanceof DiagnosticError) io.writeStderr(renderDiagnostic(error.diagnostic));
    else if (error instanceof UsageError) io.writeStderr(`tile-reduce: error: ${error.message}\n`);
    else {
      const text = error instanceof Error ? error.message : String(error);
      io.writeStderr(`tile-reduce: error: internal error: ${text}\n`);
    }
    return 1;
  }
};

class TileReduce {
  private isInterrupted = false;

  constructor(
    private readonly path: string,
    private readonly flags: Flags,
    private readonly args: readonly string[],
    private readonly io: ToolIO,
  ) {}

  async run(): Promise<number> {
    const context = await this.createContext();
    const text = this.read(this.path);
    const input = this.parse(text, context);
    if (input === undefined) return 1;
    const test = this.createTest();
    const interrupt = (): void => {
      this.isInterrupted = true;
      test.cancel();
    };
    process.on('SIGINT', interrupt);
    try {
      const print = await this.findForm(input, test);
      const result = await reduceProgram(input, context, {
        print,
        requireValid: this.flags.allowInvalid ? false : undefined,
        maxTests: this.flags.maxTests,
        isInteresting: async (candidate) => (await test.run(candidate)).isInteresting,
        shouldStop: () => this.isInterrupted,
        onProgress: (progress) => this.showProgress(progress),
        onImprovement: (best) => {
          if (this.flags.output !== '-') this.write(best);
        },
      });
      this.write(result.text);
      this.summarize(result);
      return this.isInterrupted ? 130 : 0;
    } finally {
      process.off('SIGINT', interrupt);
      test.dispose();
    }
  }

  private async createContext(): Promise<Context> {
    registerAll();
    const context = createContext();
    context.addDiagnosticHandler((diagnostic) => this.io.writeStderr(renderDiagnostic(diagnostic)));
    await loadExtensions(this.args, this.io, context);
    for (const path of this.flags.loadDialect)
      await loadDialectFile(this.read(path), path, context);
    context.allowUnregisteredDialects = true;
    return context;
  }

  private read(path: string): string {
    if (path === '-') return this.io.readStdin();
    try {
      return readFileSync(resolvePath(this.io, path), 'utf8');
    } catch (error) {
      throw new UsageError(`cannot open input file '${path}': ${describeSystemError(error)}`);
    }
  }

  private parse(text: string, context: Context): Operation | undefined {
    return parseModule(new SourceFile(this.path, text), context);
  }

  private createTest(): CandidateTest {
    const { test, tileOpt, expect, timeout } = this.flags;
    if ((test === undefined) === (tileOpt === undefined))
      throw new UsageError('expected one of --test and --tile-opt');
    if (test !== undefined) return new CommandTest(test, this.io, timeout);
    if (expect === undefined) throw new UsageError('--tile-opt needs --expect');
    let pattern: RegExp;
    try {
      pattern = new RegExp(expect);
    } catch (error) {
      throw new UsageError(`invalid regular expression in --expect: ${(error as Error).message}`);
    }
    const words = splitOutsideBraces(tileOpt!, ' ')
      .filter((word) => word !== '')
      .map((word) => word.replace(/(['"])(.*)\1/s, '$2'));
    return new ToolTest(tileOptMain, words, pattern, this.io);
  }

  /** The form in which the input is interesting once it was printed; an error where it is in neither. */
  private async findForm(input: Operation, test: CandidateTest): Promise<PrintOptions> {
    const remove = input.context.addDiagnosticHandler(() => undefined);
    const isValid = verifyOperation(input);
    remove();
    let reason = '';
    for (const generic of this.flags.generic ? [true] : [false, true]) {
      const outcome = await test.run(printCandidate(input, { generic }, isValid));
      if (outcome.isInteresting) return { generic };
      reason ||= outcome.reason;
    }
    const what = this.flags.test === undefined ? 'tile-opt' : `'${this.flags.test}'`;
    throw new UsageError(`the input is not interesting: ${what} ${reason}`);
  }

  private write(text: string): void {
    const { output } = this.flags;
    if (output === '-') {
      this.io.writeStdout(text);
      return;
    }
    try {
      writeFileAtomically(resolvePath(this.io, output), text);
    } catch (error) {
      throw new UsageError(`cannot open output file '${output}': ${describeSystemError(error)}`);
    }
  }

  private showProgress(progress: Progress): void {
    if (this.flags.quiet || !this.io.isTerminal) return;
    const { operations, initialOperations, tests, accepted, reduction } = progress;
    this.io.writeStderr(
      `\r\x1b[K${operations} of ${initialOperations} operations, ${accepted} of ${tests} tests kept, ${reduction}`,
    );
  }

  private summarize(result: ReduceResult): void {
    if (this.flags.quiet) return;
    const { operations, initialOperations, tests, accepted, isComplete } = result;
    if (this.io.isTerminal) this.io.writeStderr('\r\x1b[K');
    const why = isComplete ? '' : this.isInterrupted ? ' (interrupted)' : ' (stopped)';
    this.io.writeStderr(
      `${initialOperations} to ${operations} operations with ${tests} tests, ${accepted} kept${why}\n`,
    );
  }
}
