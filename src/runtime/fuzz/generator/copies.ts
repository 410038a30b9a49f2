/** Copies: of tensors, which may end within a tile, between tiles with conversion, and to outputs. */

import { convertedRange, isFloat } from '../element-types.js';
import {
  BLOCK_INDICES,
  type IndexExpression,
  type Place,
  type Statement,
  type Tensor,
  type Tile,
} from '../program.js';
import type { KernelBuilder, StatementRule } from './kernel-builder.js';

/** An index for a dimension of a tensor of which a tile takes `extent`. */
function origin(
  kernel: KernelBuilder,
  dimension: number,
  rank: number,
  extent: number,
): IndexExpression {
  const { choices } = kernel;
  const terms: { variable: string; coefficient: number }[] = [];
  const block = rank - 1 - dimension;
  if (block < kernel.grid.length && choices.chance(0.7))
    terms.push({ variable: BLOCK_INDICES[block], coefficient: extent });
  const loop = kernel.loops[kernel.loops.length - 1];
  if (loop !== undefined && choices.chance(0.6))
    terms.push({ variable: loop.variable, coefficient: choices.pick([1, 1, 2, 8]) });
  const shift = choices.weighted({ none: 10, more: 2, less: 1 });
  const constant =
    shift === 'none'
      ? 0
      : shift === 'more'
        ? choices.pick([1, 2, 4, 8, extent])
        : -choices.integer(1, 8);
  return { terms, constant };
}

/** How far into a tensor a tile reaches from an origin. */
function reachOf(
  kernel: KernelBuilder,
  { terms, constant }: IndexExpression,
  extent: number,
): number {
  return terms.reduce((sum, { variable, coefficient }) => {
    const loop = kernel.loops.find((each) => each.variable === variable);
    const last = loop === undefined ? (kernel.gridExtent(variable) ?? 1) - 1 : Math.max(loop.to, 0);
    return sum + coefficient * last;
  }, constant + extent);
}

/** Fills a tile from a tensor: one that is there, or one about as large as what is read of it, now and then smaller. */
export function load(kernel: KernelBuilder, body: Statement[], tile: Tile): Tensor {
  const { choices } = kernel;
  const from = choices.chance(0.2) ? kernel.elementType() : tile.type;
  const origins = tile.shape.map((extent, i) => origin(kernel, i, tile.shape.length, extent));
  const known = kernel.readable().find(
    (tensor) =>
      tensor.shape.length === tile.shape.length &&
      tensor.type === from &&
      // What an earlier kernel computed may lie outside of an integer type.
      (isFloat(tile.type) || !isFloat(from) || !kernel.program.results.has(tensor)) &&
      choices.chance(kernel.program.results.has(tensor) ? 0.5 : 0.2),
  );
  const reaches = origins.map((each, i) => reachOf(kernel, each, tile.shape[i]));
  const shape = reaches.map((reach) => {
    const exact = Math.max(1, reach);
    if (choices.chance(0.55)) return exact;
    return Math.max(1, exact + choices.integer(-Math.min(exact - 1, 13), 7));
  });
  const isLarger = known === undefined && choices.chance(0.1);
  // A tensor of one dimension more, most often the first, of which the tile takes a part with a fixed index.
  const others = choices.integer(2, 3);
  const other = isLarger && choices.chance(0.6) ? choices.integer(0, shape.length) : 0;
  const withOther = <T>(list: readonly T[], item: T): T[] => list.toSpliced(other, 0, item);
  const tensor = known ?? kernel.newTensor('A', isLarger ? withOther(shape, others) : shape, from);
  kernel.use(tensor);
  const fixed = { terms: [], constant: choices.integer(0, others - 1) };
  const isPlain = origins.every(({ terms, constant }) => terms.length === 0 && constant === 0);
  const place: Place =
    !isLarger && isPlain && choices.chance(0.5)
      ? { of: tensor.name }
      : { of: tensor.name, indices: isLarger ? withOther(origins, fixed) : origins };
  const isInside =
    !isLarger && origins.every(({ constant }, i) => constant >= 0 && reaches[i] <= tensor.shape[i]);
  const attributes = [
    ...(isInside && choices.chance(0.3) ? ['in_bounds'] : []),
    ...(choices.chance(0.05) ? ['mode = "sync"'] : []),
  ];
  const dims = shape.map((_, dimension) => dimension + (dimension < other ? 0 : 1));
  body.push({
    ...{ kind: 'copy', from: place, to: { of: tile.name }, attributes },
    ...(other > 0 ? { dims } : {}),
  });
  kernel.define(tile, convertedRange(kernel.contents(tensor), from, tile.type));
  return tensor;
}

