/** Refuses element types that the target has no representation of. */

import {
  bitWidth,
  isShapedType,
  MemRefType,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import type { Target } from '../../targets/target.js';
import { isNarrow } from '../support/narrow-elements.js';

/** Whether a kernel's tensors and tiles all have element types of the target; reports the first that has not. */
export function checkElementTypes(kernel: Operation, target: Target): boolean {
  const { arguments: parameters } = kernel.regions[0].entryBlock;
  const missing = parameters
    .map((argument) => missingType(argument, target) ?? misusedPacking(argument))
    .find(Boolean);
  if (missing !== undefined) return kernel.emitOpError(missing);
  let isComplete = true;
  kernel.walk((op) => {
    const reason = op.results.map((result) => missingType(result, target)).find(Boolean);
    if (reason !== undefined && isComplete) isComplete = op.emitOpError(reason);
  }, 'pre');
  return isComplete;
}

function missingType({ type }: Value, { name, float8_types: known }: Target): string | undefined {
  const element: Type = isShapedType(type) ? type.elementType : type;
  const width = bitWidth(element) ?? 0;
  if (isShapedType(type) && width > 1 && width < 8 && !isNarrow(element))
    return `uses element type '${element}', but elements of tensors and tiles have 1, 4 or at least 8 bits`;
  if (!`${element}`.startsWith('f8') || known.includes(`${element}`)) return undefined;
  const what = known.length === 0 ? 'no 8-bit floats' : known.join(' and ');
  return `uses element type '${element}', but ${name} has ${what}`;
}

/** What is wrong with a kernel's argument of elements that share a byte. */
function misusedPacking({ type }: Value): string | undefined {
  if (type instanceof MemRefType) {
    if (!isNarrow(type.elementType) || type.layout === undefined) return undefined;
    return `uses strides for elements of type '${type.elementType}', but tensors of elements that share a byte are dense`;
  }
  const width = bitWidth(type) ?? 0;
  if (width <= 1 || width >= 8) return undefined;
  return `takes a value of type '${type}', but values that are passed to kernels have 1 or at least 8 bits`;
}
