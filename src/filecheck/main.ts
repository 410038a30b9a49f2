/** The command line of the `filecheck` tool: FileCheck's options and exit statuses. */

import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseCommandLine } from '../support/command-line.js';
import {
  renderDiagnostic,
  resolvePath,
  SourceFile,
  type ToolIO,
  type ToolMain,
} from '../support/index.js';
import { filecheck, type FileCheckResult } from './filecheck.js';
import { DUMP_HELP, dumpInput, type DumpFilter } from './input-dump.js';
import type { FileCheckOptions } from './options.js';

type DumpMode = 'help' | 'always' | 'fail' | 'never';

/** In the order of precedence where an option is given more than once. */
const DUMP_MODES: readonly DumpMode[] = ['help', 'always', 'fail', 'never'];
const DUMP_FILTERS: readonly DumpFilter[] = ['all', 'annotation-full', 'annotation', 'error'];

interface Flags {
  readonly checkPrefix: readonly string[];
  readonly commentPrefixes?: readonly string[];
  readonly inputFile: string;
  readonly matchFullLines?: boolean;
  readonly strictWhitespace?: boolean;
  readonly ignoreCase?: boolean;
  readonly implicitCheckNot: readonly string[];
  readonly allowEmpty?: boolean;
  readonly allowUnusedPrefixes?: boolean;
  readonly allowDeprecatedDagOverlap?: boolean;
  readonly enableVarScope?: boolean;
  readonly define: readonly string[];
  readonly verbose?: boolean;
  readonly vv?: boolean;
  readonly dumpInput: readonly DumpMode[];
  readonly dumpInputFilter: readonly DumpFilter[];
  readonly dumpInputContext: number;
  readonly color?: boolean;
}

const append = (value: string, all: readonly string[]): readonly string[] => [...all, value];

function oneOf<T extends string>(choices: readonly T[]) {
  return (value: string, all: readonly T[]): readonly T[] => {
    if (!choices.includes(value as T)) {
      throw new InvalidArgumentError(`expected one of ${choices.join(', ')}`);
    }
    return [...all, value as T];
  };
}

function largest(value: string, previous: number): number {
  if (!/^[0-9]+$/.test(value)) throw new InvalidArgumentError('expected a number');
  return Math.max(previous, Number(value));
}

function createCommand(): Command {
  return new Command('filecheck')
    .description('Check that a text holds what the directives in a check file ask for, in order.')
    .argument('[check-file]')
    .option('--check-prefix <prefix>', 'prefix of directives (default CHECK)', append, [])
    .option('--check-prefixes <prefixes>', 'the same, separated by commas')
    .option('--comment-prefixes <prefixes>', 'prefixes of comments (default COM,RUN)', (value) =>
      value.split(','),
    )
    .option('--input-file <file>', 'file to check, - for standard input', '-')
    .option('--match-full-lines', 'a match has to cover whole lines')
    .option('--strict-whitespace', 'do not treat all blanks as equivalent')
    .option('--ignore-case', 'ignore the case of ASCII letters')
    .option('--implicit-check-not <pattern>', 'text that no directive may leave behind', append, [])
    .option('--allow-empty', 'accept an empty input')
    .option('--allow-unused-prefixes', 'accept a prefix without directives')
    .option('--allow-deprecated-dag-overlap', 'let matches of CHECK-DAG overlap')
    .option('--enable-var-scope', "forget variables at CHECK-LABEL unless named '$...'")
    .option('-D, --define <definition>', 'define NAME=VALUE or #%FORMAT,NAME=EXPR', append, [])
    .option('-v, --verbose', 'show what each directive matched')
    .option('--vv', 'also show what was discarded or rightly absent')
    .option('--dump-input <mode>', `one of ${DUMP_MODES.join(', ')}`, oneOf(DUMP_MODES), [])
    .option(
      '--dump-input-filter <kind>',
      `one of ${DUMP_FILTERS.join(', ')}`,
      oneOf(DUMP_FILTERS),
      [],
    )
    .option('--dump-input-context <lines>', 'lines around those dumped (default 5)', largest, -1)
    .option('--color', 'use colours')
    .addOption(new Option('--no-color').hideHelp())
    .version('filecheck (tilewright)', '--version');
}

/** Spells arguments as the parser knows them: long options may have one hyphen, and flags a truth value, as LLVM's. */
function normalize(args: readonly string[], command: Command): string[] {
  const flags = command.options.filter((option) => option.isBoolean());
  return args.flatMap((arg) => {
    const spelled = /^-[a-z][a-z-]+(=|$)/.test(arg) ? `-${arg}` : arg;
    const [name, value] = spelled.split(/=(true|TRUE|True|1|false|FALSE|False|0)$/);
    if (value === undefined || !flags.some(({ short, long }) => name === short || name === long))
      return [spelled];
    return /^[tT1]/.test(value) ? [name] : [];
  });
}

