/** Traits as data: what each checks, in MLIR's words, and the arguments it takes. */

import type { Operation, Type, Value } from '../ir/index.js';
import { operandValues, resultValues } from './entities.js';
import {
  attributeType,
  elementTypeOrSelf,
  shapeOf,
  shapesAgree,
  TYPE_TRANSFORMS,
} from './entity-types.js';
import type { OperationData } from './schema.js';

export interface TraitRule {
  /** What the arguments are: names of entities, operations, or anything. Absent where there are none. */
  readonly args?: 'entities' | 'operations' | 'transform' | 'free';
  readonly minArgs?: number;
  /** Checked with the operation's invariants, before its own verifier. */
  readonly verify?: (op: Operation, args: readonly string[], data: OperationData) => boolean;
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
function same(what: string, withResults: boolean, agree: (a: Type, b: Type) => boolean): TraitRule {
  return {
    verify: (op) => {
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
    verify: (op) => TRAITS.SingleBlock.verify!(op, [], undefined as never),
    verifyRegions: (op, [terminator]) =>
      op.regions.every((region) => {
        const last = region.firstBlock?.lastOp ?? null;
        if (last === null || last.name.text === terminator) return true;
        return op.emitOpError(`expects regions to end with '${terminator}', found '${last.name}'`, [
          op.note(`in custom textual format, the absence of terminator implies '${terminator}'`),
        ]);
      }),
  },
  HasParent: { args: 'operations', minArgs: 1, looksAround: true, verify: verifyParent },
  ParentOneOf: { args: 'operations', minArgs: 1, looksAround: true, verify: verifyParent },
  // Types and shapes
  SameTypeOperands: same('all operands to have the same type', false, identical),
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
  SameOperandsAndResultRank: same('the same rank for all operands and results', true, sameRank),
  Elementwise: marker,
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
  ResultsAreFloatLike: marker,
};

function verifyParent(op: Operation, names: readonly string[]): boolean {
  const parent = op.parentOp;
  if (parent === null || names.includes(parent.name.text)) return true;
  return op.emitOpError(
    names.length === 1
      ? `expects parent op '${names[0]}'`
      : `expects parent op to be one of '${names.join(', ')}'`,
  );
}

/** Names of the operations and entities that a type-relating trait connects, as pairs for inference. */
export interface TypeRelation {
  readonly from: string;
  readonly to: string;
  readonly transform: (type: Type) => Type | undefined;
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
  }
  return relations;
}
