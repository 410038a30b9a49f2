/** Small dialects with custom forms of every kind, so that the parser and printer are tested without real ones. */

import {
  Block,
  Context,
  DialectAttr,
  DialectType,
  formatDimensions,
  FunctionType,
  Region,
  StringAttr,
  SYMBOL_NAME,
  TypeAttr,
  TypedAttribute,
  IntegerAttr,
  AffineMapAttr,
  type AffineMap,
  type AttributeDefinition,
  type DialectDefinition,
  type OperationDefinition,
  type Parameter,
  type Type,
  type TypeDefinition,
} from '../../src/ir/index.js';
import type { AsmParser, CustomParser, ParsedArgument } from '../../src/syntax/index.js';
import { SourceFile, type Diagnostic } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';

function operation(
  name: string,
  rest: Omit<Partial<OperationDefinition>, 'parse'> & { parse?: CustomParser } = {},
): OperationDefinition {
  return {
    name,
    summary: '',
    traits: new Map(),
    inherentAttributes: new Set(),
    regionCount: 0,
    regionKind: 'ssacfg',
    interfaces: new Map(),
    ...rest,
  };
}

const traits = (...names: string[]): OperationDefinition['traits'] =>
  new Map(names.map((name) => [name, []]));
const NAME_ONLY: ReadonlySet<string> = new Set([SYMBOL_NAME]);
const FUNCTION_ELIDED: ReadonlySet<string> = new Set([SYMBOL_NAME, 'function_type']);

const module = operation('builtin.module', {
  traits: traits('IsolatedFromAbove', 'SymbolTable', 'NoTerminator', 'Symbol'),
  inherentAttributes: NAME_ONLY,
  regionCount: 1,
  regionKind: 'graph',
  defaultDialect: 'builtin',
  *parse(parser, state) {
    const name = parser.parseOptionalSymbolName();
    if (name !== undefined) state.attributes.set(SYMBOL_NAME, StringAttr.get(name));
    parser.parseOptionalAttributeDictWithKeyword(state.attributes);
    const region = new Region();
    state.regions.push(region);
    yield { region };
    if (region.isEmpty) region.append(new Block());
  },
  *print(op, printer) {
    const name = op.getAttribute(SYMBOL_NAME);
    if (name instanceof StringAttr) {
      printer.write(' ');
      printer.writeSymbol(name.value);
    }
    printer.writeOptionalAttributeDictWithKeyword(op, NAME_ONLY);
    printer.write(' ');
    yield { region: op.regions[0] };
  },
});

const func = operation('func.func', {
  traits: traits('IsolatedFromAbove', 'Symbol'),
  inherentAttributes: FUNCTION_ELIDED,
  regionCount: 1,
  defaultDialect: 'func',
  *parse(parser, state) {
    state.attributes.set(SYMBOL_NAME, StringAttr.get(parser.parseSymbolName()));
    parser.expectPunctuation('(');
    const entryArguments: ParsedArgument[] = [];
    if (!parser.parseOptionalPunctuation(')')) {
      do entryArguments.push(parser.parseArgument({ withType: true }));
      while (parser.parseOptionalPunctuation(','));
      parser.expectPunctuation(')');
    }
    let results: Type[] = [];
    if (parser.parseOptionalPunctuation('->')) {
      if (parser.parseOptionalPunctuation('(')) {
        results = parser.parseTypeList();
        parser.expectPunctuation(')');
      } else results = [parser.parseType()];
    }
    const inputs = entryArguments.map((argument) => argument.type!);
    state.attributes.set('function_type', TypeAttr.get(FunctionType.get(inputs, results)));
    parser.parseOptionalAttributeDictWithKeyword(state.attributes);
    const region = new Region();
    state.regions.push(region);
    yield { region, entryArguments, isOptional: true };
  },
  *print(op, printer) {
    const [region] = op.regions;
    const type = (op.getAttribute('function_type') as TypeAttr).type as FunctionType;
    printer.write(' ');
    printer.writeSymbol((op.getAttribute(SYMBOL_NAME) as StringAttr).value);
    printer.write('(');
    region.entryBlock.arguments.forEach((argument, index) => {
      if (index > 0) printer.write(', ');
      printer.writeRegionArgument(argument);
    });
    printer.write(')');
    if (type.results.length > 0) {
      printer.write(' -> ');
      if (type.results.length > 1) printer.write('(');
      printer.writeTypes(type.results);
      if (type.results.length > 1) printer.write(')');
    }
    printer.writeOptionalAttributeDictWithKeyword(op, FUNCTION_ELIDED);
    printer.write(' ');
    yield { region, printEntryArguments: false };
  },
});

