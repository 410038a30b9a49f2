/** The custom forms of the affine dialect. */

import {
  AffineMap,
  AffineMapAttr,
  affineConstant,
  affineDim,
  DenseArrayAttr,
  formatAffine,
  i32,
  indexType,
  IntegerAttr,
  IntegerSetAttr,
  MemRefType,
  Region,
  type AsmPrinter,
  type CustomPrinter,
  type Operation,
  type Value,
} from '../../ir/index.js';
import type { AsmParser, CustomParser, UnresolvedOperand } from '../../syntax/asm-parser.js';
import {
  parseAssignments,
  parseOptionalArrowTypes,
  parseRegionInto,
  printArrowTypes,
  printAssignments,
} from '../forms.js';

/** dim-and-symbol-operands ::= `(` operands `)` (`[` operands `]`)? */
function parseDimensionsAndSymbols(parser: AsmParser): {
  readonly dimensions: readonly UnresolvedOperand[];
  readonly symbols: readonly UnresolvedOperand[];
} {
  parser.expectPunctuation('(');
  const dimensions = parser.parseOperandList();
  parser.expectPunctuation(')');
  let symbols: UnresolvedOperand[] = [];
  if (parser.parseOptionalPunctuation('[')) {
    symbols = parser.parseOperandList();
    parser.expectPunctuation(']');
  }
  return { dimensions, symbols };
}

function resolveIndices(parser: AsmParser, operands: readonly UnresolvedOperand[]): Value[] {
  return operands.map((operand) => parser.resolveOperand(operand, indexType));
}

export function printDimensionsAndSymbols(
  printer: AsmPrinter,
  dimCount: number,
  operands: readonly Value[],
): void {
  printer.write('(');
  printer.writeOperands(operands.slice(0, dimCount));
  printer.write(')');
  if (operands.length <= dimCount) return;
  printer.write('[');
  printer.writeOperands(operands.slice(dimCount));
  printer.write(']');
}

/** apply ::= affine-map-attribute dim-and-symbol-operands attributes?; `min` and `max` likewise */
export const parseMapped: CustomParser = (parser, state) => {
  const mapOffset = parser.offset;
  const map = parser.parseAttribute();
  if (!(map instanceof AffineMapAttr))
    return parser.fail('expected an affine map attribute', mapOffset);
  const offset = parser.offset;
  const { dimensions, symbols } = parseDimensionsAndSymbols(parser);
  parser.parseOptionalAttributeDict(state.attributes);
  const { dimCount, symbolCount } = map.map;
  if (
    dimCount !== dimensions.length ||
    dimCount + symbolCount !== dimensions.length + symbols.length
  )
    parser.fail('dimension or symbol index mismatch', offset);
  state.attributes.set('map', map);
  state.operands.push(...resolveIndices(parser, [...dimensions, ...symbols]));
  state.resultTypes.push(indexType);
};

const MAP: ReadonlySet<string> = new Set(['map']);

export const printMapped: CustomPrinter = (op, printer) => {
  const attribute = op.properties.get('map') as AffineMapAttr;
  printer.write(' ');
  printer.writeAttribute(attribute);
  printDimensionsAndSymbols(printer, attribute.map.dimCount, op.operands);
  printer.writeOptionalAttributeDict(op, MAP);
};

interface ParsedBound {
  readonly map: AffineMap;
  readonly operands: readonly UnresolvedOperand[];
}

/** bound ::= integer | operand | (`min` | `max`)? affine-map-attribute dim-and-symbol-operands */
function parseBound(parser: AsmParser, combiner: 'max' | 'min'): ParsedBound {
  const constant = parser.parseOptionalInteger();
  if (constant !== undefined)
    return { map: AffineMap.get(0, 0, [affineConstant(Number(constant))]), operands: [] };
  const operand = parser.parseOptionalOperand();
  if (operand !== undefined)
    return { map: AffineMap.get(1, 0, [affineDim(0)]), operands: [operand] };
  const offset = parser.offset;
  const isCombined = parser.parseOptionalKeyword(combiner);
  const attribute = parser.parseAttribute();
  if (!(attribute instanceof AffineMapAttr))
    return parser.fail('expected valid affine map representation for loop bounds', offset);
  const { map } = attribute;
  if (map.results.length > 1 && !isCombined) {
    const bound = combiner === 'max' ? 'lower' : 'upper';
    parser.fail(
      `${bound} loop bound affine map with multiple results requires '${combiner}' prefix`,
      offset,
    );
  }
  const { dimensions, symbols } = parseDimensionsAndSymbols(parser);
  if (map.dimCount !== dimensions.length)
    parser.fail('dim operand count and affine map dim count must match', offset);
  if (map.symbolCount !== symbols.length)
    parser.fail('symbol operand count and affine map symbol count must match', offset);
  return { map, operands: [...dimensions, ...symbols] };
}

