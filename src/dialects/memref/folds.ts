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
import { areCastCompatible } from './verifiers.js';

/** `dim m, c -> extent c of m's type` where that is static; of an allocation, its size operand; of a cast, of its source */
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
  const source = definingOp?.name.text === 'memref.cast' ? definingOp.operand(0) : undefined;
  if (source?.type instanceof MemRefType) {
    op.setOperand(0, source);
    return true;
  }
  if (definingOp?.name.text !== 'memref.alloc' && definingOp?.name.text !== 'memref.alloca')
    return undefined;
  const size = type.shape.slice(0, dim).filter((it) => it === DYNAMIC).length;
  return [definingOp.operand(size)];
}

/** `cast (m : T to T) -> m`; `cast (cast (m : T to S) : S to U) -> cast (m : T to U)`, which may be `m` */
export function foldCast(op: Operation): FoldOutcome {
  const source = op.operand(0);
  if (source.type === op.result.type) return [source];
  const inner = source.definingOp;
  if (inner?.name.text !== 'memref.cast') return undefined;
  const first = inner.operand(0);
  if (first.type === op.result.type) return [first];
  const isPossible =
    first.type instanceof MemRefType && areCastCompatible([first.type], [op.result.type]);
  if (!isPossible) return undefined;
  op.setOperand(0, first);
  return true;
}

/** `memory_space_cast (m : T to T) -> m`; of another such cast, the cast of its source */
export function foldMemorySpaceCast(op: Operation): FoldOutcome {
  const source = op.operand(0);
  if (source.type === op.result.type) return [source];
  const inner = source.definingOp;
  if (inner?.name !== op.name) return undefined;
  op.setOperand(0, inner.operand(0));
  return true;
}

/** `collapse_shape (m : T to T) -> m` */
export function foldCollapse(op: Operation): FoldOutcome {
  return op.operand(0).type === op.result.type ? [op.operand(0)] : undefined;
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
