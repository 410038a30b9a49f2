/** Pipelines by hand: random places for the statements of pipelined loops, as far as they keep the dependences. */

import { createContext } from '../../../dialects/index.js';
import {
  findBrokenDependence,
  pipelineStatements,
} from '../../../dialects/tile/pipeline-schedule.js';
import type { Operation } from '../../../ir/index.js';
import { SourceFile } from '../../../support/index.js';
import { parseModule } from '../../../syntax/index.js';
import type { Choices } from '../choices.js';
import {
  allStatements,
  bodiesOf,
  namesIn,
  type Kernel,
  type Placement,
  type Statement,
} from '../program.js';
import { renderProgram } from '../render.js';

/** Draws until a schedule keeps the dependences. */
const ATTEMPTS = 20;
const LAST_STAGE = 3;

/** The names of all tiles with the storage of one. */
function rootNames({ tiles }: Kernel): (name: string) => string {
  const rootOf = (name: string): string => {
    const alias = tiles.find((tile) => tile.name === name)?.alias;
    return alias === undefined ? name : rootOf(alias.of);
  };
  return rootOf;
}

/** What a statement itself writes; of a parallel loop, all that it accesses. */
function writtenBy(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'copy':
    case 'atomic':
    case 'element':
      return [statement.to.of];
    case 'gemm':
      return [statement.c];
    case 'combine':
    case 'transpose':
      return [statement.to];
    default:
      return namesIn(statement);
  }
}

/** How many operations that a schedule places a statement is printed as: a load of what the loop writes is one more. */
function placedOperations(statement: Statement, isWritten: (name: string) => boolean): number {
  if (statement.kind === 'element') return isWritten(statement.from.of) ? 2 : 1;
  const all = [...allStatements([statement])];
  return all.some((each) => each.kind === 'assert' || writtenBy(each).length > 0) ? 1 : 0;
}

/** A random stage and rank for each of `count` statements: mostly in the order of the program, later stages first. */
function draw(count: number, choices: Choices): Placement[] {
  let last = 0;
  const stages = Array.from({ length: count }, () => {
    last = Math.min(LAST_STAGE, last + Number(choices.weighted({ 0: 5, 1: 4, 2: 1 })));
    return choices.chance(0.1) ? choices.integer(0, LAST_STAGE) : last;
  });
  const order = choices.weighted({ program: 3, behindFirst: 4, any: 3 });
  return stages.map((stage, i) => {
    const rank = { program: i, behindFirst: i - stage * count, any: choices.integer(0, 999) };
    return { stage, order: rank[order] * count + i };
  });
}

/** The places of a loop's statements; undefined where no draw keeps the dependences. */
function placementsOf(
  body: readonly Statement[],
  counts: readonly number[],
  loop: Operation,
  choices: Choices,
): Placement[][] | undefined {
  const operations = pipelineStatements(loop);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0 || total !== operations.length) return undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const drawn = draw(body.length, choices);
    const placements = counts.map((count, i) =>
      Array.from({ length: count }, (_, at) => ({ ...drawn[i], order: 2 * drawn[i].order + at })),
    );
    const placed = placements.flat().map((placement, i) => ({ ...placement, op: operations[i] }));
    if (placed.some(({ stage }) => stage > 0) && findBrokenDependence(loop, placed) === undefined)
      return placements;
  }
  return undefined;
}

/** Gives some pipelined loops of a finished kernel a schedule of its author's. */
export function placeByHand(kernel: Kernel, choices: Choices): Kernel {
  const wanted = [...allStatements(kernel.body)].filter(
    (each) => each.kind === 'loop' && each.form === 'pipelined' && choices.chance(0.3),
  );
  if (wanted.length === 0) return kernel;
  const text = renderProgram({ kernels: [kernel], isExact: false, schedule: [] });
  const loops = new Map<string | undefined, Operation>();
  parseModule(new SourceFile('kernel.mlir', text), createContext())?.walk((op) => {
    if (op.name.text === 'tile.pipelined')
      loops.set(op.regions[0].entryBlock.arguments[0].name, op);
  }, 'pre');
  const rootOf = rootNames(kernel);
  const change = (statement: Statement): Statement => {
    if (statement.kind === 'if') {
      const [body, otherwise] = bodiesOf(statement).map((each) => each.map(change));
      return { ...statement, body, otherwise };
    }
    if (statement.kind !== 'loop') return statement;
    const body = statement.body.map(change);
    const op = loops.get(statement.variable);
    if (!wanted.includes(statement) || op === undefined) return { ...statement, body };
    const written = new Set([...allStatements(body)].flatMap(writtenBy).map(rootOf));
    const counts = body.map((each) => placedOperations(each, (name) => written.has(rootOf(name))));
    const placements = placementsOf(body, counts, op, choices);
    if (placements === undefined) return { ...statement, body };
    return { ...statement, body: body.map((each, i) => ({ ...each, placements: placements[i] })) };
  };
  return { ...kernel, body: kernel.body.map(change) };
}
