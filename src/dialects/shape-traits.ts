/** Traits about shapes of all operands and results: elementwise operations and broadcasting. */

import {
  DYNAMIC,
  RankedTensorType,
  UnrankedTensorType,
  VectorType,
  type Operation,
  type Type,
} from '../ir/index.js';
import { isFloatLike, shapeOf } from './entity-types.js';

const isTensor = (type: Type): boolean =>
  type instanceof RankedTensorType || type instanceof UnrankedTensorType;
const isMappable = (type: Type): boolean => type instanceof VectorType || isTensor(type);

/** Scalars may mix with containers, but containers are of one kind and shape and all results are containers then. */
export function verifyElementwise(op: Operation): boolean {
  const operands = op.operands.map((value) => value.type).filter(isMappable);
  const results = op.resultTypes.filter(isMappable);
  if (operands.length === 0 && results.length === 0) return true;
  if (operands.length === 0)
    return op.emitOpError(
      'if a result is non-scalar, then at least one operand must be non-scalar',
    );
  if (results.length === 0)
    return op.emitOpError(
      'if an operand is non-scalar, then there must be at least one non-scalar result',
    );
  if (results.length !== op.results.length)
    return op.emitOpError('if an operand is non-scalar, then all results must be non-scalar');
  const ranked = [...operands, ...results].filter((type) => !(type instanceof UnrankedTensorType));
  const agree = (type: Type): boolean => {
    if (isTensor(type) !== isTensor(operands[0])) return false;
    const [shape, first] = [shapeOf(type), ranked.length > 0 ? shapeOf(ranked[0]) : undefined];
    if (shape === undefined || first === undefined) return true;
    return (
      shape.length === first.length &&
      shape.every((extent, i) => extent === first[i] || extent === DYNAMIC || first[i] === DYNAMIC)
    );
  };
  return (
    [...operands, ...results].every(agree) ||
    op.emitOpError('all non-scalar operands/results must have the same shape and base type')
  );
}

/** Extents are equal, 1, or unknown; undefined where two shapes cannot be broadcast to one. */
function broadcast(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === y || y === 1) result.push(x);
    else if (x === 1) result.push(y);
    // An unknown extent has to be that of the other, unless that is unknown or 1 as well.
    else if (x === DYNAMIC || y === DYNAMIC) result.push(x === DYNAMIC ? y : x);
    else return undefined;
  }
  return result;
}

const shapeText = (shape: readonly number[]): string =>
  shape.map((extent) => (extent === DYNAMIC ? '?' : extent)).join('x');

/** Every result has the shape to which those of the operands are broadcast. */
export function verifyBroadcast(op: Operation): boolean {
  let shape: readonly number[] = [];
  for (const { type } of op.operands) {
    const extents = shapeOf(type);
    if (extents === undefined) continue;
    const joined = broadcast(shape, extents);
    if (joined === undefined)
      return op.emitOpError("operands don't have broadcast-compatible shapes");
    shape = joined;
  }
  for (const type of op.resultTypes) {
    const extents = shapeOf(type);
    if (extents === undefined) continue;
    // A result may have further dimensions in front.
    const isCompatible =
      extents.length >= shape.length &&
      shape.every((expected, i) => {
        const extent = extents[extents.length - shape.length + i];
        return extent === expected || extent === DYNAMIC || expected === DYNAMIC;
      });
    if (!isCompatible)
      return op.emitOpError(
        `result type '${shapeText(extents)}' not broadcast compatible with broadcasted operands's shapes '${shapeText(shape)}'`,
      );
  }
  return true;
}

export function verifyFloatResults(op: Operation): boolean {
  return op.resultTypes.every(isFloatLike) || op.emitOpError('requires a float type');
}
