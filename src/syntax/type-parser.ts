/** Parsing types: names and function types by hand, structured ones by the grammar, each distinct text only once. */

import {
  FunctionType,
  OpaqueType,
  DialectType,
  type Attribute,
  type Context,
  type ParametricDefinition,
  type Type,
} from '../ir/index.js';
import {
  createDiagnostic,
  DiagnosticError,
  nearestName,
  type SourceFile,
} from '../support/index.js';
import type { AsmParser, ParameterParser } from './asm-parser.js';
import { Char, isLetter, Lexer, MAXIMAL_NESTING } from './lexer.js';
import { parse as parseTree } from './generated/types-attributes.js';
import type { StartRule, SyntaxError as TreeError } from './generated/types-attributes.js';
import { buildType, namedType, type TypeBuilderHost, type TypeTree } from './type-builder.js';

/** Types that continue with angle brackets. */
const STRUCTURED = new Set(['memref', 'tensor', 'vector', 'tuple', 'complex']);

/** A memo that gives up where the texts do not repeat, so that it costs neither time nor memory there. */
export class SliceMemo<T> {
  private readonly entries = new Map<string, T>();
  private misses = 0;
  private hits = 0;

  get(slice: string): T | undefined {
    const value = this.entries.get(slice);
    if (value === undefined) this.misses++;
    else this.hits++;
    return value;
  }

  set(slice: string, value: T): void {
    if (this.entries.size < 20_000) this.entries.set(slice, value);
  }

  /** Whether look-ups are worth their price. */
  get isUseful(): boolean {
    return this.misses < 1000 || this.hits > this.misses;
  }
}

export abstract class TypeParser extends Lexer {
  /** Types by their text. An alias cannot be redefined, so a text means the same throughout a file. */
  private readonly types = new Map<string, Type>();
  private readonly signatures = new SliceMemo<FunctionType>();
  protected readonly typeAliases = new Map<string, Type>();
  /** Aliases whose definition failed; their uses fail without another message. */
  protected readonly brokenAliases = new Set<string>();
  private depth = 0;

  constructor(
    source: SourceFile,
    readonly context: Context,
  ) {
    super(source);
  }

  abstract parseAttribute(type?: Type): Attribute;
  /** This parser as the parsers of parameters see it. */
  protected abstract get asmParser(): AsmParser;

  /** Runs a parser that may recurse, within the limit on nesting. */
  protected nested<Result>(body: () => Result): Result {
    if (this.depth === MAXIMAL_NESTING)
      this.fail(`types and attributes are nested more than ${MAXIMAL_NESTING} levels deep`);
    this.depth++;
    try {
      return body();
    } finally {
      this.depth--;
    }
  }

  parseType(): Type {
    return this.parseOptionalType() ?? this.failExpected('expected non-function type');
  }

  parseOptionalType(): Type | undefined {
    const code = this.ws();
    if (isLetter(code)) return this.parseNamedType();
    if (code === Char.Bang) return this.parseDialectType();
    if (code === Char.OpenParen) return this.parseFunctionType();
    return undefined;
  }

  parseTypeList(): Type[] {
    const types = [this.parseType()];
    while (this.eat(Char.Comma)) types.push(this.parseType());
    return types;
  }

  private parseNamedType(): Type | undefined {
    const start = this.p;
    let end = this.identifierEnd(start);
    const word = this.text.slice(start, end);
    if (STRUCTURED.has(word)) {
      this.p = end;
      if (this.ws() === Char.Less) end = this.extentOf(this.p).end;
      this.p = start;
      return this.parseSlice(end);
    }
    let type = this.types.get(word);
    if (type === undefined) {
      type = namedType(word, (message) => this.fail(message, start));
      if (type === undefined) return undefined;
      this.types.set(word, type);
    }
    this.p = end;
    return type;
  }

  private parseSlice(end: number): Type {
    const start = this.p;
    const slice = this.text.slice(start, end);
    let type = this.types.get(slice);
    if (type === undefined) {
      const tree = this.parseWithGrammar<TypeTree>(slice, start, 'Type');
      type = this.nested(() => buildType(tree, this.builderHost(start)));
      this.types.set(slice, type);
    }
    this.p = end;
    return type;
  }

