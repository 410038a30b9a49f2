/** The custom forms of kernels and loops of the tile dialect. */

import {
  affineConstant,
  affineDim,
  AffineMap,
  AffineMapAttr,
  Block,
  DenseArrayAttr,
  DYNAMIC,
  FunctionType,
  i32,
  i64,
  indexType,
  IntegerAttr,
  MemRefType,
  Region,
  StringAttr,
  substituteAffine,
  TypeAttr,
  type Attribute,
  type CustomPrinter,
  type Type,
} from '../../ir/index.js';
import type {
  AsmParser,
  CustomParser,
  OperationParseState,
  ParsedArgument,
  UnresolvedOperand,
} from '../../syntax/asm-parser.js';
import type { OperationHooks } from '../hook-types.js';
import {
  declaredStrides,
  gridExtents,
  indexParameters,
  tensorExtents,
  tensorStrides,
} from './kernel-extents.js';

/** list ::= `(` (element (`,` element)*)? `)` */
function parseList<Element>(
  parser: AsmParser,
  parseElement: () => Element,
  open: '(' | '[' = '(',
  close: ')' | ']' = ')',
): Element[] {
  const elements: Element[] = [];
  parser.expectPunctuation(open);
  if (parser.parseOptionalPunctuation(close)) return elements;
  do elements.push(parseElement());
  while (parser.parseOptionalPunctuation(','));
  parser.expectPunctuation(close);
  return elements;
}

function parseIndexArgument(parser: AsmParser): ParsedArgument {
  const argument = parser.parseArgument();
  argument.type = indexType;
  return argument;
}

function parseExtents(parser: AsmParser): number[] {
  return parseList(parser, () => Number(parser.parseInteger()));
}

/** A region that follows, with arguments that the form spelled out. */
function* parseBody(
  parser: AsmParser,
  state: OperationParseState,
  entryArguments: readonly ParsedArgument[],
) {
  const region = new Region();
  state.regions.push(region);
  yield { region, entryArguments };
  if (region.isEmpty) {
    const block = region.append(new Block());
    for (const argument of entryArguments)
      block.addArgument(argument.type!, argument.location).name = argument.name.name;
  }
  void parser;
}

/** A tensor's or scalar's place among the arguments, with the names of the sizes and strides behind it. */
interface ParsedParameter {
  readonly argument: ParsedArgument;
  readonly sizes: readonly UnresolvedOperand[];
  readonly strides: readonly UnresolvedOperand[];
}

/** What a clause of a parameter names: the `?` among a type's extents or among its strides. */
const CLAUSES = {
  sizes: { declared: ({ shape }: MemRefType) => shape, attribute: 'tensor_extents' },
  strides: { declared: declaredStrides, attribute: 'tensor_strides' },
} as const;

type Clause = keyof typeof CLAUSES;

function countUnknown(type: Type | undefined, clause: Clause): number {
  if (!(type instanceof MemRefType)) return 0;
  return CLAUSES[clause].declared(type).filter((number) => number === DYNAMIC).length;
}

/** parameter ::= id `:` type (`sizes` `(` ids `)`)? (`strides` `(` ids `)`)? */
function parseParameter(parser: AsmParser): ParsedParameter {
  const argument = parser.parseArgument({ withType: true });
  const sizes = parseClause(parser, argument, 'sizes');
  return { argument, sizes, strides: parseClause(parser, argument, 'strides') };
}

function parseClause(
  parser: AsmParser,
  { type }: ParsedArgument,
  clause: Clause,
): UnresolvedOperand[] {
  const offset = parser.offset;
  if (!parser.parseOptionalKeyword(clause)) return [];
  const names = parseList(parser, () => parser.parseOperand());
  const count = countUnknown(type, clause);
  if (names.length !== count) {
    const of = clause === 'sizes' ? `'${type}'` : `the strides of '${type}'`;
    parser.fail(
      `expected ${count} ${clause}, one for each '?' of ${of}, found ${names.length}`,
      offset,
    );
  }
  return names;
}

/** The number of the argument of type `index` that has this name. */
function findSize(
  parser: AsmParser,
  parameters: readonly ParsedParameter[],
  { name, offset }: UnresolvedOperand,
): number {
  const number = parameters.findIndex(({ argument }) => argument.name.name === name);
  if (number === -1) parser.fail(`expected an argument of the kernel, found '%${name}'`, offset);
  const { type } = parameters[number].argument;
  if (type !== indexType)
    parser.fail(`expected a size of type 'index', found '%${name}' of type '${type}'`, offset);
  return number;
}

