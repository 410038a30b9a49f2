/** The arith dialect: folds, verifiers of conversions, names of constants, and the form of `select`. */

import {
  bitWidth,
  FloatType,
  IndexType,
  IntegerAttr,
  IntegerType,
  isShapedType,
  Operation,
  OpaqueType,
  TypedAttribute,
  DenseElementsAttr,
  i1,
  type Attribute,
  type Context,
  type CustomPrinter,
  type Location,
  type Type,
} from '../../ir/index.js';
import type { CustomParser } from '../../syntax/asm-parser.js';
import { elementTypeOrSelf, withElementType } from '../entity-types.js';
import { implement, type DialectHooks, type OperationHooks } from '../hook-types.js';
import { CastInterface, ConditionallySpeculatableInterface } from '../interfaces.js';
import { arithFolds } from './folds.js';
import { divisionSpeculation } from './speculation.js';

/** select ::= operand `,` operand `,` operand attributes? `:` (condition-type `,`)? type */
const parseSelect: CustomParser = (parser, state) => {
  const operands = [parser.parseOperand()];
  for (let i = 0; i < 2; i++) {
    parser.expectPunctuation(',');
    operands.push(parser.parseOperand());
  }
  parser.parseOptionalAttributeDict(state.attributes);
  parser.expectPunctuation(':');
  const first = parser.parseType();
  const hasCondition = parser.parseOptionalPunctuation(',');
  const type = hasCondition ? parser.parseType() : first;
  const condition = hasCondition ? first : i1;
  [condition, type, type].forEach((it, i) =>
    state.operands.push(parser.resolveOperand(operands[i], it)),
  );
  state.resultTypes.push(type);
};

const printSelect: CustomPrinter = (op, printer) => {
  printer.write(' ');
  printer.writeOperands(op.operands);
  printer.writeOptionalAttributeDict(op, new Set());
  printer.write(' : ');
  const condition = op.operand(0).type;
  if (isShapedType(condition)) {
    printer.writeType(condition);
    printer.write(', ');
  }
  printer.writeType(op.result.type);
};

function verifySelect(op: Operation): boolean {
  const condition = op.operand(0).type;
  if (condition === i1) return true;
  const { type } = op.result;
  if (!isShapedType(type))
    return op.emitOpError(`expected condition to be a signless i1, but got '${condition}'`);
  const expected = withElementType(type, i1);
  return (
    condition === expected ||
    op.emitOpError(
      `expected condition type to have the same shape as the result type, expected '${expected}', but got '${condition}'`,
    )
  );
}

/** The value must be of the result's type, and integers signless. */
function verifyConstant(op: Operation): boolean {
  const { type } = op.result;
  const value = op.properties.get('value')!;
  const found = attributeTypeOf(value);
  if (found !== type) return op.emitOpError(`value type ${found} must match return type: ${type}`);
  if (type instanceof IntegerType && type.signedness !== 'signless')
    return op.emitOpError('integer return type must be signless');
  return true;
}

function attributeTypeOf(value: Attribute): Type | undefined {
  if (value instanceof TypedAttribute) return value.type;
  return value instanceof DenseElementsAttr ? value.type : undefined;
}

/** `c42_i32`, `c0`, `true`, `cst`: what a constant is called where nobody named it. */
function constantName(op: Operation): readonly (string | undefined)[] {
  const value = op.properties.get('value');
  const { type } = op.result;
  if (value instanceof IntegerAttr) {
    if (type === i1) return [value.value === 0n ? 'false' : 'true'];
    if (type instanceof IndexType) return [`c${value.value}`];
    return [`c${value.value}_${type}`];
  }
  return ['cst'];
}

const isInteger = (type: Type): boolean => elementTypeOrSelf(type) instanceof IntegerType;
const isFloat = (type: Type): boolean => elementTypeOrSelf(type) instanceof FloatType;
const isIndex = (type: Type): boolean => elementTypeOrSelf(type) instanceof IndexType;
const width = (type: Type): number => bitWidth(elementTypeOrSelf(type)) ?? 0;

interface Conversion {
  readonly from: (type: Type) => boolean;
  readonly to: (type: Type) => boolean;
  readonly widths?: (from: number, to: number) => boolean;
}

const wider = (from: number, to: number): boolean => from < to;
const narrower = (from: number, to: number): boolean => from > to;

/** Which types each conversion takes to which. */
const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  extui: { from: isInteger, to: isInteger, widths: wider },
  extsi: { from: isInteger, to: isInteger, widths: wider },
  extf: { from: isFloat, to: isFloat, widths: wider },
  trunci: { from: isInteger, to: isInteger, widths: narrower },
  truncf: { from: isFloat, to: isFloat, widths: narrower },
  uitofp: { from: isInteger, to: isFloat },
  sitofp: { from: isInteger, to: isFloat },
  fptoui: { from: isFloat, to: isInteger },
  fptosi: { from: isFloat, to: isInteger },
  index_cast: { from: () => true, to: () => true },
  index_castui: { from: () => true, to: () => true },
  bitcast: { from: () => true, to: () => true },
};

function areCompatible(name: string, from: Type, to: Type): boolean {
  const rule = CONVERSIONS[name];
  if (!rule.from(from) || !rule.to(to)) return false;
  if (name === 'bitcast') return width(from) === width(to) && width(from) > 0;
  if (name.startsWith('index_cast'))
    return isIndex(from) ? isInteger(to) : isInteger(from) && isIndex(to);
  return rule.widths === undefined || rule.widths(width(from), width(to));
}

function conversionHooks(name: string): OperationHooks {
  return {
    verify: (op) => {
      const [from, to] = [op.operand(0).type, op.result.type];
      return (
        areCompatible(name, from, to) ||
        op.emitOpError(`operand type '${from}' and result type '${to}' are cast incompatible`)
      );
    },
    interfaces: [
      implement(CastInterface, {
        areCompatible: ([from], [to]) => areCompatible(name, from, to),
      }),
    ],
  };
}

/** `arith.constant` for a typed attribute; undefined where there is no such constant. */
export function materializeArithConstant(
  value: Attribute,
  type: Type,
  location: Location,
  context: Context,
): Operation | undefined {
  if (attributeTypeOf(value) !== type || type instanceof OpaqueType) return undefined;
  return Operation.create({
    name: context.getOperationName('arith.constant'),
    resultTypes: [type],
    attributes: [['value', value]],
    location,
  });
}

const operations: Record<string, OperationHooks> = {
  constant: { verify: verifyConstant, suggestNames: constantName },
  select: { parse: parseSelect, print: printSelect, verify: verifySelect },
  addui_extended: { suggestNames: () => ['sum', 'overflow'] },
  mulsi_extended: { suggestNames: () => ['low', 'high'] },
  mului_extended: { suggestNames: () => ['low', 'high'] },
};
for (const name of Object.keys(CONVERSIONS)) operations[name] = conversionHooks(name);
for (const [name, fold] of Object.entries(arithFolds))
  operations[name] = { ...operations[name], fold };
for (const [name, speculation] of Object.entries(divisionSpeculation))
  operations[name] = {
    ...operations[name],
    interfaces: [implement(ConditionallySpeculatableInterface, speculation)],
  };

export const arithHooks: DialectHooks = {
  operations,
  materializeConstant: materializeArithConstant,
};
