/** Loads the dialects that an IRDL program declares: `tile-opt --irdl-file=my.mlir`. */

import type { StringAttr } from '../../ir/index.js';
import {
  ArrayAttr,
  DialectAttr,
  DialectType,
  IntegerAttr,
  SymbolRefAttr,
  TypeAttr,
  Type,
  resolveSymbol,
  symbolName,
  verifyOperation,
  type Attribute,
  type AttributeDefinition,
  type Context,
  type DialectDefinition,
  type Operation,
  type OperationDefinition,
  type Parameter,
  type TextSink,
  type TypeDefinition,
  type Value,
} from '../../ir/index.js';
import { SourceFile } from '../../support/index.js';
import { parseModule, type ParameterParser } from '../../syntax/index.js';
import { attributePrefixForm, typePrefixForm, WithPrefixForm } from '../dialect.js';
import { ConstraintVerifier, type IrdlConstraint } from './constraints.js';
import { variadicitiesOf } from './index.js';
import { IrdlOperation, type IrdlRegion, type IrdlValue } from './operation.js';
import { BUILTIN_ATTRIBUTE_NAMES, BUILTIN_TYPE_NAMES } from './registered-names.js';

/** The declaration of one type, attribute or operation: its constraints by the values that stand for them. */
class Declaration {
  readonly constraints: IrdlConstraint[] = [];
  private readonly positions = new Map<Value, number>();

  /** Reads the constraints in the body; false after a report. */
  constructor(
    private readonly op: Operation,
    private readonly context: Context,
  ) {}

  get name(): string {
    return symbolName(this.op)!;
  }

  children(name: string): Operation[] {
    return [...(this.op.regions[0].firstBlock?.operations() ?? [])].filter(
      (child) => child.name.text === name,
    );
  }

  position(value: Value): number {
    return this.positions.get(value)!;
  }

  positionsOf(op: Operation | undefined): number[] {
    return (op?.operands ?? []).map((value) => this.position(value));
  }

  readConstraints(): boolean {
    for (const op of this.op.regions[0].firstBlock?.operations() ?? []) {
      const constraint = this.constraint(op);
      if (constraint === false) return false;
      if (constraint === undefined) continue;
      this.positions.set(op.results[0], this.constraints.length);
      this.constraints.push(constraint);
    }
    return true;
  }

  /** Undefined for an operation that is no constraint; false after a report. */
  private constraint(op: Operation): IrdlConstraint | undefined | false {
    switch (op.name.text) {
      case 'irdl.any':
        return { kind: 'any' };
      case 'irdl.is':
        return { kind: 'is', expected: op.properties.get('expected')! };
      case 'irdl.any_of':
        return { kind: 'anyOf', of: this.positionsOf(op) };
      case 'irdl.all_of':
        return { kind: 'allOf', of: this.positionsOf(op) };
      case 'irdl.base':
        return this.base(op);
      case 'irdl.parametric':
        return {
          kind: 'parametric',
          ...referenced(op, op.properties.get('base_type') as SymbolRefAttr),
          of: this.positionsOf(op),
        };
      case 'irdl.c_pred':
        return op.emitOpError('holds C++, which only a tool that was compiled with it can check');
      default:
        return undefined;
    }
  }

  private base(op: Operation): IrdlConstraint | false {
    const reference = op.properties.get('base_ref');
    if (reference instanceof SymbolRefAttr) return { kind: 'base', ...referenced(op, reference) };
    const text = (op.properties.get('base_name') as StringAttr).value;
    const isType = text.startsWith('!');
    const name = text.slice(1);
    const dot = name.indexOf('.');
    const [dialect, mnemonic] = [name.slice(0, dot), name.slice(dot + 1)];
    const definition = isType
      ? this.context.getTypeDefinition(dialect, mnemonic)
      : this.context.getAttributeDefinition(dialect, mnemonic);
    const builtin = isType ? BUILTIN_TYPE_NAMES : BUILTIN_ATTRIBUTE_NAMES;
    if (definition !== undefined || (dialect === 'builtin' && builtin.includes(mnemonic)))
      return { kind: 'base', isType, name };
    return op.emitError(`no registered ${isType ? 'type' : 'attribute'} with name ${text}`);
  }
}

function referenced(op: Operation, reference: SymbolRefAttr): { isType: boolean; name: string } {
  // The symbols were verified.
  const target = resolveSymbol(op, reference)!;
  return {
    isType: target.name.text === 'irdl.type',
    name: `${symbolName(target.parentOp!)}.${symbolName(target)}`,
  };
}

/** `<a, b>`: types and attributes, all seen as attributes. */
const parseParameters: ParameterParser = (parser) => {
  const parameters: Attribute[] = [];
  if (!parser.parseOptionalPunctuation('<')) return parameters;
  if (parser.parseOptionalPunctuation('>')) return parameters;
  do parameters.push(parser.parseAttribute());
  while (parser.parseOptionalPunctuation(','));
  parser.expectPunctuation('>');
  return parameters;
};

