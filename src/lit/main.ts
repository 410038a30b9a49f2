/** The command line of the `tile-lit` tool: lit's options, output and exit statuses. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseCommandLine } from '../support/command-line.js';
import { didYouMean, resolvePath, type ToolIO, type ToolMain } from '../support/index.js';
import { LitConfigError } from './config.js';
import { discoverTests, DiscoveryError, fullName, type LitTest } from './discovery.js';
import { PROBES, probeFeatures, wantedByText } from './features.js';
import { GENERATED_MARKER } from './generated-checks.js';
import { showFeatures, showLists, showSlowest } from './listing.js';
import { orderTests, recordTimes, type TestOrder } from './order.js';
import { runPool } from './pool.js';
import { Display, jsonReport, junitReport, resultDbReport, timeTraceReport } from './report.js';
import { isFailure, type ResultCode, type TestResult } from './result.js';
import { makeRunSettings, type RunSettings } from './run-settings.js';
import type { ToolTable } from './shell-executor.js';
import { updateChecks } from './update-checks.js';

/** Seconds that a test may take where neither configuration nor command line says. */
const DEFAULT_TIMEOUT = 300;
const VERSION = [0, 1, 0];

interface Flags {
  readonly workers?: number;
  readonly quiet?: boolean;
  readonly succinct?: boolean;
  readonly verbose?: boolean;
  readonly showAll?: boolean;
  readonly output?: string;
  readonly xunitXmlOutput?: string;
  readonly resultdbOutput?: string;
  readonly timeTraceOutput?: string;
  readonly perTestCoverage?: boolean;
  readonly param: ReadonlyMap<string, string>;
  readonly progressBar: boolean;
  readonly showExcluded?: boolean;
  readonly showSkipped?: boolean;
  readonly showUnsupported?: boolean;
  readonly showPass?: boolean;
  readonly showFlakypass?: boolean;
  readonly showXfail?: boolean;
  readonly showXpass?: boolean;
  readonly path: readonly string[];
  readonly execute: boolean;
  readonly timeout?: number;
  readonly maxFailures?: number;
  readonly allowEmptyRuns?: boolean;
  readonly ignoreFail?: boolean;
  readonly skipTestTimeRecording?: boolean;
  readonly timeTests?: boolean;
  readonly maxTests?: number;
  readonly maxTime?: number;
  readonly order: TestOrder;
  readonly filter?: RegExp;
  readonly filterOut?: RegExp;
  readonly xfail?: string;
  readonly xfailNot?: string;
  readonly numShards?: number;
  readonly runShard?: number;
  readonly updateChecks?: boolean;
  readonly showSuites?: boolean;
  readonly showTests?: boolean;
  readonly showUsedFeatures?: boolean;
  readonly showFeatures?: boolean;
  readonly requireFeature: readonly string[];
  readonly feature: readonly string[];
  readonly execRoot?: string;
}

function positive(value: string): number {
  if (!/^[1-9][0-9]*$/.test(value)) throw new InvalidArgumentError('expected a positive number');
  return Number(value);
}

function seconds(value: string): number {
  if (!/^[0-9]+(\.[0-9]+)?$/.test(value)) throw new InvalidArgumentError('expected seconds');
  return Number(value);
}

