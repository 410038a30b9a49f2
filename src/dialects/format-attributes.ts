/** Reads attributes in the short way that their form allows: `fast` for an enum's case, `[1, 2]` for a dense array. */

import {
  DenseArrayAttr,
  DialectAttr,
  FloatAttr,
  IntegerAttr,
  StringAttr,
  SymbolRefAttr,
  TypeAttr,
  type Attribute,
  type FloatType,
  type IntegerType,
} from '../ir/index.js';
import { didYouMean } from '../support/index.js';
import type { AsmParser, ParameterParser } from '../syntax/asm-parser.js';
import type { AttributeConstraint } from './attribute-constraint.js';
import { attributeDefinition, enumAttribute, separatorOf } from './attribute-values.js';
import type { EnumData } from './schema.js';

/**
 * Parses the cases of an enum: bare words, joined by the separator in a bit set; quoted where they are no words. Where
 * `mayBeAbsent`, another word is left to what follows.
 */
export function parseEnumCases(
  parser: AsmParser,
  declaration: EnumData,
  mayBeAbsent = false,
): string | undefined {
  const offset = parser.offset;
  const readFirst = (): string | undefined =>
    mayBeAbsent
      ? Object.keys(declaration.cases).find((name) => parser.parseOptionalKeyword(name))
      : parser.parseOptionalAnyKeyword();
  const readCase = (isFirst: boolean): string | undefined =>
    isFirst ? (readFirst() ?? parser.parseOptionalString()) : parser.parseAnyKeyword('a case');
  let text = readCase(true);
  if (text === undefined) return undefined;
  const check = (name: string, at: number): void => {
    if (Object.hasOwn(declaration.cases, name)) return;
    const names = Object.keys(declaration.cases);
    parser.fail(
      `expected ${declaration.name} to be one of: ${names.join(', ')}, but got '${name}'${didYouMean(name, names)}`,
      at,
    );
  };
  check(text, offset);
  const separator = separatorOf(declaration).trim();
  while (declaration.isBitSet && parser.parseOptionalPunctuation(separator)) {
    const at = parser.offset;
    const next = readCase(false)!;
    check(next, at);
    text += `${separatorOf(declaration)}${next}`;
  }
  return text;
}

function parseDenseArray(parser: AsmParser, elementType: IntegerType | FloatType): Attribute {
  parser.expectPunctuation('[');
  const values: number[] = [];
  if (!parser.parseOptionalPunctuation(']')) {
    do {
      const offset = parser.offset;
      const element = parser.parseAttribute(elementType);
      if (!(element instanceof IntegerAttr) && !(element instanceof FloatAttr))
        parser.fail(`expected a number of type ${elementType}`, offset);
      values.push(Number(element.value));
    } while (parser.parseOptionalPunctuation(','));
    parser.expectPunctuation(']');
  }
  return DenseArrayAttr.get(elementType, values);
}

/** Reads an attribute that must be there, or, where that can be seen from the next token, one that may be. */
export interface AttributeReader {
  readonly required: (parser: AsmParser) => Attribute;
  readonly optional?: (parser: AsmParser) => Attribute | undefined;
}

/** How to read one attribute of a known form; `optional` returns undefined where it is absent. */
export function attributeReader(
  constraint: AttributeConstraint,
  isQualified: boolean,
): AttributeReader {
  const { form } = constraint;
  switch (form.kind) {
    case 'number':
      return {
        required: (parser) => parser.parseAttribute(form.type),
        optional: (parser) => parser.parseOptionalAttribute(form.type),
      };
    case 'symbolName':
      return {
        required: (parser) => StringAttr.get(parser.parseSymbolName()),
        optional: (parser) => {
          const name = parser.parseOptionalSymbolName();
          return name === undefined ? undefined : StringAttr.get(name);
        },
      };
    case 'flatSymbol':
      return {
        required: (parser) => SymbolRefAttr.get(parser.parseSymbolName()),
        optional: (parser) => {
          const name = parser.parseOptionalSymbolName();
          return name === undefined ? undefined : SymbolRefAttr.get(name);
        },
      };
    case 'symbol': {
      const rest = (parser: AsmParser, root: string): Attribute => {
        const path = [root];
        while (parser.parseOptionalPunctuation('::')) path.push(parser.parseSymbolName());
        return SymbolRefAttr.get(...path);
      };
      return {
        required: (parser) => rest(parser, parser.parseSymbolName()),
        optional: (parser) => {
          const name = parser.parseOptionalSymbolName();
          return name === undefined ? undefined : rest(parser, name);
        },
      };
    }
    case 'string':
      return {
        required: (parser) => StringAttr.get(parser.parseString()),
        optional: (parser) => {
          const text = parser.parseOptionalString();
          return text === undefined ? undefined : StringAttr.get(text);
        },
      };
    case 'type':
      return {
        required: (parser) => TypeAttr.get(parser.parseType()),
        optional: (parser) => {
          const type = parser.parseOptionalType();
          return type && TypeAttr.get(type);
        },
      };
    case 'denseArray':
      return { required: (parser) => parseDenseArray(parser, form.elementType) };
    case 'enum': {
      const { declaration, owner } = form;
      const isBracketed = declaration.storage === 'attribute' && !declaration.isBare;
      if (isQualified && declaration.storage === 'attribute') break;
      const read = (parser: AsmParser, mayBeAbsent: boolean): Attribute | undefined => {
        if (isBracketed) {
          if (!parser.parseOptionalPunctuation('<')) return undefined;
        }
        const text = parseEnumCases(parser, declaration, mayBeAbsent && !isBracketed);
        if (text === undefined && !isBracketed) return undefined;
        if (text === undefined)
          parser.fail(
            `expected ${declaration.name} to be one of: ${Object.keys(declaration.cases).join(', ')}`,
          );
        if (isBracketed) parser.expectPunctuation('>');
        return enumAttribute(owner, declaration, text!);
      };
      return {
        optional: (parser) => read(parser, true),
        required: (parser) =>
          read(parser, false) ??
          parser.fail(
            isBracketed
              ? `expected '<'`
              : `expected ${declaration.name} to be one of: ${Object.keys(declaration.cases).join(', ')}`,
          ),
      };
    }
    case 'declared': {
      if (isQualified) break;
      return {
        required: (parser) => {
          const definition = attributeDefinition(form.owner, form.mnemonic);
          if (definition === undefined)
            return parser.fail(`dialect '${form.owner.dialect}' is not loaded`);
          const offset = parser.offset;
          const parse = definition.parseParameters as ParameterParser | undefined;
          const parameters = parse === undefined ? [] : parse(parser);
          const problem = definition.verify?.(parameters);
          if (problem !== undefined) parser.fail(problem, offset);
          return DialectAttr.get(definition, parameters);
        },
      };
    }
    default:
      break;
  }
  return {
    required: (parser) => parser.parseAttribute(),
    optional: (parser) => parser.parseOptionalAttribute(),
  };
}
