/** tile-opt: reads a program, runs passes on it, prints it; with mlir-opt's flags and spellings. */

import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext } from '../dialects/index.js';
import { printOperation, verifyOperation, type Context, type Operation } from '../ir/index.js';
import {
  allPasses,
  formatPipeline,
  formatReproducer,
  formatStatistics,
  getPass,
  History,
  loadPasses,
  parsePipeline,
  parseReproducer,
  PassCrash,
  PassManager,
  Timing,
  FailureTracker,
  IrDumps,
  type DumpOptions,
  type DumpSelection,
  type PassInstrumentation,
  type Pipeline,
  type ReproducerSettings,
} from '../pipelines/index.js';
import { parseModule } from '../syntax/index.js';
import {
  createDiagnostic,
  DiagnosticError,
  didYouMean,
  resolvePath,
  SourceFile,
  type ToolIO,
  type ToolMain,
} from '../support/index.js';
import { debugPatterns, logActions, PatternCounters } from './action-log.js';
import {
  CommandLineError,
  formatHelp,
  OptionReader,
  parseCommandLine,
  type CommandLine,
  type OptionSpec,
} from './command-line.js';
import {
  chooseInspection,
  isLayoutAttribute,
  INSPECT_OPTIONS,
  type Inspection,
} from './inspect.js';
import { describeSystemError, writeFileAtomically } from './output-file.js';
import { flagPipeline } from './pass-flags.js';
import { PRINT_OPTIONS, printOptions } from './print-flags.js';
import { passOptions, TILE_OPT_OPTIONS } from './tile-opt-options.js';
import {
  guardTool,
  IGNORED_OPTIONS,
  loadExtensions,
  SESSION_OPTIONS,
  ToolError,
  ToolSession,
  type Chunk,
} from './tool-session.js';
import type { SemanticsCheck, SemanticsFinding } from './verify-semantics.js';
import { toolVersion } from './version.js';
import { ActionWatch, WATCH_OPTIONS } from './watch-options.js';

const TOOL_NAME = 'tile-opt';
/** The whole tool. */
export const tileOptMain: ToolMain = async (args, io) => {
  const context = createContext();
  try {
    let specs: readonly OptionSpec[] = [...SESSION_OPTIONS, ...PRINT_OPTIONS];
    let line = parseWithoutPasses(args, specs);
    if (line === undefined) {
      (await import('./register-all.js')).registerAll();
      await loadExtensions(args, io, context);
      specs = [
        ...SESSION_OPTIONS,
        ...TILE_OPT_OPTIONS,
        ...WATCH_OPTIONS,
        ...INSPECT_OPTIONS,
        ...PRINT_OPTIONS,
        ...IGNORED_OPTIONS,
        ...passOptions(),
      ];
      line = parseCommandLine(args, specs, TOOL_NAME);
    }
    const options = new OptionReader(line);
    if (options.flag('help')) {
      const usage = `${TOOL_NAME} [options] [passes] <input file>`;
      io.writeStdout(formatHelp('runs passes on programs of the tile IR', usage, specs));
      return 0;
    }
    if (options.flag('version')) {
      io.writeStdout(`${TOOL_NAME} ${toolVersion()}\n`);
      return 0;
    }
    const session = new ToolSession(TOOL_NAME, io, options, context);
    return await guardTool(session, () => new TileOpt(session, line, options, io).run());
  } catch (error) {
    if (!(error instanceof CommandLineError || error instanceof ToolError)) throw error;
    io.writeStderr(`${TOOL_NAME}: error: ${error.message}\n`);
    return 1;
  }
};

/** The command line of a run that needs no passes: then they are not loaded. Undefined where it may need them. */
function parseWithoutPasses(
  args: readonly string[],
  specs: readonly OptionSpec[],
): CommandLine | undefined {
  try {
    const line = parseCommandLine(args, specs, TOOL_NAME);
    const mayNeedPasses = line.occurrences.some(({ name }) =>
      ['help', 'load-plugin'].includes(name),
    );
    return mayNeedPasses ? undefined : line;
  } catch (error) {
    if (error instanceof CommandLineError) return undefined;
    throw error;
  }
}

class TileOpt {
  private readonly timing: Timing | undefined;
  private readonly counters: PatternCounters | undefined;
  private readonly watch: ActionWatch;
  private pipeline: Pipeline | undefined;
  private verifyEach: boolean;
  private logText = '';
  private formatDiff: DumpOptions['formatDiff'];
  /** Makes a check for each chunk; loaded only where it is asked for, because it brings the interpreter. */
  private createSemanticsCheck: (() => SemanticsCheck) | undefined;
  private readonly reports: string[] = [];
  private inspection: Inspection | undefined;

