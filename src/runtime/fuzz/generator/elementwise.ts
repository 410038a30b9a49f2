/** Parallel loops over tiles, and single elements outside of them. */

import { BodyWriter } from '../scalar-body.js';
import { UNKNOWN } from '../element-types.js';
import { BLOCK_INDICES, type IndexExpression, type Statement } from '../program.js';
import { anyTile, load } from './copies.js';
import type { KernelBuilder, StatementRule } from './kernel-builder.js';

export function parallel(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const base = anyTile(kernel, body);
  const extents = base.shape;
  const sameShape = [...kernel.defined.keys()].filter(
    (tile) => tile === base || (`${tile.shape}` === `${extents}` && choices.chance(0.7)),
  );
  if (extents.length === 2 && choices.chance(0.3))
    load(kernel, body, kernel.newTile([choices.pick(extents)]));
  const writable = sameShape.filter((tile) => kernel.isWritable(tile));
  const target =
    writable.length > 0 && choices.chance(0.6)
      ? choices.pick(writable)
      : kernel.newTile(extents, choices.chance(0.5) ? { type: 'f32' } : {});
  const around = extents.map((extent) => Math.max(1, extent + choices.integer(-2, 6)));
  const tensors =
    extents.length <= 2 && choices.chance(0.3)
      ? [kernel.newTensor('N', around, choices.pick(['f16', 'f32', 'i32']))]
      : [];
  const others = [...kernel.defined.keys()].filter((tile) => !kernel.isSameStorage(tile, target));
  const writer = new BodyWriter(choices, {
    extents,
    aligned: sameShape,
    broadcast: others.filter(
      ({ shape }) => shape.length === 1 && extents.length > 1 && extents.includes(shape[0]),
    ),
    neighbours: others.filter(
      ({ scope, shape }) => scope === 'shared' && shape.length <= extents.length,
    ),
    tensors,
    locals: kernel.locals,
    target,
    isExact: kernel.isExact,
  });
  body.push({ kind: 'parallel', extents, body: writer.write() });
  kernel.define(target, UNKNOWN);
}

/** One element of a shared tile or a tensor to a shared tile, which holds something already. */
function element(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const to = kernel.writableTile(({ scope }) => scope === 'shared');
  if (to === undefined) return;
  const place = (shape: readonly number[]): IndexExpression[] =>
    shape.map((extent, i) => {
      const variable = BLOCK_INDICES[i];
      const grid = kernel.grid[i] ?? extent + 1;
      return choices.chance(0.4) && grid <= extent
        ? { terms: [{ variable, coefficient: 1 }], constant: extent - grid }
        : { terms: [], constant: choices.integer(0, extent - 1) };
    });
  const tile = kernel.definedTile(
    (each) => each.scope === 'shared' && each.type === to.type && !kernel.isSameStorage(each, to),
  );
  const from = tile ?? kernel.newTensor('E', [choices.integer(1, 9)], to.type);
  const isUpdate = choices.chance(0.3);
  body.push({
    kind: 'element',
    form: isUpdate ? 'atomic' : 'store',
    from: { of: from.name, indices: place(from.shape) },
    to: { of: to.name, indices: place(to.shape) },
  });
  kernel.define(to, UNKNOWN);
}

export const elementwiseRules = {
  parallel: { weight: 4, inLoop: 4, inBranch: 3, generate: parallel },
  element: { weight: 0.7, inLoop: 0.7, inBranch: 0.5, generate: element },
} satisfies Record<string, StatementRule>;
