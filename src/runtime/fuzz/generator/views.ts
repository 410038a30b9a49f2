/** Other shapes and element types of a tile's storage, and where its author wants it to lie. */

import { bitsOf, isFloat, UNKNOWN } from '../element-types.js';
import type { Statement, Tile } from '../program.js';
import { anyTile } from './copies.js';
import type { KernelBuilder, StatementRule } from './kernel-builder.js';

const count = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

function reshape(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const from = anyTile(kernel, body);
  const total = count(from.shape);
  const divisors = [2, 3, 4, 5, 8, 16, 32, 64].filter((n) => total % n === 0 && n < total);
  const rows = divisors.length === 0 ? 1 : choices.pick(divisors);
  const shapes = [[total], [rows, total / rows], [total / rows, rows]].filter(
    (shape) => `${shape}` !== `${from.shape}`,
  );
  if (shapes.length === 0) return;
  const alias = { form: 'reshape', of: from.name } as const;
  const tile = kernel.newTile(choices.pick(shapes), { type: from.type, scope: from.scope, alias });
  kernel.defined.set(tile, kernel.defined.get(from)!);
}

/** The bits of a shared tile: of integers, or of floats that are never NaN, whose bits differ between machines. */
function view(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const isDefinite = (tile: Tile): boolean => {
    const { max, unit } = kernel.defined.get(tile)!;
    return !isFloat(tile.type) || (kernel.isExact && max <= 8 && unit >= -2);
  };
  const from = anyTile(
    kernel,
    body,
    (tile) => tile.scope === 'shared' && isDefinite(tile) && tile.alias === undefined,
    () => kernel.newTile(undefined, { scope: 'shared' }),
  );
  if (!isDefinite(from) && isFloat(from.type)) return;
  const types = ['i8', 'i16', 'i32', 'i64'];
  const type = choices.pick(isFloat(from.type) ? types : [...types, 'f16', 'bf16', 'f32']);
  const bits = bitsOf(from.type) * from.shape[from.shape.length - 1];
  if (type === from.type || bits % bitsOf(type) !== 0) return;
  const shape = [...from.shape.slice(0, -1), bits / bitsOf(type)];
  const alias = { form: 'view', of: from.name } as const;
  const tile = kernel.newTile(shape, { type, scope: 'shared', alias });
  kernel.frozen.add(kernel.rootOf(from));
  kernel.defined.set(tile, UNKNOWN);
}

/** Gives some tiles that no product reads a layout of the author's. */
export function annotate(kernel: KernelBuilder): Tile[] {
  const { choices, threads } = kernel;
  return kernel.tiles.map((tile) => {
    const isFree =
      tile.scope !== 'local' &&
      tile.alias === undefined &&
      !kernel.ofProducts.has(tile) &&
      kernel.tiles.every(({ alias }) => alias?.of !== tile.name);
    if (!isFree || !choices.chance(0.12)) return tile;
    const layout =
      tile.scope === 'shared' ? sharedLayout(kernel, tile) : fragmentLayout(kernel, tile, threads);
    return layout === undefined ? tile : { ...tile, layout };
  });
}

const dimensions = (rank: number): string =>
  Array.from({ length: rank }, (_, i) => `d${i}`).join(', ');

/** Rows with space behind them, or the first dimension contiguous. */
function sharedLayout({ choices }: KernelBuilder, { shape }: Tile): string {
  const isReversed = shape.length > 1 && choices.chance(0.4);
  const order = shape.map((_, i) => (isReversed ? i : shape.length - 1 - i));
  let stride = 1;
  const terms = order.map((dimension, i) => {
    const term = `d${dimension} * ${stride}`;
    stride =
      stride * shape[dimension] + (i === 0 && shape.length > 1 ? choices.pick([0, 1, 4, 8]) : 0);
    return term;
  });
  return `affine_map<(${dimensions(shape.length)}) -> (${terms.join(' + ')})>`;
}

/** Elements dealt in row-major order: to each thread in turn, or several at once. */
function fragmentLayout(
  { choices }: KernelBuilder,
  { shape }: Tile,
  threads: number,
): string | undefined {
  const total = count(shape);
  if (total % threads !== 0 || total / threads > 64) return undefined;
  const each = total / threads;
  const together = choices.pick([1, 2, 4, each].filter((n) => each % n === 0));
  let stride = total;
  const number = shape.map((extent, i) => `d${i} * ${(stride /= extent)}`).join(' + ');
  const thread = `((${number}) floordiv ${together}) mod ${threads}`;
  const register = `((${number}) floordiv ${together * threads}) * ${together} + (${number}) mod ${together}`;
  return `affine_map<(${dimensions(shape.length)}) -> (${thread}, ${register})>`;
}

export const viewRules = {
  reshape: { weight: 1.5, inLoop: 0.5, inBranch: 0, generate: reshape },
  view: { weight: 1, inLoop: 0, inBranch: 0, generate: view },
} satisfies Record<string, StatementRule>;
