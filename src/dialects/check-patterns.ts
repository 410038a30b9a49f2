/** Checks the patterns of a dialect file: names of operations, attributes and functions, and what is bound. */

import { didYouMean } from '../support/index.js';
import type { ReportPath } from './check.js';
import { ExpressionError } from './constraint-ast.js';
import {
  parseCondition,
  parseMatch,
  parseRewrite,
  type AttributeMatchAst,
  type AttributeRewriteAst,
  type NameAst,
  type OperationMatchAst,
  type ValueMatchAst,
  type ValueRewriteAst,
} from './pattern-ast.js';
import { patternFunctions } from './pattern-functions.js';
import type { DialectData, OperationData, PatternData } from './schema.js';

/** Finds what a dialect declares; undefined where it is not known. */
export type DataLookup = (dialect: string) => DialectData | undefined;

/** What is wrong with the text of an attribute or a type; undefined where nothing is. */
export type ReadQuoted = (kind: 'attribute' | 'type', text: string) => string | undefined;

/** What a name stands for. */
type Kind = 'value' | 'attribute';

class PatternChecker {
  private readonly bound = new Map<string, Kind>();
  private path: readonly string[] = [];
  private readonly functions = patternFunctions();

  constructor(
    private readonly lookup: DataLookup,
    private readonly report: ReportPath,
    private readonly findProblem: ReadQuoted,
  ) {}

  check(data: PatternData): void {
    const at = ['patterns', data.name];
    const match = this.read([...at, 'match'], data.match, parseMatch);
    if (match === undefined) return;
    this.matchOperation(match);
    data.where.forEach((text, index) => {
      const condition = this.read([...at, 'where', String(index)], text, parseCondition);
      if (condition === undefined) return;
      this.functionName('predicate', condition.name, condition.offset);
      for (const name of condition.of) this.use(name);
    });
    const results = this.read([...at, 'rewrite'], data.rewrite, parseRewrite);
    if (results === undefined) return;
    for (const one of results) this.result(one);
    const root = match.names.length === 1 ? this.operation(match.names[0].text) : undefined;
    const isFixed = root?.results.every(({ arity }) => arity === 'single');
    if (root !== undefined && isFixed && root.results.length !== results.length)
      this.report(
        this.path,
        `'${root.name}' has ${count(root.results.length, 'result')}, but there ${results.length === 1 ? 'is' : 'are'} ${count(results.length, 'replacement')}`,
      );
  }

