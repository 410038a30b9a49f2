/** The custom forms of structured control flow. */

import {
  DenseArrayAttr,
  i1,
  i32,
  i64,
  IndexType,
  Region,
  writeResultTypes,
  type CustomPrinter,
  type Type,
} from '../../ir/index.js';
import type { CustomParser } from '../../syntax/asm-parser.js';
import {
  parseAssignments,
  parseOptionalArrowTypes,
  parseParenthesized,
  parseParenthesizedOperands,
  parseRegionInto,
  printArrowTypes,
  printAssignments,
} from '../forms.js';

const index = IndexType.get();
const NONE: ReadonlySet<string> = new Set();
const SEGMENTS: ReadonlySet<string> = new Set(['operandSegmentSizes']);

/** for ::= argument `=` operand `to` operand `step` operand (`iter_args` assignments `->` types)? (`:` type)? region */
export const parseFor: CustomParser = function* (parser, state) {
  const variable = parser.parseArgument();
  parser.expectPunctuation('=');
  const lower = parser.parseOperand();
  parser.expectKeyword('to');
  const upper = parser.parseOperand();
  parser.expectKeyword('step');
  const step = parser.parseOperand();
  const offset = parser.offset;
  const carried = parser.parseOptionalKeyword('iter_args')
    ? parseAssignments(parser)
    : { arguments: [], operands: [] };
  const types = carried.operands.length > 0 ? parseOptionalArrowTypes(parser) : [];
  if (types.length !== carried.operands.length)
    parser.fail(`mismatch in number of loop-carried values and defined values`, offset);
  const type = parser.parseOptionalPunctuation(':') ? parser.parseType() : index;
  variable.type = type;
  carried.arguments.forEach((argument, i) => (argument.type = types[i]));
  for (const bound of [lower, upper, step]) state.operands.push(parser.resolveOperand(bound, type));
  state.operands.push(...parser.resolveOperands(carried.operands, types, offset));
  state.resultTypes.push(...types);
  yield* parseRegionInto(state, { entryArguments: [variable, ...carried.arguments] });
  parser.parseOptionalAttributeDict(state.attributes);
};

export const printFor: CustomPrinter = function* (op, printer) {
  const [lower, upper, step, ...inits] = op.operands;
  const [variable, ...carried] = op.regions[0].entryBlock.arguments;
  printer.write(' ');
  printer.writeOperand(variable);
  printer.write(' = ');
  printer.writeOperand(lower);
  printer.write(' to ');
  printer.writeOperand(upper);
  printer.write(' step ');
  printer.writeOperand(step);
  if (inits.length > 0) {
    printer.write(' iter_args');
    printAssignments(printer, carried, inits);
    printArrowTypes(printer, op.resultTypes);
  }
  if (!(variable.type instanceof IndexType)) {
    printer.write(' : ');
    printer.writeType(variable.type);
  }
  printer.write(' ');
  yield { region: op.regions[0], printEntryArguments: false, printTerminators: inits.length > 0 };
  printer.writeOptionalAttributeDict(op, NONE);
};

/** if ::= operand (`->` types)? region (`else` region)? attributes? */
export const parseIf: CustomParser = function* (parser, state) {
  const condition = parser.parseOperand();
  state.operands.push(parser.resolveOperand(condition, i1));
  state.resultTypes.push(...parseOptionalArrowTypes(parser));
  yield* parseRegionInto(state);
  if (parser.parseOptionalKeyword('else')) yield* parseRegionInto(state);
  else state.regions.push(new Region());
  parser.parseOptionalAttributeDict(state.attributes);
};

export const printIf: CustomPrinter = function* (op, printer) {
  const hasResults = op.results.length > 0;
  printer.write(' ');
  printer.writeOperand(op.operand(0));
  printArrowTypes(printer, op.resultTypes);
  printer.write(' ');
  yield { region: op.regions[0], printEntryArguments: false, printTerminators: hasResults };
  if (!op.regions[1].isEmpty) {
    printer.write(' else ');
    yield { region: op.regions[1], printEntryArguments: false, printTerminators: hasResults };
  }
  printer.writeOptionalAttributeDict(op, NONE);
};

