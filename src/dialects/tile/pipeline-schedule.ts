/**
 * The author's schedule of a pipelined loop: which statements it places, and which dependences it has to keep. A statement
 * of stage s works `s` iterations behind the statements of stage 0; those of one iteration of the loop run by `order`.
 */

import {
  ownEffects,
  type DenseArrayAttr,
  type Operation,
  type ShapedType,
  type Value,
} from '../../ir/index.js';
import { TileSharedType } from '../generated/tile.js';

/** A statement's place in a schedule. */
export interface Placement {
  readonly op: Operation;
  readonly stage: number;
  readonly order: number;
}

/** Whether statements are placed by lists. */
export function hasScheduleLists(loop: Operation): boolean {
  return loop.hasAttribute('stage') || loop.hasAttribute('order');
}

/**
 * The operations of a loop's body that a schedule places, in order of the program. Scalar computations, and loads of what
 * the loop does not write, are repeated wherever their results are needed and have no place.
 */
export function pipelineStatements(loop: Operation): Operation[] {
  return [...loop.regions[0].entryBlock.operations()].filter(
    (op) => !op.isTerminator && op.name.text !== 'tile.alloc' && !isRepeatable(op, loop),
  );
}

/** Where the lists of a loop place its statements; the verifier has seen that they fit. */
export function scheduleOf(loop: Operation): Placement[] {
  const list = (name: string): readonly number[] | undefined =>
    (loop.getAttribute(name) as DenseArrayAttr | undefined)?.values;
  const [stage, order] = [list('stage'), list('order')];
  return pipelineStatements(loop).map((op, i) => ({
    op,
    stage: stage?.[i] ?? 0,
    order: order?.[i] ?? i,
  }));
}

/** What an operation reads or writes: a tile or a tensor, what the program prints, or memory that is not known. */
interface Access {
  readonly isWrite: boolean;
  readonly storage: Value | 'memory' | 'output';
}

const UNKNOWN: readonly Access[] = [{ isWrite: true, storage: 'memory' }];
/** They tell the compiler something and do nothing. */
const ANNOTATIONS = new Set(['tile.assume', 'tile.annotate_layout', 'tile.rasterize']);
const OUTPUTS = new Set(['tile.print', 'tile.assert']);

/** What an operation with all that is nested in it reads and writes. */
function accessesOf(op: Operation): readonly Access[] {
  const accesses: Access[] = [];
  const isKnown = op.walk((nested) => {
    if (ANNOTATIONS.has(nested.name.text)) return 'advance';
    const effects = ownEffects(nested);
    if (effects === undefined) return 'interrupt';
    const unnamed = OUTPUTS.has(nested.name.text) ? 'output' : 'memory';
    for (const { kind, value } of effects) {
      if (kind === 'allocate') continue;
      const where = value === undefined ? unnamed : storageBehind(value);
      accesses.push({ isWrite: kind !== 'read', storage: where });
    }
    return 'advance';
  }, 'pre');
  return isKnown ? accesses : UNKNOWN;
}

function overlap(a: Access['storage'], b: Access['storage']): boolean {
  return a === b || a === 'memory' || b === 'memory';
}

/** Whether an operation of a loop may run again, or in front of its iteration, with the same results. */
export function isRepeatable(op: Operation, loop: Operation): boolean {
  const reads = accessesOf(op);
  if (reads.some(({ isWrite }) => isWrite)) return false;
  if (reads.length === 0) return true;
  const writes = accessesOf(loop).filter(({ isWrite }) => isWrite);
  return !reads.some((read) => writes.some((write) => overlap(read.storage, write.storage)));
}

/** Whether a tile or tensor may be written by an operation or what is nested in it. */
export function isWrittenBy(value: Value, op: Operation): boolean {
  const storage = storageBehind(value);
  return accessesOf(op).some((access) => access.isWrite && overlap(access.storage, storage));
}

/** The tile or tensor that a value is a part or a view of. */
export function storageBehind(value: Value): Value {
  let root = value;
  while (isPart(root.definingOp) || isView(root.definingOp)) root = root.definingOp!.operand(0);
  return root;
}

function isPart(op: Operation | undefined): boolean {
  return op?.name.text === 'tile.slice';
}

