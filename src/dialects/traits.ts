/** Traits as data: what each checks, in MLIR's words, and the arguments it takes. */

import type { Operation, Type, Value } from '../ir/index.js';
import { parseConstraint } from './constraint-ast.js';
import { operandValues, resultValues } from './entities.js';
import {
  attributeType,
  elementTypeOrSelf,
  shapeOf,
  shapesAgree,
  TYPE_RANGE_TRANSFORMS,
  TYPE_TRANSFORMS,
} from './entity-types.js';
import type { OperationData } from './schema.js';
import type { ConstraintScope } from './scope.js';
import { verifyBroadcast, verifyElementwise, verifyFloatResults } from './shape-traits.js';
import { compileType, type TypeConstraint } from './type-constraint.js';

/** A check of an operation that a dialect's hooks supply under a name. */
export type OperationPredicate = (op: Operation) => boolean;

/** What traits may look up by name. */
export interface TraitContext {
  readonly scope: ConstraintScope;
  readonly findPredicate: (name: string) => OperationPredicate | undefined;
}

export interface TraitRule {
  /**
   * What the arguments are: names of entities, of operations; two entities and a transform (of each type or of all of
   * them); an entity and a type constraint; a summary and a predicate. Absent where there are none.
   */
  readonly args?:
    'entities' | 'operations' | 'transform' | 'rangeTransform' | 'typeConstraint' | 'predicate';
  readonly minArgs?: number;
  /** Checked with the operation's invariants, before its own verifier. */
  readonly verify?: (
    op: Operation,
    args: readonly string[],
    data: OperationData,
    context: TraitContext,
  ) => boolean;
  /** Whether `verify` looks at regions or enclosing operations, not only at types and properties. */
  readonly looksAround?: boolean;
  /** Checked after the operations in its regions. */
  readonly verifyRegions?: (op: Operation, args: readonly string[]) => boolean;
}

const typesOf = (values: readonly Value[]): Type[] => values.map((value) => value.type);

/** The types of the operand, result or attribute of that name; empty where it is absent. */
export function typesOfEntity(op: Operation, data: OperationData, name: string): Type[] {
  const operand = data.operands.findIndex((entity) => entity.name === name);
  if (operand !== -1) return typesOf(operandValues(op, data, operand));
  const result = data.results.findIndex((entity) => entity.name === name);
  if (result !== -1) return typesOf(resultValues(op, data, result));
  const type = attributeType(op.getAttribute(name));
  return type === undefined ? [] : [type];
}

const fails = (op: Operation, what: string): false =>
  op.emitOpError(`failed to verify that ${what}`);

/** `all of {a, b} have same <what>`: the images of all types under `of` are equal. */
function allMatch(what: string, of: (type: Type) => unknown): TraitRule {
  return {
    args: 'entities',
    minArgs: 2,
    verify: (op, args, data) => {
      const images = new Set(args.flatMap((name) => typesOfEntity(op, data, name)).map(of));
      return images.size <= 1 || fails(op, `all of {${args.join(', ')}} have same ${what}`);
    },
  };
}

/** The operands' (and results') types must agree under `agree`. */
function same(
  what: string,
  withResults: boolean,
  agree: (a: Type, b: Type) => boolean,
  needsOperands = true,
): TraitRule {
  return {
    verify: (op) => {
      if (needsOperands && op.operandCount === 0)
        return op.emitOpError('expected 1 or more operands, but found 0');
      if (needsOperands && withResults && op.results.length === 0)
        return op.emitOpError('expected 1 or more results');
      const types = [...typesOf(op.operands), ...(withResults ? op.resultTypes : [])];
      return types.every((type) => agree(types[0], type)) || op.emitOpError(`requires ${what}`);
    },
  };
}

const identical = (a: Type, b: Type): boolean => a === b;
const sameElements = (a: Type, b: Type): boolean => elementTypeOrSelf(a) === elementTypeOrSelf(b);
const sameRank = (a: Type, b: Type): boolean => {
  const [x, y] = [shapeOf(a), shapeOf(b)];
  return x === undefined || y === undefined || x.length === y.length;
};

function verifySameRank(op: Operation): boolean {
  if (op.operandCount === 0) return op.emitOpError('expected 1 or more operands, but found 0');
  const operands = typesOf(op.operands);
  const first = [...operands, ...op.resultTypes].find((type) => shapeOf(type) !== undefined);
  if (first === undefined) return true;
  if (!operands.every((type) => sameRank(first, type)))
    return op.emitOpError("operands don't have matching ranks");
  return (
    op.resultTypes.every((type) => sameRank(first, type)) ||
    op.emitOpError('result type has different rank than operands')
  );
}

const marker: TraitRule = {};