function setNamed(
  parser: AsmParser,
  parameters: readonly ParsedParameter[],
  clause: Clause,
  attributes: Map<string, Attribute>,
): void {
  if (parameters.every((parameter) => parameter[clause].length === 0)) return;
  const numbers = parameters.flatMap((parameter) => {
    const names = parameter[clause];
    if (names.length > 0) return names.map((name) => findSize(parser, parameters, name));
    return Array<number>(countUnknown(parameter.argument.type, clause)).fill(-1);
  });
  attributes.set(CLAUSES[clause].attribute, DenseArrayAttr.get(i64, numbers));
}

/** grid ::= `(` affine expressions of arguments `)` */
function parseGrid(
  parser: AsmParser,
  parameters: readonly ParsedParameter[],
  indexCount: number,
  attributes: Map<string, Attribute>,
): void {
  const offset = parser.offset;
  const { map, dimensions, symbols } = parser.parseAffineMapOfOperands('(');
  if (symbols.length > 0) parser.fail('expected no symbols in the extents of a grid', offset);
  if (map.results.length !== indexCount) {
    parser.fail(
      `expected ${indexCount} extents, one for each block index, found ${map.results.length}`,
      offset,
    );
  }
  const sizes = parameters.flatMap(({ argument: { type } }, number) =>
    type === indexType ? [number] : [],
  );
  const places = dimensions.map((operand) =>
    affineDim(sizes.indexOf(findSize(parser, parameters, operand))),
  );
  const results = map.results.map((result) => substituteAffine(result, places, []));
  const grid = results.map((result) => (result.kind === 'constant' ? result.value : DYNAMIC));
  attributes.set('grid', DenseArrayAttr.get(i64, grid));
  if (results.some(({ kind }) => kind !== 'constant'))
    attributes.set('grid_map', AffineMapAttr.get(AffineMap.get(sizes.length, 0, results)));
}

/** kernel ::= symbol `(` parameters `)` `blocks` `(` ids `)` `=` grid `threads` `(` n `)` attributes? region */
const parseKernel: CustomParser = function* (parser, state) {
  state.attributes.set('sym_name', StringAttr.get(parser.parseSymbolName()));
  const parameters = parseList(parser, () => parseParameter(parser));
  setNamed(parser, parameters, 'sizes', state.attributes);
  setNamed(parser, parameters, 'strides', state.attributes);
  parser.expectKeyword('blocks');
  const indices = parseList(parser, () => parseIndexArgument(parser));
  parser.expectPunctuation('=');
  parseGrid(parser, parameters, indices.length, state.attributes);
  parser.expectKeyword('threads');
  const [threads] = parseList(parser, () => parser.parseInteger());
  parser.parseOptionalAttributeDictWithKeyword(state.attributes);
  const tensors = parameters.map(({ argument }) => argument);
  const inputs = tensors.map((argument) => argument.type!);
  state.attributes.set('function_type', TypeAttr.get(FunctionType.get(inputs, [])));
  state.attributes.set('threads', IntegerAttr.get(threads ?? 0n));
  yield* parseBody(parser, state, [...tensors, ...indices]);
};

const KERNEL_ATTRIBUTES = new Set([
  'sym_name',
  'function_type',
  'grid',
  'grid_map',
  'tensor_extents',
  'tensor_strides',
  'threads',
]);

const printKernel: CustomPrinter = function* (op, printer) {
  const grid = gridExtents(op);
  const body = op.regions[0].entryBlock;
  const split = body.arguments.length - grid.length;
  const named = { sizes: tensorExtents(op), strides: tensorStrides(op) };
  printer.write(' ');
  printer.writeSymbol((op.getAttribute('sym_name') as StringAttr).value);
  printer.write('(');
  body.arguments.slice(0, split).forEach((argument, i) => {
    if (i > 0) printer.write(', ');
    printer.writeRegionArgument(argument);
    for (const clause of ['sizes', 'strides'] as const) {
      const names = (named[clause].get(argument) ?? []).filter((name) => name !== undefined);
      if (names.length === 0) continue;
      printer.write(` ${clause}(`);
      printer.writeOperands(names);
      printer.write(')');
    }
  });
  printer.write(') blocks(');
  printer.writeOperands(body.arguments.slice(split));
  const sizes = indexParameters(op);
  const results = grid.map((extent) =>
    typeof extent === 'number' ? affineConstant(extent) : extent,
  );
  printer.write(') = (');
  printer.writeAffineMapOfOperands(AffineMap.get(sizes.length, 0, results), sizes);
  printer.write(`) threads(${(op.getAttribute('threads') as IntegerAttr).number})`);
  printer.writeOptionalAttributeDictWithKeyword(op, KERNEL_ATTRIBUTES);
  printer.write(' ');
  yield { region: op.regions[0], printEntryArguments: false };
};