/** Splits the value of FILECHECK_OPTS as a shell would, quotes included. */
function splitOptions(text: string): string[] {
  const words: string[] = [];
  for (const found of text.matchAll(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/g)) {
    words.push(
      found[0].replace(
        /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/g,
        (_, escaped, single, double) =>
          escaped ?? single ?? (double as string).replace(/\\(.)/g, '$1'),
      ),
    );
  }
  return words;
}

/** FileCheck's command line: status 0 for a match, 1 for a mismatch, 2 for wrong usage or directives. */
export const filecheckMain: ToolMain = (args, io) => {
  const command = createCommand();
  // The plural spelling adds to the same list, in the order given.
  const prefixes: string[] = [];
  command.on('option:check-prefix', (value: string) => prefixes.push(value));
  command.on('option:check-prefixes', (value: string) => prefixes.push(...value.split(',')));
  const fromEnvironment = splitOptions(io.env.FILECHECK_OPTS ?? '');
  const status = parseCommandLine(command, normalize([...fromEnvironment, ...args], command), io);
  if (status !== undefined) return status;
  return run(command.args[0], { ...command.opts<Flags>(), checkPrefix: prefixes }, args, io);
};

function run(
  checkFile: string | undefined,
  flags: Flags,
  args: readonly string[],
  io: ToolIO,
): number {
  const mode = DUMP_MODES.find((name) => flags.dumpInput.includes(name)) ?? 'fail';
  if (mode === 'help') {
    io.writeStdout(DUMP_HELP);
    return 0;
  }
  if (checkFile === undefined) {
    io.writeStderr("filecheck: error: missing required argument 'check-file'\n");
    return 2;
  }
  const check = readSource(checkFile, 'check file', io);
  if (check === undefined) return 2;
  const input =
    flags.inputFile === '-'
      ? new SourceFile('<stdin>', io.readStdin())
      : readSource(flags.inputFile, 'input file', io);
  if (input === undefined) return 2;
  const verbosity = flags.vv ? 2 : flags.verbose ? 1 : 0;
  const options: FileCheckOptions = {
    prefixes: flags.checkPrefix,
    commentPrefixes: flags.commentPrefixes,
    allowUnusedPrefixes: flags.allowUnusedPrefixes,
    matchFullLines: flags.matchFullLines,
    strictWhitespace: flags.strictWhitespace,
    ignoreCase: flags.ignoreCase,
    implicitCheckNot: flags.implicitCheckNot,
    allowEmpty: flags.allowEmpty,
    enableVariableScope: flags.enableVarScope,
    allowDeprecatedDagOverlap: flags.allowDeprecatedDagOverlap,
    definitions: flags.define,
    verbosity,
  };
  const result = filecheck(check, input, options);
  const color = flags.color ?? io.isTerminal;
  for (const diagnostic of result.diagnostics) {
    // With a dump, what went well is marked there.
    if (diagnostic.severity === 'remark' && mode !== 'never') continue;
    if (diagnostic.position !== undefined) io.writeStderr(renderDiagnostic(diagnostic, { color }));
    else if (result.isInputEmpty)
      io.writeStderr(
        `FileCheck error: ${diagnostic.message}.\nFileCheck command line:  filecheck ${args.join(' ')}\n`,
      );
    else io.writeStderr(`${diagnostic.severity}: ${diagnostic.message}\n`);
  }
  if (result.status === 2) {
    return 2;
  }
  if (mode === 'always' || (mode === 'fail' && result.status === 1)) {
    writeDump(result, checkFile, input.name, flags, mode, io);
  }
  return result.status;
}

function writeDump(
  result: FileCheckResult,
  checkFile: string,
  inputName: string,
  flags: Flags,
  mode: DumpMode,
  io: ToolIO,
): void {
  const filter =
    DUMP_FILTERS.find((name) => flags.dumpInputFilter.includes(name)) ??
    (mode === 'fail' ? 'error' : 'all');
  const context = flags.dumpInputContext === -1 ? 5 : flags.dumpInputContext;
  io.writeStderr(
    `\nInput file: ${inputName}\nCheck file: ${checkFile}\n\n` +
      `-dump-input=help explains the following input dump.\n\nInput was:\n` +
      dumpInput(result.canonicalInput, result.annotations, filter, context),
  );
}

function readSource(path: string, what: string, io: ToolIO): SourceFile | undefined {
  try {
    return new SourceFile(path, readFileSync(resolvePath(io, path), 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT'
        ? 'No such file or directory'
        : code === 'EISDIR'
          ? 'Is a directory'
          : (error as Error).message;
    io.writeStderr(`Could not open ${what} '${path}': ${reason}\n`);
    return undefined;
  }
}
