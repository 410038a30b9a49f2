/** What tile-opt and tile-translate have in common: reading, splitting, loading dialects, checking, writing. */

import { readFileSync } from 'node:fs';
import { loadDialectFile, loadIrdlFile } from '../dialects/index.js';
import { printOperation, type Context } from '../ir/index.js';
import type { Diagnostic } from '../support/index.js';
import { DiagnosticError, SourceFile, resolvePath, type ToolIO } from '../support/index.js';
import {
  CommandLineError,
  optionGroup,
  type OptionReader,
  type OptionSpec,
} from './command-line.js';
import { DiagnosticOutput, type DiagnosticFormat } from './diagnostic-output.js';
import { DiagnosticVerifier, type VerifyMode } from './expected-diagnostics.js';
import { highlight } from './highlight.js';
import { describeSystemError, writeFileAtomically } from './output-file.js';
import { DEFAULT_SPLIT_MARKER, splitInput } from './split-input.js';

const { flag, value, optional } = optionGroup('General');

export const SESSION_OPTIONS: readonly OptionSpec[] = [
  value('o', '<file>', 'output file, - for standard output; written only when the run succeeds'),
  optional(
    'split-input-file',
    '<marker>',
    'split the input at marker lines (default // -----) and process each chunk on its own',
  ),
  value('output-split-marker', '<marker>', 'marker between the outputs of chunks'),
  optional(
    'verify-diagnostics',
    'all|only-expected',
    'check that diagnostics match the expected-* comments',
  ),
  flag('allow-unregistered-dialect', 'accept operations of dialects that are not loaded'),
  flag('no-implicit-module', 'do not wrap the input in a module'),
  value('load-dialect', '<file.yaml>', 'load a dialect from a YAML file; may be repeated'),
  value('irdl-file', '<file.mlir>', 'load dialects from an IRDL program; may be repeated'),
  value(
    'load-plugin',
    '<file.js>',
    'load passes, pipelines and dialects from a JavaScript module; may be repeated',
  ),
  value(
    'remarks',
    '<category,...>',
    'show remarks of these categories (names, regular expressions, all)',
    ['remarks-filter'],
  ),
  value('diagnostic-format', 'text|json|sarif', 'form of diagnostics'),
  optional('color', 'auto|always|never', 'colour diagnostics, diffs and printed IR'),
  flag('mlir-print-op-on-diagnostic', 'show the operation in generic form behind each diagnostic'),
  flag('mlir-print-stacktrace-on-diagnostic', 'show the stack of the tool behind each diagnostic'),
  flag('debug', 'show the stack of internal errors'),
  flag('help', 'show this help', ['h']),
  flag('version', 'show the version'),
];

/** Accepted for the sake of command lines written for mlir-opt; they have no effect here. */
export const IGNORED_OPTIONS: readonly OptionSpec[] = [
  flag('mlir-disable-threading', 'accepted; there is one thread'),
];

/** A message about the tool's surroundings that ends the run: `cannot open input file ...`. */
export class ToolError extends Error {}

/** Characters from which on a run takes so long that optimizing its code early pays. */
const LARGE_INPUT = 1 << 18;

/** What `scripts/tool-launcher.cjs` gives to the tools that it starts. */
interface Launched {
  readonly tilewrightOptimizeSoon?: () => void;
}

/** A chunk of input on its way through a tool: its text and the context it is processed in. */
export interface Chunk {
  readonly source: SourceFile;
  readonly context: Context;
}

export class ToolSession {
  readonly output: DiagnosticOutput;
  readonly useColor: boolean;
  /** The same for standard output. */
  readonly useOutputColor: boolean;
  readonly verifyMode: VerifyMode | undefined;

  constructor(
    readonly toolName: string,
    readonly io: ToolIO,
    readonly options: OptionReader,
    /** All dialects that need no option to be there; each chunk is processed in a fork of it. */
    private readonly baseContext: Context,
  ) {
    const color = options.choice('color', ['auto', 'always', 'never', 'true', 'false', ''], 'auto');
    this.useColor =
      color === 'auto'
        ? io.isTerminal && io.env.NO_COLOR === undefined
        : !['never', 'false'].includes(color);
    this.useOutputColor =
      color === 'auto'
        ? io.isOutputTerminal === true && io.env.NO_COLOR === undefined
        : this.useColor;
    const format: DiagnosticFormat = options.choice(
      'diagnostic-format',
      ['text', 'json', 'sarif'],
      'text',
    );
    this.output = new DiagnosticOutput(io, {
      format,
      color: this.useColor,
      remarks: options.list('remarks'),
      toolName,
    });
    const mode = options.value('verify-diagnostics');
    if (mode !== undefined && mode !== 'false')
      this.verifyMode =
        options.choice('verify-diagnostics', ['all', 'only-expected', '', 'true'], 'all') ===
        'only-expected'
          ? 'only-expected'
          : 'all';
  }

  /** The context with all dialects, those of the command line included; undefined where one of them is wrong. */
  async prepareContext(): Promise<Context | undefined> {
    const context = this.baseContext;
    context.allowUnregisteredDialects = this.options.flag('allow-unregistered-dialect');
    context.notesOnDiagnostics = this.notesOnDiagnostics();
    const remove = context.addDiagnosticHandler((diagnostic) => this.output.report(diagnostic));
    for (const path of this.options.list('load-dialect'))
      await loadDialectFile(this.readInput(path), path, context);
    for (const path of this.options.list('irdl-file')) {
      const text = this.readInput(path);
      this.output.addSource(new SourceFile(path, text));
      if (!(await loadIrdlFile(text, path, context))) return undefined;
    }
    remove();
    return context;
  }

