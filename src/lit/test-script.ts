/** Reads the keywords of a test file: what to run, and when the test applies. */

import { BooleanExpressionError, evaluateBoolean, splitExpressions } from './boolean-expression.js';

export type ScriptStep =
  | { readonly kind: 'run'; readonly line: number; readonly text: string }
  | {
      readonly kind: 'define';
      readonly line: number;
      readonly isRedefinition: boolean;
      /** With its `%{` and `}`. */
      readonly name: string;
      readonly value: string;
    };

export interface TestScript {
  readonly steps: readonly ScriptStep[];
  readonly requires: readonly string[];
  readonly unsupported: readonly string[];
  readonly xfail: readonly string[];
  readonly allowedRetries: number;
}

/** The test cannot be run as it is written. */
export class TestScriptError extends Error {}

/** Keywords count wherever they stand in a line, as in lit; `END.` only at its end. */
const KEYWORD =
  /(RUN:|REQUIRES:|UNSUPPORTED:|XFAIL:|ALLOW_RETRIES:|REDEFINE:|DEFINE:|END\.(?=\s*$))(.*)$/;
const NAMED_VALUE = /^%\{([A-Za-z_][-_0-9:A-Za-z]*)\}\s*=\s*(.*)$/s;

/** Puts in `%(line)`, `%(line+n)` and `%(line-n)`. */
function expandLineNumbers(text: string, line: number): string {
  return text
    .replace(/%\(line\)/g, String(line))
    .replace(/%\(line *([+-]) *(\d+)\)/g, (_, sign: string, count: string) =>
      String(line + (sign === '+' ? Number(count) : -Number(count))),
    );
}

interface Pending {
  readonly keyword: string;
  readonly line: number;
  text: string;
}

/** @throws TestScriptError */
export function parseTestScript(source: string): TestScript {
  const steps: ScriptStep[] = [];
  const requires: string[] = [];
  const unsupported: string[] = [];
  const xfail: string[] = [];
  const defined = new Set<string>();
  let allowedRetries: number | undefined;
  let pending: Pending | undefined;
  let continued: Pending | undefined;

  const finish = ({ keyword, line, text }: Pending): void => {
    if (keyword === 'RUN:') {
      steps.push({ kind: 'run', line, text });
      return;
    }
    const found = NAMED_VALUE.exec(text.trim());
    if (found === null) {
      throw new TestScriptError(
        `${keyword} directive on test line ${line} expected '%{name} = value' but found '${text.trim()}'`,
      );
    }
    const isRedefinition = keyword === 'REDEFINE:';
    const name = `%{${found[1]}}`;
    if (isRedefinition !== defined.has(name)) {
      throw new TestScriptError(
        isRedefinition
          ? `REDEFINE: directive on test line ${line}: no DEFINE: of '${name}' before it`
          : `DEFINE: directive on test line ${line}: '${name}' is already defined; REDEFINE: changes it`,
      );
    }
    defined.add(name);
    steps.push({ kind: 'define', line, isRedefinition, name, value: found[2] });
  };

  const lines = source.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const found = KEYWORD.exec(lines[index]);
    if (found === null) continue;
    const line = index + 1;
    const keyword = found[1];
    const text = found[2].trim();
    if (keyword === 'END.') break;
    if (pending !== undefined && keyword !== pending.keyword) {
      const mayContinue = keyword === 'RUN:' || keyword === 'DEFINE:' || keyword === 'REDEFINE:';
      if (mayContinue) throw unterminated(pending);
    }
    switch (keyword) {
      case 'RUN:':
      case 'DEFINE:':
      case 'REDEFINE:': {
        const expanded = expandLineNumbers(text, line);
        if (pending === undefined) pending = { keyword, line, text: expanded };
        else pending.text += ` ${expanded}`;
        if (expanded.endsWith('\\')) {
          pending.text = pending.text.slice(0, -1).trimEnd();
        } else {
          finish(pending);
          pending = undefined;
        }
        break;
      }
      case 'REQUIRES:':
      case 'UNSUPPORTED:':
      case 'XFAIL:': {
        const list = { 'REQUIRES:': requires, 'UNSUPPORTED:': unsupported, 'XFAIL:': xfail }[
          keyword
        ];
        continued = continued?.keyword === keyword ? continued : { keyword, line, text: '' };
        continued.text += ` ${text}`;
        if (text.endsWith('\\')) {
          continued.text = continued.text.slice(0, -1);
          break;
        }
        const expressions = splitExpressions(continued.text);
        continued = undefined;
        for (const expression of expressions) {
          if (expression !== '*') checkExpression(expression, keyword, line);
        }
        list.push(...expressions);
        break;
      }
      case 'ALLOW_RETRIES:':
        if (allowedRetries !== undefined) {
          throw new TestScriptError('Test has more than one ALLOW_RETRIES lines');
        }
        if (!/^\d+$/.test(text)) {
          throw new TestScriptError(
            `ALLOW_RETRIES: directive on test line ${line} expected a number but found '${text}'`,
          );
        }
        allowedRetries = Number(text);
        break;
    }
  }
  for (const open of [pending, continued]) if (open !== undefined) throw unterminated(open);
  if (!steps.some(({ kind }) => kind === 'run'))
    throw new TestScriptError("Test has no 'RUN:' line");
  return { steps, requires, unsupported, xfail, allowedRetries: allowedRetries ?? 0 };
}

function unterminated({ keyword, line }: Pending): TestScriptError {
  return new TestScriptError(
    `Test has unterminated '${keyword}' directive (with '\\') at line ${line}`,
  );
}

function checkExpression(expression: string, keyword: string, line: number): void {
  try {
    evaluateBoolean(expression, new Set());
  } catch (error) {
    if (!(error instanceof BooleanExpressionError)) throw error;
    throw new TestScriptError(`${error.message}\nin ${keyword} directive on test line ${line}`);
  }
}
