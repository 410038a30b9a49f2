/** Random schedules of finished programs, as settings that `tile-run --schedule-set` takes. */

import type { Target } from '../../../targets/target.js';
import type { Choices } from '../choices.js';
import { allStatements, bodiesOf, type Kernel } from '../program.js';

function settingsOf(kernel: Kernel, choices: Choices, { warp_size: warp }: Target): string[] {
  const statements = [...allStatements(kernel.body)];
  const settings: string[] = [];
  const hasLayout = kernel.tiles.some(({ layout }) => layout !== undefined);
  if (!hasLayout && choices.chance(0.5)) settings.push(`threads=${choices.pick([warp, 128, 256])}`);
  if (kernel.grid.length === 2 && choices.chance(0.3))
    settings.push(`rasterize=${choices.pick(['row', 'column'])} panel(${choices.integer(1, 4)})`);
  for (const statement of statements) {
    const isPlaced = bodiesOf(statement).some((body) => body.some((each) => each.placements));
    if (
      statement.kind === 'loop' &&
      statement.form === 'pipelined' &&
      !isPlaced &&
      choices.chance(0.7)
    )
      settings.push(`loops.${statement.variable}.stages=${choices.integer(1, 4)}`);
    if (statement.kind === 'gemm' && choices.chance(0.6))
      settings.push(`gemms.${statement.c}.policy=${choices.pick(['square', 'rows', 'cols'])}`);
  }
  const products = statements.filter((each) => each.kind === 'gemm');
  if (products.length === 1 && choices.chance(0.4)) {
    const { shape } = kernel.tiles.find(({ name }) => name === products[0].c)!;
    const dimension = choices.integer(0, 1);
    const extent = choices.pick([16, 32, 64]);
    if (extent !== shape[dimension]) settings.push(`tiles.${products[0].c}.${dimension}=${extent}`);
  }
  return [...new Map(settings.map((each) => [each.split('=')[0], each])).values()].map(
    (setting) => `${kernel.name}.${setting}`,
  );
}

export function randomSchedule(
  kernels: readonly Kernel[],
  choices: Choices,
  target: Target,
): string[] {
  return kernels.flatMap((kernel) => settingsOf(kernel, choices, target));
}