/** for ::= argument `=` bound `to` bound (`step` integer)? (`iter_args` assignments `->` types)? region attributes? */
export const parseFor: CustomParser = function* (parser, state) {
  const variable = parser.parseArgument();
  variable.type = indexType;
  parser.expectPunctuation('=');
  const lower = parseBound(parser, 'max');
  parser.expectKeyword('to');
  const upper = parseBound(parser, 'min');
  let step = 1n;
  if (parser.parseOptionalKeyword('step')) {
    const offset = parser.offset;
    step = parser.parseInteger();
    if (step <= 0n)
      parser.fail('expected step to be representable as a positive signed integer', offset);
  }
  const offset = parser.offset;
  const carried = parser.parseOptionalKeyword('iter_args')
    ? parseAssignments(parser)
    : { arguments: [], operands: [] };
  const types = carried.operands.length > 0 ? parseOptionalArrowTypes(parser) : [];
  if (types.length !== carried.operands.length)
    parser.fail('mismatch between the number of loop-carried values and results', offset);
  carried.arguments.forEach((argument, i) => (argument.type = types[i]));
  const [lowers, uppers] = [lower, upper].map(({ operands }) => resolveIndices(parser, operands));
  state.operands.push(
    ...lowers,
    ...uppers,
    ...parser.resolveOperands(carried.operands, types, offset),
  );
  state.resultTypes.push(...types);
  state.attributes.set('lowerBoundMap', AffineMapAttr.get(lower.map));
  state.attributes.set('upperBoundMap', AffineMapAttr.get(upper.map));
  state.attributes.set('step', IntegerAttr.get(step, indexType));
  state.attributes.set(
    'operandSegmentSizes',
    DenseArrayAttr.get(i32, [lowers.length, uppers.length, types.length]),
  );
  yield* parseRegionInto(state, { entryArguments: [variable, ...carried.arguments] });
  parser.parseOptionalAttributeDict(state.attributes);
};

function printBound(
  printer: AsmPrinter,
  attribute: AffineMapAttr,
  operands: readonly Value[],
  combiner: 'max' | 'min',
): void {
  const { map } = attribute;
  if (map.results.length === 1) {
    const [expr] = map.results;
    if (map.dimCount + map.symbolCount === 0 && expr.kind === 'constant') {
      printer.write(formatAffine(expr));
      return;
    }
    // A single symbol prints as its operand; a single dimension too, where it is the whole map.
    const isIdentity =
      (expr.kind === 'dim' && map.dimCount === 1 && map.symbolCount === 0) ||
      (expr.kind === 'symbol' && map.dimCount === 0 && map.symbolCount === 1);
    if (isIdentity) {
      printer.writeOperand(operands[0]);
      return;
    }
  } else printer.write(`${combiner} `);
  printer.writeAttribute(attribute);
  printDimensionsAndSymbols(printer, map.dimCount, operands);
}

const FOR_ATTRIBUTES: ReadonlySet<string> = new Set([
  'lowerBoundMap',
  'upperBoundMap',
  'step',
  'operandSegmentSizes',
]);

export const printFor: CustomPrinter = function* (op, printer) {
  const [variable, ...carried] = op.regions[0].entryBlock.arguments;
  const [lowers, uppers] = (op.properties.get('operandSegmentSizes') as DenseArrayAttr).values;
  const { operands } = op;
  printer.write(' ');
  printer.writeOperand(variable);
  printer.write(' = ');
  const lowerMap = op.properties.get('lowerBoundMap') as AffineMapAttr;
  printBound(printer, lowerMap, operands.slice(0, lowers), 'max');
  printer.write(' to ');
  const upperMap = op.properties.get('upperBoundMap') as AffineMapAttr;
  printBound(printer, upperMap, operands.slice(lowers, lowers + uppers), 'min');
  const step = (op.properties.get('step') as IntegerAttr).value;
  if (step !== 1n) printer.write(` step ${step}`);
  if (carried.length > 0) {
    printer.write(' iter_args');
    printAssignments(printer, carried, operands.slice(lowers + uppers));
    printArrowTypes(printer, op.resultTypes);
  }
  printer.write(' ');
  yield {
    region: op.regions[0],
    printEntryArguments: false,
    printTerminators: carried.length > 0,
  };
  printer.writeOptionalAttributeDict(op, FOR_ATTRIBUTES);
};