const ret = operation('func.return', {
  traits: traits('Terminator'),
  parse(parser, state) {
    parser.parseOptionalAttributeDict(state.attributes);
    const offset = parser.offset;
    const operands = parser.parseOperandList();
    if (operands.length === 0) return;
    parser.expectPunctuation(':');
    state.operands.push(...parser.resolveOperands(operands, parser.parseTypeList(), offset));
  },
  print(op, printer) {
    printer.writeOptionalAttributeDict(op, new Set());
    if (op.operandCount === 0) return;
    printer.write(' ');
    printer.writeOperands(op.operands);
    printer.write(' : ');
    printer.writeTypes(op.operands.map((value) => value.type));
  },
});

const constant = operation('arith.constant', {
  traits: traits('Pure', 'ConstantLike'),
  inherentAttributes: new Set(['value']),
  suggestNames: (op) => {
    const value = op.getAttribute('value');
    if (!(value instanceof IntegerAttr)) return ['cst'];
    return [`c${value.value}${`${value.type}` === 'index' ? '' : `_${value.type}`}`];
  },
  parse(parser, state) {
    parser.parseOptionalAttributeDict(state.attributes);
    const offset = parser.offset;
    const value = parser.parseAttribute();
    if (!(value instanceof TypedAttribute)) return parser.fail('expected a constant', offset);
    state.attributes.set('value', value);
    state.resultTypes.push(value.type);
  },
  print(op, printer) {
    printer.writeOptionalAttributeDict(op, new Set(['value']));
    printer.write(' ');
    printer.writeAttribute(op.getAttribute('value')!);
  },
});

const binary = (name: string): OperationDefinition =>
  operation(name, {
    traits: traits('Pure'),
    parse(parser, state) {
      const lhs = parser.parseOperand();
      parser.expectPunctuation(',');
      const rhs = parser.parseOperand();
      parser.parseOptionalAttributeDict(state.attributes);
      parser.expectPunctuation(':');
      const type = parser.parseType();
      state.operands.push(parser.resolveOperand(lhs, type), parser.resolveOperand(rhs, type));
      state.resultTypes.push(type);
    },
    print(op, printer) {
      printer.write(' ');
      printer.writeOperands(op.operands);
      printer.writeOptionalAttributeDict(op, new Set());
      printer.write(' : ');
      printer.writeType(op.result.type);
    },
  });

const branch = operation('cf.br', {
  traits: traits('Terminator'),
  parse(parser, state) {
    state.successors.push(parser.parseSuccessor());
    if (!parser.parseOptionalPunctuation('(')) return;
    const offset = parser.offset;
    const operands = parser.parseOperandList();
    parser.expectPunctuation(':');
    state.operands.push(...parser.resolveOperands(operands, parser.parseTypeList(), offset));
    parser.expectPunctuation(')');
  },
  print(op, printer) {
    printer.write(' ');
    printer.writeSuccessor(op.successors[0].block);
    if (op.operandCount === 0) return;
    printer.write('(');
    printer.writeOperands(op.operands);
    printer.write(' : ');
    printer.writeTypes(op.operands.map((value) => value.type));
    printer.write(')');
  },
});

/** `t.loop %i = %lb to %ub { ... }` with a terminator that may be left out. */
const loop = operation('t.loop', {
  regionCount: 1,
  implicitTerminator: 't.end',
  *parse(parser, state) {
    const argument = parser.parseArgument();
    parser.expectPunctuation('=');
    const lower = parser.parseOperand();
    parser.expectKeyword('to');
    const upper = parser.parseOperand();
    argument.type = parseIndex(parser);
    state.operands.push(
      parser.resolveOperand(lower, argument.type),
      parser.resolveOperand(upper, argument.type),
    );
    const region = new Region();
    state.regions.push(region);
    yield { region, entryArguments: [argument] };
    parser.parseOptionalAttributeDict(state.attributes);
  },
  *print(op, printer) {
    printer.write(' ');
    printer.writeOperand(op.regions[0].entryBlock.arguments[0]);
    printer.write(' = ');
    printer.writeOperand(op.operand(0));
    printer.write(' to ');
    printer.writeOperand(op.operand(1));
    printer.write(' : index ');
    yield { region: op.regions[0], printEntryArguments: false, printTerminators: false };
    printer.writeOptionalAttributeDict(op, new Set());
  },
});

