/** Replaces `%s`, `%t`, `%{name}` and the like in a RUN line, after its `%if`s are decided. */

import { basename, dirname, extname } from 'node:path';
import { evaluateBoolean } from './boolean-expression.js';
import { TestScriptError } from './test-script.js';

/** What is replaced, in full, and by what. */
export type Substitution = readonly [key: string, replacement: string];

/** Stands for `%%` until all is replaced, so that `%%s` does not become a substitution. */
const ESCAPED_PERCENT = '\uE000';

/** The substitutions that every test has. */
export function defaultSubstitutions(sourcePath: string, temporaryBase: string): Substitution[] {
  const sourceFolder = dirname(sourcePath);
  const temporary = `${temporaryBase}.tmp`;
  const stem = basename(sourcePath, extname(sourcePath));
  return [
    ['%s', sourcePath],
    ['%S', sourceFolder],
    ['%p', sourceFolder],
    ['%{pathsep}', ':'],
    ['%{fs-sep}', '/'],
    ['%{fs-src-root}', '/'],
    ['%{fs-tmp-root}', '/'],
    ['%t', temporary],
    ['%basename_t', basename(temporaryBase)],
    ['%T', dirname(temporaryBase)],
    ['%{s:basename}', basename(sourcePath)],
    ['%{s:stem}', stem],
    ['%{t:stem}', temporaryBase],
    ['%/s', sourcePath],
    ['%/S', sourceFolder],
    ['%/p', sourceFolder],
    ['%/t', temporary],
    ['%/T', dirname(temporaryBase)],
    ['%{s:real}', sourcePath],
    ['%{t:real}', temporary],
    ['%{S:real}', sourceFolder],
    ['%{T:real}', dirname(temporaryBase)],
    ['%{/s:regex_replacement}', sourcePath],
    ['%{/S:regex_replacement}', sourceFolder],
    ['%{/t:regex_replacement}', temporary],
    ['%{/T:regex_replacement}', dirname(temporaryBase)],
  ];
}

/** Replaces keys in one pass, the longest key that fits first: `%shape` is never `%s` and `hape`. */
export class Substitutions {
  private readonly values = new Map<string, string>();
  private scanner: RegExp | undefined;

  constructor(
    entries: Iterable<Substitution>,
    private readonly recursionLimit: number,
  ) {
    for (const [key, value] of entries) this.values.set(key, value);
  }

  set(key: string, value: string): void {
    this.values.set(key, value);
    this.scanner = undefined;
  }

  /** @throws TestScriptError where expansion does not come to an end */
  expand(line: string, features: ReadonlySet<string>): string {
    let text = line.replaceAll('%%', ESCAPED_PERCENT);
    for (let round = 0; ; round++) {
      // A value may hold conditionals of its own.
      const next = this.replaceOnce(expandConditionals(text, features));
      if (next === text) break;
      if (round > this.recursionLimit) {
        throw new TestScriptError(
          `Recursive substitution of '${line}' did not complete in the provided recursion limit (${this.recursionLimit})`,
        );
      }
      if (next.length > 1_000_000) {
        throw new TestScriptError(`substitution of '${line}' grows past a million characters`);
      }
      text = next;
    }
    return text.replaceAll(ESCAPED_PERCENT, '%').trim();
  }

  private replaceOnce(text: string): string {
    this.scanner ??= new RegExp(
      [...this.values.keys()]
        .sort((a, b) => b.length - a.length)
        .map((key) => key.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
        .join('|') || '(?!)',
      'g',
    );
    return text.replace(this.scanner, (key) =>
      this.values.get(key)!.replaceAll('%%', ESCAPED_PERCENT),
    );
  }
}

/** Decides each `%if feature %{ then %} %else %{ otherwise %}`, which may nest. */
export function expandConditionals(line: string, features: ReadonlySet<string>): string {
  const tokens = line.split(/(%if\b|%else\b|%\{(?=\s|$|%|[^}\s]*[\s%])|%\})/);
  let at = 0;
  const isBlank = (token: string | undefined): boolean =>
    token === undefined || token.trim() === '';
  const block = (what: string): string => {
    if (isBlank(tokens[at]) && tokens[at + 1] === '%{') at++;
    if (tokens[at] !== '%{') throw new TestScriptError(`expected '%{' after ${what} in '${line}'`);
    at++;
    const text = sequence(true);
    if (tokens[at] !== '%}') throw new TestScriptError(`missing '%}' in '${line}'`);
    at++;
    return text;
  };
  const sequence = (inBlock: boolean): string => {
    let text = '';
    while (at < tokens.length) {
      const token = tokens[at];
      if (token === '%if') {
        at++;
        const condition = tokens[at++].trim();
        const holds = evaluateBoolean(condition, features);
        const then = block(`'%if ${condition}'`);
        let otherwise = '';
        if (tokens[at] === '%else' || (isBlank(tokens[at]) && tokens[at + 1] === '%else')) {
          at += tokens[at] === '%else' ? 1 : 2;
          otherwise = block("'%else'");
        }
        text += holds ? then : otherwise;
      } else if (token === '%}' && inBlock) {
        return text;
      } else {
        text += token;
        at++;
      }
    }
    return text;
  };
  return tokens.includes('%if') ? sequence(false) : line;
}
