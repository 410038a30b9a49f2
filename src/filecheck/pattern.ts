/** A directive's pattern: parsed once, matched against a stretch of the input with the variables of that moment. */

import { EreSyntaxError, parseEre, renumberGroups, type EreNode } from './ere-ast.js';
import { parse, SyntaxError as GrammarError } from './generated/check-pattern.js';
import {
  checkCalls,
  describeFormat,
  evaluate,
  formatNumber,
  isSameFormat,
  parseNumber,
  PatternError,
  UndefinedVariableError,
  UNSIGNED,
  variablesOf,
  wildcardOf,
  type NumberFormat,
  type NumericNode,
} from './numeric.js';
import { Regex } from './regex.js';

/** Variables' values while the input is being matched. */
export class Variables {
  readonly strings = new Map<string, string>();
  readonly numbers = new Map<string, bigint>();

  /** Forgets every variable whose name does not begin with '$'. */
  clearLocals(): void {
    for (const table of [this.strings, this.numbers]) {
      for (const name of table.keys()) {
        if (!name.startsWith('$')) table.delete(name);
      }
    }
  }
}

/** Which variables the directives read so far define: names are of one kind for a whole file. */
export class Declarations {
  readonly strings = new Set<string>();
  readonly numbers = new Map<string, NumberFormat>();
}

export interface PatternOptions {
  readonly isLiteral: boolean;
  readonly matchFullLines: boolean;
  readonly strictWhitespace: boolean;
  readonly ignoreCase: boolean;
}

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regex'; readonly node: EreNode; readonly source: string }
  | {
      readonly kind: 'string-definition';
      readonly name: string;
      readonly group: number;
      readonly node: EreNode;
    }
  | { readonly kind: 'string-use'; readonly name: string; readonly offset: number }
  | { readonly kind: 'same-line-use'; readonly name: string; readonly group: number }
  | {
      readonly kind: 'number';
      /** Undefined where the block matches any number. */
      readonly expression: NumericNode | undefined;
      readonly source: string;
      readonly format: NumberFormat;
      readonly definition: string | undefined;
      readonly group: number;
      readonly offset: number;
    };

export interface Capture {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What a use of a variable or an expression stood for. */
export interface Substitution {
  readonly source: string;
  readonly value: string;
}

export type PatternMatch = {
  readonly start: number;
  readonly end: number;
  readonly captures: readonly Capture[];
};

export interface MatchAttempt {
  readonly match: PatternMatch | undefined;
  readonly substitutions: readonly Substitution[];
  /** Why the pattern cannot be matched at all: undefined variables, numbers that the format cannot spell. */
  readonly errors?: readonly PatternError[];
}

interface NumericBlock {
  readonly format: NumberFormat | null;
  readonly definition: { readonly name: string; readonly position: number } | null;
  readonly value: NumericNode | null;
  readonly isConstraint: boolean;
}

interface StringBlock {
  readonly name: string;
  readonly pattern: string | null;
  readonly patternOffset: number;
}

function runGrammar<T>(
  text: string,
  startRule: 'Pattern' | 'StringBlock' | 'NumericBlock',
  base: number,
): T {
  try {
    return parse(text, { startRule }) as T;
  } catch (error) {
    if (error instanceof GrammarError) {
      throw new PatternError(error.message, base + error.location.start.offset);
    }
    if (error instanceof RangeError) throw new PatternError('pattern is nested too deeply', base);
    throw error;
  }
}

export class Pattern {
  private readonly parts: readonly Part[];
  private cachedKey: string | undefined;
  private cachedMatcher: string | Regex | undefined;

  /**
   * @param line line of the directive, for `@LINE`; undefined on the command line
   * @throws PatternError at an offset in `text`
   */
  constructor(
    readonly text: string,
    private readonly line: number | undefined,
    private readonly options: PatternOptions,
    declarations: Declarations,
  ) {
    this.parts = options.isLiteral
      ? [{ kind: 'text', text }]
      : new PartBuilder(text, declarations).build();
  }

  /** Whether the pattern names a string, or uses a variable or an expression. */
  get hasVariables(): boolean {
    return this.parts.some((part) =>
      part.kind === 'number'
        ? part.expression !== undefined
        : part.kind !== 'text' && part.kind !== 'regex',
    );
  }