function printParameters(parameters: readonly Parameter[], sink: TextSink): void {
  if (parameters.length === 0) return;
  sink.write('<');
  parameters.forEach((parameter, i) => {
    if (i > 0) sink.write(', ');
    if (parameter instanceof TypeAttr) sink.writeType(parameter.type);
    else if (parameter instanceof Type) sink.writeType(parameter);
    else sink.writeAttribute(parameter as Attribute);
  });
  sink.write('>');
}

function parametric(
  dialect: string,
  declaration: Declaration,
): Omit<TypeDefinition, 'kind' | 'create'> {
  const [list] = declaration.children('irdl.parameters');
  const expected = declaration.positionsOf(list);
  return {
    dialect,
    mnemonic: declaration.name,
    parameterNames: expected.map((_, i) => `p${i}`),
    parseParameters,
    printParameters,
    verify: (parameters) => {
      // A declaration without a list says nothing of its parameters.
      if (list === undefined) return undefined;
      if (parameters.length !== expected.length)
        return `expected ${expected.length} type arguments, but had ${parameters.length}`;
      const verifier = new ConstraintVerifier(declaration.constraints);
      for (const [i, position] of expected.entries()) {
        const problem = verifier.verify(position, parameters[i] as Attribute);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

function values(declaration: Declaration, name: string): IrdlValue[] {
  const [op] = declaration.children(name);
  if (op === undefined) return [];
  const variadicities = variadicitiesOf(op);
  return declaration
    .positionsOf(op)
    .map((constraint, i) => ({ constraint, variadicity: variadicities[i] }));
}

function regions(declaration: Declaration): IrdlRegion[] {
  const [list] = declaration.children('irdl.regions');
  return (list?.operands ?? []).map((value) => {
    const op = value.definingOp!;
    const count = op.properties.get('numberOfBlocks');
    return {
      blockCount: count instanceof IntegerAttr ? count.number : undefined,
      arguments: op.properties.has('constrainedArguments')
        ? declaration.positionsOf(op)
        : undefined,
    };
  });
}

function operation(dialect: string, declaration: Declaration): OperationDefinition {
  const [attributes] = declaration.children('irdl.attributes');
  const names = attributes?.properties.get('attributeValueNames');
  const positions = declaration.positionsOf(attributes);
  return new IrdlOperation({
    name: `${dialect}.${declaration.name}`,
    constraints: declaration.constraints,
    operands: values(declaration, 'irdl.operands'),
    results: values(declaration, 'irdl.results'),
    attributes:
      names instanceof ArrayAttr
        ? names.elements.map((name, i) => ({
            name: (name as StringAttr).value,
            constraint: positions[i],
          }))
        : [],
    regions: regions(declaration),
  });
}

/** The dialect of one `irdl.dialect`; undefined after a report. */
function dialectOf(op: Operation, context: Context): DialectDefinition | undefined {
  const name = symbolName(op)!;
  if (context.dialects.has(name)) return void op.emitError(`dialect '${name}' is already loaded`);
  const operations = new Map<string, OperationDefinition>();
  const types = new Map<string, TypeDefinition>();
  const attributes = new Map<string, AttributeDefinition>();
  for (const child of op.regions[0].firstBlock?.operations() ?? []) {
    const declaration = new Declaration(child, context);
    if (!declaration.readConstraints()) return undefined;
    switch (child.name.text) {
      case 'irdl.type': {
        const definition: TypeDefinition = {
          kind: 'type',
          ...parametric(name, declaration),
          create: (parameters) => new DialectType(definition, parameters),
        };
        types.set(declaration.name, definition);
        break;
      }
      case 'irdl.attribute': {
        const definition: AttributeDefinition = {
          kind: 'attribute',
          ...parametric(name, declaration),
          create: (parameters) => new DialectAttr(definition, parameters),
        };
        attributes.set(declaration.name, definition);
        break;
      }
      case 'irdl.operation': {
        const definition = operation(name, declaration);
        operations.set(definition.name, definition);
        break;
      }
    }
  }
  return {
    name,
    summary: '',
    operations,
    types: new WithPrefixForm(types, typePrefixForm(name, types)),
    attributes: new WithPrefixForm(attributes, attributePrefixForm(name, attributes)),
  };
}

/**
 * Parses an IRDL program and loads every dialect in it. What is wrong goes to the context's diagnostic handlers.
 *
 * @returns whether all was well; nothing is loaded otherwise
 */
export function loadIrdl(text: string, fileName: string, context: Context): boolean {
  const module = parseModule(new SourceFile(fileName, text), context);
  if (module === undefined || !verifyOperation(module)) return false;
  const dialects: DialectDefinition[] = [];
  for (const op of module.regions[0].firstBlock?.operations() ?? []) {
    if (op.name.text !== 'irdl.dialect') continue;
    const dialect = dialectOf(op, context);
    if (dialect === undefined) return false;
    dialects.push(dialect);
  }
  for (const dialect of dialects) context.loadDialect(dialect);
  return true;
}