/** Every trait that a dialect file may name. A marker has no check of its own; passes and the IR read it. */
export const TRAITS: Readonly<Record<string, TraitRule>> = {
  // Effects and motion
  Pure: marker,
  NoMemoryEffect: marker,
  RecursiveMemoryEffects: marker,
  AlwaysSpeculatable: marker,
  RecursivelySpeculatable: marker,
  // Algebra
  Commutative: marker,
  Idempotent: marker,
  Involution: marker,
  ConstantLike: marker,
  // Structure
  Terminator: marker,
  NoTerminator: marker,
  ReturnLike: marker,
  IsolatedFromAbove: marker,
  SymbolTable: marker,
  Symbol: marker,
  AffineScope: marker,
  AutomaticAllocationScope: marker,
  AttrSizedOperandSegments: marker,
  AttrSizedResultSegments: marker,
  SameVariadicOperandSize: marker,
  SameVariadicResultSize: marker,
  HasOnlyGraphRegion: marker,
  NoRegionArguments: {
    looksAround: true,
    verify: (op) =>
      op.regions.every((region) => (region.firstBlock?.arguments.length ?? 0) === 0) ||
      op.emitOpError('region should have no arguments'),
  },
  SingleBlock: {
    looksAround: true,
    verify: (op) =>
      op.regions.every(
        (region, index) =>
          region.isEmpty ||
          region.hasOneBlock ||
          op.emitOpError(`expects region #${index} to have 0 or 1 blocks`),
      ),
  },
  SingleBlockImplicitTerminator: {
    args: 'operations',
    minArgs: 1,
    looksAround: true,
    verify: (op, _, data, context) => TRAITS.SingleBlock.verify!(op, [], data, context),
    verifyRegions: (op, [terminator]) =>
      op.regions.every((region) => {
        const last = region.firstBlock?.lastOp ?? null;
        if (last === null || last.name.text === terminator) return true;
        return op.emitOpError(`expects regions to end with '${terminator}', found '${last.name}'`, [
          op.note(`in custom textual format, the absence of terminator implies '${terminator}'`),
        ]);
      }),
  },
  HasAncestor: {
    args: 'operations',
    minArgs: 1,
    looksAround: true,
    verify: (op, names) => {
      for (let at = op.parentOp; at !== null; at = at.parentOp)
        if (names.includes(at.name.text)) return true;
      return op.emitOpError(`expects ancestor op ${listOperations(names)}`);
    },
  },
  HasParent: { args: 'operations', minArgs: 1, looksAround: true, verify: verifyParent },
  ParentOneOf: { args: 'operations', minArgs: 1, looksAround: true, verify: verifyParent },
  // Types and shapes
  SameTypeOperands: same('all operands to have the same type', false, identical, false),
  SameOperandsAndResultType: same('the same type for all operands and results', true, identical),
  SameOperandsElementType: same('the same element type for all operands', false, sameElements),
  SameOperandsAndResultElementType: same(
    'the same element type for all operands and results',
    true,
    sameElements,
  ),
  SameOperandsShape: same('the same shape for all operands', false, shapesAgree),
  SameOperandsAndResultShape: same(
    'the same shape for all operands and results',
    true,
    shapesAgree,
  ),
  SameOperandsAndResultRank: { verify: verifySameRank },
  ResultsBroadcastableShape: { verify: verifyBroadcast },
  /** The type of the results is that of the first attribute; only inference reads it. */
  FirstAttrDerivedResultType: marker,
  Elementwise: { verify: verifyElementwise },
  Scalarizable: marker,
  Vectorizable: marker,
  Tensorizable: marker,
  MemRefsNormalizable: marker,
  AllTypesMatch: allMatch('type', (type) => type),
  AllElementTypesMatch: allMatch('element type', elementTypeOrSelf),
  AllShapesMatch: allMatch('shape', (type) => shapeOf(type)?.join('x')),
  AllRanksMatch: allMatch('rank', (type) => shapeOf(type)?.length),
  AllElementCountsMatch: allMatch('element count', (type) =>
    shapeOf(type)?.reduce((a, b) => a * b, 1),
  ),
  /** `ElementTypeMatches<tile, value>`: each `value` has the type of the tile's elements. */
  ElementTypeMatches: {
    args: 'entities',
    minArgs: 2,
    verify: (op, [container, value], data) => {
      const [type] = typesOfEntity(op, data, container);
      const element = elementTypeOrSelf(type);
      return (
        typesOfEntity(op, data, value).every((it) => it === element) ||
        fails(op, `type of '${value}' matches element type of '${container}'`)
      );
    },
  },
  /** `TypesMatchWith<from, to, transform, "summary">`: the type of `to` is `transform` of that of `from`. */
  TypesMatchWith: {
    args: 'transform',
    minArgs: 3,
    verify: (op, [from, to, transform, summary], data) => {
      const [type] = typesOfEntity(op, data, from);
      if (type === undefined) return true;
      const expected = TYPE_TRANSFORMS[transform](type);
      return (
        typesOfEntity(op, data, to).every((it) => it === expected) ||
        fails(op, summary ?? `type of '${to}' is ${transform} of the type of '${from}'`)
      );
    },
  },
  /** `RangedTypesMatchWith<from, to, transform, "summary">`: the same for all types of entities of variable length. */
  RangedTypesMatchWith: {
    args: 'rangeTransform',
    minArgs: 3,
    verify: (op, [from, to, transform, summary], data) => {
      const expected = transformRange(transform)(typesOfEntity(op, data, from));
      const types = typesOfEntity(op, data, to);
      return (
        (expected !== undefined &&
          types.length === expected.length &&
          types.every((type, i) => type === expected[i])) ||
        fails(op, summary ?? `types of '${to}' are ${transform} of the types of '${from}'`)
      );
    },
  },
  /** `TypeIs<name, constraint>`: the types of an operand, result or attribute. */
  TypeIs: typeIs((type) => type),
  /** The same for the types of elements. */
  ElementTypeIs: typeIs(elementTypeOrSelf),
  /** `PredOpTrait<"summary", predicate>`: what a predicate among the dialect's hooks says of the operation. */
  PredOpTrait: {
    args: 'predicate',
    minArgs: 2,
    // A predicate may look at anything.
    looksAround: true,
    verify: (op, [summary, name], _, { findPredicate }) =>
      findPredicate(name)?.(op) === true || fails(op, summary),
  },
  ResultsAreFloatLike: { verify: verifyFloatResults },
};