  /**
   * Finds the first match in `input.slice(from, to)` and, where there is one, sets the variables it defines.
   *
   * @throws RegexBudgetError
   */
  match(input: string, from: number, to: number, variables: Variables): MatchAttempt {
    const substitutions: Substitution[] = [];
    const errors: PatternError[] = [];
    const values = this.parts.map((part) => {
      if (part.kind !== 'string-use' && (part.kind !== 'number' || part.expression === undefined)) {
        return undefined;
      }
      const undefinedHere = this.undefinedIn(part, variables);
      errors.push(...undefinedHere);
      if (undefinedHere.length > 0) return undefined;
      try {
        const value = this.substitute(part, variables);
        substitutions.push({
          source: part.kind === 'string-use' ? part.name : part.source,
          value,
        });
        return value;
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        errors.push(error);
        return undefined;
      }
    });
    if (errors.length > 0) return { match: undefined, substitutions, errors };
    const matcher = this.getMatcher(values);
    if (typeof matcher === 'string') {
      const start = this.options.ignoreCase
        ? foldAscii(input).indexOf(foldAscii(matcher), from)
        : input.indexOf(matcher, from);
      const end = start + matcher.length;
      const match = start === -1 || end > to ? undefined : { start, end, captures: [] };
      return { match, substitutions };
    }
    const found = matcher.search(input, from, to);
    if (found === undefined) return { match: undefined, substitutions };
    const captures: Capture[] = [];
    for (const part of this.parts) {
      if (part.kind === 'string-definition') {
        const { start, end } = found.group(part.group) ?? { start: found.end, end: found.end };
        variables.strings.set(part.name, input.slice(start, end));
        captures.push({ name: part.name, start, end });
      } else if (part.kind === 'number' && part.definition !== undefined) {
        const { start, end } = found.group(part.group)!;
        variables.numbers.set(part.definition, parseNumber(input.slice(start, end), part.format));
        captures.push({ name: part.definition, start, end });
      }
    }
    return { match: { start: found.start, end: found.end, captures }, substitutions };
  }

  /** The pattern as text with its variables' values put in, for a person to compare. */
  describe(variables: Variables): string {
    return this.parts
      .map((part) => {
        if (part.kind === 'text') return part.text;
        if (part.kind === 'regex') return `{{${part.source}}}`;
        if (part.kind === 'string-definition') return `[[${part.name}]]`;
        if (part.kind === 'same-line-use') return `[[${part.name}]]`;
        if (part.kind === 'number' && part.expression === undefined) {
          return `[[#${part.definition ?? ''}]]`;
        }
        try {
          return this.substitute(part, variables);
        } catch {
          return part.kind === 'string-use' ? `[[${part.name}]]` : `[[#${part.source}]]`;
        }
      })
      .join('');
  }

  /**
   * Gives the pattern's numeric variables the values of their expressions, without an input.
   *
   * @throws PatternError
   */
  define(variables: Variables): void {
    for (const part of this.parts) {
      if (part.kind !== 'number' || part.definition === undefined) continue;
      const [undefinedHere] = this.undefinedIn(part, variables);
      if (undefinedHere !== undefined) throw undefinedHere;
      variables.numbers.set(part.definition, this.evaluate(part.expression!, variables));
    }
  }

  private evaluate(expression: NumericNode, variables: Variables): bigint {
    return evaluate(expression, this.line, (name) => variables.numbers.get(name));
  }

  private undefinedIn(
    part: Extract<Part, { kind: 'string-use' | 'number' }>,
    variables: Variables,
  ): UndefinedVariableError[] {
    if (part.kind === 'string-use') {
      return variables.strings.has(part.name)
        ? []
        : [new UndefinedVariableError(part.name, part.offset)];
    }
    return variablesOf(part.expression!)
      .filter(({ name }) => !variables.numbers.has(name))
      .map(({ name, position }) => new UndefinedVariableError(name, position));
  }

  private substitute(
    part: Extract<Part, { kind: 'string-use' | 'number' }>,
    variables: Variables,
  ): string {
    if (part.kind === 'string-use') {
      const value = variables.strings.get(part.name);
      if (value === undefined) throw new UndefinedVariableError(part.name, part.offset);
      return value;
    }
    const value = this.evaluate(part.expression!, variables);
    const spelling = formatNumber(value, part.format);
    if (spelling === undefined) {
      throw new PatternError(
        'unable to substitute variable or numeric expression: overflow error',
        part.offset,
      );
    }
    return spelling;
  }

  private getMatcher(values: readonly (string | undefined)[]): string | Regex {
    const key = JSON.stringify(values);
    if (this.cachedKey === key) return this.cachedMatcher!;
    const { matchFullLines, strictWhitespace, ignoreCase, isLiteral } = this.options;
    const fullLines = matchFullLines && !isLiteral;
    const isPlain =
      !fullLines &&
      this.parts.every(
        (part, index) =>
          part.kind === 'text' ||
          part.kind === 'string-use' ||
          (part.kind === 'number' && values[index] !== undefined && part.definition === undefined),
      );
    let matcher: string | Regex;
    if (isPlain) {
      matcher = this.parts
        .map((part, index) => (part.kind === 'text' ? part.text : values[index]!))
        .join('');
    } else {
      const blanks: EreNode[] = strictWhitespace
        ? []
        : [{ type: 'repeat', min: 0, max: Infinity, body: { type: 'literal', text: ' ' } }];
      const nodes = this.parts.map((part, index) => nodeOf(part, values[index]));
      const items: EreNode[] = fullLines
        ? [{ type: 'line-start' }, ...blanks, ...nodes, ...blanks, { type: 'line-end' }]
        : nodes;
      matcher = new Regex({ type: 'sequence', items }, ignoreCase);
    }
    this.cachedKey = key;
    this.cachedMatcher = matcher;
    return matcher;
  }
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function nodeOf(part: Part, value: string | undefined): EreNode {
  switch (part.kind) {
    case 'text':
      return { type: 'literal', text: part.text };
    case 'regex':
      return part.node;
    case 'string-definition':
      return { type: 'group', index: part.group, body: part.node };
    case 'string-use':
      return { type: 'literal', text: value! };
    case 'same-line-use':
      return { type: 'backreference', index: part.group };
    case 'number': {
      const body: EreNode =
        value === undefined ? wildcardOf(part.format) : { type: 'literal', text: value };
      return part.definition === undefined ? body : { type: 'group', index: part.group, body };
    }
  }
}

/** Builds a pattern's parts from its text. */
class PartBuilder {
  private groups = 0;
  private readonly definedHere = new Map<string, number>();
  private readonly numbersHere = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly declarations: Declarations,
  ) {}

