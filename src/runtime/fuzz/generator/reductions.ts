/** Reductions and scans, of every kind, dimension and scope. */

import { bitsOf, isExactIn, isFloat, sumType, UNKNOWN, type Range } from '../element-types.js';
import type { Statement, Tile } from '../program.js';
import { anyTile } from './copies.js';
import type { KernelBuilder, StatementRule } from './kernel-builder.js';

const KINDS = { sum: 4, max: 2, min: 2, abssum: 1, absmax: 1, and: 1, or: 1, xor: 1, prod: 1 };
const BITWISE = ['and', 'or', 'xor'];

/** What combining `count` elements gives; undefined where the order would matter to the result. */
function combined(
  kernel: KernelBuilder,
  kind: string,
  type: string,
  range: Range,
  count: number,
): Range | undefined {
  const isOrdered = isFloat(type) && (kind === 'sum' || kind === 'abssum' || kind === 'prod');
  const isKnown = range.max !== Infinity;
  if (BITWISE.includes(kind)) return isFloat(type) ? undefined : UNKNOWN;
  if (kind === 'prod') {
    if (isFloat(type) && (!isKnown || count > 3)) return undefined;
    const result = { max: range.max ** count, unit: range.unit * count };
    return !isFloat(type) || !kernel.isExact || isExactIn(result, sumType(type))
      ? result
      : undefined;
  }
  if (kind === 'max' || kind === 'min' || kind === 'absmax') return range;
  const result = { max: range.max * count, unit: range.unit };
  if (!isOrdered) return result.max < 2 ** (bitsOf(type) - 1) ? result : UNKNOWN;
  if (!isKnown) return undefined;
  return !kernel.isExact || isExactIn(result, sumType(type)) ? result : undefined;
}

function attributesOf(kernel: KernelBuilder, kind: string, type: string): string[] {
  const isExtreme = ['max', 'min', 'absmax'].includes(kind) && isFloat(type);
  return isExtreme && kernel.choices.chance(0.3) ? ['nan_propagate'] : [];
}

function reduce(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const from = anyTile(
    kernel,
    body,
    () => true,
    () =>
      kernel.newTile([choices.pick([1, 5, 16, 32, 64, 100]), choices.pick([3, 16, 33, 64, 128])]),
  );
  const dim = choices.integer(0, from.shape.length - 1);
  const operation = choices.weighted(KINDS);
  const shape = from.shape.length === 1 ? [1] : from.shape.filter((_, i) => i !== dim);
  const known = kernel.writableTile(
    (tile) => `${tile.shape}` === `${shape}` && tile.type === from.type,
  );
  const accumulated = choices.chance(0.4) ? known : undefined;
  const before = accumulated && kernel.defined.get(accumulated)!;
  const own = kernel.defined.get(from)!;
  // What the destination holds takes part, and again in every iteration.
  const range =
    before === undefined
      ? own
      : { max: Math.max(own.max, before.max), unit: Math.min(own.unit, before.unit) };
  const count =
    before === undefined ? from.shape[dim] : from.shape[dim] * kernel.trips() + kernel.trips();
  const result = combined(kernel, operation, from.type, range, count);
  if (result === undefined) return;
  const to = accumulated ?? kernel.newTile(shape, { type: from.type });
  const attributes = [
    ...(accumulated === undefined ? ['clear'] : []),
    ...attributesOf(kernel, operation, from.type),
  ];
  body.push({
    kind: 'combine',
    form: 'reduce',
    operation,
    from: from.name,
    to: to.name,
    dim,
    attributes,
  });
  kernel.define(to, result);
}

function scan(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const from = anyTile(kernel, body);
  const dim = choices.integer(0, from.shape.length - 1);
  const operation = choices.weighted(KINDS);
  const result = combined(kernel, operation, from.type, kernel.defined.get(from)!, from.shape[dim]);
  if (result === undefined) return;
  const isInPlace = kernel.isWritable(from) && kernel.loops.length === 0 && choices.chance(0.4);
  const to: Tile = isInPlace ? from : kernel.newTile(from.shape, { type: from.type });
  const isExclusive = choices.chance(0.3);
  const attributes = [
    ...(choices.chance(0.3) ? ['reverse'] : []),
    ...(isExclusive ? ['exclusive'] : []),
    ...attributesOf(kernel, operation, from.type),
  ];
  body.push({
    kind: 'combine',
    form: 'scan',
    operation,
    from: from.name,
    to: to.name,
    dim,
    attributes,
  });
  // Nothing, for most kinds, is no number of the range.
  kernel.define(to, isExclusive && operation !== 'sum' ? UNKNOWN : result);
}

export const reductionRules = {
  reduce: { weight: 3, inLoop: 2, inBranch: 1, generate: reduce },
  scan: { weight: 2, inLoop: 1, inBranch: 0.5, generate: scan },
} satisfies Record<string, StatementRule>;
