/** Arrays of each thread: written whole at the start of a kernel, then changed by elements outside of parallel loops. */

import { UNKNOWN } from '../element-types.js';
import { BLOCK_INDICES, type IndexExpression, type Statement, type Tile } from '../program.js';
import { localShape } from '../scalar-body.js';
import type { KernelBuilder, StatementRule } from './kernel-builder.js';

function setAll({ choices }: KernelBuilder, body: Statement[], { name: tile }: Tile): void {
  if (choices.chance(0.4)) body.push({ kind: 'clear', tile });
  else body.push({ kind: 'fill', tile, value: choices.integer(1, 3) });
}

export function declareLocals(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const count = choices.integer(1, 3);
  for (let i = 0; i < count; i++) {
    const array = kernel.newTile(localShape(choices), { scope: 'local' });
    setAll(kernel, body, array);
    kernel.locals.push(array);
  }
}

/** A place in an array: the same for all threads, now and then another one in each iteration of a loop. */
function placeIn({ choices, loops }: KernelBuilder, shape: readonly number[]): IndexExpression[] {
  const loop = loops[loops.length - 1];
  return shape.map((extent) =>
    loop !== undefined && loop.to > loop.from && loop.to <= extent && choices.chance(0.6)
      ? { terms: [{ variable: loop.variable, coefficient: 1 }], constant: 0 }
      : { terms: [], constant: choices.integer(0, extent - 1) },
  );
}

/** One element of a tensor, of a shared tile or of an array to an array, or of an array to a shared tile. */
function element(kernel: KernelBuilder, body: Statement[]): void {
  const { choices, locals } = kernel;
  if (locals.length === 0) return;
  const array = choices.pick(locals);
  const isShared = (tile: Tile): boolean => tile.scope === 'shared' && tile.type === array.type;
  const target = choices.chance(0.4) ? kernel.writableTile(isShared) : undefined;
  const place = ({ name, shape }: Pick<Tile, 'name' | 'shape'>) => ({
    of: name,
    indices: placeIn(kernel, shape),
  });
  if (target !== undefined) {
    body.push({ kind: 'element', form: 'store', from: place(array), to: place(target) });
    kernel.define(target, UNKNOWN);
    return;
  }
  const others = locals.filter(({ type }) => type === array.type);
  const source =
    (choices.chance(0.5) ? kernel.definedTile(isShared) : undefined) ??
    (choices.chance(0.4)
      ? choices.pick(others)
      : kernel.newTensor('E', [choices.integer(1, 9)], array.type));
  body.push({ kind: 'element', form: 'store', from: place(source), to: place(array) });
}

/** Each block writes elements of its arrays to its own place of an output. */
export function storeLocals(kernel: KernelBuilder, body: Statement[]): void {
  for (const array of kernel.locals) {
    const shape = [...kernel.grid].reverse();
    const tensor = kernel.newTensor('V', shape, array.type);
    kernel.outputs.add(tensor);
    kernel.program.results.set(tensor, UNKNOWN);
    const indices = shape.map((_, i) => ({
      terms: [{ variable: BLOCK_INDICES[shape.length - 1 - i], coefficient: 1 }],
      constant: 0,
    }));
    const from = { of: array.name, indices: placeIn(kernel, array.shape) };
    body.push({ kind: 'element', form: 'store', from, to: { of: tensor.name, indices } });
  }
}

function setAgain(kernel: KernelBuilder, body: Statement[]): void {
  if (kernel.locals.length > 0) setAll(kernel, body, kernel.choices.pick(kernel.locals));
}

export const localRules = {
  localElement: { weight: 1, inLoop: 1.5, inBranch: 0.7, generate: element },
  localFill: { weight: 0.2, inLoop: 0.3, inBranch: 0.3, generate: setAgain },
} satisfies Record<string, StatementRule>;