/** if ::= affine-set-attribute dim-and-symbol-operands (`->` types)? region (`else` region)? attributes? */
export const parseIf: CustomParser = function* (parser, state) {
  const offset = parser.offset;
  const condition = parser.parseAttribute();
  if (!(condition instanceof IntegerSetAttr)) return parser.fail('expected an integer set', offset);
  state.attributes.set('condition', condition);
  const operandOffset = parser.offset;
  const { dimensions, symbols } = parseDimensionsAndSymbols(parser);
  if (condition.set.dimCount !== dimensions.length)
    parser.fail('dim operand count and integer set dim count must match', operandOffset);
  if (condition.set.symbolCount !== symbols.length)
    parser.fail('symbol operand count and integer set symbol count must match', operandOffset);
  state.operands.push(...resolveIndices(parser, [...dimensions, ...symbols]));
  state.resultTypes.push(...parseOptionalArrowTypes(parser));
  yield* parseRegionInto(state);
  if (parser.parseOptionalKeyword('else')) yield* parseRegionInto(state);
  else state.regions.push(new Region());
  parser.parseOptionalAttributeDict(state.attributes);
};

export const printIf: CustomPrinter = function* (op, printer) {
  const condition = op.getAttribute('condition') as IntegerSetAttr;
  const printTerminators = op.results.length > 0;
  printer.write(' ');
  printer.writeAttribute(condition);
  printDimensionsAndSymbols(printer, condition.set.dimCount, op.operands);
  if (op.results.length === 1) {
    printer.write(' -> ');
    printer.writeType(op.results[0].type);
  } else printArrowTypes(printer, op.resultTypes);
  printer.write(' ');
  yield { region: op.regions[0], printTerminators };
  if (!op.regions[1].isEmpty) {
    printer.write(' else ');
    yield { region: op.regions[1], printTerminators };
  }
  printer.writeOptionalAttributeDict(op, new Set(['condition']));
};

/** memref-access ::= operand affine-map-of-operands attributes? `:` memref-type */
function parseAccess(
  parser: AsmParser,
  state: Parameters<CustomParser>[1],
): { readonly type: MemRefType; readonly finish: () => void } {
  const memref = parser.parseOperand();
  const { map, dimensions, symbols } = parser.parseAffineMapOfOperands();
  state.attributes.set('map', AffineMapAttr.get(map));
  parser.parseOptionalAttributeDict(state.attributes);
  parser.expectPunctuation(':');
  const offset = parser.offset;
  const type = parser.parseType();
  if (!(type instanceof MemRefType)) return parser.fail('invalid kind of type specified', offset);
  return {
    type,
    finish: () => {
      state.operands.push(
        parser.resolveOperand(memref, type),
        ...resolveIndices(parser, [...dimensions, ...symbols]),
      );
    },
  };
}

export const parseLoad: CustomParser = (parser, state) => {
  const { type, finish } = parseAccess(parser, state);
  finish();
  state.resultTypes.push(type.elementType);
};

export const parseStore: CustomParser = (parser, state) => {
  const value = parser.parseOperand();
  parser.expectPunctuation(',');
  const { type, finish } = parseAccess(parser, state);
  state.operands.push(parser.resolveOperand(value, type.elementType));
  finish();
};

function printAccess(printer: AsmPrinter, op: Operation, memref: number): void {
  const { operands } = op;
  const { map } = op.properties.get('map') as AffineMapAttr;
  printer.writeOperand(operands[memref]);
  printer.write('[');
  printer.writeAffineMapOfOperands(map, operands.slice(memref + 1));
  printer.write(']');
  printer.writeOptionalAttributeDict(op, MAP);
  printer.write(' : ');
  printer.writeType(operands[memref].type);
}

export const printLoad: CustomPrinter = (op, printer) => {
  printer.write(' ');
  printAccess(printer, op, 0);
};

export const printStore: CustomPrinter = (op, printer) => {
  printer.write(' ');
  printer.writeOperand(op.operand(0));
  printer.write(', ');
  printAccess(printer, op, 1);
};
