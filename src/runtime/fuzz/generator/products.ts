/** Loops of copies and matrix products: all element types of the target, operands in either scope and order. */

import { isExactIn, productTypes } from '../element-types.js';
import type { Statement, Tile } from '../program.js';
import { inLoop, inSomeIterations } from './control-flow.js';
import { fill, load } from './copies.js';
import type { KernelBuilder, StatementRule } from './kernel-builder.js';

const M = [16, 16, 32, 48, 64, 64, 96, 128, 20];
const N = [8, 16, 24, 32, 64, 64, 128, 33];
const K = [16, 16, 32, 32, 64, 24];
/** Scopes of A and B. */
const SCOPES = { SS: 12, RS: 3, SR: 2, RR: 2 };

const PRODUCT_LOOPS = { pipelined: 5, for: 1, while: 0.5 };

function product(kernel: KernelBuilder, body: Statement[]): void {
  const { choices, isExact } = kernel;
  const types = productTypes(kernel.target);
  const at = choices.weighted(Object.fromEntries(types.map(({ weight }, i) => [i, weight])));
  const { a: typeA, b: typeB, c: typeC, precision } = types[Number(at)];
  const [m, n, k] = [choices.pick(M), choices.pick(N), choices.pick(K)];
  const [transposeA, transposeB] = [choices.chance(0.35), choices.chance(0.35)];
  const scopes = choices.weighted(SCOPES);
  const operand = (type: string, shape: number[], isSwapped: boolean, scope: string): Tile =>
    kernel.newTile(isSwapped ? [shape[1], shape[0]] : shape, {
      type,
      scope: scope === 'S' ? 'shared' : 'fragment',
    });
  const a = operand(typeA, [m, k], transposeA, scopes[0]);
  const b = operand(typeB, [k, n], transposeB, scopes[1]);
  const known = kernel.writableTile(
    ({ shape, scope, type }) =>
      `${shape}` === `${[m, n]}` && scope === 'fragment' && type === typeC,
  );
  const c = known ?? kernel.newTile([m, n], { type: typeC, scope: 'fragment' });
  [a, b, c].forEach((tile) => kernel.ofProducts.add(tile));
  if (known === undefined) {
    if (choices.chance(0.8)) fill(kernel, body, c);
    else load(kernel, body, c);
  }
  const start = kernel.defined.get(c)!;
  const policy = choices.chance(0.25)
    ? [`policy = "${choices.pick(['square', 'rows', 'cols'])}"`]
    : [];
  const attributes = [
    ...policy,
    ...(precision === undefined ? [] : [`precision = "${precision}"`]),
    ...(transposeA ? ['transpose_a'] : []),
    ...(transposeB ? ['transpose_b'] : []),
  ];
  const statement: Statement = { kind: 'gemm', a: a.name, b: b.name, c: c.name, attributes };
  const build = (inner: Statement[]): void => {
    if (choices.chance(0.15)) {
      // Through another tile, with work on the way.
      const raw = kernel.newTile(a.shape, { type: typeA });
      load(kernel, inner, raw);
      inner.push({ kind: 'copy', from: { of: raw.name }, to: { of: a.name } });
      kernel.define(a, kernel.defined.get(raw)!);
    } else load(kernel, inner, a);
    load(kernel, inner, b);
    const [rangeA, rangeB] = [kernel.defined.get(a)!, kernel.defined.get(b)!];
    const max = start.max + rangeA.max * rangeB.max * k * kernel.trips();
    const unit = Math.min(start.unit, rangeA.unit + rangeB.unit);
    const isExactInput = isExactIn(rangeA, typeA) && isExactIn(rangeB, typeB);
    const isTiny =
      precision === undefined || (isExactIn(rangeA, 'f16') && isExactIn(rangeB, 'f16'));
    if (isExact && !(isExactInput && isTiny && isExactIn({ max, unit }, typeC))) return;
    inner.push(statement);
    if (choices.chance(0.1)) inner.push({ kind: 'fill', tile: a.name, value: 1 });
    kernel.define(c, { max, unit });
  };
  const isLooped = choices.chance(0.85);
  const isMasked = isLooped && choices.chance(0.2);
  const iteration = (inner: Statement[]): void =>
    isMasked ? inSomeIterations(kernel, inner, build) : build(inner);
  if (isLooped) inLoop(kernel, body, choices.pick([k, k, k, 1]), iteration, PRODUCT_LOOPS);
  else build(body);
}

export const productRules = {
  gemm: { weight: 5, inLoop: 2, inBranch: 0.5, generate: product },
} satisfies Record<string, StatementRule>;
