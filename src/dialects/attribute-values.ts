/** Builds attributes of declared forms from plain values and reads them back: enum cases, defaults, numbers. */

import {
  ArrayAttr,
  DenseArrayAttr,
  DialectAttr,
  FloatAttr,
  FloatType,
  IntegerAttr,
  IntegerType,
  StringAttr,
  UnitAttr,
  type Attribute,
  type AttributeDefinition,
  type IndexType,
} from '../ir/index.js';
import type { AttributeForm } from './attribute-constraint.js';
import type { DialectData, EnumData } from './schema.js';

const definitions = new WeakMap<DialectData, ReadonlyMap<string, AttributeDefinition>>();

/** Makes the attribute definitions of a dialect known to formats and defaults that mention them. */
export function registerAttributeDefinitions(
  owner: DialectData,
  attributes: ReadonlyMap<string, AttributeDefinition>,
): void {
  definitions.set(owner, attributes);
}

export function attributeDefinition(
  owner: DialectData,
  mnemonic: string,
): AttributeDefinition | undefined {
  return definitions.get(owner)?.get(mnemonic);
}

/** Separates the cases of a bit set in text. */
export function separatorOf(declaration: EnumData): string {
  return declaration.separator ?? '|';
}

/** The number that a case, or several of a bit set, stand for; undefined where a name is no case. */
export function enumValue(declaration: EnumData, text: string): number | undefined {
  const names = declaration.isBitSet
    ? text.split(separatorOf(declaration).trim()).map((name) => name.trim())
    : [text];
  let value = 0;
  for (const name of names) {
    if (!Object.hasOwn(declaration.cases, name)) return undefined;
    value |= declaration.cases[name];
  }
  return declaration.isBitSet ? value : declaration.cases[text];
}

/** The text of a number: one case, or the fewest cases of a bit set in declared order. */
export function enumText(declaration: EnumData, value: number): string | undefined {
  const cases = Object.entries(declaration.cases);
  const exact = cases.find(([, number]) => number === value);
  if (exact !== undefined || !declaration.isBitSet) return exact?.[0];
  const names: string[] = [];
  let rest = value;
  // Combined cases (`fast`) come before the bits they are made of only when they match exactly, which was tried.
  for (const [name, number] of cases) {
    const isBit = number !== 0 && (number & (number - 1)) === 0;
    if (!isBit || (value & number) === 0) continue;
    names.push(name);
    rest &= ~number;
  }
  return rest === 0 ? names.join(separatorOf(declaration)) : undefined;
}

/** The canonical text of cases, or undefined where one is unknown. */
export function canonicalEnumText(declaration: EnumData, text: string): string | undefined {
  const value = enumValue(declaration, text);
  return value === undefined ? undefined : enumText(declaration, value);
}

/** The attribute that holds a case of an enum. */
export function enumAttribute(
  owner: DialectData,
  declaration: EnumData,
  text: string,
): Attribute | undefined {
  const canonical = canonicalEnumText(declaration, text);
  if (canonical === undefined) return undefined;
  switch (declaration.storage) {
    case 'string':
      return StringAttr.get(canonical);
    case 'i32':
    case 'i64':
      return IntegerAttr.get(
        enumValue(declaration, canonical)!,
        IntegerType.get(declaration.storage === 'i32' ? 32 : 64),
      );
    case 'attribute': {
      const definition = attributeDefinition(owner, declaration.name);
      return definition && DialectAttr.get(definition, [canonical]);
    }
  }
}

/** The case that an attribute holds, or undefined where it holds none. */
export function enumCase(
  declaration: EnumData,
  attribute: Attribute | undefined,
): string | undefined {
  if (attribute instanceof StringAttr) return attribute.value;
  if (attribute instanceof IntegerAttr) return enumText(declaration, attribute.number);
  if (attribute instanceof DialectAttr) return attribute.parameters[0] as string;
  return undefined;
}

export function numberAttribute(
  value: number | bigint,
  type: IntegerType | FloatType | IndexType,
): Attribute {
  return type instanceof FloatType
    ? FloatAttr.get(Number(value), type)
    : IntegerAttr.get(value, type);
}

/** Reads a default as a dialect file writes it; undefined where it is not a value of that form. */
export function parseDefault(text: string, form: AttributeForm): Attribute | undefined {
  const bare = text.replace(/^"(.*)"$/s, '$1');
  switch (form.kind) {
    case 'number': {
      const number = /^(-?\d+(?:\.\d*)?(?:e[-+]?\d+)?)(?:\s*:.*)?$/.exec(text)?.[1];
      if (number === undefined) return undefined;
      if (form.type instanceof FloatType) return FloatAttr.get(Number(number), form.type);
      return /^-?\d+$/.test(number) ? IntegerAttr.get(BigInt(number), form.type) : undefined;
    }
    case 'bool':
      return text === 'true' || text === 'false' ? IntegerAttr.bool(text === 'true') : undefined;
    case 'string':
    case 'symbolName':
      return StringAttr.get(bare);
    case 'unit':
      return text === 'unit' ? UnitAttr.get() : undefined;
    case 'enum':
      return enumAttribute(form.owner, form.declaration, bare);
    case 'denseArray': {
      const list = /^\[(.*)\]$/s.exec(text)?.[1].trim();
      if (list === undefined) return undefined;
      const values = list === '' ? [] : list.split(',').map(Number);
      return values.some(Number.isNaN) ? undefined : DenseArrayAttr.get(form.elementType, values);
    }
    case 'array': {
      const list = /^\[(.*)\]$/s.exec(text)?.[1].trim();
      const { element } = form;
      if (list === undefined || (list !== '' && element === undefined)) return undefined;
      const items = list === '' ? [] : list.split(',').map((item) => item.trim());
      const values = items.map((item) => parseDefault(item, element!));
      return values.includes(undefined) ? undefined : ArrayAttr.get(values as Attribute[]);
    }
    default:
      return undefined;
  }
}
