/** What custom forms call: operands, arguments, successors and the rest of `AsmParser`, on top of types and attributes. */

import { DYNAMIC, Value, type Block, type Location, type Type } from '../ir/index.js';
import { buildMapOfOperands, type AffineOperand, type AffineTree } from './affine-builder.js';
import type {
  AffineMapOfOperands,
  AsmParser,
  ParsedArgument,
  TextSlice,
  UnresolvedOperand,
} from './asm-parser.js';
import { Char, isDigit } from './lexer.js';
import { LocationParser } from './location-parser.js';
import { NameScopes, type NameProblem } from './name-scopes.js';

/** What `parseArgument` may find behind the name. */
interface ArgumentOptions {
  readonly withType?: boolean;
  readonly withAttributes?: boolean;
}

export abstract class CustomFormParser extends LocationParser implements AsmParser {
  protected readonly names = new NameScopes();

  protected get asmParser(): AsmParser {
    return this;
  }

  /** The block of that name in the region in hand, which may be defined later. */
  protected abstract blockNamed(name: string, offset: number): Block;

  /** The location of something in the text that carries none of its own. */
  protected abstract locationOf(offset: number, end?: number): Location;

  protected failWith(problem: NameProblem): never {
    const { note } = problem;
    const notes = note === undefined ? [] : [this.note(note.message, note.offset)];
    this.fail(problem.message, problem.offset, notes);
  }

  // Operands

  parseOptionalOperand(): UnresolvedOperand | undefined {
    if (this.ws() !== Char.Percent) return undefined;
    const offset = this.p;
    const name = this.parseSuffixIdentifier();
    if (name === '') this.fail('invalid SSA name', offset);
    return { name, number: this.parseResultNumber(), offset };
  }

  /** `#2` right behind a name; 0 where there is none. */
  protected parseResultNumber(): number {
    const { text } = this;
    if (text.charCodeAt(this.p) !== Char.Hash || !isDigit(text.charCodeAt(this.p + 1))) return 0;
    this.p++;
    const number = Number(this.parseDigits());
    return Number.isSafeInteger(number) ? number : this.fail('invalid SSA value result number');
  }

  parseOperand(): UnresolvedOperand {
    return this.parseOptionalOperand() ?? this.failExpected('expected SSA operand');
  }

  parseOperandList(): UnresolvedOperand[] {
    const operands: UnresolvedOperand[] = [];
    const first = this.parseOptionalOperand();
    if (first === undefined) return operands;
    operands.push(first);
    while (this.eat(Char.Comma)) operands.push(this.parseOperand());
    return operands;
  }

  resolveOperand(operand: UnresolvedOperand, type: Type): Value {
    const value = this.names.resolve(operand.name, operand.number, type, operand.offset);
    return value instanceof Value ? value : this.failWith(value);
  }

  resolveOperands(
    operands: readonly UnresolvedOperand[],
    types: readonly Type[],
    offset: number,
  ): Value[] {
    if (operands.length !== types.length)
      this.fail(`${operands.length} operands present, but expected ${types.length}`, offset);
    return operands.map((operand, index) => this.resolveOperand(operand, types[index]));
  }

  // Types and attributes

  parseDimensionList(): number[] {
    const shape: number[] = [];
    for (;;) {
      this.ws();
      const dimension = /^(\?|[0-9]+)(x?)/.exec(this.text.slice(this.p, this.p + 24));
      if (dimension === null) return shape;
      const [whole, extent, by] = dimension;
      this.p += whole.length;
      if (by === '') this.failExpected(`expected 'x' in dimension list`);
      shape.push(extent === '?' ? DYNAMIC : Number(extent));
    }
  }

  parseBalancedText(): TextSlice {
    this.ws();
    const offset = this.p;
    let end = offset;
    for (; end < this.text.length; end++) {
      const code = this.text.charCodeAt(end);
      if (code === Char.Comma) break;
      if (code === Char.Quote) end = this.stringEnd(end) - 1;
      else if (/[([{<]/.test(this.text[end])) end = Math.max(this.extentOf(end).end - 1, end);
      else if (/[)\]}>]/.test(this.text[end]) && this.text[end - 1] !== '-') break;
    }
    const text = this.text.slice(offset, end).trimEnd();
    this.p = offset + text.length;
    return { text, offset };
  }

  parseAffineMapOfOperands(open: '[' | '(' = '['): AffineMapOfOperands {
    if (this.ws() !== open.charCodeAt(0)) this.failExpected(`expected '${open}'`);
    const { end, unbalanced } = this.extentOf(this.p);
    const base = this.p + 1;
    const slice = this.text.slice(base, unbalanced === undefined ? end - 1 : end);
    const trees = this.parseAffine<AffineTree[]>(slice, base, 'Expressions');
    const fail = (message: string, offset: number): never => this.fail(message, base + offset);
    const { map, dimensions, symbols } = buildMapOfOperands(trees, fail);
    this.p = end;
    if (unbalanced !== undefined) this.failExpected(`expected '${open === '[' ? ']' : ')'}'`);
    const toOperand = ({ name, number, at }: AffineOperand): UnresolvedOperand => ({
      name,
      number,
      offset: base + at,
    });
    return { map, dimensions: dimensions.map(toOperand), symbols: symbols.map(toOperand) };
  }

  // Blocks and arguments

  parseOptionalSuccessor(): Block | undefined {
    if (this.ws() !== Char.Caret) return undefined;
    const offset = this.p;
    const name = this.parseSuffixIdentifier();
    if (name === '') this.fail('invalid block name', offset);
    return this.blockNamed(name, offset);
  }

  parseSuccessor(): Block {
    return this.parseOptionalSuccessor() ?? this.failExpected('expected block name');
  }

  parseOptionalArgument(options: ArgumentOptions = {}): ParsedArgument | undefined {
    const name = this.parseOptionalOperand();
    if (name === undefined) return undefined;
    if (name.number !== 0) this.fail('result number not allowed in argument list', name.offset);
    let type: Type | undefined;
    if (options.withType) {
      this.expect(Char.Colon, `expected ':'`);
      type = this.parseType();
    }
    const attributes = new Map();
    if (options.withAttributes) this.parseOptionalAttributeDict(attributes);
    const location = this.parseOptionalLocation() ?? this.locationOf(name.offset);
    return { name, type, location, attributes };
  }

  parseArgument(options: ArgumentOptions = {}): ParsedArgument {
    return this.parseOptionalArgument(options) ?? this.failExpected('expected SSA operand');
  }
}
