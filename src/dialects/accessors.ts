/** What the generated operation, type and attribute classes are made with. */

import {
  AffineMap,
  AffineMapAttr,
  ArrayAttr,
  Attribute,
  DenseArrayAttr,
  DialectAttr,
  DialectType,
  IntegerAttr,
  IntegerType,
  Region,
  StringAttr,
  SymbolRefAttr,
  Type,
  TypeAttr,
  UnitAttr,
  type AttributeDefinition,
  type Block,
  type Builder,
  type Context,
  type Location,
  type Operation,
  type OpResult,
  type Parameter,
  type TextSink,
  type TypeDefinition,
  type Value,
} from '../ir/index.js';
import { InternalError } from '../support/index.js';
import type { AttributeForm } from './attribute-constraint.js';
import { enumAttribute, enumCase, numberAttribute } from './attribute-values.js';
import {
  entityRegions,
  hasTrait,
  OPERAND_SEGMENTS,
  operandLists,
  operandRange,
  RESULT_SEGMENTS,
  resultRange,
} from './entities.js';
import { DeclaredOperation } from './operation-definition.js';

/** `DialectType` without its static members, so that generated classes can have a `get` of their own. */
export const DeclaredType = DialectType as new (
  definition: TypeDefinition,
  parameters: readonly Parameter[],
) => DialectType;

/** `DialectAttr` without its static members. */
export const DeclaredAttr = DialectAttr as new (
  definition: AttributeDefinition,
  parameters: readonly Parameter[],
) => DialectAttr;

/** `#dialect<mnemonic ...>`: an attribute without brackets of its own. */
export class BareAttr extends DeclaredAttr {
  override print(sink: TextSink): void {
    const { dialect, mnemonic } = this.definition;
    sink.write(`#${dialect}<${mnemonic}`);
    this.definition.printParameters?.(this.parameters, sink);
    sink.write('>');
  }
}

/** `#dialect<mnemonic case>`: an enum attribute whose case stands without brackets of its own. */
export class BareEnumAttr extends DeclaredAttr {
  override print(sink: TextSink): void {
    const { dialect, mnemonic } = this.definition;
    sink.write(`#${dialect}<${mnemonic} ${this.parameters[0] as string}>`);
  }
}

function declarationOf(op: Operation): DeclaredOperation {
  const { definition } = op.name;
  if (definition instanceof DeclaredOperation) return definition;
  throw new InternalError(`'${op.name}' is not declared by a loaded dialect`);
}

/** The values of the operand of that position in the declaration. */
export function operandGroup(op: Operation, index: number): Value[] {
  const { start, count } = operandRange(op, declarationOf(op).data, index);
  const values: Value[] = [];
  for (let i = start; i < start + count; i++) values.push(op.operand(i));
  return values;
}

/** The lists of the operand of that position, which is a list of lists. */
export function operandListsOf(op: Operation, index: number): Value[][] {
  return operandLists(op, declarationOf(op).data, index);
}

/** The value of a single operand behind one of variable length. */
export function singleOperand(op: Operation, index: number): Value {
  return op.operand(operandRange(op, declarationOf(op).data, index).start);
}

export function optionalOperand(op: Operation, index: number): Value | undefined {
  return operandGroup(op, index)[0];
}

export function resultGroup(op: Operation, index: number): OpResult[] {
  const { start, count } = resultRange(op, declarationOf(op).data, index);
  return op.results.slice(start, start + count);
}

export function optionalResult(op: Operation, index: number): OpResult | undefined {
  return resultGroup(op, index)[0];
}

export function regionGroup(op: Operation, index: number): Region[] {
  return entityRegions(op, declarationOf(op).data, index);
}

/** The case that an enum attribute of the operation holds. */
export function enumOf(op: Operation, name: string): string | undefined {
  const { data, constraints } = declarationOf(op);
  const { form } = constraints.attributes[data.attributes.findIndex((it) => it.name === name)];
  return form.kind === 'enum' ? enumCase(form.declaration, op.properties.get(name)) : undefined;
}

/** The value of a boolean attribute; undefined where it is absent. */
export function boolOf(attribute: Attribute | undefined): boolean | undefined {
  return attribute instanceof IntegerAttr ? attribute.value !== 0n : undefined;
}

/** What attribute accessors and builders take for an attribute: itself, or a plain value of its form. */
export type AttributeInput =
  | Attribute
  | Type
  | AffineMap
  | string
  | number
  | bigint
  | boolean
  | readonly number[]
  | readonly bigint[]
  | readonly boolean[]
  | readonly string[]
  | readonly Attribute[]
  | undefined;