/** parallel ::= `(` ids `)` `in` `(` extents `)` attribute-dictionary? region */
const parseParallel: CustomParser = function* (parser, state) {
  const indices = parseList(parser, () => parseIndexArgument(parser));
  parser.expectKeyword('in');
  const offset = parser.offset;
  const extents = parseExtents(parser);
  if (extents.length !== indices.length) {
    parser.fail(
      `expected ${indices.length} extents, one for each index, found ${extents.length}`,
      offset,
    );
  }
  parser.parseOptionalAttributeDictWithKeyword(state.attributes);
  state.attributes.set('extents', DenseArrayAttr.get(i64, extents));
  yield* parseBody(parser, state, indices);
};

const printParallel: CustomPrinter = function* (op, printer) {
  printer.write(' (');
  printer.writeOperands(op.regions[0].entryBlock.arguments);
  printer.write(`) in (${(op.getAttribute('extents') as DenseArrayAttr).values.join(', ')})`);
  printer.writeOptionalAttributeDictWithKeyword(op, new Set(['extents']));
  printer.write(' ');
  yield { region: op.regions[0], printEntryArguments: false };
};

const BOUNDS = ['lower_bound', 'upper_bound', 'step'] as const;

const LISTS = ['order', 'stage'] as const;

/**
 * pipelined ::= id `=` bound `to` bound `step` bound schedule attribute-dictionary? region
 * schedule ::= (`stages` `(` n `)`)? (`order` `(` numbers `)`)? (`stage` `(` numbers `)`)?
 * numbers ::= `[` (n (`,` n)*)? `]`
 */
const parsePipelined: CustomParser = function* (parser, state) {
  const variable = parseIndexArgument(parser);
  parser.expectPunctuation('=');
  const segments: number[] = [];
  BOUNDS.forEach((name, position) => {
    if (position === 1) parser.expectKeyword('to');
    if (position === 2) parser.expectKeyword('step');
    const constant = parser.parseOptionalInteger();
    segments.push(constant === undefined ? 1 : 0);
    if (constant !== undefined) state.attributes.set(name, IntegerAttr.get(constant, indexType));
    else state.operands.push(parser.resolveOperand(parser.parseOperand(), indexType));
  });
  if (parser.parseOptionalKeyword('stages')) {
    parser.expectPunctuation('(');
    state.attributes.set('stages', IntegerAttr.get(parser.parseInteger()));
    parser.expectPunctuation(')');
  }
  for (const name of LISTS) {
    if (!parser.parseOptionalKeyword(name)) continue;
    parser.expectPunctuation('(');
    const numbers = parseList(parser, () => Number(parser.parseInteger()), '[', ']');
    parser.expectPunctuation(')');
    state.attributes.set(name, DenseArrayAttr.get(i64, numbers));
  }
  parser.parseOptionalAttributeDictWithKeyword(state.attributes);
  state.attributes.set('operandSegmentSizes', DenseArrayAttr.get(i32, segments));
  yield* parseBody(parser, state, [variable]);
};

const printPipelined: CustomPrinter = function* (op, printer) {
  let operand = 0;
  const writeBound = (attribute: Attribute | undefined): void => {
    if (attribute instanceof IntegerAttr) printer.write(`${attribute.value}`);
    else printer.writeOperand(op.operand(operand++));
  };
  printer.write(' ');
  printer.writeOperand(op.regions[0].entryBlock.arguments[0]);
  BOUNDS.forEach((name, position) => {
    printer.write([' = ', ' to ', ' step '][position]);
    writeBound(op.getAttribute(name));
  });
  const stages = (op.getAttribute('stages') as IntegerAttr).number;
  if (stages !== 1) printer.write(` stages(${stages})`);
  for (const name of LISTS) {
    const list = op.getAttribute(name);
    if (list instanceof DenseArrayAttr) printer.write(` ${name}([${list.values.join(', ')}])`);
  }
  printer.writeOptionalAttributeDictWithKeyword(
    op,
    new Set([...BOUNDS, 'stages', ...LISTS, 'operandSegmentSizes']),
  );
  printer.write(' ');
  yield { region: op.regions[0], printEntryArguments: false };
};

export const forms = {
  kernel: { parse: parseKernel, print: printKernel },
  parallel: { parse: parseParallel, print: printParallel },
  pipelined: { parse: parsePipelined, print: printPipelined },
} satisfies Record<string, OperationHooks>;
