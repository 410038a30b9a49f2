/** The grid of a lowered kernel and what must hold of its arguments, as a launch has to know them. */

import {
  gridExtents,
  indexParameters,
  LOWERED_ASSUMPTIONS,
  tensorExtent,
  tensorExtents,
  tensorStride,
  tensorStrides,
} from '../../dialects/tile/kernel-extents.js';
import {
  ArrayAttr,
  IntegerSetAttr,
  type AffineExpr,
  type BlockArgument,
  type Operation,
} from '../../ir/index.js';
import type { LaunchCondition, SizeExpression } from './launch-metadata.js';

/** The name by which a launch knows a parameter. */
export function parameterName(argument: BlockArgument): string {
  return argument.name ?? `argument${argument.index}`;
}

function sizeExpression(expr: AffineExpr, parameters: readonly BlockArgument[]): SizeExpression {
  switch (expr.kind) {
    case 'constant':
      return expr.value;
    case 'dim':
    case 'symbol':
      return parameterName(parameters[expr.position]);
    case 'binary':
      return [
        expr.operator,
        sizeExpression(expr.lhs, parameters),
        sizeExpression(expr.rhs, parameters),
      ];
  }
}

/** Blocks in x, y and z. */
export function launchGrid(func: Operation): SizeExpression[] {
  const parameters = indexParameters(func);
  const grid = gridExtents(func).map((extent) =>
    typeof extent === 'number' ? extent : sizeExpression(extent, parameters),
  );
  return [...grid, 1, 1, 1].slice(0, 3);
}

/** Extents and strides are not negative, rows do not lie over each other, and what the author assumes holds. */
export function launchConditions(func: Operation): LaunchCondition[] {
  const parameters = indexParameters(func);
  const sizes = new Set([...tensorExtents(func).values(), ...tensorStrides(func).values()].flat());
  const conditions = parameters
    .filter((parameter) => sizes.has(parameter))
    .map((size): LaunchCondition => ({ expression: parameterName(size), relation: '>= 0' }));
  conditions.push(...strideConditions(func));
  const assumptions = func.getAttribute(LOWERED_ASSUMPTIONS);
  if (!(assumptions instanceof ArrayAttr)) return conditions;
  for (const assumption of assumptions.elements) {
    if (!(assumption instanceof IntegerSetAttr)) continue;
    assumption.set.constraints.forEach((constraint, i) => {
      const relation = assumption.set.isEquality[i] ? '== 0' : '>= 0';
      conditions.push({ expression: sizeExpression(constraint, parameters), relation });
    });
  }
  return conditions;
}

/**
 * Of tensors with contiguous rows, that a run-time stride reaches over what it steps: over a row of `n` elements at least
 * `n`. Of others the order of dimensions is not known.
 */
function strideConditions(func: Operation): LaunchCondition[] {
  const conditions: LaunchCondition[] = [];
  for (const [tensor, strides] of tensorStrides(func)) {
    const last = strides.length - 1;
    if (tensorStride(tensor, last) !== 1) continue;
    for (const [dimension, stride] of strides.entries()) {
      const inner = [tensorExtent(tensor, dimension + 1), tensorStride(tensor, dimension + 1)];
      if (stride === undefined || inner.includes(undefined)) continue;
      const [extent, innerStride] = inner.map((size) =>
        typeof size === 'number' ? size : parameterName(size!),
      );
      const step: SizeExpression = innerStride === 1 ? extent : ['*', extent, innerStride];
      const expression: SizeExpression = ['+', parameterName(stride), ['*', step, -1]];
      conditions.push({ expression, relation: '>= 0' });
    }
  }
  return conditions;
}