function isView(op: Operation | undefined): boolean {
  return op?.name.text === 'tile.reshape' || op?.name.text === 'tile.view';
}

/** What two statements access, at least one of them by writing. */
interface Conflict {
  readonly storage: Access['storage'];
  readonly first: 'reads' | 'writes';
  readonly second: 'reads' | 'writes';
}

function conflicts(first: Operation, second: Operation): Conflict[] {
  const verb = ({ isWrite }: Access): 'reads' | 'writes' => (isWrite ? 'writes' : 'reads');
  const [from, to] = [accessesOf(first), accessesOf(second)];
  return from.flatMap((a) =>
    to
      .filter((b) => (a.isWrite || b.isWrite) && overlap(a.storage, b.storage))
      .map((b) => ({
        storage: a.storage === 'memory' ? b.storage : a.storage,
        first: verb(a),
        second: verb(b),
      })),
  );
}

/**
 * Whether every iteration that uses a shared tile writes it afresh before, and nobody else uses the tile: then iterations
 * may have versions of it. `first` is the first statement of the body that touches it.
 */
export function isRewrittenInEachIteration(
  tile: Value,
  loop: Operation,
  first: Operation,
): boolean {
  if (!(tile.type instanceof TileSharedType) || tile.definingOp?.name.text !== 'tile.alloc')
    return false;
  if (!isUsedOnlyIn(tile, loop)) return false;
  if (first.name.text !== 'scf.if') return overwrites(first, tile);
  const [inner] = [...first.regions[0].entryBlock.operations()].filter((op) => touches(op, tile));
  const isAllUnder = [...tile.users()].every((user) => isUnder(first.operand(0), user, loop));
  return isAllUnder && overwrites(inner, tile);
}

function isUsedOnlyIn(tile: Value, loop: Operation): boolean {
  return [...tile.users()].every((user) => loop.isProperAncestorOf(user));
}

/** Whether an operation nested in a loop runs only in iterations in which a condition holds. */
export function isUnder(condition: Value, op: Operation, loop: Operation): boolean {
  let inner = op;
  for (let outer = op.parentOp!; outer !== loop; outer = outer.parentOp!) {
    const isThen = outer.name.text === 'scf.if' && inner.parentRegion === outer.regions[0];
    if (isThen && implies(outer.operand(0), condition)) return true;
    inner = outer;
  }
  return false;
}

/** Whether a truth value is another, or its conjunction with others. */
function implies(value: Value, condition: Value): boolean {
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === condition) return true;
    if (next.definingOp?.name.text === 'arith.andi') pending.push(...next.definingOp.operands);
  }
  return false;
}

/** Whether an operation writes every element of a tile and reads none. */
function overwrites(op: Operation, tile: Value): boolean {
  const isWhole = (value: Value): boolean => {
    let root = value;
    while (isView(root.definingOp)) root = root.definingOp!.operand(0);
    return root === tile;
  };
  const accesses = accessesOf(op).filter(({ storage }) => overlap(storage, tile));
  if (accesses.some(({ isWrite }) => !isWrite)) return false;
  if (op.name.text === 'tile.parallel') return wholeStore(op, tile) !== undefined;
  const destination = {
    'tile.clear': 0,
    'tile.fill': 0,
    'tile.scan': 1,
    'tile.transpose': 1,
    'tile.copy': op.operandCount - 1,
  }[op.name.text];
  return destination !== undefined && isWhole(op.operand(destination));
}

/** The store by which every iteration of a parallel loop writes its own element of a tile, of which none is left out. */
export function wholeStore(loop: Operation, tile: Value): Operation | undefined {
  const { values: extents } = loop.getAttribute('extents') as DenseArrayAttr;
  const block = loop.regions[0].entryBlock;
  const { shape } = tile.type as ShapedType;
  if (shape.join() !== extents.join()) return undefined;
  return [...block.operations()].find(
    (op) =>
      op.name.text === 'tile.store' &&
      op.operand(1) === tile &&
      op.operands.slice(2).every((index, i) => index === block.arguments[i]),
  );
}

/** A dependence that a schedule breaks. */
export interface BrokenDependence {
  readonly message: string;
  /** The statement that has to come first, and the other. */
  readonly earlier: Placement;
  readonly later: Placement;
}

