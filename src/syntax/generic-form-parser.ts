/** The parts of an operation's generic form. */

import {
  DictionaryAttr,
  Operation,
  Region,
  SourceLocation,
  Value,
  type Block,
  type FunctionType,
  type Location,
  type OperationDefinition,
  type OperationName,
  type Type,
} from '../ir/index.js';
import { InternalError } from '../support/index.js';
import type { RegionParseRequest, UnresolvedOperand } from './asm-parser.js';
import { Char } from './lexer.js';
import { OperationNameParser } from './operation-name-parser.js';

/** Places in an operation of generic form. */
export interface GenericOffsets {
  readonly nameOffset: number;
  readonly nameEnd: number;
  /** Of the first operand. */
  readonly operandsOffset: number;
}

export abstract class GenericFormParser extends OperationNameParser {
  protected locationOf(offset: number, end = offset): Location {
    return new SourceLocation(this.source, offset, end);
  }

  protected *genericRegions(regions: Region[]): Generator<RegionParseRequest, void> {
    this.p++;
    do {
      const region = new Region();
      regions.push(region);
      yield { region };
    } while (this.eat(Char.Comma));
    this.expect(Char.CloseParen, `expected ')' to end region list`);
  }

  protected parseSuccessors(): Block[] {
    this.p++;
    const successors: Block[] = [];
    do successors.push(this.parseSuccessor());
    while (this.eat(Char.Comma));
    this.expect(Char.CloseBracket, `expected ']'`);
    return successors;
  }

  protected finishGeneric(
    name: OperationName,
    operands: (Value | UnresolvedOperand)[],
    successors: readonly Block[],
    properties: DictionaryAttr,
    regions: readonly Region[],
    { nameOffset, nameEnd, operandsOffset }: GenericOffsets,
  ): Operation {
    const attributes = this.ws() === Char.OpenBrace ? this.parseDictionary() : DictionaryAttr.empty;
    this.expect(Char.Colon, `expected ':' followed by operation type`);
    this.ws();
    const typeOffset = this.p;
    const type: FunctionType = this.parseFunctionType();
    if (type.inputs.length !== operands.length) {
      // The blank in place of the plural's `s` is MLIR's.
      const plural = operands.length === 1 ? ' ' : 's';
      this.fail(
        `expected ${operands.length} operand type${plural} but had ${type.inputs.length}`,
        typeOffset,
      );
    }
    for (let index = 0; index < operands.length; index++) {
      const operand = operands[index];
      const wanted = type.inputs[index];
      if (!(operand instanceof Value)) operands[index] = this.resolveOperand(operand, wanted);
      else if (operand.type !== wanted) this.failOperandType(index, operandsOffset, wanted);
    }
    const values = operands as Value[];
    const location = this.parseOptionalLocation() ?? this.locationOf(nameOffset, nameEnd);
    const { definition } = name;
    if (definition === undefined || isComplete(definition, properties, attributes)) {
      return new Operation(
        name,
        values,
        type.results,
        properties,
        attributes,
        regions,
        successors,
        location,
      );
    }
    return Operation.create({
      name,
      operands: values,
      resultTypes: type.results,
      attributes: [...attributes.entries(), ...properties.entries()],
      regions,
      successors,
      location,
    });
  }

  /** Operands of a generic form: values where they are known already, whose types are checked later. */
  protected parseGenericOperands(): (Value | UnresolvedOperand)[] {
    if (this.ws() !== Char.Percent) return [];
    const operands: (Value | UnresolvedOperand)[] = [];
    do {
      if (this.ws() !== Char.Percent) this.failExpected('expected SSA operand');
      const offset = this.p;
      const name = this.parseSuffixIdentifier();
      if (name === '') this.fail('invalid SSA name', offset);
      const number = this.parseResultNumber();
      const known = number === 0 ? this.names.lookUp(name)?.first : undefined;
      operands.push(known ?? { name, number, offset });
    } while (this.eat(Char.Comma));
    return operands;
  }

  /** Fails for an operand whose value has another type than the operation's signature says. */
  private failOperandType(index: number, operandsOffset: number, wanted: Type): never {
    const { result } = this.withCursorAt(operandsOffset, () => this.parseOperandList());
    this.resolveOperand(result[index], wanted);
    throw new InternalError(`operand #${index} was refused, and then accepted`);
  }
}

/** Whether the dictionaries as written already tell inherent from discardable attributes and lack no default. */
function isComplete(
  { inherentAttributes, defaultAttributes }: OperationDefinition,
  properties: DictionaryAttr,
  attributes: DictionaryAttr,
): boolean {
  for (const name of properties.names) if (!inherentAttributes.has(name)) return false;
  for (const name of attributes.names) if (inherentAttributes.has(name)) return false;
  if (defaultAttributes === undefined || defaultAttributes.size === 0) return true;
  for (const name of defaultAttributes.keys()) if (!properties.has(name)) return false;
  return true;
}
