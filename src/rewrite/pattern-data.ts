/** Patterns of dialect files as patterns that drivers apply. */

import { Dialect } from '../dialects/dialect.js';
import {
  parseCondition,
  parseMatch,
  parseRewrite,
  type AttributeMatchAst,
  type AttributeRewriteAst,
  type NameAst,
  type OperationMatchAst,
  type ValueMatchAst,
  type ValueRewriteAst,
} from '../dialects/pattern-ast.js';
import { patternFunctions } from '../dialects/pattern-functions.js';
import type { PatternData } from '../dialects/schema.js';
import {
  IntegerAttr,
  type Attribute,
  type Context,
  type DialectDefinition,
  type Type,
} from '../ir/index.js';
import { InternalError } from '../support/index.js';
import { parseAttribute, parseType } from '../syntax/index.js';
import {
  declarePattern,
  type AttributeMatch,
  type AttributeRewrite,
  type OpMatch,
  type ValueMatch,
  type ValueRewrite,
} from './declarative.js';
import type { RewritePattern } from './pattern.js';

/**
 * Compiles a pattern that was checked when its file was read, quoted attributes and types included.
 */
export function compilePatternData(data: PatternData, context: Context): RewritePattern {
  const { name, law, benefit, labels } = data;
  const parsed = <Result>(text: string, result: Result | undefined): Result => {
    if (result === undefined) throw new InternalError(`pattern '${name}' mentions '${text}'`);
    return result;
  };
  const attribute = (text: string): Attribute => parsed(text, parseAttribute(text, context));
  const type = (text: string): Type => parsed(text, parseType(text, context));
  return declarePattern(
    {
      name,
      law,
      benefit,
      labels,
      match: opMatch(parseMatch(data.match), attribute),
      where: data.where.map((text) => {
        const condition = parseCondition(text);
        return { if: condition.name, of: condition.of.map((one) => one.name) };
      }),
      rewrite: parseRewrite(data.rewrite).map((one) => valueRewrite(one, attribute, type)),
    },
    patternFunctions(),
  );
}

type ReadAttribute = (text: string) => Attribute;

function attributeMatch(ast: AttributeMatchAst, read: ReadAttribute): AttributeMatch {
  switch (ast.kind) {
    case 'name':
      return ast.name;
    case 'is':
      return { is: ast.name };
    case 'text':
      return { equals: read(ast.text) };
    default:
      return ast.value;
  }
}

const bindOf = (bind: NameAst | undefined): { bind?: `$${string}` } =>
  bind === undefined ? {} : { bind: bind.name };

function valueMatch(ast: ValueMatchAst, read: ReadAttribute): ValueMatch {
  switch (ast.kind) {
    case 'name':
      return ast.name;
    case 'any':
      return '_';
    case 'constant':
      return { constant: attributeMatch(ast.is, read), ...bindOf(ast.bind) };
    case 'operation':
      return opMatch(ast, read);
  }
}

function opMatch(ast: OperationMatchAst, read: ReadAttribute): OpMatch {
  const operands = ast.operands?.map((one) => valueMatch(one, read));
  return {
    op: ast.names.map(({ text }) => text),
    ...(operands !== undefined && {
      operands: ast.isEither ? { either: [operands[0], operands[1]] } : operands,
    }),
    attributes: Object.fromEntries(
      ast.attributes.map(({ name, is }) => [name, attributeMatch(is, read)]),
    ),
    ...bindOf(ast.bind),
    ...(ast.oneUse && { oneUse: true }),
  };
}

function attributeRewrite(ast: AttributeRewriteAst, read: ReadAttribute): AttributeRewrite {
  switch (ast.kind) {
    case 'name':
      return ast.name;
    case 'call':
      return { call: ast.name, arguments: ast.args.map((one) => attributeRewrite(one, read)) };
    case 'text':
      return read(ast.text);
    case 'boolean':
      return IntegerAttr.bool(ast.value);
    case 'number':
      return read(String(ast.value));
  }
}

function valueRewrite(
  ast: ValueRewriteAst,
  read: ReadAttribute,
  readType: (text: string) => Type,
): ValueRewrite {
  if (ast.kind === 'name') return ast.name;
  const type =
    ast.type === null
      ? undefined
      : ast.type.kind === 'name'
        ? ast.type.name
        : readType(ast.type.text);
  if (ast.kind === 'constant')
    return { constant: attributeRewrite(ast.value, read), ...(type !== undefined && { type }) };
  return {
    op: ast.name.text,
    operands: ast.operands.map((one) => valueRewrite(one, read, readType)),
    attributes: Object.fromEntries(
      ast.attributes.map(({ name, value }) => [name, attributeRewrite(value, read)]),
    ),
    ...(type !== undefined && { types: [type] }),
  };
}

const compiled = new WeakMap<PatternData, RewritePattern>();

/** The patterns that the file of a loaded dialect declares; compiled once. */
export function patternsOfDialect(
  dialect: DialectDefinition,
  context: Context,
): readonly { readonly pattern: RewritePattern; readonly isCanonicalization: boolean }[] {
  if (!(dialect instanceof Dialect)) return [];
  return dialect.patterns.map((data) => {
    let pattern = compiled.get(data);
    if (pattern === undefined) compiled.set(data, (pattern = compilePatternData(data, context)));
    return { pattern, isCanonicalization: data.canonicalization };
  });
}
