/** What operations on buffers must agree with beyond their declaration. */

import {
  AffineMapAttr,
  DYNAMIC,
  MemRefType,
  resolveSymbol,
  StridedLayoutAttr,
  UnrankedMemRefType,
  type DenseArrayAttr,
  type Operation,
  type SymbolRefAttr,
  type Type,
  type TypeAttr,
} from '../../ir/index.js';
import { DYNAMIC_INDEX } from '../index-list.js';

const isDynamic = (extent: number): boolean => extent === DYNAMIC;

const segments = (op: Operation): readonly number[] =>
  (op.properties.get('operandSegmentSizes') as DenseArrayAttr).values;

/** Allocations: as many sizes as dynamic dimensions, as many symbols as the layout has. */
export function verifyAllocation(op: Operation): boolean {
  const type = op.result.type as MemRefType;
  const [sizes, symbols] = segments(op);
  if (sizes !== type.shape.filter(isDynamic).length)
    return op.emitOpError('dimension operand count does not equal memref dynamic dimension count');
  const wanted = type.layout instanceof AffineMapAttr ? type.layout.map.symbolCount : 0;
  if (symbols !== wanted)
    return op.emitOpError(
      `symbol operand count does not equal memref symbol count: expected ${wanted}, got ${symbols}`,
    );
  return true;
}

/** A stack allocation needs something at whose end it is freed. */
export function verifyStackAllocation(op: Operation): boolean {
  let scope = op.parentOp;
  while (scope !== null && !scope.name.hasTrait('AutomaticAllocationScope')) scope = scope.parentOp;
  if (scope === null && op.parentOp !== null)
    return op.emitOpError('requires an ancestor op with AutomaticAllocationScope trait');
  return verifyAllocation(op);
}

/** One index for each dimension of the buffer at operand `memref`. */
export const verifyIndices =
  (memref: number, message: (found: number, rank: number) => string) =>
  (op: Operation): boolean => {
    const { shape } = op.operand(memref).type as MemRefType;
    const found = op.operandCount - memref - 1;
    return found === shape.length || op.emitOpError(message(found, shape.length));
  };

/** Strides and offset of a buffer type, `DYNAMIC` where unknown; undefined where the layout is not strided. */
export function stridesAndOffset(
  type: MemRefType,
): { readonly strides: readonly number[]; readonly offset: number } | undefined {
  const { layout, shape } = type;
  if (layout instanceof StridedLayoutAttr) return layout;
  if (layout !== undefined && !(layout instanceof AffineMapAttr && layout.map.isIdentity()))
    return undefined;
  const strides: number[] = [];
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides.unshift(stride);
    stride = isDynamic(stride) || isDynamic(shape[i]) ? DYNAMIC : stride * shape[i];
  }
  return { strides, offset: 0 };
}

const agrees = (a: number, b: number): boolean => a === b || isDynamic(a) || isDynamic(b);

/** Casts between buffer types that may be the same at run time. */
export function areCastCompatible([from]: readonly Type[], [to]: readonly Type[]): boolean {
  if (from instanceof UnrankedMemRefType || to instanceof UnrankedMemRefType) {
    if (from instanceof UnrankedMemRefType && to instanceof UnrankedMemRefType) return false;
    const [a, b] = [from, to] as MemRefType[];
    return a.elementType === b.elementType && a.memorySpace === b.memorySpace;
  }
  if (!(from instanceof MemRefType) || !(to instanceof MemRefType)) return false;
  if (from.elementType !== to.elementType || from.memorySpace !== to.memorySpace) return false;
  if (from.shape.length !== to.shape.length) return false;
  if (!from.shape.every((extent, i) => agrees(extent, to.shape[i]))) return false;
  if (from.layout === to.layout) return true;
  const [a, b] = [stridesAndOffset(from), stridesAndOffset(to)];
  if (a === undefined || b === undefined) return false;
  return agrees(a.offset, b.offset) && a.strides.every((stride, i) => agrees(stride, b.strides[i]));
}

export function verifyCast(op: Operation): boolean {
  const [from, to] = [op.operand(0).type, op.result.type];
  return (
    areCastCompatible([from], [to]) ||
    op.emitOpError(`operand type '${from}' and result type '${to}' are cast incompatible`)
  );
}

/** The type of a subview without dropped dimensions; undefined where the source has no strides. */
export function subviewType(
  source: MemRefType,
  offsets: readonly number[],
  sizes: readonly number[],
  steps: readonly number[],
): MemRefType | undefined {
  const layout = stridesAndOffset(source);
  if (layout === undefined) return undefined;
  let { offset } = layout;
  const known = (value: number): number => (value === DYNAMIC_INDEX ? DYNAMIC : value);
  const times = (a: number, b: number): number => {
    if (a === 0 || b === 0) return 0;
    return isDynamic(a) || isDynamic(b) ? DYNAMIC : a * b;
  };
  const plus = (a: number, b: number): number => (isDynamic(a) || isDynamic(b) ? DYNAMIC : a + b);
  layout.strides.forEach((stride, i) => (offset = plus(offset, times(known(offsets[i]), stride))));
  const strides = layout.strides.map((stride, i) => times(known(steps[i]), stride));
  return MemRefType.get(
    sizes.map(known),
    source.elementType,
    StridedLayoutAttr.get(strides, offset),
    source.memorySpace,
  );
}

const values = (op: Operation, name: string): readonly number[] =>
  (op.properties.get(name) as DenseArrayAttr).values;

