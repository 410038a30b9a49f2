/** The grid of a lowered kernel and what must hold of its arguments, as a launch has to know them. */

import {
  gridExtents,
  indexParameters,
  LOWERED_ASSUMPTIONS,
  tensorExtents,
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

/** Extents are not negative, and what the author assumes holds. */
export function launchConditions(func: Operation): LaunchCondition[] {
  const parameters = indexParameters(func);
  const sizes = new Set([...tensorExtents(func).values()].flat());
  const conditions = parameters
    .filter((parameter) => sizes.has(parameter))
    .map((size): LaunchCondition => ({ expression: parameterName(size), relation: '>= 0' }));
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
