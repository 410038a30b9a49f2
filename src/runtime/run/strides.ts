/** Strides of a run's tensors: what their types and the command line say, else the smallest that keep elements apart. */

import { DYNAMIC, StridedLayoutAttr, type MemRefType } from '../../ir/index.js';
import type { KernelArgument } from '../interpreter/index.js';
import { elementFormat, hasOverlap, type Placement } from '../numerics/index.js';
import type { InputOptions } from './inputs.js';
import { RunError } from './run-error.js';

interface PlacedTensors {
  /** Values of arguments that are strides, by name. */
  readonly strides: ReadonlyMap<string, number>;
  /** Tensors with strides in their type, by name. */
  readonly placements: ReadonlyMap<string, Placement>;
}

/**
 * Places the tensors that have strides in their type.
 * @throws RunError where elements would lie over each other.
 */
export function placeTensors(
  declared: readonly KernelArgument[],
  shapes: ReadonlyMap<string, readonly number[]>,
  { values }: InputOptions,
): PlacedTensors {
  const strided = declared.filter(
    ({ type, kind }) =>
      kind === 'tensor' && (type as MemRefType).layout instanceof StridedLayoutAttr,
  );
  const strides = new Map<string, number>();
  const names = new Set(strided.flatMap((argument) => argument.strides));
  for (const name of names) {
    const given = name === undefined ? undefined : values.get(name);
    if (given !== undefined) strides.set(name!, strideValue(name!, given));
  }
  // An argument that several tensors have as a stride is large enough for each.
  const chosen = new Map<string, number>();
  for (const argument of strided) {
    const own = stridesOf(argument, shapes.get(argument.name)!, strides);
    argument.strides.forEach((name, dimension) => {
      if (name !== undefined && !strides.has(name))
        chosen.set(name, Math.max(chosen.get(name) ?? 0, own[dimension]));
    });
  }
  for (const [name, stride] of chosen) strides.set(name, stride);
  const placements = new Map<string, Placement>();
  for (const argument of strided)
    placements.set(argument.name, placementOf(argument, shapes.get(argument.name)!, strides));
  return { strides, placements };
}

function strideValue(name: string, given: string): number {
  if (!/^\+?\d+$/.test(given))
    throw new RunError(`'${name}' is a stride, expected a number of elements, found '${given}'`);
  return Number(given);
}

function layoutOf({ type }: KernelArgument): StridedLayoutAttr {
  return (type as MemRefType).layout as StridedLayoutAttr;
}

/** Strides that are not known reach over the dimensions behind them and those whose strides the type says. */
function stridesOf(
  argument: KernelArgument,
  shape: readonly number[],
  known: ReadonlyMap<string, number>,
): number[] {
  const { strides } = layoutOf(argument);
  let reach = 1;
  const cover = (stride: number, dimension: number): void => {
    reach = Math.max(reach, stride * Math.max(1, shape[dimension]));
  };
  strides.forEach((stride, dimension) => {
    if (stride !== DYNAMIC) cover(stride, dimension);
  });
  const own = [...strides];
  for (let dimension = own.length - 1; dimension >= 0; dimension--) {
    if (own[dimension] !== DYNAMIC) continue;
    own[dimension] = known.get(argument.strides[dimension] ?? '') ?? reach;
    cover(own[dimension], dimension);
  }
  return own;
}

function placementOf(
  argument: KernelArgument,
  shape: readonly number[],
  known: ReadonlyMap<string, number>,
): Placement {
  const { name, type } = argument;
  const placement = {
    strides: stridesOf(argument, shape, known),
    offset: layoutOf(argument).offset,
  };
  const { storageBits } = elementFormat((type as MemRefType).elementType) ?? { storageBits: 8 };
  if (storageBits < 8)
    throw new RunError(
      `argument '${name}' of type '${type}' has packed elements, which strides cannot place`,
    );
  if (hasOverlap(shape, placement)) {
    throw new RunError(
      `strides (${placement.strides.join(', ')}) lay elements of '${name}', of shape ${shape.join('x')}, over each other`,
    );
  }
  return placement;
}
