/** Flags that watch and limit single rewrites: profiles, filters, debug counters. */

import { writeFileSync } from 'node:fs';
import type { Context, Operation } from '../ir/index.js';
import { DebugCounters, installDebugCounters } from '../rewrite/index.js';
import { resolvePath, type ToolIO } from '../support/index.js';
import { ActionProfile } from './action-profile.js';
import { optionGroup, type OptionReader, type OptionSpec } from './command-line.js';
import { describeSystemError } from './output-file.js';
import { ToolError } from './tool-session.js';

const watch = optionGroup('Watching passes');

export const WATCH_OPTIONS: readonly OptionSpec[] = [
  watch.value(
    'log-mlir-actions-filter',
    '<file:line[:column],...>',
    'with --log-actions-to: only actions on operations from these places',
  ),
  watch.value(
    'profile-actions-to',
    '<file|->',
    'write a trace of all actions for Chrome or Perfetto',
  ),
  watch.value(
    'mlir-debug-counter',
    '<name-skip=n,name-count=n,...>',
    'leave out the first actions of a name, and all after so many; a name is a pattern, fold or erase-dead',
  ),
  watch.flag('mlir-print-debug-counter', 'print the debug counters at the end'),
];

/** What these flags ask for, over all chunks of an input. */
export class ActionWatch {
  private readonly profile: ActionProfile | undefined;
  private readonly counters: DebugCounters | undefined;

  constructor(
    private readonly options: OptionReader,
    private readonly io: ToolIO,
  ) {
    if (options.value('profile-actions-to') !== undefined) this.profile = new ActionProfile();
    const counters = options.list('mlir-debug-counter');
    if (counters.length > 0 || options.flag('mlir-print-debug-counter'))
      this.counters = parseCounters(counters);
  }

  /** Subscribes to what happens in a context; returns how to stop. */
  subscribe(context: Context): () => void {
    if (this.counters !== undefined) installDebugCounters(context, this.counters);
    return this.profile?.subscribe(context) ?? (() => undefined);
  }

  /** Whether an action on an operation is to be logged. */
  get filter(): ((op: Operation) => boolean) | undefined {
    const places = this.options.list('log-mlir-actions-filter');
    if (places.length === 0) return undefined;
    const wanted = places.map(parsePlace);
    return (op) => {
      const match = /"((?:[^"\\]|\\.)*)":(\d+):(\d+)/.exec(`${op.location}`);
      if (match === null) return false;
      const [, file, line, column] = match;
      return wanted.some(
        (place) =>
          (file === place.file || file.endsWith(`/${place.file}`)) &&
          (place.line === undefined || place.line === line) &&
          (place.column === undefined || place.column === column),
      );
    };
  }

  /** Writes the trace; returns what is to be reported. */
  finish(): string {
    const target = this.options.value('profile-actions-to');
    let report = '';
    if (this.profile !== undefined && target !== undefined) {
      if (target === '-') report += this.profile.text;
      else
        try {
          writeFileSync(resolvePath(this.io, target), this.profile.text);
        } catch (error) {
          throw new ToolError(`cannot open output file '${target}': ${describeSystemError(error)}`);
        }
    }
    if (this.counters !== undefined && this.options.flag('mlir-print-debug-counter')) {
      report += 'DebugCounter counters:\n';
      for (const { name, seen, skip, count } of this.counters.all)
        report += `${name.padEnd(32)}: {${seen},${skip},${count}}\n`;
    }
    return report;
  }
}

interface Place {
  readonly file: string;
  readonly line: string | undefined;
  readonly column: string | undefined;
}

function parsePlace(text: string): Place {
  const match = /^(.+?)(?::(\d+))?(?::(\d+))?$/.exec(text)!;
  return { file: match[1], line: match[2], column: match[3] };
}

/** `name-skip=3`, `name-count=2`. */
function parseCounters(texts: readonly string[]): DebugCounters {
  const counters = new DebugCounters();
  for (const text of texts) {
    const match = /^(.+)-(skip|count)=(-?\d+)$/.exec(text);
    if (match === null)
      throw new ToolError(
        `in --mlir-debug-counter: expected '<name>-skip=<n>' or '<name>-count=<n>', found '${text}'`,
      );
    counters.set(match[1], { [match[2]]: Number(match[3]) });
  }
  return counters;
}
