/** Atomic updates whose order does not matter: of one kind for a tensor, of any kind in turn for a shared tile. */

import {
  bitsOf,
  isExactIn,
  isFloat,
  UNKNOWN,
  FLOAT_INPUT,
  INTEGER_INPUT,
} from '../element-types.js';
import type { Place, Statement, Tile } from '../program.js';
import { anyTile } from './copies.js';
import type { KernelBuilder, StatementRule } from './kernel-builder.js';

const KINDS = { add: 4, max: 2, min: 2, or: 1 };
const ORDERS = ['acquire', 'release', 'acq_rel', 'relaxed'];

/** What a sum in the destination is, however often the place under way runs; undefined where it has to be rounded. */
function isOrderless(kernel: KernelBuilder, source: Tile, type: string, kind: string): boolean {
  if (!isFloat(type) || kind === 'max' || kind === 'min') return true;
  const { max, unit } = kernel.defined.get(source)!;
  const times = kernel.trips() * kernel.blocks();
  const sum = { max: FLOAT_INPUT.max + max * times, unit: Math.min(unit, FLOAT_INPUT.unit) };
  return kernel.isExact ? isExactIn(sum, type) : max < 2 ** 10;
}

function atomic(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const source = anyTile(kernel, body);
  const range = kernel.defined.get(source)!;
  const operation = choices.weighted(KINDS);
  const isShared = choices.chance(0.35);
  const wanted = choices.chance(0.7) ? source.type : kernel.elementType();
  const type = kernel.fits(range, source.type, wanted) ? wanted : source.type;
  // What shares a byte cannot be updated by itself.
  if (bitsOf(type) < 8 || (operation === 'or' && isFloat(type))) return;
  if (!isOrderless(kernel, source, type, operation)) return;
  const attributes = choices.chance(0.4) ? [`order = "${choices.pick(ORDERS)}"`] : [];
  const push = (to: Place): void =>
    void body.push({ kind: 'atomic', operation, from: source.name, to, attributes });
  if (isShared) {
    const to = kernel.writableTile(
      (tile) =>
        tile.scope === 'shared' &&
        tile.type === type &&
        `${tile.shape}` === `${source.shape}` &&
        !kernel.isSameStorage(tile, source),
    );
    if (to === undefined) return;
    push({ of: to.name });
    kernel.define(to, UNKNOWN);
    return;
  }
  // Fewer elements than the tile has, or more; what lies outside is not updated.
  const shape = source.shape.map((extent) => Math.max(1, extent + choices.integer(-3, 3)));
  const tensor = kernel.newTensor('U', shape, type);
  kernel.outputs.add(tensor);
  const input = isFloat(type) ? FLOAT_INPUT : INTEGER_INPUT;
  const isSum = operation === 'add' && isFloat(type);
  kernel.program.results.set(
    tensor,
    isSum
      ? {
          max: input.max + range.max * kernel.trips() * kernel.blocks(),
          unit: Math.min(range.unit, input.unit),
        }
      : UNKNOWN,
  );
  const indices = choices.chance(0.5)
    ? shape.map(() => ({ terms: [], constant: Number(choices.weighted({ 0: 4, 1: 1, '-2': 1 })) }))
    : undefined;
  push({ of: tensor.name, indices });
}

/** A histogram: each iteration adds to one of a few counters. */
function histogram(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const extents = choices.chance(0.5) ? [choices.integer(1, 300)] : [choices.integer(1, 20), 16];
  const type = choices.pick(['i32', 'i64', 'f32', 'i8', 'f64']);
  const bins = choices.integer(1, 20);
  const known = kernel.writableTile(({ scope, shape }) => scope === 'shared' && shape.length === 1);
  const isShared =
    known !== undefined && choices.chance(0.5) && !isFloat(known.type) && bitsOf(known.type) >= 8;
  const tensor = isShared ? undefined : kernel.newTensor('H', [bins], type);
  const element = isShared ? known.type : type;
  const name = isShared ? known.name : tensor!.name;
  const extent = isShared ? known.shape[0] : bins;
  const place = isShared ? `!tile.shared<${extent}x${element}>` : `memref<${extent}x${element}>`;
  if (tensor !== undefined) {
    kernel.outputs.add(tensor);
    kernel.program.results.set(tensor, UNKNOWN);
  }
  const one = isFloat(element) ? '1.0' : '1';
  const last = 'ijl'[extents.length - 1];
  const returns = choices.chance(0.3) ? ` -> ${element}` : '';
  body.push({
    kind: 'parallel',
    extents,
    body: [
      { result: 'v0', type: 'index', text: `arith.constant ${extent} : index` },
      { result: 'v1', type: 'index', text: `arith.remui %${last}, %v0 : index` },
      { result: 'v2', type: element, text: `arith.constant ${one} : ${element}` },
      {
        ...(returns === '' ? {} : { result: 'v3', type: element }),
        text: `tile.atomic add %v2 into %${name}[%v1] : ${element} into ${place}${returns}`,
        accesses: [name],
      },
    ],
  });
  if (isShared) kernel.define(known, UNKNOWN);
}

export const atomicRules = {
  atomic: { weight: 1.5, inLoop: 1, inBranch: 1, generate: atomic },
  histogram: { weight: 0.7, inLoop: 0.5, inBranch: 0.5, generate: histogram },
} satisfies Record<string, StatementRule>;