export function verifySubview(op: Operation): boolean {
  const source = op.operand(0).type as MemRefType;
  const rank = source.shape.length;
  const lists = ['offsets', 'sizes', 'strides'] as const;
  const counts = segments(op);
  for (const [index, name] of lists.entries()) {
    const list = values(op, `static_${name}`);
    if (list.length !== rank)
      return op.emitOpError(`expected ${rank} ${name.slice(0, -1)} values, got ${list.length}`);
    const dynamic = list.filter((value) => value === DYNAMIC_INDEX).length;
    if (dynamic !== counts[index + 1])
      return op.emitOpError(`expected ${dynamic} dynamic ${name.slice(0, -1)} values`);
  }
  const [offsets, sizes, steps] = lists.map((name) => values(op, `static_${name}`));
  const full = subviewType(source, offsets, sizes, steps);
  if (full === undefined) return op.emitOpError(`base type '${source}' is not strided`);
  const result = op.result.type as MemRefType;
  const mismatch = (): boolean =>
    op.emitError(
      `expected result type to be '${full}' or a rank-reduced version. (mismatch of result layout) `,
    );
  if (result.elementType !== source.elementType)
    return op.emitError(`expected result element type to be '${source.elementType}'`);
  if (result.memorySpace !== source.memorySpace)
    return op.emitError(
      `expected result type to be '${full}' or a rank-reduced version. (mismatch of result memory space) `,
    );
  const kept = keptDimensions(full.shape, result.shape);
  if (kept === undefined)
    return op.emitError(
      `expected result type to be '${full}' or a rank-reduced version. (mismatch of result sizes) `,
    );
  const layout = stridesAndOffset(result);
  const expected = stridesAndOffset(full)!;
  if (layout === undefined || layout.offset !== expected.offset) return mismatch();
  // Of equal extents of one, any may be the dropped one; strides of kept dimensions decide only for larger extents.
  const isSame = kept.every(
    (dim, i) => full.shape[dim] === 1 || layout.strides[i] === expected.strides[dim],
  );
  return isSame || mismatch();
}

/** Positions of `reduced` in `full` where the dimensions left out have extent one. */
export function keptDimensions(
  full: readonly number[],
  reduced: readonly number[],
): number[] | undefined {
  const kept: number[] = [];
  let next = 0;
  for (let dim = 0; dim < full.length; dim++) {
    const canDrop = full[dim] === 1 && full.length - dim > reduced.length - next;
    const isKept =
      next < reduced.length &&
      reduced[next] === full[dim] &&
      !(canDrop && full.length - dim - 1 >= reduced.length - next && reduced[next] !== 1);
    if (isKept) {
      kept.push(dim);
      next++;
    } else if (!canDrop) return undefined;
  }
  return next === reduced.length ? kept : undefined;
}

export function verifyReinterpretCast(op: Operation): boolean {
  const source = op.operand(0).type as MemRefType | UnrankedMemRefType;
  const result = op.result.type as MemRefType;
  if (source.elementType !== result.elementType)
    return op.emitOpError(
      `different element types specified for source type '${source}' and result memref type '${result}'`,
    );
  if (source.memorySpace !== result.memorySpace)
    return op.emitOpError(
      `different memory spaces specified for source type '${source}' and result memref type '${result}'`,
    );
  const sizes = values(op, 'static_sizes');
  for (const [dim, extent] of result.shape.entries()) {
    const size = sizes[dim];
    if (size !== undefined && size !== DYNAMIC_INDEX && extent !== size && !isDynamic(extent))
      return op.emitError(
        `expected result type with size = ${size} instead of ${extent} in dim = ${dim}`,
      );
  }
  const layout = stridesAndOffset(result);
  if (layout === undefined)
    return op.emitError(`expected result type to have strided layout but found '${result}'`);
  const [offset] = values(op, 'static_offsets');
  if (offset !== DYNAMIC_INDEX && !isDynamic(layout.offset) && layout.offset !== offset)
    return op.emitError(`expected result type with offset = ${offset} instead of ${layout.offset}`);
  for (const [dim, stride] of values(op, 'static_strides').entries()) {
    const found = layout.strides[dim];
    if (stride !== DYNAMIC_INDEX && !isDynamic(found) && found !== stride)
      return op.emitError(
        `expected result type with stride = ${stride} instead of ${found} in dim = ${dim}`,
      );
  }
  return true;
}

export function verifyView(op: Operation): boolean {
  const source = op.operand(0).type as MemRefType;
  const result = op.result.type as MemRefType;
  if (source.memorySpace !== result.memorySpace)
    return op.emitError(
      `different memory spaces specified for base memref type ${source} and view memref type ${result}`,
    );
  const dynamic = result.shape.filter(isDynamic).length;
  return (
    op.operandCount - 2 === dynamic ||
    op.emitError(`incorrect number of size operands for type ${result}`)
  );
}

export function verifyGetGlobal(op: Operation): boolean {
  const name = op.properties.get('name') as SymbolRefAttr;
  const global = resolveSymbol(op, name);
  if (global?.name.text !== 'memref.global')
    return op.emitOpError(`'${name.leaf}' does not reference a valid global memref`);
  const { type } = global.properties.get('type') as TypeAttr;
  return (
    type === op.result.type ||
    op.emitOpError(
      `result type '${op.result.type}' does not match type '${type}' of the global memref @${name.leaf}`,
    )
  );
}