function parseIndex(parser: AsmParser): Type {
  parser.expectPunctuation(':');
  return parser.parseType();
}

/** `t.load %m[%i + 1, symbol(%n)] : type`. */
const load = operation('t.load', {
  inherentAttributes: new Set(['map']),
  parse(parser, state) {
    const { map, dimensions, symbols } = parser.parseAffineMapOfOperands();
    state.attributes.set('map', AffineMapAttr.get(map));
    const type = parseIndex(parser);
    for (const operand of [...dimensions, ...symbols])
      state.operands.push(parser.resolveOperand(operand, type));
    state.resultTypes.push(type);
  },
  print(op, printer) {
    const { map } = op.getAttribute('map') as AffineMapAttr;
    printer.write(' [');
    printer.writeAffineMapOfOperands(map as AffineMap, op.operands);
    printer.write('] : ');
    printer.writeType(op.result.type);
  },
});

const tileParameters = {
  dialect: 't',
  parameterNames: ['shape', 'elementType', 'note'],
  parseParameters(parser: AsmParser): readonly Parameter[] {
    parser.expectPunctuation('<');
    const shape = parser.parseDimensionList();
    const elementType = parser.parseType();
    const note = parser.parseOptionalPunctuation(',') ? parser.parseBalancedText().text : undefined;
    parser.expectPunctuation('>');
    return [shape, elementType, note];
  },
  printParameters(
    [shape, elementType, note]: readonly Parameter[],
    sink: {
      write(text: string): void;
      writeType(type: Type): void;
    },
  ): void {
    sink.write(`<${formatDimensions(shape as number[])}`);
    sink.writeType(elementType as Type);
    sink.write(note === undefined ? '>' : `, ${String(note)}>`);
  },
  verify: ([shape]: readonly Parameter[]): string | undefined =>
    (shape as number[]).length > 3 ? 'a tile has at most 3 dimensions' : undefined,
};

const tile: TypeDefinition = {
  ...tileParameters,
  kind: 'type',
  mnemonic: 'tile',
  create: (parameters) => new DialectType(tile, parameters),
};

const layout: AttributeDefinition = {
  ...tileParameters,
  kind: 'attribute',
  mnemonic: 'layout',
  alias: 'layout',
  create: (parameters) => new DialectAttr(layout, parameters),
};

function dialect(
  name: string,
  operations: readonly OperationDefinition[],
  rest: Partial<DialectDefinition> = {},
): DialectDefinition {
  return {
    name,
    summary: '',
    operations: new Map(operations.map((definition) => [definition.name, definition])),
    types: new Map(),
    attributes: new Map(),
    ...rest,
  };
}

const DIALECTS = [
  dialect('builtin', [module]),
  dialect('func', [func, ret]),
  dialect('arith', [constant, binary('arith.addi'), binary('arith.muli')]),
  dialect('cf', [branch]),
  dialect('t', [loop, load, operation('t.end', { traits: traits('Terminator') })], {
    types: new Map([['tile', tile]]),
    attributes: new Map([['layout', layout]]),
  }),
];

/** A context with the test dialects; diagnostics are collected in `diagnostics`. */
export function testContext(allowUnregistered = true): {
  context: Context;
  diagnostics: Diagnostic[];
} {
  const context = new Context();
  for (const definition of DIALECTS) context.loadDialect(definition);
  context.allowUnregisteredDialects = allowUnregistered;
  const diagnostics: Diagnostic[] = [];
  context.addDiagnosticHandler((diagnostic) => diagnostics.push(diagnostic));
  return { context, diagnostics };
}

/** Parses a text that must be valid. */
export function parseValid(text: string): NonNullable<ReturnType<typeof parseModule>> {
  const { context, diagnostics } = testContext();
  const op = parseModule(new SourceFile('test.mlir', text), context);
  if (op === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return op;
}

/** `line:column: message` of each diagnostic that a text gives, notes behind it with `note`. */
export function parseErrors(text: string, allowUnregistered = true): string[] {
  const { context, diagnostics } = testContext(allowUnregistered);
  parseModule(new SourceFile('test.mlir', text), context);
  const show = ({ position, message, severity, notes }: Diagnostic): string[] => {
    const at =
      position !== undefined && 'source' in position
        ? Object.values(position.source.getLineColumn(position.start)).join(':')
        : '?';
    const kind = severity === 'note' ? ' note:' : '';
    return [`${at}:${kind} ${message}`, ...notes.flatMap(show)];
  };
  return diagnostics.flatMap(show);
}
