/** `tile.copy`, `tile.fill`, `tile.clear`: whole regions, with conversion of elements and clipping at tensors' ends. */

import { spannedDimensions } from '../../dialects/tile/spanned-dimensions.js';
import { DenseArrayAttr, MemRefType, type Operation, type Value } from '../../ir/index.js';
import { converter, type Converter, type ElementFormat } from '../numerics/index.js';
import { failUndefined, formatShape } from './access.js';
import type { View } from './buffer.js';
import {
  describe,
  fail,
  operandSegments,
  type Compilation,
  type Evaluator,
} from './compilation.js';

/** One side of a copy, for one row of the region at a time. */
interface Side {
  readonly value: Value;
  readonly view: () => View;
  /** Coordinates of the region's first element. */
  readonly origin: () => number[];
  readonly isGlobal: boolean;
  /** For each dimension of the view the one of the region along it, or -1. */
  readonly regionDimensions: readonly number[];
}

function side(
  value: Value,
  indices: readonly Value[],
  other: Value,
  op: Operation,
  scope: Compilation,
): Side {
  const rank = scope.shape(value.type, op).length;
  if (indices.length > 0 && indices.length !== rank) {
    fail(op, `expected ${rank} indices for '${value.type}', found ${indices.length}`);
  }
  const zeros = new Array<number>(rank).fill(0);
  const origin = indices.length === 0 ? () => zeros : scope.integers(indices, op);
  const isGlobal = value.type instanceof MemRefType;
  const spanned = isGlobal
    ? spannedDimensions(op, rank, scope.shape(other.type, op).length)
    : Array.from({ length: rank }, (_, dim) => dim);
  const regionDimensions = Array.from({ length: rank }, (_, dim) => spanned.indexOf(dim));
  return { value, view: scope.view(value), origin, isGlobal, regionDimensions };
}

/** The extents of what is copied: the whole of the operand that is not indexed, a tile if both or neither are. */
function regionExtents(
  source: Side,
  destination: Side,
  isIndexed: readonly boolean[],
  op: Operation,
): () => readonly number[] {
  const [sourceIndexed, destinationIndexed] = isIndexed;
  let owner: Side;
  if (source.isGlobal !== destination.isGlobal) owner = source.isGlobal ? destination : source;
  else if (sourceIndexed && destinationIndexed)
    fail(op, 'the extents of the copy cannot be deduced: both operands are indexed');
  else owner = sourceIndexed ? destination : source;
  return () => owner.view().shape;
}

/** Where a row of the region lies on one side: `count` elements from `start` on exist, the first is at `offset`. */
interface Row {
  offset: number;
  start: number;
  end: number;
}

/** Finds the row of `extent` elements that begins at the coordinates `at` of the region, 0 in those that it leaves out. */
function findRow(
  { regionDimensions }: Side,
  view: View,
  origin: readonly number[],
  at: readonly number[],
  extent: number,
  row: Row,
): void {
  const { shape, strides } = view;
  const rank = shape.length;
  const coordinateOf = (dim: number): number => {
    const along = regionDimensions[dim];
    return origin[dim] + (along === -1 || along >= at.length ? 0 : at[along]);
  };
  let { offset } = view;
  let isInside = true;
  for (let dim = 0; dim < rank - 1; dim++) {
    const coordinate = coordinateOf(dim);
    if (coordinate < 0 || coordinate >= shape[dim]) isInside = false;
    offset += coordinate * strides[dim];
  }
  const first = rank === 0 ? 0 : coordinateOf(rank - 1);
  const columns = rank === 0 ? 1 : shape[rank - 1];
  row.offset = offset + first;
  row.start = isInside ? Math.min(Math.max(0, -first), extent) : 0;
  row.end = isInside ? Math.max(row.start, Math.min(extent, columns - first)) : 0;
}

/** Copies a stretch of one row; both lie within their buffers. */
type RowCopy = (source: View, from: number, destination: View, to: number, count: number) => void;

/** Whether every value of one float type is a value of the other, or the store into its array rounds. */
function storesExactly(from: ElementFormat, to: ElementFormat): boolean {
  if (from === to) return true;
  const kind = String(to.type);
  return from.category === 'float' && (kind === 'f32' || kind === 'f64');
}

function rowCopy(from: ElementFormat, to: ElementFormat): RowCopy {
  if (storesExactly(from, to)) {
    return (source, at, destination, start, count) =>
      destination.buffer.data.set(source.buffer.data.subarray(at, at + count) as never, start);
  }
  const convert: Converter = converter(from, to);
  return (source, at, destination, start, count) => {
    const input = source.buffer.data;
    const output = destination.buffer.data;
    for (let i = 0; i < count; i++) output[start + i] = convert(input[at + i]) as never;
  };
}

/** `layout.convert`: the same elements, whoever holds them. */
export const convertLayout: Evaluator = (op, scope) => {
  const [source, destination] = op.operands.map((value) => scope.view(value));
  const format = scope.elementFormat(op.operand(0).type, op);
  const move = rowCopy(format, format);
  return () => {
    const [from, to] = [source(), destination()];
    const hole = from.buffer.findUndefined(from.offset, from.size);
    if (hole !== -1) failUndefined(op, op.operand(0), from, hole);
    move(from, from.offset, to, to.offset, from.size);
    to.buffer.defineRange(to.offset, to.size);
  };
};

