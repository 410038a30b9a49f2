/** Folds of the memref dialect, each with its law. */

import {
  DYNAMIC,
  IntegerAttr,
  indexType,
  MemRefType,
  type Attribute,
  type FoldOutcome,
  type Operation,
} from '../../ir/index.js';

/** `dim m, c -> extent c of m's type` where that is static; of an allocation, its size operand */
export function foldDim(
  op: Operation,
  [, position]: readonly (Attribute | undefined)[],
): FoldOutcome {
  const { type, definingOp } = op.operand(0);
  if (!(type instanceof MemRefType) || !(position instanceof IntegerAttr)) return undefined;
  const dim = position.number;
  if (dim < 0 || dim >= type.shape.length) return undefined;
  const extent = type.shape[dim];
  if (extent !== DYNAMIC) return [IntegerAttr.get(extent, indexType)];
  if (definingOp?.name.text !== 'memref.alloc' && definingOp?.name.text !== 'memref.alloca')
    return undefined;
  const size = type.shape.slice(0, dim).filter((it) => it === DYNAMIC).length;
  return [definingOp.operand(size)];
}

/** `cast (m : T to T) -> m`; `cast (cast (m : T to S) : S to T) -> m` */
export function foldCast(op: Operation): FoldOutcome {
  const source = op.operand(0);
  if (source.type === op.result.type) return [source];
  const inner = source.definingOp;
  if (inner?.name.text === 'memref.cast' && inner.operand(0).type === op.result.type)
    return [inner.operand(0)];
  return undefined;
}

/** `rank m -> number of dimensions of m's type` */
export function foldRank(op: Operation): FoldOutcome {
  const { type } = op.operand(0);
  if (!(type instanceof MemRefType)) return undefined;
  return [IntegerAttr.get(type.shape.length, indexType)];
}

/** Accesses look through casts that only add knowledge: `load (cast m) -> load m`. */
export function foldAccessOfCast(position: number): (op: Operation) => FoldOutcome {
  return (op) => {
    const cast = op.operand(position).definingOp;
    if (cast?.name.text !== 'memref.cast' || !(cast.operand(0).type instanceof MemRefType))
      return undefined;
    op.setOperand(position, cast.operand(0));
    return true;
  };
}
