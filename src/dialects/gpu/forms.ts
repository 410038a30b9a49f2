/** Custom forms of GPU modules, functions and launches. */

import {
  ArrayAttr,
  DenseArrayAttr,
  DialectType,
  i32,
  indexType,
  IntegerAttr,
  StringAttr,
  SymbolRefAttr,
  UnitAttr,
  type AsmPrinter,
  type Attribute,
  type BlockArgument,
  type CustomPrinter,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import type {
  AsmParser,
  CustomParser,
  OperationParseState,
  ParsedArgument,
  UnresolvedOperand,
} from '../../syntax/asm-parser.js';
import { enumAttribute, enumCase } from '../attribute-values.js';
import type { CustomDirective } from '../directives.js';
import { parseParenthesized, parseRegionInto } from '../forms.js';
import {
  functionTypeOf,
  parseSignature,
  printSignature,
  storeSignature,
} from '../function-form.js';
import { DeclaredOperation } from '../operation-definition.js';

/** module ::= symbol (`<` array `>`)? (`attributes` dictionary)? region */
export const parseModule: CustomParser = function* (parser, state) {
  state.attributes.set('sym_name', StringAttr.get(parser.parseSymbolName()));
  if (parser.parseOptionalPunctuation('<')) {
    state.attributes.set('offloadingHandler', parser.parseAttribute());
    parser.expectPunctuation('>');
  }
  if (parser.parseOptionalPunctuation('[')) {
    const targets: Attribute[] = [];
    do targets.push(parser.parseAttribute());
    while (parser.parseOptionalPunctuation(','));
    parser.expectPunctuation(']');
    state.attributes.set('targets', ArrayAttr.get(targets));
  }
  parser.parseOptionalAttributeDictWithKeyword(state.attributes);
  yield* parseRegionInto(state);
};

const MODULE_ATTRIBUTES = new Set(['sym_name', 'targets', 'offloadingHandler']);

export const printModule: CustomPrinter = function* (op, printer) {
  printer.write(' ');
  printer.writeSymbol((op.getAttribute('sym_name') as StringAttr).value);
  const handler = op.properties.get('offloadingHandler');
  if (handler !== undefined) {
    printer.write(' <');
    printer.writeAttribute(handler);
    printer.write('>');
  }
  const targets = op.properties.get('targets');
  if (targets !== undefined) {
    printer.write(' ');
    printer.writeAttribute(targets);
  }
  printer.writeOptionalAttributeDictWithKeyword(op, MODULE_ATTRIBUTES);
  printer.write(' ');
  yield { region: op.regions[0], printEntryArguments: false, printTerminators: false };
};

/** attributions ::= (keyword `(` argument `:` type, ... `)`)? */
function parseAttributions(parser: AsmParser, keyword: string): ParsedArgument[] {
  if (!parser.parseOptionalKeyword(keyword)) return [];
  return parseParenthesized(parser, () =>
    parser.parseArgument({ withType: true, withAttributes: true }),
  );
}

/** func ::= symbol signature attributions attributions `kernel`? (`attributes` dictionary)? region */
export const parseFunction: CustomParser = function* (parser, state) {
  state.attributes.set('sym_name', StringAttr.get(parser.parseSymbolName()));
  const offset = parser.offset;
  const signature = parseSignature(parser);
  if (!signature.hasNames) parser.fail('expected SSA identifier', offset);
  storeSignature(state, signature);
  const workgroup = parseAttributions(parser, 'workgroup');
  const own = parseAttributions(parser, 'private');
  state.attributes.set('workgroup_attributions', IntegerAttr.get(workgroup.length));
  if (parser.parseOptionalKeyword('kernel')) state.attributes.set('gpu.kernel', UnitAttr.get());
  parser.parseOptionalAttributeDictWithKeyword(state.attributes);
  yield* parseRegionInto(state, {
    entryArguments: [...signature.arguments, ...workgroup, ...own],
  });
};

function printAttributions(
  printer: AsmPrinter,
  keyword: string,
  values: readonly BlockArgument[],
): void {
  if (values.length === 0) return;
  printer.write(` ${keyword}(`);
  values.forEach((value, index) => {
    if (index > 0) printer.write(', ');
    // Upstream writes attributions with a space in front of the colon.
    printer.writeOperand(value);
    printer.write(' : ');
    printer.writeType(value.type);
  });
  printer.write(')');
}

const FUNCTION_ATTRIBUTES = new Set([
  'sym_name',
  'function_type',
  'arg_attrs',
  'res_attrs',
  'workgroup_attributions',
  'workgroup_attrib_attrs',
  'private_attrib_attrs',
  'gpu.kernel',
]);

/** Number of buffers that the whole workgroup shares, which come first behind a function's own arguments. */
export function workgroupAttributions(op: Operation): number {
  const count = op.getAttribute('workgroup_attributions');
  return count instanceof IntegerAttr ? count.number : 0;
}

export const printFunction: CustomPrinter = function* (op, printer) {
  const args = op.regions[0].entryBlock.arguments;
  const own = functionTypeOf(op).inputs.length;
  const shared = own + workgroupAttributions(op);
  printer.write(' ');
  printer.writeSymbol((op.getAttribute('sym_name') as StringAttr).value);
  printSignature(printer, op, args);
  printAttributions(printer, 'workgroup', args.slice(own, shared));
  printAttributions(printer, 'private', args.slice(shared));
  if (op.hasAttribute('gpu.kernel')) printer.write(' kernel');
  printer.writeOptionalAttributeDictWithKeyword(op, FUNCTION_ATTRIBUTES);
  printer.write(' ');
  yield { region: op.regions[0], printEntryArguments: false };
};

const DIMENSIONS = 3;

/** dimensions ::= keyword `in` `(` operand `,` operand `,` operand `)` */
function parseDimensions(parser: AsmParser): UnresolvedOperand[] {
  parser.expectKeyword('in');
  const offset = parser.offset;
  const operands = parseParenthesized(parser, () => parser.parseOperand());
  if (operands.length !== DIMENSIONS)
    parser.fail(`expected ${DIMENSIONS} operands, found ${operands.length}`, offset);
  return operands;
}

function tokenType(parser: AsmParser): Type {
  const definition = parser.context.getTypeDefinition('gpu', 'async.token');
  return definition === undefined
    ? parser.fail(`type '!gpu.async.token' is not declared`)
    : DialectType.get(definition, []);
}

/**
 * launch_func ::= `async`? (`[` tokens `]`)? (`<` operand `:` type `>`)? symbol (`clusters` dimensions)? `blocks` dimensions
 * `threads` dimensions (`:` type)? (`dynamic_shared_memory_size` operand)? (`args` `(` operand `:` type, ... `)`)? attributes?
 */
export const parseLaunch: CustomParser = (parser, state) => {
  const offset = parser.offset;
  const isAsync = parser.parseOptionalKeyword('async');
  const tokens: UnresolvedOperand[] = [];
  if (parser.parseOptionalPunctuation('[')) {
    tokens.push(...parser.parseOperandList());
    parser.expectPunctuation(']');
  }
  let object: [UnresolvedOperand, Type] | undefined;
  if (parser.parseOptionalPunctuation('<')) {
    const operand = parser.parseOperand();
    parser.expectPunctuation(':');
    object = [operand, parser.parseType()];
    parser.expectPunctuation('>');
  }
  const symbolOffset = parser.offset;
  const kernel = parser.parseAttribute();
  if (!(kernel instanceof SymbolRefAttr))
    parser.fail('expected a symbol reference to a kernel', symbolOffset);
  state.attributes.set('kernel', kernel);
  const clusters = parser.parseOptionalKeyword('clusters') ? parseDimensions(parser) : [];
  parser.expectKeyword('blocks');
  const blocks = parseDimensions(parser);
  parser.expectKeyword('threads');
  const threads = parseDimensions(parser);
  const type = parser.parseOptionalPunctuation(':') ? parser.parseType() : indexType;
  const shared = parser.parseOptionalKeyword('dynamic_shared_memory_size')
    ? [parser.parseOperand()]
    : [];
  const args: UnresolvedOperand[] = [];
  const types: Type[] = [];
  if (parser.parseOptionalKeyword('args')) {
    parseParenthesized(parser, () => {
      args.push(parser.parseOperand());
      parser.expectPunctuation(':');
      types.push(parser.parseType());
    });
  }
  parser.parseOptionalAttributeDict(state.attributes);
  const resolve = (operands: readonly UnresolvedOperand[], of: Type): void => {
    for (const operand of operands) state.operands.push(parser.resolveOperand(operand, of));
  };
  if (tokens.length > 0) resolve(tokens, tokenType(parser));
  resolve(blocks, type);
  resolve(threads, type);
  resolve(clusters, type);
  resolve(shared, i32);
  state.operands.push(...parser.resolveOperands(args, types, offset));
  if (object !== undefined) resolve([object[0]], object[1]);
  if (isAsync) state.resultTypes.push(tokenType(parser));
  storeLaunchSegments(state, {
    tokens: tokens.length,
    clusters: clusters.length,
    shared: shared.length,
    args: args.length,
    object: object === undefined ? 0 : 1,
  });
};

interface LaunchSizes {
  readonly tokens: number;
  readonly clusters: number;
  readonly shared: number;
  readonly args: number;
  readonly object: number;
}

function storeLaunchSegments(state: OperationParseState, sizes: LaunchSizes): void {
  const cluster = sizes.clusters > 0 ? 1 : 0;
  const segments = [sizes.tokens, 1, 1, 1, 1, 1, 1, cluster, cluster, cluster];
  segments.push(sizes.shared, sizes.args, sizes.object);
  state.attributes.set('operandSegmentSizes', DenseArrayAttr.get(i32, segments));
}

const LAUNCH_ATTRIBUTES = new Set(['kernel', 'operandSegmentSizes']);

function printDimensions(printer: AsmPrinter, keyword: string, values: readonly Value[]): void {
  if (values.length === 0) return;
  printer.write(` ${keyword} in (`);
  printer.writeOperands(values);
  printer.write(')');
}

export const printLaunch: CustomPrinter = (op, printer) => {
  const sizes = (op.properties.get('operandSegmentSizes') as DenseArrayAttr).values;
  const rest = [...op.operands];
  const take = (count: number): Value[] => rest.splice(0, count);
  const tokens = take(sizes[0]);
  const [blocks, threads] = [take(DIMENSIONS), take(DIMENSIONS)];
  const clusters = take(sizes[7] + sizes[8] + sizes[9]);
  const [shared, args, objects] = [take(sizes[10]), take(sizes[11]), take(sizes[12])];
  if (op.results.length > 0) printer.write(' async');
  if (tokens.length > 0) {
    printer.write(' [');
    printer.writeOperands(tokens);
    printer.write(']');
  }
  for (const object of objects) {
    printer.write(' <');
    printer.writeOperand(object);
    printer.write(' : ');
    printer.writeType(object.type);
    printer.write('>');
  }
  printer.write(' ');
  printer.writeAttribute(op.properties.get('kernel')!);
  printDimensions(printer, 'clusters', clusters);
  printDimensions(printer, 'blocks', blocks);
  printDimensions(printer, 'threads', threads);
  if (blocks[0].type !== indexType) {
    printer.write(' : ');
    printer.writeType(blocks[0].type);
  }
  if (shared.length > 0) {
    printer.write(' dynamic_shared_memory_size ');
    printer.writeOperands(shared);
  }
  if (args.length > 0) {
    printer.write(' args(');
    args.forEach((value, index) => {
      if (index > 0) printer.write(', ');
      printer.writeOperand(value);
      printer.write(' : ');
      printer.writeType(value.type);
    });
    printer.write(')');
  }
  printer.writeOptionalAttributeDict(op, LAUNCH_ATTRIBUTES);
};

/** `custom<AllReduceOperation>($op)`: the case of the reduction where there is one. */
export const allReduceOperation: CustomDirective = {
  parse: (parser, [slot], state) => {
    const text = parser.parseOptionalAnyKeyword();
    if (text === undefined) return;
    slot.attribute = reductionAttribute(state, text) ?? parser.fail(`unknown reduction '${text}'`);
  },
  print: (printer, [slot], op) => {
    const form = reductionForm(op.name.definition);
    const text = form && slot.attribute && enumCase(form.declaration, slot.attribute);
    if (text !== undefined) printer.write(text);
  },
};

function reductionForm(definition: unknown) {
  if (!(definition instanceof DeclaredOperation)) return undefined;
  const index = definition.data.attributes.findIndex(({ name }) => name === 'op');
  const form = definition.constraints.attributes[index]?.form;
  return form?.kind === 'enum' ? form : undefined;
}

function reductionAttribute(state: OperationParseState, text: string): Attribute | undefined {
  const form = reductionForm(state.name.definition);
  return form && enumAttribute(form.owner, form.declaration, text);
}