  constructor(
    private readonly session: ToolSession,
    private readonly line: CommandLine,
    private readonly options: OptionReader,
    private readonly io: ToolIO,
  ) {
    if (options.flag('mlir-timing')) this.timing = new Timing();
    if (options.flag('pattern-statistics')) this.counters = new PatternCounters();
    this.watch = new ActionWatch(options, io);
    this.verifyEach = options.flag('verify-each', true);
  }

  async run(): Promise<boolean> {
    const { session, options, line } = this;
    const context = await session.prepareContext();
    if (context === undefined) return false;
    if (options.flag('show-dialects')) {
      this.io.writeStdout(`Available Dialects: ${[...context.dialects.keys()].sort().join(',')}\n`);
      return true;
    }
    if (line.positionals.length > 1)
      throw new ToolError(
        `too many positional arguments specified: can specify at most 1, got ${line.positionals.map((one) => `'${one}'`).join(', ')}`,
      );
    if (isLayoutAttribute(options.value('show-layout'))) {
      const text = (await import('./show-layout.js')).showLayoutAttribute(session, context);
      if (text !== undefined) session.writeOutput(text, true);
      return text !== undefined;
    }
    const [path = '-'] = line.positionals;
    let source = new SourceFile(path === '-' ? '<stdin>' : path, session.readInput(path));
    this.pipeline = this.choosePipeline();
    this.inspection = await chooseInspection(session, this.pipeline !== undefined);
    if (options.value('mlir-print-ir-after-change') === 'diff')
      this.formatDiff = (await import('../pipelines/ir-diff.js')).formatDiff;
    if (options.flag('run-reproducer')) source = this.readReproducer(source);
    if (this.pipeline !== undefined) {
      await loadPasses(this.pipeline);
      await this.loadSemanticsCheck();
    }
    if (options.flag('dump-pass-pipeline') && this.pipeline !== undefined)
      this.io.writeStderr(
        `Pass Manager with ${this.pipeline.elements.length} passes:\n${formatPipeline(this.pipeline)}\n\n`,
      );
    const { outputs, isSuccess } = session.processInput(source, (chunk) => this.process(chunk));
    const writeAll = (): void => session.writeOutput(session.joinOutputs(outputs), isSuccess);
    if (this.timing === undefined) writeAll();
    else this.timing.measure('Output', writeAll);
    this.writeReports();
    return isSuccess;
  }

  /** The pipeline of `--pass-pipeline`, or the one that flags of passes make up. */
  private choosePipeline(): Pipeline | undefined {
    const flags = flagPipeline(this.line.occurrences);
    const text = this.options.value('pass-pipeline');
    if (text === undefined) return flags;
    if (flags !== undefined)
      throw new ToolError("'-pass-pipeline' option can't be used with individual pass options");
    return parsePipeline(text);
  }

  private readReproducer(source: SourceFile): SourceFile {
    const reproducer = parseReproducer(source.text);
    if (reproducer === undefined)
      throw new ToolError(
        `'${source.name}' holds no reproducer: expected 'mlir_reproducer' in its metadata`,
      );
    const { settings, program } = reproducer;
    this.pipeline = parsePipeline(settings.pipeline);
    this.verifyEach = settings.verifyEach;
    return new SourceFile(source.name, program);
  }

  /** One chunk from text to text; undefined where it failed. */
  private process({ source, context }: Chunk): string | undefined {
    const { session } = this;
    const unsubscribe = this.subscribe(context);
    try {
      const { timing } = this;
      const parse = (): Operation | undefined =>
        parseModule(source, context, {
          implicitModule: !this.options.flag('no-implicit-module'),
        });
      const root = timing === undefined ? parse() : timing.measure('Parser', parse);
      if (root === undefined || !verifyOperation(root)) return undefined;
      if (this.options.flag('verify-roundtrip') && !this.verifyRoundTrip(root, context))
        return undefined;
      if (!this.runPasses(root, source, context)) return undefined;
      if (this.inspection !== undefined) return this.inspection(root, source);
      const print = (): string => {
        const text = printOperation(root, printOptions(this.options)).trimEnd();
        return `${session.highlight(text)}\n`;
      };
      return timing === undefined ? print() : timing.measure('Output', print);
    } finally {
      unsubscribe();
    }
  }