  /** The notes that flags ask for behind each diagnostic of an operation; none where diagnostics are verified. */
  private notesOnDiagnostics(): Context['notesOnDiagnostics'] {
    if (this.verifyMode !== undefined) return undefined;
    const showsOperation = this.options.flag('mlir-print-op-on-diagnostic');
    const showsStack = this.options.flag('mlir-print-stacktrace-on-diagnostic');
    if (!showsOperation && !showsStack) return undefined;
    return (op) => {
      const notes: Diagnostic[] = [];
      if (showsStack) {
        const frames = new Error().stack?.split('\n').slice(2).join('\n');
        notes.push(op.note(`diagnostic emitted with trace:\n${frames}`));
      }
      if (showsOperation)
        notes.push(op.note(`see current operation: ${printOperation(op, { generic: true })}`));
      return notes;
    };
  }

  readInput(path: string): string {
    const text = this.readText(path);
    if (text.length > LARGE_INPUT) (globalThis as Launched).tilewrightOptimizeSoon?.();
    return text;
  }

  private readText(path: string): string {
    if (path === '-') return this.io.readStdin();
    try {
      return readFileSync(resolvePath(this.io, path), 'utf8');
    } catch (error) {
      throw new ToolError(`cannot open input file '${path}': ${describeSystemError(error)}`);
    }
  }

  /**
   * Gives each chunk of the input to `process`, which returns its output, or undefined where it failed. Returns the
   * outputs of all chunks, empty where one failed, and whether the run as a whole succeeded: with
   * `--verify-diagnostics` that diagnostics were as expected.
   */
  processInput(
    source: SourceFile,
    process: (chunk: Chunk) => string | undefined,
  ): { readonly outputs: readonly string[]; readonly isSuccess: boolean } {
    const marker = this.options.value('split-input-file');
    let chunks: readonly SourceFile[] = [source];
    if (marker !== undefined && marker !== 'false') {
      const split = splitInput(
        source,
        marker === '' || marker === 'true' ? DEFAULT_SPLIT_MARKER : marker,
      );
      ({ chunks } = split);
      for (const warning of split.warnings) this.output.report(warning);
    }
    const outputs: string[] = [];
    let isSuccess = true;
    for (const chunk of chunks) {
      const context = this.baseContext.fork();
      const { verifyMode } = this;
      const verifier = verifyMode && new DiagnosticVerifier(chunk, verifyMode);
      if (verifier === undefined) this.output.addSource(chunk);
      context.addDiagnosticHandler((diagnostic) =>
        verifier === undefined ? this.output.report(diagnostic) : verifier.check(diagnostic),
      );
      const output = process({ source: chunk, context });
      outputs.push(output ?? '');
      const problems = verifier?.finish() ?? [];
      for (const problem of problems) this.output.report(problem);
      if (verifier === undefined ? output === undefined : problems.length > 0) isSuccess = false;
    }
    return { outputs, isSuccess };
  }

  /** The outputs of chunks with marker lines between them; those of failed chunks are empty. */
  joinOutputs(outputs: readonly string[]): string {
    const marker = this.options.value('output-split-marker') ?? DEFAULT_SPLIT_MARKER;
    return outputs.join(`${marker}\n`);
  }

  /** IR for standard output: coloured where a person reads it. */
  highlight(text: string): string {
    const isForOutput = (this.options.value('o') ?? '-') === '-';
    return isForOutput && this.useOutputColor ? highlight(text) : text;
  }

  /** Writes the result; nothing is written where the run failed and the output is a file. */
  writeOutput(text: string, isSuccess: boolean): void {
    const path = this.options.value('o') ?? '-';
    if (path === '-') {
      if (text !== '') this.io.writeStdout(text);
      return;
    }
    if (isSuccess) this.writeFile(path, text);
  }

  /** Writes a whole file or leaves it as it was. */
  writeFile(path: string, text: string): void {
    try {
      writeFileAtomically(resolvePath(this.io, path), text);
    } catch (error) {
      throw new ToolError(`cannot open output file '${path}': ${describeSystemError(error)}`);
    }
  }
}

/**
 * Loads what a command line names that may bring passes, whose flags must be known before the rest of the command line can
 * be read: plugins, and the passes that dialect files declare.
 */
export async function loadExtensions(
  args: readonly string[],
  io: ToolIO,
  context: Context,
): Promise<void> {
  for (let index = 0; index < args.length; index++) {
    const match = /^--?load-(plugin|dialect)(?:=(.*))?$/.exec(args[index]);
    const path = match === null ? undefined : (match[2] ?? args[index + 1]);
    if (match === null || path === undefined) continue;
    if (match[1] === 'plugin') {
      const { loadPlugin } = await import('./plugin.js');
      await loadPlugin(resolvePath(io, path), path, context);
    } else {
      const { registerDeclaredPasses } = await import('./declared-passes.js');
      registerDeclaredPasses(path, io);
    }
  }
}

/** Runs the body of a tool: failures become messages and an exit status, never a stack trace. */
export async function guardTool(
  session: ToolSession,
  body: () => Promise<boolean> | boolean,
): Promise<number> {
  let isSuccess = false;
  try {
    isSuccess = await body();
  } catch (error) {
    if (error instanceof DiagnosticError) session.output.report(error.diagnostic);
    else if (error instanceof ToolError || error instanceof CommandLineError)
      session.output.error(error.message);
    else {
      const text = error instanceof Error ? error.message : String(error);
      session.output.error(`internal error: ${text}`);
      if (session.options.flag('debug') && error instanceof Error)
        session.io.writeStderr(`${error.stack}\n`);
    }
  }
  session.output.finish();
  return isSuccess ? 0 : 1;
}
