/** Loops of every form and branches, around the statements of the other families. */

import { BLOCK_INDICES, type Statement } from '../program.js';
import { fill, anyTile } from './copies.js';
import { parallel } from './elementwise.js';
import type { KernelBuilder, Loop, StatementRule } from './kernel-builder.js';

const FORMS = { pipelined: 6, for: 2, while: 1 };

function loopBounds({ choices }: KernelBuilder, step: number): Omit<Loop, 'variable'> {
  const trips = Number(choices.weighted({ 0: 1, 1: 2, 2: 3, 3: 3, 4: 2, 5: 2, 7: 1 }));
  const from = choices.chance(0.8) ? 0 : step * choices.integer(1, 2);
  const ragged = choices.chance(0.2) && step > 1 && trips > 0 ? choices.integer(0, step - 1) : 0;
  return { from, to: from + trips * step - ragged, trips };
}

/** Runs `build` inside of a loop; tiles that only the loop defines are not defined after it if it may not run. */
export function inLoop(
  kernel: KernelBuilder,
  body: Statement[],
  step: number,
  build: (inner: Statement[]) => void,
  forms: Readonly<Record<'pipelined' | 'for' | 'while', number>> = FORMS,
): void {
  const loop: Loop = { variable: kernel.name('k'), ...loopBounds(kernel, step) };
  const before = new Map(kernel.defined);
  const inner: Statement[] = [];
  kernel.loops.push(loop);
  build(inner);
  kernel.loops.pop();
  if (loop.trips === 0)
    for (const tile of kernel.defined.keys()) if (!before.has(tile)) kernel.defined.delete(tile);
  const form = kernel.choices.weighted(forms);
  const stages = kernel.choices.integer(1, 4);
  const { variable, from, to } = loop;
  body.push({ kind: 'loop', form, variable, from, to, step, stages, body: inner });
}

function loop(kernel: KernelBuilder, body: Statement[]): void {
  // What a loop changes, its next iteration reads: nothing is known of it.
  inLoop(kernel, body, kernel.choices.pick([1, 1, 4, 16, 32]), (inner) => {
    kernel.forget();
    const count = kernel.choices.integer(1, 3);
    for (let i = 0; i < count; i++) kernel.generateOne(inner, 'inLoop');
  });
  kernel.forget();
}

/**
 * Runs `build` inside of a branch that some iterations of the innermost loop take, or of two under the same condition.
 * Tiles that only the branch defines are not defined behind it.
 */
export function inSomeIterations(
  kernel: KernelBuilder,
  body: Statement[],
  build: (inner: Statement[]) => void,
): void {
  const { variable, from, to } = kernel.loops.at(-1)!;
  const before = new Map(kernel.defined);
  const inner: Statement[] = [];
  build(inner);
  for (const tile of kernel.defined.keys()) if (!before.has(tile)) kernel.defined.delete(tile);
  const bound = kernel.choices.integer(from, Math.max(from, to));
  const at = kernel.choices.chance(0.5) ? kernel.choices.integer(0, inner.length) : 0;
  for (const part of [inner.slice(0, at), inner.slice(at)])
    if (part.length > 0) body.push({ kind: 'if', variable, bound, body: part });
}

/** Tiles that only one side of a branch defines are not defined behind it. */
function branch(kernel: KernelBuilder, body: Statement[]): void {
  const { choices } = kernel;
  const target = anyTile(kernel, body, (tile) => kernel.isWritable(tile));
  const side = (): Statement[] => {
    const before = new Map(kernel.defined);
    const inner: Statement[] = [];
    if (choices.chance(0.3)) fill(kernel, inner, target);
    else if (choices.chance(0.4)) parallel(kernel, inner);
    else kernel.generateOne(inner, 'inBranch');
    for (const tile of kernel.defined.keys()) if (!before.has(tile)) kernel.defined.delete(tile);
    return inner;
  };
  const then = side();
  kernel.forget();
  const otherwise = choices.chance(0.35) ? side() : undefined;
  kernel.forget();
  const variables = [
    ...BLOCK_INDICES.slice(0, kernel.grid.length),
    ...kernel.loops.map(({ variable }) => variable),
  ];
  const variable = choices.pick(variables);
  const inLoopBound = kernel.loops.find((each) => each.variable === variable)?.to;
  const bound = choices.integer(0, inLoopBound ?? 2);
  body.push({ kind: 'if', variable, bound, body: then, otherwise });
}

export const controlFlowRules = {
  loop: { weight: 3, inLoop: 1.5, inBranch: 0.5, generate: loop },
  branch: { weight: 1.5, inLoop: 2, inBranch: 0, generate: branch },
  assert: {
    weight: 0.2,
    inLoop: 0.2,
    inBranch: 0.2,
    generate: (_, body) => void body.push({ kind: 'assert' }),
  },
} satisfies Record<string, StatementRule>;