/** A tile that holds something, loaded where there is none. */
export function anyTile(
  kernel: KernelBuilder,
  body: Statement[],
  isWanted: (tile: Tile) => boolean = () => true,
  make: () => Tile = () => kernel.newTile(),
): Tile {
  const known = kernel.definedTile(isWanted);
  if (known !== undefined) return known;
  const tile = make();
  load(kernel, body, tile);
  return tile;
}

/** An element type that what a tile holds can be converted to. */
export function convertedType(kernel: KernelBuilder, tile: Tile): string {
  if (kernel.choices.chance(0.4)) return tile.type;
  const type = kernel.elementType();
  return kernel.fits(kernel.defined.get(tile)!, tile.type, type) ? type : tile.type;
}

function convert(kernel: KernelBuilder, body: Statement[]): void {
  const source = anyTile(kernel, body);
  const range = kernel.defined.get(source)!;
  const destination = kernel.newTile(source.shape, { type: convertedType(kernel, source) });
  body.push({ kind: 'copy', from: { of: source.name }, to: { of: destination.name } });
  kernel.define(destination, convertedRange(range, source.type, destination.type));
}

function transpose(kernel: KernelBuilder, body: Statement[]): void {
  const source = anyTile(
    kernel,
    body,
    ({ shape }) => shape.length > 1,
    () => kernel.newTile([kernel.choices.pick([7, 16, 32, 64]), kernel.choices.pick([8, 33, 64])]),
  );
  const range = kernel.defined.get(source)!;
  const rank = source.shape.length;
  const orders = rank === 2 ? [[1, 0]] : [[2, 1, 0], [1, 0, 2], [0, 2, 1], [1, 2, 0]]; // prettier-ignore
  const order = kernel.choices.pick(orders);
  const isReversed = order.every((dimension, i) => dimension === rank - 1 - i);
  const to = kernel.newTile(
    order.map((dimension) => source.shape[dimension]),
    { type: convertedType(kernel, source) },
  );
  const permutation = isReversed && kernel.choices.chance(0.5) ? undefined : order;
  body.push({ kind: 'transpose', from: source.name, to: to.name, permutation });
  kernel.define(to, convertedRange(range, source.type, to.type));
}

export function fill(kernel: KernelBuilder, body: Statement[], tile = kernel.newTile()): void {
  if (kernel.choices.chance(0.5)) {
    body.push({ kind: 'clear', tile: tile.name });
    kernel.define(tile, { max: 0, unit: 0 });
  } else {
    const value = kernel.choices.integer(1, 3);
    body.push({ kind: 'fill', tile: tile.name, value });
    kernel.define(tile, { max: value, unit: 0 });
  }
}

/** Every block writes its part of an output; the last ones less. */
export function storeOutput(kernel: KernelBuilder, body: Statement[], tile: Tile): void {
  const { choices } = kernel;
  const rank = tile.shape.length;
  const lead = Math.max(0, kernel.grid.length - rank);
  const indices: IndexExpression[] = [];
  const shape: number[] = [];
  for (let dimension = -lead; dimension < rank; dimension++) {
    const block = rank - 1 - dimension;
    const count = kernel.grid[block] ?? 1;
    const extent = dimension < 0 ? 1 : tile.shape[dimension];
    const isCut = dimension >= 0 && extent > 1 && choices.chance(0.45);
    shape.push(count * extent - (isCut ? choices.integer(1, extent - 1) : 0));
    const variable = BLOCK_INDICES[block];
    const terms = block < kernel.grid.length ? [{ variable, coefficient: extent }] : [];
    indices.push({ terms, constant: 0 });
  }
  const range = kernel.defined.get(tile)!;
  const tensor = kernel.newTensor('O', shape, convertedType(kernel, tile));
  kernel.outputs.add(tensor);
  kernel.program.results.set(tensor, convertedRange(range, tile.type, tensor.type));
  body.push({ kind: 'copy', from: { of: tile.name }, to: { of: tensor.name, indices } });
}

const reload = (kernel: KernelBuilder, body: Statement[]): void => {
  const known = kernel.loops.length > 0 ? kernel.writableTile() : undefined;
  load(kernel, body, known ?? kernel.newTile());
};

export const copyRules = {
  load: { weight: 3, inLoop: 4, inBranch: 1, generate: reload },
  convert: { weight: 3, inLoop: 2, inBranch: 1, generate: convert },
  transpose: { weight: 1.5, inLoop: 1, inBranch: 0.5, generate: transpose },
  fill: { weight: 1, inLoop: 0.5, inBranch: 0, generate: (kernel, body) => fill(kernel, body) },
} satisfies Record<string, StatementRule>;
