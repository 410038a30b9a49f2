/** Turns extents of a finished kernel into run-time values: arguments, or extents that only the tensor knows. */

import type { Choices } from '../choices.js';
import {
  allStatements,
  BLOCK_INDICES,
  type Kernel,
  type Size,
  type Statement,
} from '../program.js';

/** True constraints on an extent, some of which decide how wide accesses are. */
function factsOf(value: number, choices: Choices): string[] {
  const divisors = [2, 4, 8, 16, 32].filter((divisor) => value % divisor === 0);
  return [
    ...(divisors.length > 0 && choices.chance(0.5)
      ? [`d0 mod ${choices.pick(divisors)} == 0`]
      : []),
    ...(choices.chance(0.2) ? [`d0 - ${choices.integer(0, value)} >= 0`] : []),
    ...(choices.chance(0.2) ? [`-d0 + ${value + choices.integer(0, 100)} >= 0`] : []),
  ];
}

/** The number that a block index is multiplied by in the dimension of an output; undefined where it is not. */
function divisorOf(
  kernel: Kernel,
  tensor: string,
  dimension: number,
  block: number,
): number | undefined {
  for (const statement of allStatements(kernel.body)) {
    if (statement.kind !== 'copy' || statement.to.of !== tensor) continue;
    const terms = statement.to.indices?.[dimension]?.terms ?? [];
    if (terms.length === 1 && terms[0].variable === BLOCK_INDICES[block])
      return terms[0].coefficient;
  }
  return undefined;
}

export function withRunTimeExtents(kernel: Kernel, choices: Choices): Kernel {
  const sizes: Size[] = [];
  const sizeOf = (value: number): string => {
    const known = sizes.find((size) => size.value === value);
    if (known !== undefined && choices.chance(0.7)) return known.name;
    const size = { name: `n${sizes.length}`, value, facts: factsOf(value, choices) };
    sizes.push(size);
    return size.name;
  };
  // Body texts of parallel loops name the types of tensors that they access, so those stay as they are.
  const fixed = new Set(
    [...allStatements(kernel.body)]
      .filter((each) => each.kind === 'parallel')
      .flatMap(({ body }) => body.flatMap(({ accesses }) => accesses ?? [])),
  );
  const tensors = kernel.tensors.map((tensor) => {
    if (fixed.has(tensor.name) || !choices.chance(0.8)) return tensor;
    const isNamed = choices.chance(0.85);
    return {
      ...tensor,
      sizes: tensor.shape.map((extent) =>
        choices.chance(0.7) ? (isNamed ? sizeOf(extent) : '') : undefined,
      ),
    };
  });
  const gridSizes = kernel.grid.map((extent, block) => {
    for (const { name, shape, sizes: names } of tensors) {
      for (const [dimension, size] of (names ?? []).entries()) {
        const divisor = divisorOf(kernel, name, dimension, block);
        if (size === undefined || size === '' || divisor === undefined) continue;
        if (Math.ceil(shape[dimension] / divisor) === extent && choices.chance(0.8))
          return { size, divisor };
      }
    }
    return undefined;
  });
  const change = (statement: Statement): Statement => {
    if (statement.kind === 'if')
      return {
        ...statement,
        body: statement.body.map(change),
        otherwise: statement.otherwise?.map(change),
      };
    if (statement.kind !== 'loop') return statement;
    const body = statement.body.map(change);
    if (!choices.chance(0.6)) return { ...statement, body };
    return { ...statement, body, size: sizeOf(statement.to) };
  };
  const body = kernel.body.map(change);
  return { ...kernel, tensors, gridSizes, body, sizes };
}
