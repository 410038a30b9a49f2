/** The text of a whole file, or of one type or attribute, to IR: top-level items and the entry points. */

import {
  Block,
  Operation,
  Region,
  setFileMetadata,
  type Attribute,
  type Context,
  type Type,
} from '../ir/index.js';
import { DiagnosticError, SourceFile } from '../support/index.js';
import { Char } from './lexer.js';
import { OperationParser } from './operation-parser.js';

export interface ParseOptions {
  /** Whether anything but a single `builtin.module` at the top is wrapped into one. Default true. */
  readonly implicitModule?: boolean;
}

const METADATA_GROUPS = new Set<string>(['dialect_resources', 'external_resources']);

class FileParser extends OperationParser {
  /** Resources named in `{-# ... #-}`. */
  private metadata: Map<string, Map<string, Map<string, string>>> | undefined;

  parseFile(options: ParseOptions): Operation | undefined {
    const block = new Block();
    this.parseTopLevel(block);
    if (this.errorCount > 0) return undefined;
    const op = this.topLevelOperation(block, options.implicitModule ?? true);
    if (op !== undefined && this.metadata !== undefined) setFileMetadata(op, this.metadata);
    return op;
  }

  private topLevelOperation(block: Block, wraps: boolean): Operation | undefined {
    const { firstOp } = block;
    const isSingle = firstOp !== null && firstOp === block.lastOp;
    if (isSingle && (!wraps || firstOp.name.text === 'builtin.module')) {
      firstOp.detach();
      return firstOp;
    }
    if (!wraps) {
      const count = [...block.operations()].length;
      this.context.emit(
        'error',
        this.positionAt(0),
        `source must contain a single top-level operation, found: ${count}`,
      );
      return undefined;
    }
    const body = new Region();
    body.append(block);
    return Operation.create({
      name: this.context.getOperationName('builtin.module'),
      regions: [body],
      location: this.locationOf(0),
    });
  }

  /** Runs `parse` on the whole text; reports what is wrong with it. */
  parseWhole<Result>(parse: (parser: FileParser) => Result): Result | undefined {
    try {
      const result = parse(this);
      if (!this.isAtEnd) this.fail('unexpected text behind the end', this.p);
      return result;
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.report(error);
      return undefined;
    }
  }

  protected parseTopLevelItem(code: number): boolean {
    switch (code) {
      case Char.Hash:
        this.parseAttributeAlias();
        return true;
      case Char.Bang:
        this.parseTypeAlias();
        return true;
      case Char.OpenBrace:
        if (!this.parseOptionalPunctuation('{-#')) return false;
        this.parseMetadata();
        return true;
    }
    return false;
  }

  // Aliases

  /** `#name = attribute`. */
  private parseAttributeAlias(): void {
    const start = this.p;
    const name = this.parseAliasName('#', 'attribute');
    const isReadAhead = this.attributesReadAhead.delete(name);
    if (!isReadAhead && this.attributeAliases.has(name))
      this.fail(`redefinition of attribute alias id '${name}'`, start);
    this.brokenAliases.add(`#${name}`);
    this.expect(Char.Equals, `expected '=' in attribute alias definition`);
    const attribute = this.parseAttribute();
    this.brokenAliases.delete(`#${name}`);
    this.attributeAliases.set(name, attribute);
  }

  /** `!name = type`. */
  private parseTypeAlias(): void {
    const start = this.p;
    const name = this.parseAliasName('!', 'type');
    if (this.typeAliases.has(name)) this.fail(`redefinition of type alias id '${name}'`, start);
    this.brokenAliases.add(`!${name}`);
    this.expect(Char.Equals, `expected '=' in type alias definition`);
    const type = this.parseType();
    this.brokenAliases.delete(`!${name}`);
    this.typeAliases.set(name, type);
  }

  private parseAliasName(sigil: string, kind: string): string {
    const start = this.p;
    const name = this.parseSuffixIdentifier();
    if (name === '') this.fail('unexpected character', start);
    if (name.includes('.'))
      this.fail(`${kind} names with a '.' are reserved for dialect-defined names`, start);
    if (this.brokenAliases.has(`${sigil}${name}`)) this.brokenAliases.delete(`${sigil}${name}`);
    return name;
  }

  // Metadata

  /** `{-# group: { owner: { key: value } } #-}` behind its opening. */
  private parseMetadata(): void {
    const metadata = (this.metadata ??= new Map());
    if (this.parseOptionalPunctuation('#-}')) return;
    do {
      const start = this.offset;
      const group = this.parseAnyKeyword('identifier key in file metadata dictionary');
      if (!METADATA_GROUPS.has(group))
        this.fail(`unknown key '${group}' in file metadata dictionary`, start);
      this.expect(Char.Colon, `expected ':'`);
      const owners = metadata.get(group) ?? new Map<string, Map<string, string>>();
      metadata.set(group, owners);
      this.parseMetadataList((owner) => {
        const entries = owners.get(owner) ?? new Map<string, string>();
        owners.set(owner, entries);
        this.parseMetadataList((key) => entries.set(key, this.parseResourceValue()));
      });
    } while (this.eat(Char.Comma));
    if (!this.parseOptionalPunctuation('#-}'))
      this.failExpected(`expected '#-}' to end file metadata dictionary`);
  }

  /** `{key: ..., key: ...}`; `parseValue` reads behind each colon. */
  private parseMetadataList(parseValue: (key: string) => void): void {
    this.expect(Char.OpenBrace, `expected '{'`);
    if (this.eat(Char.CloseBrace)) return;
    do {
      const key =
        this.parseOptionalString() ?? this.parseAnyKeyword(`identifier key for resource entry`);
      this.expect(Char.Colon, `expected ':'`);
      parseValue(key);
    } while (this.eat(Char.Comma));
    this.expect(Char.CloseBrace, `expected '}'`);
  }

  private parseResourceValue(): string {
    this.ws();
    const start = this.p;
    const isValue =
      this.parseOptionalString() !== undefined ||
      this.parseOptionalKeyword('true') ||
      this.parseOptionalKeyword('false');
    if (!isValue) this.failExpected('expected a resource value');
    return this.text.slice(start, this.p);
  }
}

/**
 * Parses a file. Several top-level operations are wrapped in a `builtin.module`. Problems are reported through the
 * context, several where the text allows to go on after one; the result is undefined when there was an error.
 */
export function parseModule(
  source: SourceFile,
  context: Context,
  options: ParseOptions = {},
): Operation | undefined {
  return new FileParser(source, context).parseFile(options);
}

/** Parses the text of one type, reporting what is wrong with it. */
export function parseType(text: string | SourceFile, context: Context): Type | undefined {
  return parserOf(text, context).parseWhole((parser) => parser.parseType());
}

/** Parses the text of one attribute, reporting what is wrong with it. */
export function parseAttribute(
  text: string | SourceFile,
  context: Context,
  type?: Type,
): Attribute | undefined {
  return parserOf(text, context).parseWhole((parser) => parser.parseAttribute(type));
}

function parserOf(text: string | SourceFile, context: Context): FileParser {
  return new FileParser(typeof text === 'string' ? new SourceFile('<text>', text) : text, context);
}