/** while ::= assignments? `:` function-type region `do` region (`attributes` dictionary)? */
export const parseWhile: CustomParser = function* (parser, state) {
  const offset = parser.offset;
  const hasInits = parser.parseOptionalPunctuation('(');
  const args = [];
  const operands = [];
  if (hasInits && !parser.parseOptionalPunctuation(')')) {
    do {
      args.push(parser.parseArgument());
      parser.expectPunctuation('=');
      operands.push(parser.parseOperand());
    } while (parser.parseOptionalPunctuation(','));
    parser.expectPunctuation(')');
  }
  parser.expectPunctuation(':');
  const typeOffset = parser.offset;
  const type = parser.parseType() as Type & { inputs?: readonly Type[]; results?: readonly Type[] };
  if (type.inputs === undefined || type.results === undefined)
    return parser.fail('expected function type', typeOffset);
  const { inputs, results } = type;
  if (inputs.length !== operands.length)
    parser.fail(
      `expected as many input types as operands (expected ${operands.length} got ${inputs.length})`,
      offset,
    );
  args.forEach((argument, i) => (argument.type = inputs[i]));
  state.operands.push(...parser.resolveOperands(operands, inputs, offset));
  state.resultTypes.push(...results);
  yield* parseRegionInto(state, { entryArguments: args });
  parser.expectKeyword('do');
  yield* parseRegionInto(state);
  parser.parseOptionalAttributeDictWithKeyword(state.attributes);
};

export const printWhile: CustomPrinter = function* (op, printer) {
  const [before, after] = op.regions;
  const args = before.entryBlock.arguments;
  if (args.length > 0) {
    printer.write(' ');
    printAssignments(printer, args, op.operands);
  }
  printer.write(' : (');
  printer.writeTypes(op.operands.map((operand) => operand.type));
  printer.write(') -> ');
  writeResultTypes(printer, op.resultTypes);
  printer.write(' ');
  yield { region: before, printEntryArguments: false };
  printer.write(' do ');
  yield { region: after };
  printer.writeOptionalAttributeDictWithKeyword(op, NONE);
};

/** parallel ::= ids `=` operands `to` operands `step` operands (`init` operands)? (`->` types)? region attributes? */
export const parseParallel: CustomParser = function* (parser, state) {
  const variables = parseParenthesized(parser, () => parser.parseArgument());
  for (const variable of variables) variable.type = index;
  const types = variables.map(() => index);
  const lists = (['=', 'to', 'step'] as const).map((word) => {
    if (word === '=') parser.expectPunctuation(word);
    else parser.expectKeyword(word);
    const offset = parser.offset;
    return parser.resolveOperands(parseParenthesizedOperands(parser), types, offset);
  });
  const offset = parser.offset;
  const inits = parser.parseOptionalKeyword('init') ? parseParenthesizedOperands(parser) : [];
  const resultTypes = parseOptionalArrowTypes(parser);
  yield* parseRegionInto(state, { entryArguments: variables });
  parser.parseOptionalAttributeDict(state.attributes);
  state.operands.push(...lists.flat(), ...parser.resolveOperands(inits, resultTypes, offset));
  state.resultTypes.push(...resultTypes);
  const count = variables.length;
  state.attributes.set(
    'operandSegmentSizes',
    DenseArrayAttr.get(i32, [count, count, count, inits.length]),
  );
};

export const printParallel: CustomPrinter = function* (op, printer) {
  const variables = op.regions[0].entryBlock.arguments;
  const count = variables.length;
  const { operands } = op;
  printer.write(' (');
  printer.writeOperands(variables);
  (['=', 'to', 'step'] as const).forEach((word, i) => {
    printer.write(`) ${word} (`);
    printer.writeOperands(operands.slice(i * count, (i + 1) * count));
  });
  printer.write(')');
  const inits = operands.slice(3 * count);
  if (inits.length > 0) {
    printer.write(' init (');
    printer.writeOperands(inits);
    printer.write(')');
  }
  if (op.results.length > 0) {
    printer.write(' -> ');
    writeResultTypes(printer, op.resultTypes);
  }
  printer.write(' ');
  yield { region: op.regions[0], printEntryArguments: false };
  printer.writeOptionalAttributeDict(op, SEGMENTS);
};

