/** The TypeScript side of an attribute: the type of its accessor, what builders take, and how it is read. */

import { FloatType, IntegerType } from '../../ir/index.js';
import type { AttributeForm } from '../attribute-constraint.js';
import { attributeClass, enumType, literal } from './names.js';

export interface AttributeCode {
  /** Type of the getter where the attribute is present. */
  readonly type: string;
  /** Type that setters and builders take. */
  readonly input: string;
  /** The value in plain form, from an expression for the attribute. */
  readonly read: (op: string, name: string) => string;
  /** What the generated file must import from the IR. */
  readonly imports: readonly string[];
  /** A class or type of another generated file: its dialect and name. */
  readonly foreign?: { readonly dialect: string; readonly name: string };
}

const property = (op: string, name: string): string => `${op}.properties.get(${literal(name)})`;

/** An attribute class of the IR with the member that holds the plain value. */
function held(attribute: string, member: string, type: string, input = type): AttributeCode {
  return {
    type,
    input,
    read: (op, name) => `(${property(op, name)} as ${attribute} | undefined)?.${member}`,
    imports: [attribute, ...(/^[A-Z]/.test(type) ? [type] : [])],
  };
}

function whole(attribute: string, input = attribute): AttributeCode {
  return {
    type: attribute,
    input,
    read: (op, name) => `${property(op, name)} as ${attribute} | undefined`,
    imports: [attribute],
  };
}

export function attributeCode(form: AttributeForm, dialect: string): AttributeCode {
  switch (form.kind) {
    case 'number':
      return form.type instanceof FloatType
        ? whole('FloatAttr', 'FloatAttr | number')
        : whole('IntegerAttr', 'IntegerAttr | number | bigint');
    case 'bool':
      return {
        type: 'boolean',
        input: 'boolean',
        read: (op, name) => `boolOf(${property(op, name)})`,
        imports: [],
      };
    case 'unit':
      return {
        type: 'boolean',
        input: 'boolean',
        read: (op, name) => `${op}.properties.has(${literal(name)})`,
        imports: [],
      };
    case 'string':
    case 'symbolName':
      return held('StringAttr', 'value', 'string');
    case 'symbol':
    case 'flatSymbol':
      return whole('SymbolRefAttr', 'SymbolRefAttr | string');
    case 'type':
      if (!form.isFunction) return held('TypeAttr', 'type', 'Type');
      return {
        type: 'FunctionType',
        input: 'FunctionType',
        read: (op, name) =>
          `(${property(op, name)} as TypeAttr | undefined)?.type as FunctionType | undefined`,
        imports: ['TypeAttr', 'FunctionType'],
      };
    case 'affineMap':
      return held('AffineMapAttr', 'map', 'AffineMap');
    case 'array':
      return whole('ArrayAttr', 'ArrayAttr | readonly Attribute[]');
    case 'denseArray':
      return held('DenseArrayAttr', 'values', 'readonly number[]');
    case 'enum': {
      const name = enumType(form.owner.dialect, form.declaration.name);
      return {
        type: name,
        input: name,
        read: (op, attribute) => `enumOf(${op}, ${literal(attribute)}) as ${name} | undefined`,
        imports: [],
        ...(form.owner.dialect !== dialect && { foreign: { dialect: form.owner.dialect, name } }),
      };
    }
    case 'declared': {
      const name = attributeClass(form.owner.dialect, form.mnemonic);
      return {
        ...whole(name),
        imports: [],
        ...(form.owner.dialect !== dialect && { foreign: { dialect: form.owner.dialect, name } }),
      };
    }
    case 'plain':
      return whole('Attribute');
  }
}

/** The plain value of an attribute of a list, from an expression for the attribute. */
function elementValue(
  form: AttributeForm,
  element: string,
): { type: string; code: string; imports: string[] } {
  switch (form.kind) {
    case 'number':
      if (form.type instanceof FloatType)
        return { type: 'number', code: `(${element} as FloatAttr).value`, imports: ['FloatAttr'] };
      return {
        type: 'bigint',
        code: `(${element} as IntegerAttr).value`,
        imports: ['IntegerAttr'],
      };
    case 'string':
      return { type: 'string', code: `(${element} as StringAttr).value`, imports: ['StringAttr'] };
    default:
      return { type: 'Attribute', code: element, imports: ['Attribute'] };
  }
}

/** Integers that fit are numbers in TypeScript; wider ones are bigints. */
const NUMBER_BITS = 32;

/** The same as `attributeCode` for a property: accessors deal in plain values only. */
export function propertyCode(form: AttributeForm, dialect: string): AttributeCode {
  switch (form.kind) {
    case 'number': {
      if (form.type instanceof FloatType) return held('FloatAttr', 'value', 'number');
      const isSmall = form.type instanceof IntegerType && form.type.width <= NUMBER_BITS;
      return isSmall
        ? held('IntegerAttr', 'number', 'number')
        : held('IntegerAttr', 'value', 'bigint', 'bigint | number');
    }
    case 'array': {
      if (form.element === undefined) return attributeCode(form, dialect);
      const { type, code, imports } = elementValue(form.element, 'it');
      return {
        type: `readonly ${type}[]`,
        input: `readonly ${type}[]`,
        read: (op, name) =>
          `(${property(op, name)} as ArrayAttr | undefined)?.elements.map((it) => ${code})`,
        imports: ['ArrayAttr', ...imports],
      };
    }
    default:
      return attributeCode(form, dialect);
  }
}
