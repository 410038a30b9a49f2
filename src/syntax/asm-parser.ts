/** What a custom form parses with: the contract between the parser of operations and the dialects' formats. */

import type {
  AffineMap,
  Attribute,
  Block,
  Context,
  Location,
  OperationName,
  Parameter,
  Region,
  Type,
  Value,
} from '../ir/index.js';

/** A use of a value whose type is not known yet: `%name` or `%name#2`. */
export interface UnresolvedOperand {
  /** Without `%`. */
  readonly name: string;
  /** Result number after `#`; 0 where there is none. */
  readonly number: number;
  readonly offset: number;
}

/** `%name: type loc(...)`: an argument that a custom form declares for a region. */
export interface ParsedArgument {
  readonly name: UnresolvedOperand;
  /** Absent until the form knows it; set before the region is parsed. */
  type: Type | undefined;
  readonly location: Location;
  /** Attributes behind the type (`%a: f32 {d.x}`), where the form allows them. */
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** Filled by the parser of a custom form; the operation is built from it afterwards. */
export interface OperationParseState {
  readonly name: OperationName;
  readonly location: Location;
  /** Offset of the operation's name. */
  readonly offset: number;
  operands: Value[];
  resultTypes: Type[];
  /** Inherent and discardable attributes together. */
  readonly attributes: Map<string, Attribute>;
  readonly regions: Region[];
  readonly successors: Block[];
}

/** Yielded where a region follows; the driver parses `{ ... }` into it without recursion, then resumes. */
export interface RegionParseRequest {
  /** An empty region to fill, which the form has pushed (or will push) to the state's regions. */
  readonly region: Region;
  /** Arguments of the entry block that the form itself spelled out. */
  readonly entryArguments?: readonly ParsedArgument[];
  /** Leave the region empty when no `{` follows. */
  readonly isOptional?: boolean;
}

/** Parses an operation's custom form after its name. A generator where there are regions. */
export type CustomParser = (
  parser: AsmParser,
  state: OperationParseState,
) => void | Generator<RegionParseRequest, void>;

/**
 * Reads what follows the mnemonic of a declared type or attribute, its angle brackets included; the parser stands
 * right behind the mnemonic. It is the value of `ParametricDefinition.parseParameters`. A definition without one has
 * no parameters. The values are then checked by the definition's `verify`, whose message is reported at the mnemonic.
 */
export type ParameterParser = (parser: AsmParser) => readonly Parameter[];

/** A stretch of text that some other parser will read. */
export interface TextSlice {
  readonly text: string;
  readonly offset: number;
}

/** An affine map whose dimensions and symbols are spelled as operands: `[%i + 1, %j * symbol(%n)]`. */
export interface AffineMapOfOperands {
  readonly map: AffineMap;
  /** The dimensions' operands. */
  readonly dimensions: readonly UnresolvedOperand[];
  /** The symbols' operands. */
  readonly symbols: readonly UnresolvedOperand[];
}

/**
 * Methods named `expectX` and `parseX` throw a `DiagnosticError` at the current position where the text does not
 * match; those named `parseOptionalX` consume nothing then and return undefined or false.
 */
export interface AsmParser {
  readonly context: Context;
  /** Offset of the next token. */
  readonly offset: number;

  // Punctuation (`( ) { } [ ] < > : , = -> ? + * - / |` ...) and keywords (bare identifiers).
  expectPunctuation(text: string): void;
  parseOptionalPunctuation(text: string): boolean;
  expectKeyword(keyword: string): void;
  parseOptionalKeyword(keyword: string): boolean;
  /** Any bare identifier. `what` names it in the message: `expected <what>`. */
  parseAnyKeyword(what: string): string;
  parseOptionalAnyKeyword(): string | undefined;

  // Literals.
  parseInteger(): bigint;
  parseOptionalInteger(): bigint | undefined;
  parseString(): string;
  parseOptionalString(): string | undefined;

  // Operands.
  parseOperand(): UnresolvedOperand;
  parseOptionalOperand(): UnresolvedOperand | undefined;
  /** Comma separated; empty where no `%` follows. */
  parseOperandList(): UnresolvedOperand[];
  /** The value of that name as a value of that type, which may be defined later in the text. */
  resolveOperand(operand: UnresolvedOperand, type: Type): Value;
  /** Counts must agree, else `<n> operands present, but expected <m>` at `offset`. */
  resolveOperands(
    operands: readonly UnresolvedOperand[],
    types: readonly Type[],
    offset: number,
  ): Value[];

  // Types and attributes.
  parseType(): Type;
  parseOptionalType(): Type | undefined;
  /** Comma separated, at least one. */
  parseTypeList(): Type[];
  /** An attribute; where `type` is given a number takes that type and no `: type` follows. */
  parseAttribute(type?: Type): Attribute;
  parseOptionalAttribute(type?: Type): Attribute | undefined;
  /** `{a = 1, b}` into `into`; nothing when no `{` follows. Duplicate keys are errors. */
  parseOptionalAttributeDict(into: Map<string, Attribute>): void;
  /** The same behind the keyword `attributes`. */
  parseOptionalAttributeDictWithKeyword(into: Map<string, Attribute>): void;
  /** The dimensions in front of an element type, each with its `x`: `4x?x` (`?` gives `DYNAMIC`); may be empty. */
  parseDimensionList(): number[];
  /** Text up to the next `,` or closing bracket that is not inside brackets of its own or a string; trimmed. */
  parseBalancedText(): TextSlice;
  /** `(d0, d1)[s0] -> (d0 + s0)`: the inside of `affine_map<...>`. */
  parseAffineMap(): AffineMap;
  /** Comma separated affine expressions of operands between `[` and `]` (or `(` and `)`). */
  parseAffineMapOfOperands(open?: '[' | '('): AffineMapOfOperands;
  /** `@name`, without the `@`. */
  parseSymbolName(): string;
  parseOptionalSymbolName(): string | undefined;

  // Blocks and region arguments.
  /** `^name`: the block, which may be defined later in the region. */
  parseSuccessor(): Block;
  parseOptionalSuccessor(): Block | undefined;
  /** `%name`, and `: type` where `withType`, `{attributes}` where `withAttributes`, and an optional location. */
  parseArgument(options?: { withType?: boolean; withAttributes?: boolean }): ParsedArgument;
  parseOptionalArgument(options?: {
    withType?: boolean;
    withAttributes?: boolean;
  }): ParsedArgument | undefined;
  /** `loc(...)`, or undefined. */
  parseOptionalLocation(): Location | undefined;

  /** Throws a `DiagnosticError` at `offset` (default: the next token). */
  fail(message: string, offset?: number): never;
}