  private subscribe(context: Context): () => void {
    const stops: (() => void)[] = [];
    const write = (text: string): void => this.io.writeStderr(text);
    const target = this.options.value('log-actions-to');
    if (target !== undefined)
      stops.push(
        logActions(
          context,
          target === '-' ? write : (text) => void (this.logText += text),
          this.watch.filter,
        ),
      );
    if (this.options.flag('debug-patterns')) stops.push(debugPatterns(context, write));
    if (this.counters !== undefined) stops.push(this.counters.subscribe(context));
    stops.push(this.watch.subscribe(context));
    return () => stops.forEach((stop) => stop());
  }

  private verifyRoundTrip(root: Operation, context: Context): boolean {
    for (const generic of [false, true]) {
      const text = printOperation(root, { generic, debugInfo: false });
      const again = parseModule(new SourceFile('<round trip>', text), context, {
        implicitModule: false,
      });
      if (again === undefined)
        return root.emitOpError(
          `failed to round-trip: its ${generic ? 'generic' : 'custom'} form does not parse`,
        );
      if (printOperation(again, { generic: true }) !== printOperation(root, { generic: true }))
        return root.emitOpError(
          `failed to round-trip: its ${generic ? 'generic' : 'custom'} form reads back as another program`,
        );
    }
    return true;
  }

  private runPasses(root: Operation, source: SourceFile, context: Context): boolean {
    const { pipeline } = this;
    if (pipeline === undefined) return true;
    const settings = { pipeline: formatPipeline(pipeline), verifyEach: this.verifyEach };
    const onDemand = this.options.value('mlir-generate-reproducer');
    if (onDemand !== undefined) this.writeReproducer(onDemand, source.text, settings);
    const isLocal = this.options.flag('mlir-pass-pipeline-local-reproducer');
    const history = isLocal ? new History() : undefined;
    const tracker = new FailureTracker();
    const semantics = this.createSemanticsCheck?.();
    const manager = new PassManager(context, pipeline, {
      verifyEach: this.verifyEach,
      write: (text) => this.io.writeStderr(text),
      readFile: (path) => this.readForPass(path),
      writeFile: (path, text) => this.writeForPass(path, text),
      instrumentations: [
        tracker,
        ...(history === undefined ? [] : [history]),
        ...this.dumps(),
        ...(semantics === undefined ? [] : [semantics]),
        ...(this.timing === undefined ? [] : [this.timing]),
      ],
    });
    const crashFile = this.options.value('mlir-pass-pipeline-crash-reproducer');
    const reproduce = (path: string): void => {
      if (history === undefined) return this.writeReproducer(path, source.text, settings);
      const before = printOperation(history.materialize(history.current), { debugInfo: true });
      const failing = formatPipeline(tracker.failingPipeline(pipeline.anchor));
      this.writeReproducer(path, before, { ...settings, pipeline: failing });
    };
    let isSuccess = false;
    try {
      isSuccess = manager.run(root);
    } catch (error) {
      if (!(error instanceof PassCrash)) throw error;
      this.reportCrash(error, crashFile, reproduce, root);
      return false;
    }
    if (isSuccess && semantics?.finding !== undefined) {
      this.reportChangedMeaning(semantics.finding, crashFile);
      return false;
    }
    if (!isSuccess && crashFile !== undefined) {
      reproduce(crashFile);
      root.emitError('failures have been detected while processing an MLIR pass pipeline', [
        root.note(
          `pipeline failed while executing '${settings.pipeline}': reproducer generated at '${crashFile}'`,
        ),
      ]);
    }
    const format = this.options.choice('mlir-output-format', ['text', 'json'], 'text');
    if (this.options.flag('mlir-pass-statistics'))
      this.reports.push(
        formatStatistics(
          manager,
          this.options.choice('mlir-pass-statistics-display', ['pipeline', 'list'], 'pipeline'),
          format,
        ),
      );
    return isSuccess;
  }

  private async loadSemanticsCheck(): Promise<void> {
    const value = this.options.value('verify-semantics');
    if (value === undefined || value === 'false') return;
    const seed = value === '' || value === 'true' ? 1 : Number(value);
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new ToolError(`for the --verify-semantics option: expected a seed, found '${value}'`);
    const { SemanticsCheck } = await import('./verify-semantics.js');
    this.createSemanticsCheck = () => new SemanticsCheck(seed);
  }