/** Element by element, with coordinates in another order. */
export const transpose: Evaluator = (op, scope) => {
  const [source, destination] = op.operands.map((value) => scope.view(value));
  const [from, to] = op.operands.map((value) => scope.elementFormat(value.type, op));
  const convert = converter(from, to);
  const given = op.getAttribute('permutation');
  const { length: rank } = scope.shape(op.operand(0).type, op);
  const permutation =
    given instanceof DenseArrayAttr
      ? given.values
      : Array.from({ length: rank }, (_, i) => rank - 1 - i);
  return () => {
    const [input, output] = [source(), destination()];
    const hole = input.buffer.findUndefined(input.offset, input.size);
    if (hole !== -1) failUndefined(op, op.operand(0), input, hole);
    const strides = permutation.map((dimension) => input.strides[dimension]);
    const read = input.buffer.data;
    const values: (number | bigint)[] = [];
    for (let number = 0; number < output.size; number++) {
      let offset = input.offset;
      for (let dim = 0; dim < rank; dim++)
        offset += (Math.floor(number / output.strides[dim]) % output.shape[dim]) * strides[dim];
      values.push(convert(read[offset]));
    }
    output.buffer.data.set(values as never, output.offset);
    output.buffer.defineRange(output.offset, output.size);
  };
};

export const copy: Evaluator = (op, scope) => {
  const [[sourceValue], sourceIndices, [destinationValue], destinationIndices] =
    operandSegments(op);
  const source = side(sourceValue, sourceIndices, destinationValue, op, scope);
  const destination = side(destinationValue, destinationIndices, sourceValue, op, scope);
  // Elements that are neighbours on one side only are moved one by one.
  const isByRow = source.regionDimensions.at(-1) === destination.regionDimensions.at(-1);
  const isIndexed = [sourceIndices.length > 0, destinationIndices.length > 0];
  const extentsOf = regionExtents(source, destination, isIndexed, op);
  const move = rowCopy(
    scope.elementFormat(sourceValue.type, op),
    scope.elementFormat(destinationValue.type, op),
  );
  const promisesBounds = op.hasAttribute('in_bounds');
  const from: Row = { offset: 0, start: 0, end: 0 };
  const to: Row = { offset: 0, start: 0, end: 0 };
  return () => {
    const extents = extentsOf();
    const input = source.view();
    const output = destination.view();
    const rank = extents.length;
    if (input.shape.length < rank || output.shape.length < rank) {
      fail(
        op,
        `cannot copy '${sourceValue.type}' to '${destinationValue.type}': their ranks do not fit`,
      );
    }
    const sourceOrigin = source.origin();
    const destinationOrigin = destination.origin();
    const extent = rank === 0 || !isByRow ? 1 : extents[rank - 1];
    const outer = isByRow ? extents.slice(0, -1) : extents;
    const rows = outer.reduce((a, b) => a * b, 1);
    const at = outer.map(() => 0);
    if (extent === 0) return;
    for (let row = 0; row < rows; row++) {
      findRow(source, input, sourceOrigin, at, extent, from);
      findRow(destination, output, destinationOrigin, at, extent, to);
      for (const [where, place, view] of [
        [source, from, input],
        [destination, to, output],
      ] as const) {
        if (place.end - place.start === extent) continue;
        if (!where.isGlobal || promisesBounds) failRegion(op, where, view, promisesBounds);
      }
      copyRow(op, sourceValue, input, output, from, to, move);
      for (let dim = at.length - 1; dim >= 0 && ++at[dim] === extents[dim]; dim--) at[dim] = 0;
    }
  };
};

/** One row: what the source lacks is zero, what the destination lacks is not written. */
function copyRow(
  op: Operation,
  value: Value,
  input: View,
  output: View,
  from: Row,
  to: Row,
  move: RowCopy,
): void {
  const start = Math.max(from.start, to.start);
  const end = Math.max(start, Math.min(from.end, to.end));
  const { data } = output.buffer;
  const zero = (data instanceof BigInt64Array || data instanceof BigUint64Array ? 0n : 0) as never;
  if (end > start) {
    const hole = input.buffer.findUndefined(from.offset + start, end - start);
    if (hole !== -1) failUndefined(op, value, input, hole);
    move(input, from.offset + start, output, to.offset + start, end - start);
    if (to.start < start) data.fill(zero, to.offset + to.start, to.offset + start);
    if (to.end > end) data.fill(zero, to.offset + end, to.offset + to.end);
  } else if (to.end > to.start) data.fill(zero, to.offset + to.start, to.offset + to.end);
  output.buffer.defineRange(to.offset + to.start, to.end - to.start);
}

function failRegion(
  op: Operation,
  { value, isGlobal, origin }: Side,
  view: View,
  promisesBounds: boolean,
): never {
  const reason = isGlobal && promisesBounds ? `, but the copy promises 'in_bounds'` : '';
  fail(
    op,
    `the region at [${origin().join(', ')}] reaches outside of ${describe(value)}, whose shape is ${formatShape(view.shape)}${reason}`,
    [view.buffer.origin()],
  );
}

function fillView({ buffer, offset, size }: View, value: number | bigint): void {
  buffer.data.fill(value as never, offset, offset + size);
  buffer.defineRange(offset, size);
}

export const clear: Evaluator = (op, scope) => {
  const tile = scope.view(op.operand(0));
  const zero = scope.elementFormat(op.operand(0).type, op).isBig ? 0n : 0;
  return () => fillView(tile(), zero);
};

export const fill: Evaluator = (op, scope) => {
  const [tileValue, value] = op.operands;
  const tile = scope.view(tileValue);
  const from = scope.format(value.type, op);
  const convert = converter(from, scope.elementFormat(tileValue.type, op));
  const slot = scope.slot(value);
  const { numbers, objects } = scope;
  return () => fillView(tile(), convert(from.isBig ? (objects[slot] as bigint) : numbers[slot]));
};