/** The first dependence that a schedule does not keep. */
export function findBrokenDependence(
  loop: Operation,
  placements: readonly Placement[],
): BrokenDependence | undefined {
  for (const [number, later] of placements.entries()) {
    for (let before = 0; before <= number; before++) {
      const earlier = placements[before];
      const broken =
        before === number
          ? undefined
          : (brokenValue(loop, earlier, later) ?? brokenWithin(earlier, later, before, number));
      const found = broken ?? brokenAcross(loop, placements, before, number);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function runsBefore(a: Placement, b: Placement, distance = 0): boolean {
  const [from, to] = [a.stage, b.stage + distance];
  return from < to || (from === to && a.order < b.order);
}

function statementName(number: number, { op }: Placement): string {
  return `statement ${number} ('${op.name}')`;
}

function valueName(value: Access['storage']): string {
  if (value === 'memory') return 'memory';
  if (value === 'output') return 'what the program reports';
  return value.name === undefined ? `a '${value.type}'` : `'%${value.name}'`;
}

/** Two statements of one iteration out of order. */
function brokenWithin(
  earlier: Placement,
  later: Placement,
  first: number,
  second: number,
): BrokenDependence | undefined {
  if (runsBefore(earlier, later)) return undefined;
  const [conflict] = conflicts(earlier.op, later.op);
  if (conflict === undefined) return undefined;
  return {
    message:
      `expected ${statementName(first, earlier)}, which ${conflict.first} ${valueName(conflict.storage)}, to run before ` +
      `${statementName(second, later)}, which ${conflict.second} it in the same iteration`,
    earlier,
    later,
  };
}

/** A later statement of one iteration out of order with an earlier one of the next iteration. */
function brokenAcross(
  loop: Operation,
  placements: readonly Placement[],
  first: number,
  second: number,
): BrokenDependence | undefined {
  const [next, own] = [placements[first], placements[second]];
  if (first === second || runsBefore(own, next, 1)) return undefined;
  const conflict = conflicts(own.op, next.op).find(
    ({ storage }) => typeof storage === 'string' || !hasVersions(storage, loop, placements),
  );
  if (conflict === undefined) return undefined;
  return {
    message:
      `expected ${statementName(second, own)}, which ${conflict.first} ${valueName(conflict.storage)}, to run before ` +
      `${statementName(first, next)}, which ${conflict.second} it in the next iteration`,
    earlier: own,
    later: next,
  };
}

function hasVersions(value: Value, loop: Operation, placements: readonly Placement[]): boolean {
  const first = placements.find(({ op }) => touches(op, value));
  return first !== undefined && isRewrittenInEachIteration(value, loop, first.op);
}

/** Whether a statement accesses a tile or tensor. */
export function touches(op: Operation, value: Value): boolean {
  return accessesOf(op).some(({ storage }) => overlap(storage, value));
}

/** A value goes from statement to statement of one stage only: tiles are what is kept from stage to stage. */
function brokenValue(
  loop: Operation,
  earlier: Placement,
  later: Placement,
): BrokenDependence | undefined {
  if (earlier.op.resultCount === 0) return undefined;
  const value = earlier.op.results.find((result) => reaches(result, later.op, loop));
  if (value === undefined) return undefined;
  if (earlier.stage === later.stage && earlier.order < later.order) return undefined;
  return {
    message:
      `expected '${earlier.op.name}' and '${later.op.name}' to be in one stage and in this order, ` +
      `because the latter needs ${valueName(value)}: only tiles are kept from stage to stage`,
    earlier,
    later,
  };
}

/** Whether a statement needs a value of the loop's body, directly or through scalar computations. */
function reaches(value: Value, statement: Operation, loop: Operation): boolean {
  const body = loop.regions[0].entryBlock;
  const seen = new Set<Operation>([value.definingOp!]);
  const pending = [...value.users()];
  for (let user = pending.pop(); user !== undefined; user = pending.pop()) {
    let top = user;
    while (top.parentBlock !== body) top = top.parentOp!;
    if (top === statement) return true;
    if (seen.has(top)) continue;
    seen.add(top);
    for (const result of top.results) pending.push(...result.users());
  }
  return false;
}
