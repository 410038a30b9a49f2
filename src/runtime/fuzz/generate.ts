/** Random valid tile programs: everything that is read was written, blocks write apart, and sums are exact where asked. */

import type { Target } from '../../targets/target.js';
import { Choices } from './choices.js';
import { load, storeOutput } from './generator/copies.js';
import { KernelBuilder, type ProgramState } from './generator/kernel-builder.js';
import { generateOne } from './generator/rules.js';
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
  const kernel = new KernelBuilder(state);
  const body: Statement[] = [];
  if (kernel.grid.length === 2 && choices.chance(0.2)) {
    const order = choices.pick(['row', 'column'] as const);
    body.push({ kind: 'rasterize', order, panel: choices.integer(1, 4) });
  }
  const phases = choices.integer(1, 4);
  for (let i = 0; i < phases; i++) generateOne(kernel, body, 'weight');
  if (kernel.defined.size === 0) load(kernel, body, kernel.newTile());
  const tiles = [...kernel.defined.keys()];
  const stored = tiles.filter(() => choices.chance(0.6));
  for (const tile of stored.length > 0 ? stored : tiles.slice(-1)) storeOutput(kernel, body, tile);
  const annotated = annotate(kernel);
  return { ...kernel.finish(name, body), tiles: annotated };
}
