/** Random valid tile programs: everything that is read was written, blocks write apart, and sums are exact where asked. */

import type { Target } from '../../targets/target.js';
import { Choices } from './choices.js';
import { load, storeOutput } from './generator/copies.js';
import { KernelBuilder, type ProgramState } from './generator/kernel-builder.js';
import { declareLocals, storeLocals } from './generator/locals.js';
import { placeByHand } from './generator/pipelines.js';
import { RULES } from './generator/rules.js';
import { withRunTimeExtents } from './generator/run-time-extents.js';
import { randomSchedule } from './generator/schedules.js';
import { annotate } from './generator/views.js';
import type { Kernel, Program, Statement } from './program.js';

/** The program of a number: the same on every machine. */
export function generateProgram(seed: number, target: Target): Program {
  const choices = new Choices(seed);
  const isExact = choices.chance(0.8);
  const state: ProgramState = { choices, target, isExact, results: new Map(), counter: 0 };
  const count = Number(choices.weighted({ 1: 10, 2: 2, 3: 0.5 }));
  const kernels = Array.from({ length: count }, (_, i) =>
    generateKernel(state, count === 1 ? 'fuzzed' : `fuzzed${i}`),
  );
  // The launches of a function on the host take no arguments for extents of tensors.
  const isDynamic = count === 1 && choices.chance(0.25);
  const finished = isDynamic
    ? kernels.map((kernel) => withRunTimeExtents(kernel, choices))
    : kernels;
  const schedule = choices.chance(0.2) ? randomSchedule(finished, choices, target) : [];
  return { kernels: finished, isExact, schedule };
}

function generateKernel(state: ProgramState, name: string): Kernel {
  const { choices } = state;
  const kernel = new KernelBuilder(state, RULES);
  const body: Statement[] = [];
  if (choices.chance(0.15))
    body.push({
      kind: 'persistent',
      blocks: choices.chance(0.75) ? choices.integer(1, kernel.blocks() + 1) : undefined,
    });
  if (kernel.grid.length >= 2 && choices.chance(0.2)) {
    const order = choices.pick(['row', 'column'] as const);
    body.push({ kind: 'rasterize', order, panel: choices.integer(1, 4) });
  }
  if (choices.chance(0.3)) declareLocals(kernel, body);
  const phases = choices.integer(1, 4);
  for (let i = 0; i < phases; i++) kernel.generateOne(body, 'weight');
  if (kernel.defined.size === 0) load(kernel, body, kernel.newTile());
  const tiles = [...kernel.defined.keys()];
  const stored = tiles.filter(() => choices.chance(0.6));
  for (const tile of stored.length > 0 ? stored : tiles.slice(-1)) storeOutput(kernel, body, tile);
  storeLocals(kernel, body);
  const annotated = annotate(kernel);
  return placeByHand({ ...kernel.finish(name, body), tiles: annotated }, choices);
}