/** reduce ::= (`(` operands `:` types `)` region (`,` region)*)? attributes? */
export const parseReduce: CustomParser = function* (parser, state) {
  const offset = parser.offset;
  if (parser.parseOptionalPunctuation('(')) {
    const operands = parser.parseOperandList();
    parser.expectPunctuation(':');
    const types = parser.parseTypeList();
    parser.expectPunctuation(')');
    state.operands.push(...parser.resolveOperands(operands, types, offset));
    for (let i = 0; i < operands.length; i++) {
      if (i > 0) parser.expectPunctuation(',');
      yield* parseRegionInto(state);
    }
  }
  parser.parseOptionalAttributeDict(state.attributes);
};

export const printReduce: CustomPrinter = function* (op, printer) {
  if (op.operandCount > 0) {
    printer.write('(');
    printer.writeOperands(op.operands);
    printer.write(' : ');
    printer.writeTypes(op.operands.map((operand) => operand.type));
    printer.write(') ');
    for (let i = 0; i < op.regions.length; i++) {
      if (i > 0) printer.write(', ');
      yield { region: op.regions[i] };
    }
  }
  printer.writeOptionalAttributeDict(op, NONE);
};

/** execute_region ::= (`->` types)? region attributes? */
export const parseExecuteRegion: CustomParser = function* (parser, state) {
  state.resultTypes.push(...parseOptionalArrowTypes(parser));
  yield* parseRegionInto(state);
  parser.parseOptionalAttributeDict(state.attributes);
};

export const printExecuteRegion: CustomPrinter = function* (op, printer) {
  if (op.results.length > 0) {
    printer.write(' -> ');
    writeResultTypes(printer, op.resultTypes);
  }
  printer.write(' ');
  yield { region: op.regions[0], printEntryArguments: false };
  printer.writeOptionalAttributeDict(op, NONE);
};

/** index_switch ::= operand attributes? (`->` types)? (`case` integer region)* `default` region */
export const parseIndexSwitch: CustomParser = function* (parser, state) {
  state.operands.push(parser.resolveOperand(parser.parseOperand(), index));
  parser.parseOptionalAttributeDict(state.attributes);
  if (parser.parseOptionalPunctuation('->')) state.resultTypes.push(...parser.parseTypeList());
  const values: number[] = [];
  const regions: Region[] = [];
  while (parser.parseOptionalKeyword('case')) {
    values.push(Number(parser.parseInteger()));
    const region = new Region();
    regions.push(region);
    yield { region };
  }
  parser.expectKeyword('default');
  const region = new Region();
  yield { region };
  state.regions.push(region, ...regions);
  state.attributes.set('cases', DenseArrayAttr.get(i64, values));
};

export const printIndexSwitch: CustomPrinter = function* (op, printer) {
  printer.write(' ');
  printer.writeOperand(op.operand(0));
  printer.writeOptionalAttributeDict(op, new Set(['cases']));
  if (op.results.length > 0) {
    printer.write(' -> ');
    printer.writeTypes(op.resultTypes);
  }
  const printTerminators = op.results.length > 0;
  const { values } = op.properties.get('cases') as DenseArrayAttr;
  for (const [i, value] of values.entries()) {
    printer.newline();
    printer.write(`case ${value} `);
    // Upstream adds a terminator that is left out to the default region only.
    yield { region: op.regions[i + 1], printEntryArguments: false, printTerminators: true };
  }
  printer.newline();
  printer.write('default ');
  yield { region: op.regions[0], printEntryArguments: false, printTerminators };
};