  private read<Ast>(
    path: readonly string[],
    text: string,
    parse: (text: string) => Ast,
  ): Ast | undefined {
    this.path = path;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.error(error.message, error.offset);
      return undefined;
    }
  }

  private error(message: string, offset: number): void {
    this.report(this.path, message, offset);
  }

  private operation(name: string): OperationData | undefined {
    const dialect = this.lookup(name.slice(0, name.indexOf('.')));
    return dialect?.operations.find((one) => one.name === name);
  }

  /** The operation, which must exist and take that many operands and these attributes. */
  private expectOperation(
    { text, offset }: { readonly text: string; readonly offset: number },
    operandCount: number | undefined,
    attributes: readonly { readonly name: string; readonly offset: number }[],
  ): void {
    const prefix = text.slice(0, text.indexOf('.'));
    const dialect = this.lookup(prefix);
    if (dialect === undefined) return this.error(`unknown dialect '${prefix}'`, offset);
    const data = this.operation(text);
    if (data === undefined) {
      const hint = didYouMean(
        text,
        dialect.operations.map((one) => one.name),
      );
      return this.error(`unknown operation '${text}'${hint}`, offset);
    }
    const isFixed = data.operands.every(({ arity }) => arity === 'single');
    if (operandCount !== undefined && isFixed && data.operands.length !== operandCount)
      this.error(
        `'${text}' has ${count(data.operands.length, 'operand')}, found ${operandCount}`,
        offset,
      );
    const known = data.attributes.map(({ name }) => name);
    for (const { name, offset: at } of attributes) {
      // Discardable attributes belong to a dialect.
      if (known.includes(name) || name.includes('.')) continue;
      this.error(`'${text}' has no attribute '${name}'${didYouMean(name, known)}`, at);
    }
  }

  private functionName(kind: 'predicate' | 'function', name: string, offset: number): void {
    const known = Object.keys(
      kind === 'predicate' ? this.functions.predicates : this.functions.calls,
    );
    if (!known.includes(name))
      this.error(`unknown ${kind} '${name}'${didYouMean(name, known)}`, offset);
  }

  private bind({ name, offset }: NameAst, kind: Kind): void {
    const known = this.bound.get(name);
    if (known === undefined) this.bound.set(name, kind);
    else if (known !== kind)
      this.error(
        `'${name}' stands for ${article(known)} already, not for ${article(kind)}`,
        offset,
      );
  }

  private use({ name, offset }: NameAst, kind?: Kind): void {
    const known = this.bound.get(name);
    if (known === undefined)
      this.error(`'match' binds no '${name}'${didYouMean(name, [...this.bound.keys()])}`, offset);
    else if (kind !== undefined && known !== kind)
      this.error(`expected ${article(kind)}, but '${name}' is ${article(known)}`, offset);
  }

  private matchOperation(ast: OperationMatchAst): void {
    for (const name of ast.names) this.expectOperation(name, ast.operands?.length, ast.attributes);
    if (ast.bind !== undefined) this.bind(ast.bind, 'value');
    for (const { is } of ast.attributes) this.matchAttribute(is);
    for (const operand of ast.operands ?? []) this.matchValue(operand);
  }

  private matchValue(ast: ValueMatchAst): void {
    if (ast.kind === 'name') this.bind(ast, 'value');
    else if (ast.kind === 'operation') this.matchOperation(ast);
    else if (ast.kind === 'constant') {
      if (ast.bind !== undefined) this.bind(ast.bind, 'value');
      this.matchAttribute(ast.is);
    }
  }

  private matchAttribute(ast: AttributeMatchAst): void {
    if (ast.kind === 'name') this.bind(ast, 'attribute');
    else if (ast.kind === 'is') this.functionName('predicate', ast.name, ast.offset);
    else if (ast.kind === 'text') this.quoted('attribute', ast);
  }

  private quoted(
    kind: 'attribute' | 'type',
    { text, offset }: { readonly text: string; readonly offset: number },
  ): void {
    const problem = this.findProblem(kind, text);
    if (problem !== undefined) this.error(`'${text}' is no ${kind}: ${problem}`, offset);
  }

  private result(ast: ValueRewriteAst): void {
    if (ast.kind === 'name') return this.use(ast, 'value');
    if (ast.type?.kind === 'name') this.use(ast.type, 'value');
    else if (ast.type?.kind === 'text') this.quoted('type', ast.type);
    if (ast.kind === 'constant') return this.resultAttribute(ast.value);
    this.expectOperation(ast.name, ast.operands.length, ast.attributes);
    for (const operand of ast.operands) this.result(operand);
    for (const { value } of ast.attributes) this.resultAttribute(value);
  }

  private resultAttribute(ast: AttributeRewriteAst): void {
    if (ast.kind === 'name') this.use(ast, 'attribute');
    else if (ast.kind === 'text') this.quoted('attribute', ast);
    else if (ast.kind === 'number')
      this.error("an attribute needs its type: write it in quotes, as in '1 : i32'", ast.offset);
    else if (ast.kind === 'call') {
      this.functionName('function', ast.name, ast.offset);
      for (const one of ast.args) this.resultAttribute(one);
    }
  }
}

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`;
const article = (kind: Kind): string => (kind === 'value' ? 'a value' : 'an attribute');

/** Reports what is wrong with patterns, each at its place. */
export function checkPatterns(
  patterns: readonly PatternData[],
  lookup: DataLookup,
  report: ReportPath,
  findProblem: ReadQuoted = () => undefined,
): void {
  for (const data of patterns) new PatternChecker(lookup, report, findProblem).check(data);
}
