/** Custom forms of the memref dialect. */

import {
  IntegerAttr,
  i32,
  indexType,
  MemRefType,
  RankedTensorType,
  TypeAttr,
  UnitAttr,
  DenseElementsAttr,
  type CustomPrinter,
} from '../../ir/index.js';
import type { CustomParser } from '../../syntax/asm-parser.js';
import type { CustomDirective } from '../directives.js';
import { parseOptionalArrowTypes, parseRegionInto, printArrowTypes } from '../forms.js';

/** The tensor that an initial value of a global has. */
function initialValueType(type: MemRefType): RankedTensorType {
  return RankedTensorType.get(type.shape, type.elementType);
}

/** global-value ::= type (`=` (`uninitialized` | elements))? */
export const globalTypeAndInitialValue: CustomDirective = {
  parse: (parser, [typeSlot, valueSlot]) => {
    const offset = parser.offset;
    const type = parser.parseType();
    if (!(type instanceof MemRefType) || type.shape.some((extent) => extent < 0))
      return parser.fail(`type should be static shaped memref, but got ${type}`, offset);
    typeSlot.attribute = TypeAttr.get(type);
    if (!parser.parseOptionalPunctuation('=')) return undefined;
    if (parser.parseOptionalKeyword('uninitialized')) {
      valueSlot.attribute = UnitAttr.get();
      return undefined;
    }
    const valueOffset = parser.offset;
    const value = parser.parseAttribute(initialValueType(type));
    if (!(value instanceof DenseElementsAttr))
      return parser.fail('initial value should be a unit or elements attribute', valueOffset);
    valueSlot.attribute = value;
    return undefined;
  },
  print: (printer, [typeSlot, valueSlot]) => {
    printer.writeAttribute(typeSlot.attribute!);
    const value = valueSlot.attribute;
    if (value === undefined) return;
    printer.write(' = ');
    if (value instanceof UnitAttr) printer.write('uninitialized');
    else printer.writeAttributeWithoutType(value);
  },
};

/** alloca_scope ::= (`->` types)? region attributes? */
export const parseAllocaScope: CustomParser = function* (parser, state) {
  state.resultTypes.push(...parseOptionalArrowTypes(parser));
  yield* parseRegionInto(state);
  parser.parseOptionalAttributeDict(state.attributes);
};

export const printAllocaScope: CustomPrinter = function* (op, printer) {
  printArrowTypes(printer, op.resultTypes);
  printer.write(' ');
  yield {
    region: op.regions[0],
    printEntryArguments: false,
    printTerminators: op.results.length > 0,
  };
  printer.writeOptionalAttributeDict(op, new Set());
};

/** prefetch ::= operand `[` operands `]` `,` (`read` | `write`) `,` `locality` `<` n `>` `,` (`data` | `instr`) ... */
export const parsePrefetch: CustomParser = (parser, state) => {
  const memref = parser.parseOperand();
  parser.expectPunctuation('[');
  const indices = parser.parseOperandList();
  parser.expectPunctuation(']');
  parser.expectPunctuation(',');
  const flag = (yes: string, no: string): IntegerAttr => {
    const isYes = parser.parseOptionalKeyword(yes);
    if (!isYes && !parser.parseOptionalKeyword(no)) parser.fail(`expected '${yes}' or '${no}'`);
    return IntegerAttr.bool(isYes);
  };
  state.attributes.set('isWrite', flag('write', 'read'));
  parser.expectPunctuation(',');
  parser.expectKeyword('locality');
  parser.expectPunctuation('<');
  state.attributes.set('localityHint', IntegerAttr.get(parser.parseInteger(), i32));
  parser.expectPunctuation('>');
  parser.expectPunctuation(',');
  state.attributes.set('isDataCache', flag('data', 'instr'));
  parser.parseOptionalAttributeDict(state.attributes);
  parser.expectPunctuation(':');
  const type = parser.parseType();
  state.operands.push(
    parser.resolveOperand(memref, type),
    ...indices.map((operand) => parser.resolveOperand(operand, indexType)),
  );
};

const PREFETCH_ATTRIBUTES = new Set(['isWrite', 'localityHint', 'isDataCache']);

export const printPrefetch: CustomPrinter = (op, printer) => {
  const [memref, ...indices] = op.operands;
  const isSet = (name: string): boolean => (op.properties.get(name) as IntegerAttr).value !== 0n;
  printer.write(' ');
  printer.writeOperand(memref);
  printer.write('[');
  printer.writeOperands(indices);
  const hint = (op.properties.get('localityHint') as IntegerAttr).value;
  printer.write(
    `], ${isSet('isWrite') ? 'write' : 'read'}, locality<${hint}>, ${isSet('isDataCache') ? 'data' : 'instr'}`,
  );
  printer.writeOptionalAttributeDict(op, PREFETCH_ATTRIBUTES);
  printer.write(' : ');
  printer.writeType(memref.type);
};
