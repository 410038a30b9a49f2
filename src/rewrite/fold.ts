/** Folding: asks an operation for its value, and builds the constants that the answer needs. */

import {
  Value,
  type Attribute,
  type FoldOutcome,
  type Location,
  type Operation,
  type Region,
  type Type,
} from '../ir/index.js';
import type { Rewriter } from './rewriter.js';

/** The constants among so many operands where none is one, by their number; folds only read them. */
const NO_CONSTANTS: readonly (readonly undefined[])[] = [
  [],
  [undefined],
  [undefined, undefined],
  [undefined, undefined, undefined],
];

/** The constant that an operation stands for, when it is one: what it folds to, else its attribute `value`. */
export function constantOf(op: Operation | undefined): Attribute | undefined {
  if (op === undefined || !op.name.isConstantLike) return undefined;
  const folded = op.name.definition?.fold?.(op, NO_CONSTANTS[0]);
  if (Array.isArray(folded) && folded.length === 1 && isAttribute(folded[0])) return folded[0];
  return op.getAttribute('value');
}

/** The constant that a value is known to be. */
export function constantValue(value: Value): Attribute | undefined {
  return constantOf(value.definingOp);
}

function isAttribute(result: Attribute | Value): result is Attribute {
  return !(result instanceof Value);
}

/** Builds the operation for a constant with the dialect of the operation that folded; not inserted yet. */
export function materializeConstant(
  op: Operation,
  value: Attribute,
  type: Type,
  location: Location,
): Operation | undefined {
  const dialect = op.context.dialects.get(op.name.dialect);
  return dialect?.materializeConstant?.(value, type, location, op.context);
}

/** Calls an operation's fold with the constants among its operands, then tries what its traits imply. */
export function foldOperation(op: Operation): FoldOutcome {
  const fold = op.name.definition?.fold;
  if (fold === undefined) return foldByTraits(op);
  return fold(op, operandConstants(op)) ?? foldByTraits(op);
}

/** The constant that each operand is known to be. Most operations have none, and a list for each of them costs. */
function operandConstants(op: Operation): readonly (Attribute | undefined)[] {
  const { opOperands } = op;
  const count = opOperands.length;
  let constants: (Attribute | undefined)[] | undefined;
  for (let index = 0; index < count; index++) {
    const constant = constantValue(opOperands[index].value);
    if (constant === undefined) continue;
    constants ??= new Array<Attribute | undefined>(count).fill(undefined);
    constants[index] = constant;
  }
  return constants ?? NO_CONSTANTS[count] ?? new Array<undefined>(count).fill(undefined);
}

function isConstant(value: Value): boolean {
  return value.definingOp?.name.isConstantLike ?? false;
}

function hasConstantBeforeOther(op: Operation): boolean {
  let hasConstant = false;
  const { opOperands } = op;
  for (let index = 0; index < opOperands.length; index++) {
    if (isConstant(opOperands[index].value)) hasConstant = true;
    else if (hasConstant) return true;
  }
  return false;
}

/** Laws that hold for every operation with a trait. */
function foldByTraits(op: Operation): FoldOutcome {
  // a op constant, not constant op a: patterns look for constants on the right only.
  if (op.name.isCommutative && hasConstantBeforeOther(op)) {
    const { operands } = op;
    const sorted = [
      ...operands.filter((value) => !isConstant(value)),
      ...operands.filter(isConstant),
    ];
    op.setOperands(sorted);
    return true;
  }
  if (!op.name.isInvolution && !op.name.isIdempotent) return undefined;
  if (op.resultCount !== 1 || op.operandCount === 0) return undefined;
  const [first] = op.opOperands;
  const inner = first.value.definingOp;
  const { type } = op.result;
  // f(f(x)) -> x
  if (op.name.isInvolution && op.operandCount === 1 && inner?.name === op.name)
    return inner.operand(0).type === type ? [inner.operand(0)] : undefined;
  if (!op.name.isIdempotent) return undefined;
  // f(f(x)) -> f(x)
  if (op.operandCount === 1 && inner?.name === op.name) return [first.value];
  // x f x -> x
  const isSame = op.operandCount === 2 && op.operand(1) === first.value;
  return isSame && first.value.type === type ? [first.value] : undefined;
}

/**
 * Folds an operation where that is possible: replaces it by values and constants built in front of it, or leaves it
 * changed in place. Returns which of the two happened.
 */