  /** Parses a slice by the grammar; errors are moved to their place in the file. */
  protected parseWithGrammar<Tree>(slice: string, start: number, startRule: StartRule): Tree {
    return this.runGrammar(start, () => parseTree(slice, { startRule }) as Tree);
  }

  protected runGrammar<Tree>(start: number, run: () => Tree): Tree {
    try {
      return run();
    } catch (error) {
      if (error instanceof RangeError) this.fail('brackets are nested too deeply', start);
      const { location, message, expected } = error as TreeError;
      if (location === undefined) throw error;
      this.fail(
        expected === null ? message : 'unexpected character',
        start + location.start.offset,
      );
    }
  }

  private builderHost(base: number): TypeBuilderHost {
    return {
      fail: (message, offset) => this.fail(message, base + offset),
      attributeIn: (extent) => {
        const at = base + extent.at;
        const { result } = this.withCursorAt(at, () => {
          const attribute = this.parseAttribute();
          this.ws();
          if (this.p < base + extent.end) this.failExpected(`expected ',' or '>'`);
          return attribute;
        });
        return result;
      },
      dialectTypeIn: (extent) => this.withCursorAt(base + extent.at, () => this.parseType()).result,
    };
  }

  // Function types

  protected parseFunctionType(): FunctionType {
    if (this.ws() !== Char.OpenParen) {
      const { p } = this;
      this.parseType();
      this.fail('expected function type', p);
    }
    const start = this.p;
    // The rest of the line is the cheapest key for the signature of an operation in generic form.
    let line: string | undefined;
    if (this.signatures.isUseful) {
      const newline = this.text.indexOf('\n', start);
      const end = newline === -1 ? this.text.length : newline;
      if (end - start < 200) {
        line = this.text.slice(start, end);
        const known = this.signatures.get(line);
        if (known !== undefined) {
          this.p = end;
          return known;
        }
      }
    }
    const type = this.nested(() => this.readFunctionType());
    if (line !== undefined && this.p === start + line.length) this.signatures.set(line, type);
    return type;
  }

  private readFunctionType(): FunctionType {
    const inputs = this.parseParenthesizedTypes();
    if (!this.parseOptionalPunctuation('->')) this.failExpected(`expected '->' in function type`);
    const results =
      this.ws() === Char.OpenParen ? this.parseParenthesizedTypes() : [this.parseType()];
    return FunctionType.get(inputs, results);
  }

  private parseParenthesizedTypes(): Type[] {
    this.p++;
    if (this.eat(Char.CloseParen)) return [];
    const types = this.parseTypeList();
    this.expect(Char.CloseParen, `expected ')'`);
    return types;
  }

  // Dialect types

  private parseDialectType(): Type {
    const start = this.p;
    const name = this.parseSuffixIdentifier();
    const isOpaqueForm = !name.includes('.') && this.text.charCodeAt(this.p) === Char.Less;
    if (name === '') this.fail('expected dialect type or type alias', start);
    if (!name.includes('.') && !isOpaqueForm) return this.lookUpTypeAlias(name, start);
    const extent = this.parameterExtent(start);
    const slice = this.text.slice(start, extent.end);
    let type = this.types.get(slice);
    if (type !== undefined) {
      this.p = extent.end;
      return type;
    }
    const [dialect, mnemonic] = this.splitDialectName(name, start);
    const definition = this.context.getTypeDefinition(dialect, mnemonic);
    if (definition !== undefined) {
      const parameters = this.nested(() => this.parseParameters(definition, start));
      type = DialectType.get(definition, parameters);
      if (this.p === extent.end) this.types.set(slice, type);
      return type;
    }
    this.refuseUnknown(dialect, mnemonic, 'type', start);
    this.requireBalanced(extent.unbalanced);
    type = OpaqueType.get(dialect, slice.slice(1 + dialect.length));
    this.types.set(slice, type);
    this.p = extent.end;
    return type;
  }

  private lookUpTypeAlias(name: string, start: number): Type {
    const type = this.typeAliases.get(name);
    return type ?? this.failUndefinedAlias(`!${name}`, start, this.typeAliases.keys());
  }

