/** Canonicalization of memref: views of views, and what is known of the shapes of views. */

import { areCastCompatible, keptDimensions, subviewType } from '../../dialects/memref/verifiers.js';
import { DYNAMIC_INDEX } from '../../dialects/index-list.js';
import {
  ArrayAttr,
  attributeRecord,
  DenseArrayAttr,
  DYNAMIC,
  i32,
  i64,
  IntegerAttr,
  MemRefType,
  StridedLayoutAttr,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { constantValue, pattern, type Rewriter, type RewritePattern } from '../../rewrite/index.js';

/** The numbers of a dense array attribute. */
export const numbers = (op: Operation, name: string): readonly number[] => {
  const attribute = op.getAttribute(name);
  return attribute instanceof DenseArrayAttr ? attribute.values : [];
};

/** The source of a cast from a type of known rank. */
function castSource(value: Value): Value | undefined {
  const cast = value.definingOp;
  if (cast?.name.text !== 'memref.cast') return undefined;
  const source = cast.operand(0);
  return source.type instanceof MemRefType ? source : undefined;
}

/** Whether a cast from `from` to `to` only forgets what is known. */
function forgets(from: MemRefType, to: MemRefType): boolean {
  return (
    areCastCompatible([from], [to]) &&
    from.shape.every((extent, dim) => extent !== DYNAMIC || to.shape[dim] === DYNAMIC)
  );
}

/** Replaces an operation by a cast of `value` to its type, or by `value` where that is its type. */
export function replaceByCast(op: Operation, value: Value, rewriter: Rewriter): void {
  value.name ??= op.result.name;
  if (value.type === op.result.type) rewriter.replaceOp(op, [value]);
  else
    rewriter.replaceOpWithNew(op, 'memref.cast', {
      operands: [value],
      resultTypes: op.resultTypes,
    });
}

/** The type of a part with as many dimensions as `result` has; undefined where there are no strides. */
function partType(
  source: MemRefType,
  [offsets, sizes, strides]: readonly (readonly number[])[],
  result: MemRefType,
  before: readonly number[],
): MemRefType | undefined {
  const full = subviewType(source, offsets, sizes, strides);
  if (full === undefined || full.shape.length === result.shape.length) return full;
  const shape = before.map((size) => (size === DYNAMIC_INDEX ? DYNAMIC : size));
  const kept = keptDimensions(shape, result.shape);
  const layout = full.layout as StridedLayoutAttr;
  return (
    kept &&
    MemRefType.get(
      kept.map((dim) => full.shape[dim]),
      full.elementType,
      StridedLayoutAttr.get(
        kept.map((dim) => layout.strides[dim]),
        layout.offset,
      ),
      full.memorySpace,
    )
  );
}

const LISTS = ['static_offsets', 'static_sizes', 'static_strides'] as const;

const subviewKnown = pattern(
  'memref.subview',
  {
    name: 'memref-subview-known',
    law: 'bounds that are constant, and what casts forgot of the source, belong to the type of a part',
  },
  (op, rewriter) => {
    const [, ...counts] = numbers(op, 'operandSegmentSizes');
    const castFrom = castSource(op.operand(0));
    const sourceType = op.operand(0).type as MemRefType;
    const source =
      castFrom !== undefined && forgets(castFrom.type as MemRefType, sourceType)
        ? castFrom
        : op.operand(0);
    const operands: Value[] = [source];
    const sizes = numbers(op, 'static_sizes');
    const kept: number[] = [];
    let next = 1;
    const lists = LISTS.map((name, list) => {
      let count = 0;
      const values = numbers(op, name).map((value) => {
        if (value !== DYNAMIC_INDEX) return value;
        const operand = op.operand(next++);
        const constant = constantValue(operand);
        const isKnown = constant instanceof IntegerAttr && (list !== 1 || constant.number >= 0);
        if (isKnown) return constant.number;
        operands.push(operand);
        count++;
        return DYNAMIC_INDEX;
      });
      kept.push(count);
      return values;
    });
    const isSame = kept.every((count, list) => count === counts[list]);
    if (isSame && source === op.operand(0))
      return rewriter.notifyMatchFailure(op, 'no bound is constant, and the source is no cast');
    const type = partType(source.type as MemRefType, lists, op.result.type as MemRefType, sizes);
    if (type === undefined) return rewriter.notifyMatchFailure(op, 'the source has no strides');
    const part = rewriter.create('memref.subview', {
      operands,
      resultTypes: [type],
      attributes: {
        ...attributeRecord(op),
        ...Object.fromEntries(
          LISTS.map((name, list) => [name, DenseArrayAttr.get(i64, lists[list])]),
        ),
        operandSegmentSizes: DenseArrayAttr.get(i32, [1, ...kept]),
      },
    });
    replaceByCast(op, part.result, rewriter);
    return undefined;
  },
);

const viewKnown = pattern(
  'memref.view',
  { name: 'memref-view-known', law: 'extents that are constant belong to the type of a view' },
  (op, rewriter) => {
    const type = op.result.type as MemRefType;
    const [source, shift, ...sizes] = op.operands;
    const kept: Value[] = [];
    let next = 0;
    const shape = type.shape.map((extent) => {
      if (extent !== DYNAMIC) return extent;
      const size = sizes[next++];
      const constant = constantValue(size);
      if (constant instanceof IntegerAttr && constant.number >= 0) return constant.number;
      kept.push(size);
      return DYNAMIC;
    });
    if (kept.length === sizes.length || type.layout !== undefined)
      return rewriter.notifyMatchFailure(op, 'no extent is constant');
    const view = rewriter.create('memref.view', {
      operands: [source, shift, ...kept],
      resultTypes: [MemRefType.get(shape, type.elementType, undefined, type.memorySpace)],
      attributes: Object.fromEntries(op.attributes.entries()),
    });
    replaceByCast(op, view.result, rewriter);
    return undefined;
  },
);

const dimOfView = pattern(
  'memref.dim',
  { name: 'memref-dim-of-view', law: 'an extent of a view is the size that was asked for' },
  (op, rewriter) => {
    const view = op.operand(0).definingOp;
    const dim = constantValue(op.operand(1));
    if (view?.name.text !== 'memref.view' || !(dim instanceof IntegerAttr))
      return rewriter.notifyMatchFailure(op, 'it is no dimension of a view');
    const { shape } = view.result.type as MemRefType;
    if (shape[dim.number] !== DYNAMIC)
      return rewriter.notifyMatchFailure(op, 'the extent is in the type');
    const before = shape.slice(0, dim.number).filter((extent) => extent === DYNAMIC).length;
    rewriter.replaceOp(op, [view.operand(2 + before)]);
    return undefined;
  },
);

const reinterpretSource = pattern(
  'memref.reinterpret_cast',
  {
    name: 'memref-reinterpret-cast-source',
    law: 'offset, sizes and strides count from the memory, whatever was seen of it before',
  },
  (op, rewriter) => {
    const inner = op.operand(0).definingOp;
    const startsAtFront =
      inner?.name.text === 'memref.subview' &&
      numbers(inner, 'static_offsets').every((offset) => offset === 0);
    const isOther =
      inner?.name.text === 'memref.reinterpret_cast' || inner?.name.text === 'memref.cast';
    if (inner === undefined || !(startsAtFront || isOther))
      return rewriter.notifyMatchFailure(op, 'the source is something else');
    rewriter.setOperand(op, 0, inner.operand(0));
    return undefined;
  },
);

type Groups = readonly (readonly number[])[];

function groupsOf(op: Operation): Groups {
  const list = op.getAttribute('reassociation');
  return list instanceof ArrayAttr
    ? list.elements.map((group) =>
        (group as ArrayAttr).elements.map((dim) => (dim as IntegerAttr).number),
      )
    : [];
}

const groupsAttribute = (groups: Groups): ArrayAttr =>
  ArrayAttr.get(
    groups.map((group) => ArrayAttr.get(group.map((dim) => IntegerAttr.get(dim, i64)))),
  );

const collapseTwice = pattern(
  'memref.collapse_shape',
  { name: 'memref-collapse-shape-twice', law: 'collapse(collapse(m)) -> collapse(m)' },
  (op, rewriter) => {
    const inner = op.operand(0).definingOp;
    if (inner?.name !== op.name)
      return rewriter.notifyMatchFailure(op, 'the source is not collapsed');
    const first = groupsOf(inner);
    const both = groupsOf(op).map((group) => group.flatMap((dim) => first[dim]));
    rewriter.replaceOpWithNew(op, op.name.text, {
      operands: inner.operands,
      resultTypes: op.resultTypes,
      attributes: { reassociation: groupsAttribute(both) },
    });
    return undefined;
  },
);

const expandTwice = pattern(
  'memref.expand_shape',
  { name: 'memref-expand-shape-twice', law: 'expand(expand(m)) -> expand(m)' },
  (op, rewriter) => {
    const inner = op.operand(0).definingOp;
    if (inner?.name !== op.name)
      return rewriter.notifyMatchFailure(op, 'the source is not expanded');
    const second = groupsOf(op);
    const both = groupsOf(inner).map((group) => group.flatMap((dim) => second[dim]));
    rewriter.replaceOpWithNew(op, op.name.text, {
      operands: [inner.operand(0), ...op.operands.slice(1)],
      resultTypes: op.resultTypes,
      attributes: { ...attributeRecord(op), reassociation: groupsAttribute(both) },
    });
    return undefined;
  },
);

const collapseOfCast = pattern(
  'memref.collapse_shape',
  {
    name: 'memref-collapse-shape-of-cast',
    law: 'what a cast forgot of the source belongs to the type of the collapsed buffer',
  },
  (op, rewriter) => {
    const source = castSource(op.operand(0));
    const type = source?.type;
    const seen = op.operand(0).type as MemRefType;
    if (source === undefined || !(type instanceof MemRefType) || !forgets(type, seen))
      return rewriter.notifyMatchFailure(op, 'the source is no cast that forgets something');
    if (type.layout !== undefined)
      return rewriter.notifyMatchFailure(op, 'the source has strides of its own');
    const shape = groupsOf(op).map((group) =>
      group.some((dim) => type.shape[dim] === DYNAMIC)
        ? DYNAMIC
        : group.reduce((product, dim) => product * type.shape[dim], 1),
    );
    const collapsed = rewriter.create('memref.collapse_shape', {
      operands: [source],
      resultTypes: [MemRefType.get(shape, type.elementType, undefined, type.memorySpace)],
      attributes: attributeRecord(op),
    });
    replaceByCast(op, collapsed.result, rewriter);
    return undefined;
  },
);

/** Stack memory that a region needs may live as long as the region around it, where nothing comes behind. */
const inlineScope = pattern(
  'memref.alloca_scope',
  {
    name: 'memref-alloca-scope-inline',
    law: 'a scope without stack memory, or at the end of another one, is its operations',
  },
  (op, rewriter) => {
    let allocates = false;
    op.walk((inner) => {
      if (inner.name.text === 'memref.alloca') allocates = true;
    });
    const isLast = op.nextOp !== null && op.nextOp === op.parentBlock?.lastOp;
    const isInScope = op.parentOp?.name.hasTrait('AutomaticAllocationScope') === true;
    if (allocates && !(isLast && isInScope))
      return rewriter.notifyMatchFailure(op, 'its memory would live longer');
    const block = op.regions[0].entryBlock;
    const terminator = block.lastOp!;
    rewriter.inlineBlockBefore(block, op, []);
    rewriter.replaceOp(op, terminator.operands);
    rewriter.erase(terminator);
    return undefined;
  },
);

/** The canonicalization patterns of views. */
export const viewCanonicalization: readonly RewritePattern[] = [
  subviewKnown,
  viewKnown,
  dimOfView,
  reinterpretSource,
  collapseTwice,
  expandTwice,
  collapseOfCast,
  inlineScope,
];