function verifyParent(op: Operation, names: readonly string[]): boolean {
  const parent = op.parentOp;
  if (parent === null || names.includes(parent.name.text)) return true;
  return op.emitOpError(`expects parent op ${listOperations(names)}`);
}

const listOperations = (names: readonly string[]): string =>
  names.length === 1 ? `'${names[0]}'` : `to be one of '${names.join(', ')}'`;

/** A transform of all types of an entity; one of single types applies to each of them. */
function transformRange(name: string): (types: readonly Type[]) => readonly Type[] | undefined {
  if (Object.hasOwn(TYPE_RANGE_TRANSFORMS, name)) return TYPE_RANGE_TRANSFORMS[name];
  const transform = TYPE_TRANSFORMS[name];
  return (types) => {
    const images = types.map(transform);
    return images.includes(undefined) ? undefined : (images as Type[]);
  };
}

const typeConstraints = new WeakMap<OperationData, Map<string, TypeConstraint>>();

function typeIs(of: (type: Type) => Type): TraitRule {
  return {
    args: 'typeConstraint',
    minArgs: 2,
    verify: (op, [name, ...rest], data, { scope }) => {
      let known = typeConstraints.get(data);
      if (known === undefined) typeConstraints.set(data, (known = new Map()));
      const text = rest.join(', ');
      let constraint = known.get(text);
      if (constraint === undefined)
        known.set(text, (constraint = compileType(parseConstraint(text), scope)));
      const { accepts, summary } = constraint;
      return (
        typesOfEntity(op, data, name).every((type) => accepts(of(type))) ||
        fails(op, `'${name}' is ${summary}`)
      );
    },
  };
}

/** Names of the operations and entities that a type-relating trait connects, as pairs for inference. */
export interface TypeRelation {
  readonly from: string;
  readonly to: string;
  readonly transform: (type: Type) => Type | undefined;
  /** Where the types of `to` follow from all those of `from` together. */
  readonly transformRange?: (types: readonly Type[]) => readonly Type[] | undefined;
}

/** How an operation's traits determine some of its types from others. */
export function typeRelations(data: OperationData): TypeRelation[] {
  const identity = (type: Type): Type => type;
  const relations: TypeRelation[] = [];
  const relateAll = (names: readonly string[]): void => {
    for (const from of names)
      for (const to of names) if (from !== to) relations.push({ from, to, transform: identity });
  };
  const operands = data.operands.map((entity) => entity.name);
  const results = data.results.map((entity) => entity.name);
  for (const { name, args } of data.traits) {
    if (name === 'SameTypeOperands') relateAll(operands);
    if (name === 'SameOperandsAndResultType') relateAll([...operands, ...results]);
    if (name === 'AllTypesMatch') relateAll(args);
    if (name === 'ElementTypeMatches')
      relations.push({ from: args[0], to: args[1], transform: TYPE_TRANSFORMS.elementType });
    if (name === 'TypesMatchWith' && TYPE_TRANSFORMS[args[2]] !== undefined)
      relations.push({ from: args[0], to: args[1], transform: TYPE_TRANSFORMS[args[2]] });
    if (name === 'RangedTypesMatchWith') {
      const transform = (type: Type): Type | undefined => transformRange(args[2])([type])?.[0];
      relations.push({
        from: args[0],
        to: args[1],
        transform,
        transformRange: transformRange(args[2]),
      });
    }
    if (name === 'FirstAttrDerivedResultType' && data.attributes.length > 0)
      for (const to of results)
        relations.push({ from: data.attributes[0].name, to, transform: identity });
  }
  return relations;
}
