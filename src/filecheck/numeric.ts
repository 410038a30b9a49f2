/** Numeric variables: their formats, and expressions over them, of any size and without overflow. */

import { didYouMean } from '../support/index.js';
import { parseEre, type EreNode } from './ere-ast.js';

/** How a number is written: unsigned, signed, or hexadecimal in lower or upper case. */
export interface NumberFormat {
  readonly kind: 'u' | 'd' | 'x' | 'X';
  /** Whether hexadecimal numbers begin with `0x`. */
  readonly alternate: boolean;
  /** Least number of digits. */
  readonly precision: number;
}

export const UNSIGNED: NumberFormat = { kind: 'u', alternate: false, precision: 0 };

/** A numeric expression as the grammar delivers it. */
export type NumericNode =
  | { readonly type: 'number'; readonly value: string; readonly position: number }
  | { readonly type: 'variable'; readonly name: string; readonly position: number }
  | { readonly type: 'line'; readonly position: number }
  | {
      readonly type: 'binary';
      readonly operator: '+' | '-';
      readonly left: NumericNode;
      readonly right: NumericNode;
      readonly position: number;
    }
  | {
      readonly type: 'call';
      readonly name: string;
      readonly arguments: readonly NumericNode[];
      readonly position: number;
    };

export interface NumericValue {
  readonly value: bigint;
  readonly format: NumberFormat | undefined;
}

/** What is wrong with a pattern, and where in its text. */
export class PatternError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** A variable that a directive uses has no value when the directive is matched. */
export class UndefinedVariableError extends PatternError {
  constructor(
    readonly variable: string,
    offset: number,
  ) {
    super(`undefined variable: ${variable}`, offset);
  }
}

const FUNCTIONS: ReadonlyMap<string, (a: bigint, b: bigint) => bigint | undefined> = new Map([
  ['add', (a: bigint, b: bigint) => a + b],
  ['sub', (a: bigint, b: bigint) => a - b],
  ['mul', (a: bigint, b: bigint) => a * b],
  ['div', (a: bigint, b: bigint) => (b === 0n ? undefined : a / b)],
  ['min', (a: bigint, b: bigint) => (a < b ? a : b)],
  ['max', (a: bigint, b: bigint) => (a > b ? a : b)],
]);

/** Refuses calls of functions that do not exist or with a wrong number of arguments. */
export function checkCalls(node: NumericNode): void {
  if (node.type === 'binary') {
    checkCalls(node.left);
    checkCalls(node.right);
  } else if (node.type === 'call') {
    if (!FUNCTIONS.has(node.name)) {
      throw new PatternError(
        `call to undefined function '${node.name}'${didYouMean(node.name, FUNCTIONS.keys())}`,
        node.position,
      );
    }
    if (node.arguments.length !== 2) {
      throw new PatternError(
        `function '${node.name}' takes 2 arguments but ${node.arguments.length} given`,
        node.position,
      );
    }
    node.arguments.forEach(checkCalls);
  }
}

/** The variables an expression names, in order. */
export function variablesOf(
  node: NumericNode,
): { readonly name: string; readonly position: number }[] {
  switch (node.type) {
    case 'variable':
      return [node];
    case 'binary':
      return [...variablesOf(node.left), ...variablesOf(node.right)];
    case 'call':
      return node.arguments.flatMap(variablesOf);
    default:
      return [];
  }
}

function parseLiteral(text: string): bigint {
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  return negative ? -value : value;
}

/**
 * @param line line of the directive; undefined on the command line
 * @throws UndefinedVariableError
 * @throws PatternError on a division by zero
 */
export function evaluate(
  node: NumericNode,
  line: number | undefined,
  lookUp: (name: string) => bigint | undefined,
): bigint {
  switch (node.type) {
    case 'number':
      return parseLiteral(node.value);
    case 'line':
      if (line === undefined) throw new UndefinedVariableError('@LINE', node.position);
      return BigInt(line);
    case 'variable': {
      const value = lookUp(node.name);
      if (value === undefined) throw new UndefinedVariableError(node.name, node.position);
      return value;
    }
    case 'binary': {
      const left = evaluate(node.left, line, lookUp);
      const right = evaluate(node.right, line, lookUp);
      return node.operator === '+' ? left + right : left - right;
    }
    case 'call': {
      const [left, right] = node.arguments.map((argument) => evaluate(argument, line, lookUp));
      const value = FUNCTIONS.get(node.name)!(left, right);
      if (value === undefined) {
        throw new PatternError(
          'unable to substitute variable or numeric expression: division by zero',
          node.position,
        );
      }
      return value;
    }
  }
}

export function isSameFormat(left: NumberFormat, right: NumberFormat): boolean {
  return (
    left.kind === right.kind &&
    left.alternate === right.alternate &&
    left.precision === right.precision
  );
}

export function describeFormat(format: NumberFormat): string {
  const precision = format.precision > 0 ? `.${format.precision}` : '';
  return `%${format.alternate ? '#' : ''}${precision}${format.kind}`;
}

/** Writes a value, or undefined where the format has no spelling for it. */
export function formatNumber(value: bigint, format: NumberFormat): string | undefined {
  if (value < 0n && format.kind !== 'd') return undefined;
  const magnitude = value < 0n ? -value : value;
  let digits = magnitude.toString(format.kind === 'x' || format.kind === 'X' ? 16 : 10);
  if (format.kind === 'X') digits = digits.toUpperCase();
  digits = digits.padStart(format.precision, '0');
  return `${value < 0n ? '-' : ''}${format.alternate ? '0x' : ''}${digits}`;
}

const DIGITS = {
  u: ['[1-9]', '[0-9]'],
  d: ['[1-9]', '[0-9]'],
  x: ['[1-9a-f]', '[0-9a-f]'],
  X: ['[1-9A-F]', '[0-9A-F]'],
} as const;

/** The expression that matches any number in a format. */
export function wildcardOf(format: NumberFormat): EreNode {
  const [first, digit] = DIGITS[format.kind];
  const sign = format.kind === 'd' ? '-?' : '';
  const prefix = format.alternate ? '0x' : '';
  const body =
    format.precision > 0 ? `(${first}${digit}*)?${digit}{${format.precision}}` : `${digit}+`;
  return withoutGroups(parseEre(sign + prefix + body).body);
}

/** Our own parentheses only bracket: they must not take the numbers of the author's groups. */
function withoutGroups(node: EreNode): EreNode {
  switch (node.type) {
    case 'group':
      return withoutGroups(node.body);
    case 'repeat':
      return { ...node, body: withoutGroups(node.body) };
    case 'sequence':
      return { ...node, items: node.items.map(withoutGroups) };
    default:
      return node;
  }
}

/** Reads what a wildcard matched. */
export function parseNumber(text: string, format: NumberFormat): bigint {
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const isHex = format.kind === 'x' || format.kind === 'X';
  const value = isHex ? BigInt(`0x${digits.replace(/^0x/, '')}`) : BigInt(digits);
  return negative ? -value : value;
}