export function tryFold(op: Operation, rewriter: Rewriter): 'replaced' | 'in-place' | undefined {
  // A constant folds to itself; materializing that again would never end.
  if (op.name.isConstantLike || op.name.definition === undefined) return undefined;
  const before = rewriter.isJournaling
    ? { operands: op.operands, properties: op.properties, attributes: op.attributes }
    : undefined;
  const outcome = foldOperation(op);
  if (outcome === undefined) return undefined;
  if (outcome === true) {
    if (before === undefined) rewriter.modifyInPlace(op, () => undefined);
    else announceFoldInPlace(op, rewriter, before);
    return 'in-place';
  }
  if (outcome.length === 0 || outcome.length !== op.resultCount) return undefined;
  const values: Value[] = [];
  const constants: Operation[] = [];
  for (let index = 0; index < outcome.length; index++) {
    const replacement = outcome[index];
    const result = index === 0 ? op.firstResult! : op.results[index];
    if (replacement === result) return undefined;
    if (!isAttribute(replacement)) {
      values.push(replacement);
      continue;
    }
    const constant = materializeConstant(op, replacement, result.type, op.location);
    if (constant === undefined) return undefined;
    constants.push(constant);
    values.push(constant.result);
  }
  for (const constant of constants) rewriter.insertBefore(op, constant);
  rewriter.replaceOp(op, values);
  return 'replaced';
}

/** A fold in place writes to the operation directly; replays it through the rewriter, so that it can be undone. */
function announceFoldInPlace(
  op: Operation,
  rewriter: Rewriter,
  before: {
    operands: Value[];
    properties: Operation['properties'];
    attributes: Operation['attributes'];
  },
): void {
  const after = { operands: op.operands, properties: op.properties, attributes: op.attributes };
  const apply = (state: typeof before): void => {
    op.setOperands(state.operands);
    op.properties = state.properties;
    op.attributes = state.attributes;
  };
  apply(before);
  rewriter.modifyInPlace(op, () => apply(after));
}

/** The region whose entry block holds the constants for `op`: that of the nearest operation isolated from above. */
export function constantRegion(op: Operation): Region | null {
  for (let region = op.parentRegion; region !== null; region = region.parentRegion) {
    const owner = region.parentOp;
    if (owner === null || owner.parentBlock === null) return region;
    if (owner.name.isIsolatedFromAbove || !owner.name.isRegistered) return region;
  }
  return null;
}

/** The constants of one region: for each value, one operation per dialect and type that it was asked for with. */
type ConstantScope = Map<Attribute, Operation[]>;

/** Keeps one operation per constant, at the front of the entry block of the region that is isolated from above. */
export class ConstantPool {
  private readonly scopes = new Map<Region, ConstantScope>();
  /** The operations kept, each with the list that it stands in. */
  private readonly owned = new Map<Operation, Operation[]>();

  /** Takes a constant operation in: it is moved to the front, or replaced by an equal one that is there already. */
  insert(op: Operation, value: Attribute, rewriter: Rewriter): void {
    const block = op.parentBlock!;
    const region = constantRegion(op);
    if (region === null) return;
    const known = this.known(region, value);
    const same = known.find(
      (other) => other.name.dialect === op.name.dialect && other.result.type === op.result.type,
    );
    if (same !== undefined && same !== op) {
      rewriter.replaceOp(op, same);
      return;
    }
    const { entryBlock } = region;
    const isInPlace =
      block === entryBlock && (op.previousOp === null || this.owned.has(op.previousOp));
    if (!isInPlace) rewriter.moveOpBefore(op, entryBlock.firstOp!);
    if (same === op) return;
    known.push(op);
    this.owned.set(op, known);
  }

  private known(region: Region, value: Attribute): Operation[] {
    let scope = this.scopes.get(region);
    if (scope === undefined) this.scopes.set(region, (scope = new Map()));
    let known = scope.get(value);
    if (known === undefined) scope.set(value, (known = []));
    return known;
  }

  /** Forgets an operation that goes away. */
  forget(op: Operation): void {
    const known = this.owned.get(op);
    if (known === undefined) return;
    this.owned.delete(op);
    known.splice(known.indexOf(op), 1);
  }

  clear(): void {
    this.scopes.clear();
    this.owned.clear();
  }
}
