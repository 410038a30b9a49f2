/** Where the contents of fragments are alive, and how many registers they take there. */

import { TileFragmentType, TileLocalType } from '../../dialects/generated/tile.js';
import { LayoutFragmentAttr } from '../../dialects/generated/layout.js';
import { LoopLikeInterface } from '../../dialects/interfaces.js';
import { bitWidth, isShapedType, type Operation, type Type, type Value } from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import { viewsOf } from './views.js';

/** The numbers of operations in program order between which a fragment is alive, both included. */
export interface LiveRange {
  readonly tile: Value;
  /** 32-bit registers of one thread; 0 where the fragment has no layout yet. */
  readonly registers: number;
  readonly start: number;
  readonly end: number;
}

export interface LiveFragments {
  /** The operations by number; a region lies between the first and the last number of its operation. */
  readonly order: readonly Operation[];
  readonly ranges: readonly LiveRange[];
  /** The last number within an operation. */
  readonly lastOf: (op: Operation) => number;
}

interface Span {
  readonly start: number;
  end: number;
}

/** 32-bit registers of a fragment in one thread; 0 where it has no layout yet. */
export function fragmentRegisters({ layout, elementType }: TileFragmentType): number {
  if (!(layout instanceof LayoutFragmentAttr)) return 0;
  const elements = (layout.fragment as Fragment).registers;
  return Math.ceil((elements * (bitWidth(elementType) ?? 32)) / 32);
}

/** 32-bit registers of what a thread holds of a tile; undefined for tiles that are no registers. */
function registersOfTile(type: Type): number | undefined {
  if (type instanceof TileFragmentType) return fragmentRegisters(type);
  if (!(type instanceof TileLocalType)) return undefined;
  const elements = type.shape.reduce((count, extent) => count * extent, 1);
  return Math.ceil((elements * (bitWidth(type.elementType) ?? 32)) / 32);
}

/** The live ranges of all fragments and local arrays of a kernel that anything uses. */
export function liveFragments(kernel: Operation): LiveFragments {
  const { positions, order } = numberOperations(kernel);
  const ranges: LiveRange[] = [];
  kernel.walk((op) => {
    if (op.name.text !== 'tile.alloc') return;
    const registers = registersOfTile(op.result.type);
    if (registers === undefined) return;
    const span = liveSpan(op.result, kernel, positions);
    if (span === undefined) return;
    ranges.push({ tile: op.result, registers, ...span });
  });
  return { order, ranges, lastOf: (op) => positions.get(op)!.end };
}

function numberOperations(root: Operation): {
  readonly positions: ReadonlyMap<Operation, Span>;
  readonly order: readonly Operation[];
} {
  const positions = new Map<Operation, Span>();
  const order: Operation[] = [];
  root.walk((op) => {
    positions.set(op, { start: order.length, end: order.length });
    order.push(op);
  }, 'pre');
  root.walk((op) => {
    const own = positions.get(op)!;
    const parent = op === root ? null : op.parentOp;
    if (parent === null) return;
    const around = positions.get(parent)!;
    around.end = Math.max(around.end, own.end);
  });
  return { positions, order };
}

/** From the first to the last use; the whole of a loop that gets the contents from before or hands them on. */
function liveSpan(
  tile: Value,
  kernel: Operation,
  positions: ReadonlyMap<Operation, Span>,
): Span | undefined {
  const users = [...new Set([tile, ...viewsOf(tile)].flatMap((each) => [...each.users()]))].sort(
    (a, b) => positions.get(a)!.start - positions.get(b)!.start,
  );
  if (users.length === 0) return undefined;
  let start = positions.get(users[0])!.start;
  let end = positions.get(users[users.length - 1])!.end;
  for (const user of users) {
    for (let loop = user.parentOp; loop !== null && loop !== kernel; loop = loop.parentOp) {
      if (!isLoop(loop) || loop.isProperAncestorOf(tile.definingOp!)) continue;
      const inside = users.filter((other) => loop.isProperAncestorOf(other));
      if (inside.length === users.length && setsAnew(inside[0], tile)) continue;
      start = Math.min(start, positions.get(loop)!.start);
      end = Math.max(end, positions.get(loop)!.end);
    }
  }
  return { start, end };
}

/** Whether a region of an operation may run again after it has run. */
export function isLoop(op: Operation): boolean {
  return op.name.text === 'tile.pipelined' || op.getInterface(LoopLikeInterface) !== undefined;
}

/** Whether an operation gives the whole tile new contents and needs nothing of the old ones. */
function setsAnew(op: Operation, tile: Value): boolean {
  if (op.name.text === 'tile.clear' || op.name.text === 'tile.fill') return op.operand(0) === tile;
  if (op.name.text !== 'tile.copy') return false;
  const [source, destination] = op.operands.filter(({ type }) => isShapedType(type));
  return destination === tile && source !== tile;
}