  /** Fails for an alias that is not defined. */
  protected failUndefinedAlias(alias: string, start: number, known: Iterable<string>): never {
    if (this.brokenAliases.has(alias)) throw new SilentError();
    const name = alias.slice(1);
    const nearest = nearestName(name, known);
    const notes =
      nearest === undefined ? [] : [this.note(`did you mean '${alias[0]}${nearest}'?`, start)];
    this.fail(`undefined symbol alias id '${name}'`, start, notes);
  }

  // Declared types and attributes

  /** Extent of `<...>` right behind the cursor, which may be absent. */
  protected parameterExtent(start: number): { end: number; unbalanced: number | undefined } {
    if (this.text.charCodeAt(this.p) !== Char.Less) return { end: this.p, unbalanced: undefined };
    const extent = this.extentOf(this.p);
    return { end: Math.max(extent.end, start + 1), unbalanced: extent.unbalanced };
  }

  protected requireBalanced(unbalanced: number | undefined): void {
    if (unbalanced === undefined) return;
    const bracket = this.text[unbalanced];
    this.fail(`unbalanced '${bracket}' character in pretty dialect name`, unbalanced);
  }

  protected splitDialectName(name: string, start: number): [dialect: string, mnemonic: string] {
    const dot = name.indexOf('.');
    if (dot === -1) return [name, ''];
    if (dot === 0 || dot === name.length - 1)
      this.fail('expected dialect name and mnemonic', start);
    return [name.slice(0, dot), name.slice(dot + 1)];
  }

  /** Parses what follows the mnemonic of a declared type or attribute, behind which the cursor stands. */
  protected parseParameters(definition: ParametricDefinition, start: number): readonly never[] {
    const parse = definition.parseParameters as ParameterParser | undefined;
    const parameters = parse === undefined ? [] : parse(this.asmParser);
    const reason = definition.verify?.(parameters);
    if (reason !== undefined) this.fail(reason, start);
    return parameters as readonly never[];
  }

  /** Fails for a type or attribute that its dialect does not declare, unless it may stay opaque. */
  protected refuseUnknown(
    dialect: string,
    mnemonic: string,
    kind: 'type' | 'attribute',
    start: number,
  ): void {
    const known = this.context.dialects.get(dialect);
    const at = start + 1 + (mnemonic === '' ? 0 : dialect.length + 1);
    if (known === undefined) {
      if (this.context.allowUnregisteredDialects) return;
      const body = mnemonic === '' ? '' : `<"${mnemonic}">`;
      const what = kind === 'type' ? `\`!"${dialect}"${body}\`` : `#"${dialect}"${body} : 'none'`;
      const notes = this.suggestion(dialect, this.context.dialects.keys(), at);
      this.fail(
        `${what} ${kind} created with unregistered dialect. If this is intended, please call ` +
          `allowUnregisteredDialects() on the MLIRContext, or use -allow-unregistered-dialect with the MLIR opt tool used`,
        at,
        notes,
      );
    }
    const declared: ReadonlyMap<string, unknown> = kind === 'type' ? known.types : known.attributes;
    if (declared.size === 0) this.fail(`dialect '${dialect}' provides no ${kind} parsing hook`, at);
    const gap = kind === 'type' ? '  ' : ' ';
    const notes = this.suggestion(mnemonic, declared.keys(), at);
    this.fail(`unknown${gap}${kind} \`${mnemonic}\` in dialect \`${dialect}\``, at, notes);
  }

  /** A note with the nearest of some names, if there is a near one. */
  protected suggestion(
    name: string,
    candidates: Iterable<string>,
    offset: number,
  ): ReturnType<typeof createDiagnostic>[] {
    // One letter in two is no likeness.
    const nearest = name.length < 3 ? undefined : nearestName(name, candidates);
    return nearest === undefined ? [] : [this.note(`did you mean '${nearest}'?`, offset)];
  }
}

/** A consequence of an error that was reported already: recovered from, but not reported. */
export class SilentError extends DiagnosticError {
  constructor() {
    super(createDiagnostic('error', undefined, 'consequence of an earlier error'));
  }
}
