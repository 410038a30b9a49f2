/**
 * Parsing operations, regions and blocks with an explicit stack: an operation with regions waits as a generator while
 * the driver parses the region it asked for, so that nesting costs no stack.
 */

import type { Value } from '../ir/index.js';
import { Block, DictionaryAttr, Operation, Region, type OperationName } from '../ir/index.js';
import { DiagnosticError } from '../support/index.js';
import type { CustomParser, RegionParseRequest } from './asm-parser.js';
import { GenericFormParser, type GenericOffsets } from './generic-form-parser.js';
import { Char, isLetter } from './lexer.js';
import type { NamedValues } from './name-scopes.js';
import { ParseState } from './parse-state.js';
import { findRecoveryPoint } from './recovery.js';
import { SilentError } from './type-parser.js';

/** Errors after which a file is given up. */
const MAXIMAL_ERRORS = 20;

/** An operation whose regions are being parsed. */
interface OpenOperation {
  readonly start: number;
  readonly resultNames: readonly NamedValues[];
  readonly name: OperationName;
  readonly steps: Generator<RegionParseRequest, void>;
  readonly isCustom: boolean;
  /** Builds the operation after the last region. */
  readonly finish: () => Operation;
}

interface BlockEntry {
  readonly block: Block;
  /** Of the first reference, until the block is defined. */
  reference: number | undefined;
}

/** A region whose operations are being parsed. */
interface OpenRegion {
  readonly region: Region;
  /** The operation that asked for it; undefined for the top level of the file. */
  readonly owner: OpenOperation | undefined;
  readonly isIsolated: boolean;
  readonly hasNamedEntry: boolean;
  readonly defaultDialect: string;
  /** What spellings of operations mean here, as far as they were met. */
  readonly spellings: ReadonlyMap<string, OperationName>;
  block: Block | undefined;
  blocks: Map<string, BlockEntry> | undefined;
}

const NO_NAMES: readonly NamedValues[] = [];
const NO_SUCCESSORS: readonly Block[] = [];
const NO_REGIONS: readonly Region[] = [];

export abstract class OperationParser extends GenericFormParser {
  private readonly stack: OpenRegion[] = [];
  /** Result names of the operation in hand, which are defined nowhere when it fails. */
  private pendingNames: readonly NamedValues[] = NO_NAMES;
  protected errorCount = 0;
  /** The state of an operation that was built, for the next one. */
  private freeState: ParseState | undefined;

  /** Parses something other than an operation at the top level (aliases, metadata); false where it is neither. */
  protected abstract parseTopLevelItem(code: number): boolean;

  /** Parses the whole text into a block. Problems are reported; whether there were none is `errorCount === 0`. */
  protected parseTopLevel(block: Block): void {
    const region = new Region();
    region.append(block);
    this.names.push(true);
    this.stack.push({
      region,
      owner: undefined,
      isIsolated: true,
      hasNamedEntry: false,
      defaultDialect: 'builtin',
      spellings: this.spellingsIn('builtin'),
      block,
      blocks: undefined,
    });
    while (this.stack.length > 0 && this.errorCount < MAXIMAL_ERRORS) this.parseItems();
    region.remove(block);
  }

  /** Parses operations and blocks until an error, or until the stack is empty. */
  private parseItems(): void {
    let start = this.p;
    let depth = this.stack.length;
    try {
      while (this.stack.length > 0) {
        const code = this.ws();
        start = this.p;
        depth = this.stack.length;
        const frame = this.stack[depth - 1];
        this.pendingNames = NO_NAMES;
        if (code === Char.CloseBrace && frame.owner !== undefined) {
          start = frame.owner.start;
          this.p++;
          this.closeRegion(frame);
        } else if (
          code === Char.Caret &&
          (frame.owner !== undefined || frame.blocks !== undefined)
        ) {
          this.parseBlockHeader(frame);
        } else if (frame.owner === undefined && this.p >= this.text.length) {
          this.closeRegion(frame);
        } else if (frame.owner !== undefined || !this.parseTopLevelItem(code)) {
          this.parseOperation(frame, code);
        }
      }
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.recover(error, start);
    }
  }