  /** Names the first pass that changed what a kernel computes, with a file that shows it. */
  private reportChangedMeaning(
    { pass, kernel, pipeline, program, message, notes }: SemanticsFinding,
    wanted: string | undefined,
  ): void {
    const path = wanted ?? this.temporaryReproducer();
    const settings = { pipeline: formatPipeline(pipeline), verifyEach: this.verifyEach };
    this.writeReproducer(path, program, settings);
    kernel.emitError(`pass '${pass}' ${message}`, [
      ...notes,
      kernel.note(
        `reproducer generated at '${path}'; run it with 'tile-opt --run-reproducer --verify-semantics ${path}'`,
      ),
    ]);
  }

  private temporaryReproducer(): string {
    return join(this.io.env.TMPDIR ?? tmpdir(), `tile-opt-reproducer-${process.pid}.mlir`);
  }

  /** A file that an option of a pass names. */
  private writeForPass(path: string, text: string): void {
    try {
      this.session.writeFile(path, text);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      throw new DiagnosticError(createDiagnostic('error', undefined, error.message));
    }
  }

  private readForPass(path: string): string {
    try {
      return this.session.readInput(path);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      throw new DiagnosticError(createDiagnostic('error', undefined, error.message));
    }
  }

  /** A bug of a pass: the user gets a file that shows it, and no stack unless asked for. */
  private reportCrash(
    crash: PassCrash,
    wanted: string | undefined,
    reproduce: (path: string) => void,
    root: Operation,
  ): void {
    const path = wanted ?? this.temporaryReproducer();
    const message = `internal error in pass '${crash.pass.name}': ${crash.message}`;
    try {
      reproduce(path);
      root.emitError(message, [
        root.note(
          `reproducer generated at '${path}'; run it with 'tile-opt --run-reproducer ${path}'`,
        ),
      ]);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      root.emitError(message, [root.note(error.message)]);
    }
    const { cause } = crash;
    if (this.options.flag('debug') && cause instanceof Error)
      this.io.writeStderr(`${cause.stack}\n`);
  }

  private writeReproducer(path: string, program: string, settings: ReproducerSettings): void {
    try {
      writeFileAtomically(resolvePath(this.io, path), formatReproducer(program, settings));
    } catch (error) {
      throw new ToolError(`cannot open output file '${path}': ${describeSystemError(error)}`);
    }
  }

  private dumps(): PassInstrumentation[] {
    const { options } = this;
    const selection = (all: string, some: string): DumpSelection | undefined => {
      if (options.flag(all)) return 'all';
      const names = options.list(some);
      for (const name of names) {
        if (getPass(name) !== undefined) continue;
        const hint = didYouMean(
          name,
          allPasses().map((pass) => pass.name),
        );
        throw new ToolError(`for the --${some} option: cannot find option named '${name}'${hint}`);
      }
      return names.length === 0 ? undefined : names;
    };
    const change = options.choice(
      'mlir-print-ir-after-change',
      ['', 'diff', 'true', 'false'],
      'false',
    );
    const before = selection('mlir-print-ir-before-all', 'mlir-print-ir-before');
    const after = selection('mlir-print-ir-after-all', 'mlir-print-ir-after');
    const afterFailure = options.flag('mlir-print-ir-after-failure');
    if (before === undefined && after === undefined && change === 'false' && !afterFailure)
      return [];
    const directory = options.value('mlir-print-ir-tree-dir');
    return [
      new IrDumps({
        formatDiff: this.formatDiff,
        before,
        after,
        afterChange: change === 'diff' ? 'diff' : change !== 'false',
        afterFailure,
        moduleScope: options.flag('mlir-print-ir-module-scope'),
        treeDirectory: directory === undefined ? undefined : resolvePath(this.io, directory),
        color: this.session.useColor,
        print: printOptions(options),
        write: (text) => this.io.writeStderr(text),
      }),
    ];
  }

  private writeReports(): void {
    const log = this.options.value('log-actions-to');
    if (log !== undefined && log !== '-') {
      try {
        writeFileSync(resolvePath(this.io, log), this.logText);
      } catch (error) {
        throw new ToolError(`cannot open output file '${log}': ${describeSystemError(error)}`);
      }
    }
    if (this.counters !== undefined) this.reports.push(this.counters.report());
    if (this.timing !== undefined) {
      const display = this.options.choice('mlir-timing-display', ['tree', 'list'], 'tree');
      const format = this.options.choice('mlir-output-format', ['text', 'json'], 'text');
      this.reports.push(this.timing.report(display, format));
    }
    const watched = this.watch.finish();
    if (watched !== '') this.reports.push(watched);
    for (const report of this.reports) this.io.writeStderr(report);
  }
}
