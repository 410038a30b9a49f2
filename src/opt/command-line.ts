/**
 * The command lines of the tools, in LLVM's manner: `-flag` and `--flag` are the same, values follow after `=` or as
 * the next argument, and the order of flags counts, since flags that name passes make up a pipeline.
 */

import { didYouMean } from '../support/index.js';

export interface OptionSpec {
  /** Without dashes. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /**
   * `flag`: `--x`, or `--x=false` to take it back. `value`: `--x=v` or `--x v`. `optional-value`: `--x` or `--x=v`.
   */
  readonly kind: 'flag' | 'value' | 'optional-value';
  readonly placeholder?: string;
  readonly summary: string;
  readonly group: string;
}

/** Declares options of one group of the help. */
export function optionGroup(group: string): {
  flag(name: string, summary: string, aliases?: readonly string[]): OptionSpec;
  value(
    name: string,
    placeholder: string,
    summary: string,
    aliases?: readonly string[],
  ): OptionSpec;
  optional(name: string, placeholder: string, summary: string): OptionSpec;
} {
  return {
    flag: (name, summary, aliases) => ({ name, kind: 'flag', summary, group, aliases }),
    value: (name, placeholder, summary, aliases) => ({
      name,
      kind: 'value',
      placeholder,
      summary,
      group,
      aliases,
    }),
    optional: (name, placeholder, summary) => ({
      name,
      kind: 'optional-value',
      placeholder,
      summary,
      group,
    }),
  };
}

/** One option as it stands on the command line. */
export interface Occurrence {
  readonly name: string;
  /** Undefined where no value was given. */
  readonly value: string | undefined;
}

export interface CommandLine {
  /** In the order given. */
  readonly occurrences: readonly Occurrence[];
  readonly positionals: readonly string[];
}

/** What is wrong with a command line. */
export class CommandLineError extends Error {}

export function parseCommandLine(
  args: readonly string[],
  specs: readonly OptionSpec[],
  toolName: string,
): CommandLine {
  const byName = new Map<string, OptionSpec>();
  for (const spec of specs)
    for (const name of [spec.name, ...(spec.aliases ?? [])]) byName.set(name, spec);
  const occurrences: Occurrence[] = [];
  const positionals: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index];
    if (argument === '--') {
      positionals.push(...args.slice(index + 1));
      break;
    }
    if (argument === '-' || !argument.startsWith('-')) {
      positionals.push(argument);
      continue;
    }
    const [, key, , inline] = /^--?([^=]*)(=([\s\S]*))?$/.exec(argument)!;
    const spec = byName.get(key);
    if (spec === undefined) {
      throw new CommandLineError(
        `unknown command line argument '${argument}'${didYouMean(key, byName.keys()).replace(/'([^']+)'\?$/, "'--$1'?")}; try '${toolName} --help'`,
      );
    }
    let value = inline;
    if (spec.kind === 'value' && value === undefined) {
      if (index + 1 >= args.length)
        throw new CommandLineError(`for the --${spec.name} option: requires a value`);
      value = args[++index];
    }
    if (spec.kind === 'flag') checkFlag(spec.name, value);
    occurrences.push({ name: spec.name, value });
  }
  return { occurrences, positionals };
}

function checkFlag(name: string, value: string | undefined): void {
  if (value === undefined || /^(true|false|0|1)$/i.test(value)) return;
  throw new CommandLineError(
    `for the --${name} option: '${value}' is invalid value for boolean argument, try 0 or 1`,
  );
}

/** Looks options up by name; of those given more than once the last counts. */
export class OptionReader {
  constructor(private readonly line: CommandLine) {}

  flag(name: string, defaultValue = false): boolean {
    const found = this.last(name);
    if (found === undefined) return defaultValue;
    return found.value === undefined || /^(true|1)$/i.test(found.value);
  }

  /** The value; the empty string for an optional one that was left out. */
  value(name: string): string | undefined {
    const found = this.last(name);
    return found === undefined ? undefined : (found.value ?? '');
  }

  /** All values of an option, each split at commas. */
  list(name: string): readonly string[] {
    return this.line.occurrences
      .filter((one) => one.name === name)
      .flatMap((one) => (one.value ?? '').split(','))
      .filter((value) => value !== '');
  }

  /** One of the given values. */
  choice<Case extends string>(name: string, cases: readonly Case[], defaultValue: Case): Case {
    const value = this.value(name);
    if (value === undefined) return defaultValue;
    const found = cases.find((one) => one === value);
    if (found !== undefined) return found;
    throw new CommandLineError(
      `for the --${name} option: cannot find option named '${value}', expected one of ${cases.map((one) => `'${one}'`).join(', ')}`,
    );
  }

  integer(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!/^-?\d+$/.test(value))
      throw new CommandLineError(
        `for the --${name} option: '${value}' value invalid for integer argument`,
      );
    return Number(value);
  }

  private last(name: string): Occurrence | undefined {
    return this.line.occurrences.findLast((one) => one.name === name);
  }
}

/** Width of the column of option names in the help. */
const HELP_COLUMN = 44;

/** The text of `--help`. */
export function formatHelp(overview: string, usage: string, specs: readonly OptionSpec[]): string {
  let text = `OVERVIEW: ${overview}\n\nUSAGE: ${usage}\n`;
  for (const group of new Set(specs.map((spec) => spec.group))) {
    text += `\n${group}:\n\n`;
    for (const spec of specs) {
      if (spec.group !== group) continue;
      const dash = spec.name.length === 1 ? '-' : '--';
      const placeholder = spec.placeholder ?? '<value>';
      const value =
        spec.kind === 'flag' ? '' : spec.kind === 'value' ? `=${placeholder}` : `[=${placeholder}]`;
      text += `  ${`${dash}${spec.name}${value}`.padEnd(HELP_COLUMN)} - ${spec.summary}\n`;
    }
  }
  return text;
}