/** Builds the attribute of a form from a plain value; undefined for an absent one. */
export function encodeAttribute(form: AttributeForm, value: AttributeInput): Attribute | undefined {
  if (value === undefined || value instanceof Attribute) return value;
  if (value instanceof Type) return TypeAttr.get(value);
  if (value instanceof AffineMap) return AffineMapAttr.get(value);
  switch (form.kind) {
    case 'unit':
      return value === true ? UnitAttr.get() : undefined;
    case 'bool':
      return IntegerAttr.bool(Boolean(value));
    case 'number':
      return numberAttribute(value as number | bigint, form.type);
    case 'string':
    case 'symbolName':
      return StringAttr.get(String(value));
    case 'symbol':
    case 'flatSymbol':
      return SymbolRefAttr.get(String(value));
    case 'denseArray':
      return DenseArrayAttr.get(form.elementType, (value as readonly number[]).map(Number));
    case 'array': {
      const { element } = form;
      const items = value as readonly AttributeInput[];
      return ArrayAttr.get(
        element === undefined
          ? (items as readonly Attribute[])
          : items.flatMap((item) => encodeAttribute(element, item) ?? []),
      );
    }
    case 'enum': {
      const attribute = enumAttribute(form.owner, form.declaration, String(value));
      if (attribute === undefined)
        throw new InternalError(
          `'${String(value)}' is not a case of enum '${form.declaration.name}'`,
        );
      return attribute;
    }
    default:
      throw new InternalError(`no attribute can be made from '${String(value)}'`);
  }
}

function formOf(definition: DeclaredOperation, name: string): AttributeForm {
  const index = definition.data.attributes.findIndex((entity) => entity.name === name);
  return definition.constraints.attributes[index].form;
}

/** Sets an attribute of the operation from a plain value. */
export function setAttribute(op: Operation, name: string, value: AttributeInput): void {
  op.setAttribute(name, encodeAttribute(formOf(declarationOf(op), name), value));
}

/** What a generated `build` passes on: each declared entity with its values, in the order of the declaration. */
export interface BuildGroups {
  readonly operands?: readonly (
    Value | readonly Value[] | readonly (readonly Value[])[] | undefined
  )[];
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  /** Absent where the operation infers them. */
  readonly results?: readonly (Type | readonly Type[] | undefined)[];
  readonly regions?: readonly (Region | readonly Region[] | undefined)[];
  readonly successors?: readonly (Block | readonly Block[] | undefined)[];
  readonly location?: Location | undefined;
}

function flatten<Item>(groups: readonly (Item | readonly Item[] | undefined)[] | undefined): {
  readonly items: Item[];
  readonly sizes: number[];
} {
  const items: Item[] = [];
  const sizes: number[] = [];
  for (const group of groups ?? []) {
    const list = (
      group === undefined ? [] : Array.isArray(group) ? group : [group]
    ) as readonly Item[];
    items.push(...list);
    sizes.push(list.length);
  }
  return { items, sizes };
}

function definitionIn(context: Context, name: string): DeclaredOperation {
  const definition = context.getOperationDefinition(name);
  if (definition instanceof DeclaredOperation) return definition;
  throw new InternalError(`the context has not loaded the dialect of '${name}'`);
}

const i32 = IntegerType.get(32);

/** Builds and inserts an operation from grouped values. */
export function buildOperation(builder: Builder, name: string, groups: BuildGroups): Operation {
  const definition = definitionIn(builder.context, name);
  const { data } = definition;
  const attributes: Record<string, Attribute | undefined> = {};
  for (const [key, value] of Object.entries(groups.attributes ?? {}))
    attributes[key] = encodeAttribute(formOf(definition, key), value);
  const flat = (groups.operands ?? []).map((group, index) => {
    const { segments } = data.operands[index];
    if (segments === undefined) return group as Value | readonly Value[] | undefined;
    const lists = (group ?? []) as readonly (readonly Value[])[];
    attributes[segments] = DenseArrayAttr.get(
      i32,
      lists.map(({ length }) => length),
    );
    return lists.flat();
  });
  const { items: operands, sizes } = flatten(flat);
  if (hasTrait(data, 'AttrSizedOperandSegments'))
    attributes[OPERAND_SEGMENTS] = DenseArrayAttr.get(i32, sizes);
  let resultTypes: readonly Type[];
  if (groups.results === undefined && data.results.length > 0) {
    const properties = new Map<string, Attribute>(definition.defaultAttributes ?? []);
    for (const [key, value] of Object.entries(attributes))
      if (value !== undefined) properties.set(key, value);
    const inferred = definition.inferResultTypes?.({ operands, properties });
    if (inferred === undefined)
      throw new InternalError(`the result types of '${name}' cannot be inferred from its operands`);
    resultTypes = inferred;
  } else {
    const results = flatten(groups.results);
    resultTypes = results.items;
    if (hasTrait(data, 'AttrSizedResultSegments'))
      attributes[RESULT_SEGMENTS] = DenseArrayAttr.get(i32, results.sizes);
  }
  const regions = data.regions.flatMap(({ arity }, index) => {
    const given = groups.regions?.[index];
    if (given === undefined) return arity === 'single' ? [new Region()] : [];
    return Array.isArray(given) ? (given as readonly Region[]) : [given as Region];
  });
  return builder.create(name, {
    operands,
    resultTypes,
    attributes,
    regions,
    successors: flatten(groups.successors).items,
    ...(groups.location !== undefined && { location: groups.location }),
  });
}