function regex(value: string): RegExp {
  try {
    return new RegExp(value, 'i');
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** `NAME=VAL`, or `NAME` for an empty value. */
const appendParameter = (
  text: string,
  all: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> => {
  const [, name, value] = /^([^=]*)(?:=(.*))?$/s.exec(text)!;
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) throw new InvalidArgumentError('expected NAME=VAL');
  return new Map([...all, [name, value ?? '']]);
};

const append = (value: string, all: readonly string[]): readonly string[] => [...all, value];
const appendList = (value: string, all: readonly string[]): readonly string[] => [
  ...all,
  ...value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
];

function createCommand(): Command {
  return new Command('tile-lit')
    .description('Run lit tests: files whose RUN lines say how to test them.')
    .argument('<test-path...>', 'files or folders of tests')
    .option('-j, --workers <n>', 'tests run at once (default: one more than cores)', positive)
    .addOption(new Option('--threads <n>').argParser(positive).hideHelp())
    .option('-q, --quiet', 'show failures only')
    .option('-s, --succinct', 'do not list tests that pass')
    .option('-v, --verbose', 'show the output of failed tests')
    .addOption(new Option('--echo-all-commands').hideHelp())
    .option('-a, --show-all', 'show the output of all tests')
    .option('-o, --output <file>', 'write the results as JSON')
    .option('--xunit-xml-output <file>', "write the results in JUnit's form")
    .option('--resultdb-output <file>', "write the results in ResultDB's form")
    .option('--time-trace-output <file>', 'write when each test ran, for Chrome tracing')
    .option('--no-progress-bar', 'no progress bar on a terminal')
    .option('--show-excluded', 'list excluded tests')
    .option('--show-skipped', 'list skipped tests')
    .option('--show-unsupported', 'list unsupported tests')
    .option('--show-pass', 'list passed tests')
    .option('--show-flakypass', 'list tests that passed with a retry')
    .option('--show-xfail', 'list tests that failed as expected')
    .option('--show-xpass', 'list tests that passed unexpectedly')
    .option(
      '-D, --param <name=val>',
      'set a parameter, %{NAME} in RUN lines and configurations',
      appendParameter,
      new Map<string, string>(),
    )
    .option('--path <folder>', 'look for programs here first', append, [])
    .option('--per-test-coverage', 'give each RUN line a profile of its own (LLVM_PROFILE_FILE)')
    .option('--no-execute', 'read the tests but run none')
    .option('--timeout <seconds>', 'time for one test, 0 for no limit', seconds)
    .option('--max-failures <n>', 'stop after so many failures', positive)
    .option('--max-tests <n>', 'run so many tests at most', positive)
    .option('--max-time <seconds>', 'start no test after this time', seconds)
    .option('--allow-empty-runs', 'do not fail where filters leave no test')
    .option('--ignore-fail', 'exit with status 0 even where tests fail')
    .option('--skip-test-time-recording', 'do not remember times for --order=smart')
    .option('--time-tests', 'list the slowest tests')
    .addOption(
      new Option('--order <order>', 'order of tests')
        .choices(['lexical', 'random', 'smart'])
        .default('smart'),
    )
    .option('--filter <regex>', 'run only tests whose names match', regex)
    .option('--filter-out <regex>', 'leave out tests whose names match', regex)
    .option('--xfail <names>', 'tests that are expected to fail, separated by semicolons')
    .option('--xfail-not <names>', 'tests that are not expected to fail')
    .option('--num-shards <m>', 'split the tests into this many parts', positive)
    .option('--run-shard <n>', 'run this part, from 1', positive)
    .option('--feature <names>', 'features that are available besides those found', appendList, [])
    .option('--require-feature <names>', 'features whose absence is a failure', appendList, [])
    .option('--exec-root <folder>', 'where tests write (default .tilewright-cache/lit)')
    .option('--update-checks', 'rewrite the directives of tests that are marked as generated')
    .option('--show-suites', 'list the suites and exit')
    .option('--show-tests', 'list the tests and exit')
    .option('--show-features', 'list the features this machine has or lacks, and exit')
    .option('--show-used-features', 'list the features that tests name, and exit')
    .version(`tile-lit (tilewright) ${VERSION.join('.')}`, '--version');
}

export interface LitMainOptions {
  /** Bundle that calls `serveLit`; without it tests run in this thread and no timeout is enforced. */
  readonly workerFile?: string;
}

/**
 * Makes the tool: status 0 where no test failed, 1 where one did, 2 for wrong usage or configuration.
 *
 * @param tools the tools that RUN lines may call in-process, by name; each is loaded when first called
 */
export function createLitMain(tools: ToolTable, options: LitMainOptions = {}): ToolMain {
  return async (args, io) => {
    const command = createCommand();
    const fromEnvironment: string[] = (io.env.LIT_OPTS ?? '').split(/\s+/).filter(Boolean);
    for (const [name, option] of [
      ['LIT_FILTER', '--filter'],
      ['LIT_FILTER_OUT', '--filter-out'],
      ['LIT_XFAIL', '--xfail'],
      ['LIT_XFAIL_NOT', '--xfail-not'],
      ['LIT_NUM_SHARDS', '--num-shards'],
      ['LIT_RUN_SHARD', '--run-shard'],
      ['TILEWRIGHT_REQUIRE_FEATURES', '--require-feature'],
    ]) {
      const value = io.env[name];
      if (value !== undefined && value !== '') fromEnvironment.push(`${option}=${value}`);
    }
    const normalized = args.map((arg) => (arg === '-vv' ? '-v' : arg));
    const status = parseCommandLine(command, [...fromEnvironment, ...normalized], io);
    if (status !== undefined) return status;
    const flags = command.opts<Flags>();
    const usageError = (message: string): number => {
      io.writeStderr(`tile-lit: error: ${message}\n`);
      return 2;
    };
    if ((flags.numShards === undefined) !== (flags.runShard === undefined)) {
      return usageError('--num-shards and --run-shard must be used together');
    }
    if (flags.runShard !== undefined && flags.runShard > flags.numShards!) {
      return usageError(`--run-shard must be between 1 and ${flags.numShards}`);
    }
    try {
      return await runLit(command.args, flags, tools, options, io);
    } catch (error) {
      if (error instanceof DiscoveryError) return usageError(error.message);
      if (error instanceof LitConfigError) {
        io.writeStderr(`${error.message}\n`);
        return 2;
      }
      throw error;
    }
  };
}

async function runLit(
  paths: readonly string[],
  flags: Flags,
  tools: ToolTable,
  options: LitMainOptions,
  io: ToolIO,
): Promise<number> {
  const execRoot = flags.execRoot === undefined ? undefined : resolvePath(io, flags.execRoot);
  const discovered = discoverTests(paths, io.cwd, execRoot, flags.param);
  const searchPath = [
    ...flags.path.map((folder) => resolvePath(io, folder)),
    io.env.PATH ?? '',
  ].join(':');
  const isWanted = wantedByText([
    ...discovered.map(({ path }) => readFileSync(path, 'utf8')),
    ...discovered.flatMap(({ config }) => [
      ...config.requires,
      JSON.stringify(config.substitutions),
    ]),
    ...flags.requireFeature,
  ]);
  const probed = probeFeatures(io.cwd, searchPath, flags.showFeatures ? undefined : isWanted);
  const features = [...probed.available, ...flags.feature];
  const known = new Set([
    ...PROBES.map(({ name }) => name),
    ...features,
    ...discovered.flatMap(({ config }) => config.features),
  ]);
  for (const feature of flags.requireFeature) {
    if (!known.has(feature)) {
      io.writeStderr(
        `tile-lit: error: unknown feature '${feature}' is required${didYouMean(feature, known)}\n`,
      );
      return 2;
    }
  }
  if (flags.showFeatures) {
    showFeatures(probed, features, io);
    return 0;
  }
  if (flags.showSuites || flags.showTests || flags.showUsedFeatures) {
    showLists(discovered, flags, io);
    return 0;
  }
  const absent = flags.requireFeature.filter(
    (feature) =>
      !features.includes(feature) &&
      !discovered.some(({ config }) => config.features.includes(feature)),
  );
  for (const feature of absent) {
    io.writeStderr(
      `tile-lit: error: required feature '${feature}' is absent: ${probed.missing.get(feature) ?? 'not provided'}\n`,
    );
  }
  const results = new Map<LitTest, TestResult>();
  const selected = selectTests(discovered, flags, results);
  if (selected.length === 0 && discovered.some((test) => isNamed(test, flags))) {
    // A script that runs all shards does not have to know how many tests there are.
    io.writeStderr(
      'tile-lit: warning: the shard has no tests; fewer shards would give each some\n',
    );
    return 0;
  }
  if (selected.length === 0 && !flags.allowEmptyRuns) {
    io.writeStderr(
      discovered.length === 0
        ? `tile-lit: error: did not discover any tests for provided path(s)\n`
        : `tile-lit: error: filter did not match any tests (of ${discovered.length} discovered); --allow-empty-runs accepts that\n`,
    );
    return 2;
  }
  const workers = Math.min(
    // One more than there are cores, because a test that runs programs waits for them.
    flags.workers ?? (flags as { threads?: number }).threads ?? availableParallelism() + 1,
    Math.max(1, selected.length),
  );
  const settings: RunSettings = {
    ...makeRunSettings(probed, io.env, searchPath),
    features,
    requiredFeatures: flags.requireFeature,
    noExecute: !flags.execute,
    perTestCoverage: flags.perTestCoverage === true,
    xfail: splitNames(flags.xfail),
    xfailNot: splitNames(flags.xfailNot),
  };
  for (const root of new Set(selected.map(({ config }) => config.execRoot))) ignoreFolder(root);
  if (flags.updateChecks) return rewriteChecks(selected, settings, tools, io);
  const display = new Display(
    selected.length,
    displayOptions(flags, io),
    (text) => io.writeStdout(text),
    (text) => io.writeStderr(text),
  );
  display.start(selected.length, discovered.length, workers);
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  let failures = 0;
  const ran = new Map<LitTest, TestResult>();
  await runPool(
    selected,
    {
      workerFile: options.workerFile,
      tools,
      settings,
      workers,
      timeoutOf: (test) => flags.timeout ?? test.config.timeout ?? DEFAULT_TIMEOUT,
    },
    (test, result) => {
      ran.set(test, result);
      if (isFailure(result.code)) failures++;
      display.add(test, result);
    },
    () => failures >= (flags.maxFailures ?? Infinity) || elapsed() > (flags.maxTime ?? Infinity),
  );
  for (const test of discovered) {
    const result = ran.get(test);
    if (result !== undefined) results.set(test, result);
    else if (!results.has(test)) results.set(test, { code: 'SKIPPED', output: '', elapsed: 0 });
  }
  const total = elapsed();
  if (!flags.skipTestTimeRecording && flags.execute) recordTimes(ran);
  if (failures >= (flags.maxFailures ?? Infinity)) {
    io.writeStderr('tile-lit: warning: reached --max-failures, the remaining tests are skipped\n');
  }
  if (flags.timeTests) showSlowest(ran, io);
  display.finish(results, total);
  if (flags.output !== undefined) writeReport(flags.output, jsonReport(ran, total, VERSION), io);
  if (flags.xunitXmlOutput !== undefined) {
    writeReport(flags.xunitXmlOutput, junitReport(results, total), io);
  }
  if (flags.resultdbOutput !== undefined) {
    writeReport(flags.resultdbOutput, resultDbReport(ran, total, VERSION), io);
  }
  if (flags.timeTraceOutput !== undefined) {
    writeReport(flags.timeTraceOutput, timeTraceReport(ran), io);
  }
  if (absent.length > 0) return 1;
  return failures > 0 && !flags.ignoreFail ? 1 : 0;
}

/** Rewrites generated directives, one test after the other. */
async function rewriteChecks(
  tests: readonly LitTest[],
  settings: RunSettings,
  tools: ToolTable,
  io: ToolIO,
): Promise<number> {
  let hasFailed = false;
  let marked = 0;
  for (const test of tests) {
    const outcome = await updateChecks(test, settings, tools);
    if (outcome.kind === 'unmarked') continue;
    marked++;
    if (outcome.kind === 'failed') hasFailed = true;
    const reason = outcome.kind === 'failed' ? `: ${outcome.reason}` : '';
    io.writeStdout(`${outcome.kind}: ${fullName(test)}${reason}\n`);
  }
  if (marked === 0) io.writeStdout(`no test holds the line '${GENERATED_MARKER}'\n`);
  return hasFailed ? 1 : 0;
}

/** Whether the filters let a test through. */
function isNamed(test: LitTest, { filter, filterOut }: Flags): boolean {
  const name = fullName(test);
  return (filter?.test(name) ?? true) && !(filterOut?.test(name) ?? false);
}

function selectTests(
  discovered: readonly LitTest[],
  flags: Flags,
  results: Map<LitTest, TestResult>,
): LitTest[] {
  const exclude = (test: LitTest): void =>
    void results.set(test, { code: 'EXCLUDED', output: '', elapsed: 0 });
  let selected = discovered.filter((test) => isNamed(test, flags));
  discovered.filter((test) => !isNamed(test, flags)).forEach(exclude);
  selected = orderTests(selected, flags.order);
  if (flags.numShards !== undefined) {
    // Shards are by name, so that all together run each test once whatever the order.
    const byName = orderTests(selected, 'lexical');
    const shard = new Set(
      byName.filter((_, index) => index % flags.numShards! === flags.runShard! - 1),
    );
    selected.filter((test) => !shard.has(test)).forEach(exclude);
    selected = selected.filter((test) => shard.has(test));
  }
  if (flags.maxTests !== undefined) {
    selected.slice(flags.maxTests).forEach(exclude);
    selected = selected.slice(0, flags.maxTests);
  }
  return selected;
}

function displayOptions(flags: Flags, io: ToolIO) {
  const shownCodes = new Set<ResultCode>();
  const show: readonly (readonly [boolean | undefined, ResultCode])[] = [
    [flags.showExcluded, 'EXCLUDED'],
    [flags.showSkipped, 'SKIPPED'],
    [flags.showUnsupported, 'UNSUPPORTED'],
    [flags.showPass, 'PASS'],
    [flags.showFlakypass, 'FLAKYPASS'],
    [flags.showXfail, 'XFAIL'],
    [flags.showXpass, 'XPASS'],
  ];
  for (const [isShown, code] of show) {
    if (isShown) shownCodes.add(code);
  }
  const isWatched = io.isTerminal && flags.progressBar && !flags.quiet;
  return {
    quiet: flags.quiet === true,
    succinct: flags.succinct === true || (isWatched && !flags.verbose && !flags.showAll),
    showOutput: flags.verbose === true || flags.showAll === true,
    showAllOutput: flags.showAll === true,
    shownCodes,
    progress: isWatched,
  };
}

function splitNames(list: string | undefined): string[] {
  return (list ?? '').split(';').filter((name) => name !== '');
}

/** Tells git to leave alone what tests write, wherever the cache folder is. */
function ignoreFolder(execRoot: string): void {
  const cache = execRoot.match(/^.*\/\.tilewright-cache(?=\/)/)?.[0];
  mkdirSync(cache ?? execRoot, { recursive: true });
  if (cache !== undefined && !existsSync(join(cache, '.gitignore'))) {
    writeFileSync(join(cache, '.gitignore'), '*\n');
  }
}

function writeReport(path: string, text: string, io: ToolIO): void {
  try {
    const full = resolvePath(io, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  } catch (error) {
    io.writeStderr(`tile-lit: warning: cannot write '${path}': ${(error as Error).message}\n`);
  }
}