  build(): Part[] {
    const segments = runGrammar<{ type: string; text: string; offset: number }[]>(
      this.text,
      'Pattern',
      0,
    );
    return segments.map(({ type, text, offset }): Part => {
      if (type === 'text') return { kind: 'text', text };
      if (type === 'regex') {
        return { kind: 'regex', node: this.parseRegex(text, offset), source: text };
      }
      return text.startsWith('#') || text.startsWith('@')
        ? this.buildNumber(text, offset)
        : this.buildString(text, offset);
    });
  }

  private parseRegex(text: string, offset: number): EreNode {
    try {
      const { body, groups } = parseEre(text);
      const node = renumberGroups(body, this.groups);
      this.groups += groups;
      return node;
    } catch (error) {
      if (error instanceof EreSyntaxError) {
        throw new PatternError(`invalid regex: ${error.message}`, offset);
      }
      throw error;
    }
  }

  private buildString(text: string, offset: number): Part {
    const { name, pattern, patternOffset } = runGrammar<StringBlock>(text, 'StringBlock', offset);
    const { strings, numbers } = this.declarations;
    if (pattern === null) {
      const group = this.definedHere.get(name);
      if (group !== undefined) return { kind: 'same-line-use', name, group };
      return { kind: 'string-use', name, offset };
    }
    if (numbers.has(name)) {
      throw new PatternError(`numeric variable with name '${name}' already exists`, offset);
    }
    strings.add(name);
    const group = ++this.groups;
    const node: EreNode =
      pattern === ''
        ? { type: 'sequence', items: [] }
        : this.parseRegex(pattern, offset + patternOffset);
    this.definedHere.set(name, group);
    return { kind: 'string-definition', name, group, node };
  }

  private buildNumber(text: string, offset: number): Part {
    const block = runGrammar<NumericBlock>(text, 'NumericBlock', offset);
    const { strings, numbers } = this.declarations;
    const { definition } = block;
    const shift = (node: NumericNode): NumericNode => rebase(node, offset);
    const expression = block.value === null ? undefined : shift(block.value);
    if (expression === undefined && block.isConstraint) {
      throw new PatternError(
        'empty numeric expression should not have a constraint',
        offset + text.length,
      );
    }
    let implicit: { name: string; format: NumberFormat; position: number } | undefined;
    if (expression !== undefined) {
      checkCalls(expression);
      for (const { name, position } of variablesOf(expression)) {
        if (this.numbersHere.has(name)) {
          throw new PatternError(
            `numeric variable '${name}' defined earlier in the same CHECK directive`,
            position,
          );
        }
        const format = numbers.get(name);
        if (format === undefined || block.format !== null) continue;
        if (implicit !== undefined && !isSameFormat(implicit.format, format)) {
          throw new PatternError(
            `implicit format conflict between '${implicit.name}' (${describeFormat(implicit.format)}) and '${name}' (${describeFormat(format)}), need an explicit format specifier`,
            implicit.position,
          );
        }
        implicit ??= { name, format, position };
      }
    }
    const format = block.format ?? implicit?.format ?? UNSIGNED;
    if (definition !== null) {
      if (strings.has(definition.name)) {
        throw new PatternError(
          `string variable with name '${definition.name}' already exists`,
          offset + definition.position,
        );
      }
      numbers.set(definition.name, format);
      this.numbersHere.add(definition.name);
    }
    return {
      kind: 'number',
      expression,
      source: text.startsWith('#') ? text.slice(1) : text,
      format,
      definition: definition?.name,
      group: definition === null ? 0 : ++this.groups,
      offset: offset + (text.startsWith('#') ? 1 : 0),
    };
  }
}

function rebase(node: NumericNode, offset: number): NumericNode {
  switch (node.type) {
    case 'binary':
      return {
        ...node,
        position: node.position + offset,
        left: rebase(node.left, offset),
        right: rebase(node.right, offset),
      };
    case 'call':
      return {
        ...node,
        position: node.position + offset,
        arguments: node.arguments.map((argument) => rebase(argument, offset)),
      };
    default:
      return { ...node, position: node.position + offset };
  }
}
