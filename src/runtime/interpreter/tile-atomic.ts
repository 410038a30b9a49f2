/** `tile.atomic`: one element or a region combined with what is there, one update after the other. */

import { spannedDimensions } from '../../dialects/tile/spanned-dimensions.js';
import { isShapedType, type Operation, type StringAttr } from '../../ir/index.js';
import { converter, type ElementFormat } from '../numerics/index.js';
import { failUndefined } from './access.js';
import type { View } from './buffer.js';
import { describe, fail, type Compilation, type Evaluator } from './compilation.js';

type Combine = (old: number | bigint, value: number | bigint) => number | bigint;

/** What a NaN does not change. */
const KINDS: Readonly<Record<string, (format: ElementFormat) => Combine>> = {
  add: ({ isBig, round, wrapBig }) =>
    isBig
      ? (old, value) => wrapBig((old as bigint) + (value as bigint))
      : (old, value) => round((old as number) + (value as number)),
  max: () => (old, value) => (value > old ? value : old),
  min: () => (old, value) => (value < old ? value : old),
  or: ({ isBig, round }) =>
    isBig
      ? (old, value) => (old as bigint) | (value as bigint)
      : (old, value) => round((old as number) | (value as number)),
};

/** Combines the element at `at` of a view; false where a tensor has no such element. */
function updater(
  op: Operation,
  scope: Compilation,
): (view: View, at: readonly number[], value: number | bigint) => number | bigint | undefined {
  const destination = op.operand(1);
  const isTensor = !String(destination.type).startsWith('!');
  const format = scope.elementFormat(destination.type, op);
  const combine = KINDS[(op.getAttribute('kind') as StringAttr).value](format);
  return (view, at, value) => {
    const { buffer, shape, strides } = view;
    let offset = view.offset;
    for (let dim = 0; dim < shape.length; dim++) {
      if (!(at[dim] >= 0 && at[dim] < shape[dim])) {
        if (isTensor) return undefined;
        fail(op, `element [${at.join(', ')}] is outside of ${describe(destination)}`, [
          buffer.origin(),
        ]);
      }
      offset += at[dim] * strides[dim];
    }
    if (buffer.isUndefined(offset)) failUndefined(op, destination, view, offset);
    const old = buffer.data[offset];
    buffer.data[offset] = combine(old, value) as never;
    return old;
  };
}

export const atomic: Evaluator = (op, scope) => {
  const [source, destination, ...indices] = op.operands;
  const view = scope.view(destination);
  const update = updater(op, scope);
  const origin = scope.integers(indices, op);
  const to = scope.elementFormat(destination.type, op);
  const { numbers, objects } = scope;
  if (!isShapedType(source.type)) {
    const from = scope.slot(source);
    const [previous] = op.results;
    const result = previous === undefined ? -1 : scope.slot(previous);
    return () => {
      const old = update(view(), origin(), to.isBig ? (objects[from] as bigint) : numbers[from]);
      if (result === -1) return;
      if (to.isBig) objects[result] = old ?? 0n;
      else numbers[result] = Number(old ?? 0);
    };
  }
  const tile = scope.view(source);
  const convert = converter(scope.elementFormat(source.type, op), to);
  return () => {
    const [from, target] = [tile(), view()];
    const hole = from.buffer.findUndefined(from.offset, from.size);
    if (hole !== -1) failUndefined(op, source, from, hole);
    const start = indices.length === 0 ? target.shape.map(() => 0) : origin();
    const dims = spannedDimensions(op, target.shape.length, from.shape.length);
    const at = from.shape.map(() => 0);
    for (let i = 0; i < from.size; i++) {
      const place = start.map((first, dim) => first + (at[dims.indexOf(dim)] ?? 0));
      update(target, place, convert(from.buffer.data[from.offset + i]));
      for (let dim = at.length - 1; dim >= 0 && ++at[dim] === from.shape[dim]; dim--) at[dim] = 0;
    }
  };
};