  /** Reports an error and moves to where parsing can go on. */
  private recover(error: DiagnosticError, start: number): void {
    this.report(error);
    const { position } = error.diagnostic;
    const offset = position !== undefined && 'start' in position ? position.start : this.p;
    for (const { name, offset: at } of this.pendingNames)
      this.names.define({ name, count: 1, offset: at, first: undefined });
    this.pendingNames = NO_NAMES;
    const resume = findRecoveryPoint(this.text, start, Math.max(offset, this.endOfPrevious));
    // An error at the brace of a region that nobody opened must not be met again.
    const isStray = resume === start && this.stack[this.stack.length - 1]?.owner === undefined;
    this.p = isStray ? resume + 1 : resume;
    // Regions that are still open then were not left by the text, so nothing can be said about the names in them.
    if (this.p >= this.text.length && this.stack.length > 1) this.stack.length = 0;
  }

  protected report(error: DiagnosticError): void {
    if (error instanceof SilentError) return;
    this.errorCount++;
    this.context.report(error.diagnostic);
  }

  // Operations

  private parseOperation(frame: OpenRegion, first: number): void {
    const start = this.p;
    let names = NO_NAMES;
    let code = first;
    if (code === Char.Percent) {
      names = this.parseResultNames();
      code = this.ws();
    }
    frame.block ??= frame.region.append(new Block());
    if (code === Char.Quote) this.parseGenericOperation(frame, start, names);
    else if (isLetter(code)) this.parseCustomOperation(frame, start, names);
    else if (this.p < this.text.length && /[^!-~\s]|[$&'*./;\\`|~]/.test(this.text[this.p]))
      this.fail('unexpected character', this.p);
    else this.failExpected('expected operation name in quotes');
  }

  private parseResultNames(): readonly NamedValues[] {
    const names = [this.parseResultName()];
    this.pendingNames = names;
    while (this.eat(Char.Comma)) names.push(this.parseResultName());
    this.expect(Char.Equals, `expected '=' after SSA name`);
    return names;
  }

  /** `%name` or `%name:2` in front of an operation. */
  private parseResultName(): NamedValues {
    if (this.ws() !== Char.Percent) this.failExpected('expected valid ssa identifier');
    const offset = this.p;
    const name = this.parseSuffixIdentifier();
    if (name === '') this.fail('invalid SSA name', offset);
    let count = 1;
    if (this.text.charCodeAt(this.p) === Char.Colon) {
      this.p++;
      this.ws();
      const at = this.p;
      const digits = this.parseDigits();
      if (digits === undefined) this.failExpected('expected integer number of results');
      if (digits < 1n) this.fail('expected named operation to have at least 1 result', at);
      count = Number(digits);
    }
    return { name, count, offset, first: undefined };
  }

  /** Puts a finished operation into the region and defines its names. */
  private insert(
    frame: OpenRegion,
    op: Operation,
    start: number,
    names: readonly NamedValues[],
  ): void {
    frame.block!.append(op);
    if (names.length === 0) return;
    this.pendingNames = NO_NAMES;
    const { firstResult, resultCount } = op;
    if (firstResult === null) this.fail('cannot name an operation with no results', start);
    let bound = 0;
    for (const { count } of names) bound += count;
    if (bound !== resultCount) {
      this.pendingNames = names;
      this.fail(
        `operation defines ${resultCount} results but was provided ${bound} to bind`,
        start,
      );
    }
    this.define(names[0], firstResult);
    let index = names[0].count;
    for (let position = 1; position < names.length; position++) {
      this.define(names[position], op.results[index]);
      index += names[position].count;
    }
  }

  /** Gives a name to the values that start with `first`. */
  private define(named: NamedValues, first: Value): void {
    nameValue(first, named.name);
    named.first = first;
    const problem = this.names.define(named);
    if (problem !== undefined) this.failWith(problem);
  }

  private parseGenericOperation(
    frame: OpenRegion,
    start: number,
    names: readonly NamedValues[],
  ): void {
    const nameOffset = this.p;
    const text = this.readString();
    const nameEnd = this.p;
    if (text === '') this.fail('empty operation name is invalid', nameOffset);
    if (text.includes('\0')) this.fail('null character not allowed in operation name', nameOffset);
    const name = this.context.getOperationName(text);
    if (name.definition === undefined) this.refuseUnregistered(name, nameOffset);
    this.expect(Char.OpenParen, `expected '(' to start operand list`);
    this.ws();
    const operandsOffset = this.p;
    const operands = this.parseGenericOperands();
    this.expect(Char.CloseParen, `expected ')' to end operand list`);
    const successors = this.ws() === Char.OpenBracket ? this.parseSuccessors() : NO_SUCCESSORS;
    let properties = DictionaryAttr.empty;
    if (this.ws() === Char.Less) {
      this.p++;
      if (this.ws() !== Char.OpenBrace) this.failExpected(`expected '{' to start properties`);
      properties = this.parseDictionary();
      this.expect(Char.Greater, `expected '>' to close properties`);
    }
    const offsets: GenericOffsets = { nameOffset, nameEnd, operandsOffset };
    if (this.ws() !== Char.OpenParen) {
      const op = this.finishGeneric(name, operands, successors, properties, NO_REGIONS, offsets);
      this.insert(frame, op, start, names);
      return;
    }
    const regions: Region[] = [];
    const finish = (): Operation =>
      this.finishGeneric(name, operands, successors, properties, regions, offsets);
    this.advance({
      start,
      resultNames: names,
      name,
      steps: this.genericRegions(regions),
      isCustom: false,
      finish,
    });
  }

  // Custom forms

  private parseCustomOperation(
    frame: OpenRegion,
    start: number,
    names: readonly NamedValues[],
  ): void {
    const offset = this.p;
    const spelling = this.parseOptionalAnyKeyword()!;
    const name =
      frame.spellings.get(spelling) ??
      this.resolveOperationName(spelling, frame.defaultDialect, offset);
    const state = this.freeState ?? new ParseState(name);
    this.freeState = undefined;
    state.begin(name, offset, this.locationOf(offset, this.p));
    const parse = name.definition!.parse as CustomParser;
    const steps = parse(this, state);
    if (steps === undefined) {
      this.insert(frame, this.buildFrom(state), start, names);
      return;
    }
    this.advanceCustom(start, names, state, steps);
  }

  /** Apart from the above, whose variables a closure would put on the heap for every operation. */
  private advanceCustom(
    start: number,
    resultNames: readonly NamedValues[],
    state: ParseState,
    steps: Generator<RegionParseRequest, void>,
  ): void {
    const finish = (): Operation => this.buildFrom(state);
    this.advance({ start, resultNames, name: state.name, steps, isCustom: true, finish });
  }

  private buildFrom(state: ParseState): Operation {
    state.location = this.parseOptionalLocation() ?? state.location;
    const op = Operation.create(state);
    this.freeState = state;
    return op;
  }

  // Regions

  /** Runs an operation with regions up to its next region or its end. */
  private advance(owner: OpenOperation): void {
    this.pendingNames = owner.resultNames;
    for (;;) {
      const { done, value } = owner.steps.next();
      if (done) break;
      if (this.ws() !== Char.OpenBrace) {
        if (value.isOptional) continue;
        this.failExpected(`expected '{' to begin a region`);
      }
      this.openRegion(owner, value);
      return;
    }
    const op = owner.finish();
    this.insert(this.stack[this.stack.length - 1], op, owner.start, owner.resultNames);
  }

  private openRegion(owner: OpenOperation, request: RegionParseRequest): void {
    this.p++;
    const isIsolated = owner.name.isIsolatedFromAbove;
    const entryArguments = request.entryArguments ?? [];
    this.names.push(isIsolated);
    const defaultDialect = owner.isCustom
      ? (owner.name.definition?.defaultDialect ?? '')
      : 'builtin';
    const frame: OpenRegion = {
      region: request.region,
      owner,
      isIsolated,
      hasNamedEntry: entryArguments.length > 0,
      defaultDialect,
      spellings: this.spellingsIn(defaultDialect),
      block: undefined,
      blocks: undefined,
    };
    this.stack.push(frame);
    if (entryArguments.length === 0) return;
    const block = (frame.block = request.region.append(new Block()));
    for (const { name, type, location } of entryArguments) {
      if (type === undefined) this.fail('expected a type for the region argument', name.offset);
      const argument = block.addArgument(type, location);
      const previous = this.names.lookUp(name.name);
      if (previous !== undefined) {
        this.fail(`region entry argument '%${name.name}' is already in use`, name.offset, [
          this.note('previously referenced here', previous.offset),
        ]);
      }
      this.define({ name: name.name, count: 1, offset: name.offset, first: undefined }, argument);
    }
  }

  /** Ends the region on top of the stack and resumes its owner. */
  private closeRegion(frame: OpenRegion): void {
    this.stack.pop();
    for (const { reference } of frame.blocks?.values() ?? []) {
      if (reference !== undefined) this.reportAt('reference to an undefined block', reference);
    }
    for (const { offset } of this.names.pop(frame.isIsolated))
      this.reportAt('use of undeclared SSA value name', offset);
    const { owner } = frame;
    if (owner === undefined) return;
    const terminator = owner.name.definition?.implicitTerminator;
    if (owner.isCustom && terminator !== undefined)
      this.ensureTerminator(frame.region, terminator, owner);
    this.advance(owner);
  }

  private reportAt(message: string, offset: number): void {
    if (this.errorCount >= MAXIMAL_ERRORS) return;
    try {
      this.fail(message, offset);
    } catch (error) {
      this.report(error as DiagnosticError);
    }
  }

  private ensureTerminator(region: Region, name: string, owner: OpenOperation): void {
    const block = region.lastBlock ?? region.append(new Block());
    if (block.lastOp?.isTerminator) return;
    block.append(
      Operation.create({
        name: this.context.getOperationName(name),
        location: this.locationOf(owner.start),
      }),
    );
  }

  // Blocks

  protected blockNamed(name: string, offset: number): Block {
    return this.blockEntry(this.stack[this.stack.length - 1], name, offset).block;
  }

  private blockEntry(frame: OpenRegion, name: string, offset: number): BlockEntry {
    frame.blocks ??= new Map();
    let entry = frame.blocks.get(name);
    if (entry === undefined) {
      entry = { block: new Block(), reference: offset };
      if (!/^[0-9]/.test(name) && !/^bb[0-9]*$/.test(name)) entry.block.name = name;
      frame.blocks.set(name, entry);
    }
    return entry;
  }

  private parseBlockHeader(frame: OpenRegion): void {
    const offset = this.p;
    const name = this.parseSuffixIdentifier();
    if (name === '') this.fail('invalid block name', offset);
    if (frame.hasNamedEntry && frame.region.lastBlock === frame.block && frame.block!.isEmpty) {
      if (frame.region.hasOneBlock)
        this.fail('invalid block name in region with named arguments', offset);
    }
    const isKnown = frame.blocks?.has(name) ?? false;
    const entry = this.blockEntry(frame, name, offset);
    if (isKnown && entry.reference === undefined)
      this.fail(`redefinition of block '^${name}'`, offset);
    entry.reference = undefined;
    frame.block = frame.region.append(entry.block);
    if (this.eat(Char.OpenParen)) this.parseBlockArguments(entry.block);
    this.expect(Char.Colon, `expected ':' after block name`);
  }

  private parseBlockArguments(block: Block): void {
    if (this.eat(Char.CloseParen)) return;
    do {
      const { name, offset } = this.parseOperand();
      this.expect(Char.Colon, `expected ':' and type for SSA operand`);
      const type = this.parseType();
      const location = this.parseOptionalLocation() ?? this.locationOf(offset);
      const argument = block.addArgument(type, location);
      this.define({ name, count: 1, offset, first: undefined }, argument);
    } while (this.eat(Char.Comma));
    this.expect(Char.CloseParen, `expected ')' to end argument list`);
  }
}

/** Keeps an author's name; those that are only digits are the printer's. */
function nameValue(value: Value, name: string): void {
  const code = name.charCodeAt(0);
  if (code > Char.Nine || code < Char.Zero) value.name = name;
}
