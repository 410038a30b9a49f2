/**
 * A pipeline by the author's stages. With the last stage S,
 * ```
 * for t in 0 .. S-1 { for each statement of a stage s <= t, by order: run it for iteration t - s }
 * for k { for each statement, by order: run it for iteration k + (S - s), where there is one }
 * ```
 * A shared tile that iterations fill anew has a version for each iteration in which it lives at once. The barrier at the
 * start of an iteration publishes versions that iterations before have filled, and keeps those that are filled next from
 * being read still. All asynchronous copies of an iteration are one group.
 */

import { TileCopyOp } from '../../dialects/generated/tile.js';
import {
  isRewrittenInEachIteration,
  storageBehind,
  touches,
  type Placement,
} from '../../dialects/tile/pipeline-schedule.js';
import type { Block } from '../../ir/index.js';
import {
  ancestorIn,
  IntegerAttr,
  StringAttr,
  ValueMapping,
  type Operation,
  type Value,
} from '../../ir/index.js';
import type { Target } from '../../targets/target.js';
import { isShared } from '../support/tiles.js';
import { unmark } from './mark-stages.js';
import { PipelineLoop } from './pipeline-loop.js';
import { asynchronyObstacle, copiesToShared } from './pipeline-producers.js';

/** A tile that iterations have versions of. */
interface VersionedTile {
  readonly tile: Value;
  readonly versions: Value;
  readonly count: number;
  /** Stage of the statement that fills it, and of the first that only uses it. */
  readonly filledIn: number;
  readonly usedFrom: number;
  /** Whether one operation fills it and all others belong to later stages, so that the loop's barrier orders them. */
  readonly isOrdered: boolean;
  readonly isFilledConditionally: boolean;
}

/** Neighbours in the order that belong to one stage. */
interface Run {
  readonly stage: number;
  readonly statements: readonly Operation[];
  /** Whether it ends with the last asynchronous copy of the iteration. */
  readonly commits: boolean;
}

/** Iteration numbers relative to which versions and guards are found. */
interface Time {
  readonly position: (stage: number) => Value;
  readonly version: (stage: number, count: number) => Value;
  /** Whether an iteration of this stage may lie behind the end. */
  readonly isGuarded: (stage: number) => boolean;
  readonly isPrologue: boolean;
  readonly runs: readonly Run[];
}

export class ScheduledPipeline extends PipelineLoop {
  private readonly last: number;
  private readonly sorted: readonly Placement[];
  private readonly tiles = new Map<Value, VersionedTile>();
  private readonly asynchronous = new Set<Operation>();
  private readonly filled = new Set<Value>();

  constructor(
    loop: Operation,
    private readonly placements: readonly Placement[],
    target: Target,
  ) {
    super(loop);
    this.last = Math.max(...placements.map(({ stage }) => stage));
    this.sorted = [...placements].sort((a, b) => a.order - b.order);
    this.planTiles();
    for (const copy of copiesToShared(placements.map(({ op }) => op))) this.planCopy(copy, target);
  }

  private planTiles(): void {
    const used = new Set<Value>();
    for (const { op } of this.placements) {
      op.walk((nested) => nested.operands.forEach((operand) => used.add(storageBehind(operand))));
    }
    for (const tile of used) {
      if (!isShared(tile.type)) continue;
      const accesses = this.placements.filter(({ op }) => touches(op, tile));
      const [first] = accesses;
      if (first === undefined || !isRewrittenInEachIteration(tile, this.loop, first.op)) continue;
      const stages = accesses.map(({ stage }) => stage);
      const count = Math.max(...stages) - first.stage + 1;
      if (count === 1) continue;
      const later = stages.filter((stage) => stage > first.stage);
      this.tiles.set(tile, {
        tile,
        versions: this.makeVersions(tile, count),
        count,
        filledIn: first.stage,
        usedFrom: Math.min(...later),
        isOrdered: later.length === accesses.length - 1 && accessCount(first.op, tile) === 1,
        isFilledConditionally: first.op.name.text === 'scf.if',
      });
    }
  }

  /** Decides whether a copy into a versioned tile bypasses registers. */
  private planCopy(copy: TileCopyOp, target: Target): void {
    const tile = this.tiles.get(copy.destination);
    const reason =
      tile === undefined
        ? 'iterations do not have versions of the tile'
        : tile.isOrdered
          ? asynchronyObstacle(copy, target)
          : 'a statement of its own stage uses the tile';
    if (reason === undefined) {
      this.asynchronous.add(copy.op);
      copy.op.setAttribute('mode', StringAttr.get('async'));
    } else
      copy.op.emitRemark(`copy is finished where it stands, so nothing overlaps it: ${reason}`);
  }

  expand(): void {
    const { lower } = this.bounds;
    for (let time = 0; time < this.last; time++) {
      const runs = this.runs(({ stage }) => stage <= time);
      this.build({
        position: (stage) => this.ahead(lower, time - stage),
        version: (stage, count) => this.index.value((time - stage) % count),
        isGuarded: () => true,
        isPrologue: true,
        runs,
      });
    }
    const counters = this.counters();
    const initial = counters.map(({ stage, count }) => (this.last - stage) % count);
    const names = counters.map(({ stage }) => `version_of_stage${stage}`);
    this.buildLoop(initial, names, (iteration, values) => {
      this.build({
        position: (stage) => this.ahead(iteration, this.last - stage),
        version: (stage, count) =>
          values[
            counters.findIndex((counter) => counter.stage === stage && counter.count === count)
          ],
        isGuarded: (stage) => stage < this.last,
        isPrologue: false,
        runs: this.runs(() => true),
      });
      return counters.map(({ count }, i) => this.nextVersion(values[i], count));
    });
    for (const { tile } of this.tiles.values()) if (!tile.hasUses) tile.definingOp!.erase();
  }

  /** What has to be carried from iteration to iteration: for each stage, the version of tiles with so many of them. */
  private counters(): { stage: number; count: number }[] {
    const found = new Map<string, { stage: number; count: number }>();
    for (const { tile, count } of this.tiles.values()) {
      for (const { op, stage } of this.placements)
        if (touches(op, tile)) found.set(`${stage} ${count}`, { stage, count });
    }
    return [...found.values()].sort((a, b) => a.stage - b.stage || a.count - b.count);
  }

  private runs(isRunning: (placement: Placement) => boolean): Run[] {
    const copying = new Set(
      [...this.asynchronous].map((copy) => ancestorIn(this.loop.regions[0], copy)),
    );
    const lastCopy = this.sorted.findLast(({ op }) => copying.has(op));
    const runs: { stage: number; statements: Operation[]; commits: boolean }[] = [];
    for (const placement of this.sorted) {
      const { op, stage } = placement;
      const commits = placement === lastCopy;
      // A group that holds no copy is committed all the same: the wait always counts the same.
      if (!isRunning(placement)) {
        if (commits) runs.push({ stage, statements: [], commits });
        continue;
      }
      const run = runs.at(-1);
      if (run?.stage === stage && !run.commits) {
        run.statements.push(op);
        run.commits = commits;
      } else runs.push({ stage, statements: [op], commits });
    }
    return runs;
  }

  /** Builds the statements of one time. */
  private build(time: Time): void {
    this.buildBarrierAt(time);
    const shared = new Map<number, ValueMapping>();
    for (const { stage, statements, commits } of time.runs) {
      if (statements.length > 0) {
        const position = time.position(stage);
        if (time.isGuarded(stage))
          this.guarded(position, () => this.buildRun(statements, stage, position, time));
        else {
          const mapping = shared.get(stage) ?? new ValueMapping();
          shared.set(stage, mapping);
          this.buildRun(statements, stage, position, time, mapping);
        }
      }
      if (commits) this.builder.create('nv.cp_async_commit');
    }
  }

  /** Statements that use what iterations before have left in versions wait for it. */
  private buildBarrierAt(time: Time): void {
    const used = [...this.tiles.values()].filter(({ tile, filledIn }) =>
      time.runs.some(
        ({ stage, statements }) => stage > filledIn && statements.some((op) => touches(op, tile)),
      ),
    );
    if (used.length === 0) return;
    const distances = [...this.asynchronous].map((op) => {
      const { filledIn, usedFrom } = this.tiles.get(new TileCopyOp(op).destination)!;
      return usedFrom - filledIn;
    });
    if (distances.length > 0) {
      this.builder.create('nv.cp_async_wait', {
        attributes: { pending: IntegerAttr.get(Math.min(...distances) - 1) },
      });
    }
    this.buildBarrier();
  }

  private buildRun(
    statements: readonly Operation[],
    stage: number,
    position: Value,
    time: Time,
    mapping = new ValueMapping(),
  ): void {
    mapping.map(this.body.arguments[0], position);
    for (const statement of statements) {
      for (const { tile } of this.tiles.values()) {
        if (mapping.lookup(tile) === tile && touches(statement, tile))
          mapping.map(tile, this.buildSlice(tile, stage, time));
      }
      this.cloneNeeded(statement, mapping);
      const clone = this.builder.clone(statement, mapping);
      unmark(clone);
    }
  }

  private buildSlice(tile: Value, stage: number, time: Time): Value {
    const { versions, count, filledIn, isOrdered, isFilledConditionally } = this.tiles.get(tile)!;
    const version = time.version(stage, count);
    if (!isOrdered) return this.slice(versions, version, undefined, this.loop.location);
    if (stage !== filledIn) return this.slice(versions, version, 'computation', this.loop.location);
    // Only the first version filled can meet what the loop's execution before still reads: a barrier there settles all,
    // unless a condition keeps it from being met.
    const isFirst = time.isPrologue && (isFilledConditionally || !this.filled.has(tile));
    this.filled.add(tile);
    return this.slice(versions, version, isFirst ? 'prologue' : 'loop', this.loop.location);
  }

  /** Repeats the scalar computations of the body that a statement needs. */
  private cloneNeeded(statement: Operation, mapping: ValueMapping): void {
    for (const op of neededFromBody(statement, this.body)) {
      if (op.results.some((result) => mapping.lookup(result) === result) && !this.isStatement(op))
        this.builder.clone(op, mapping);
    }
  }

  private isStatement(op: Operation): boolean {
    return this.placements.some((placement) => placement.op === op);
  }
}

/** How many operations of a statement access a tile. */
function accessCount(statement: Operation, tile: Value): number {
  let count = 0;
  statement.walk((op) => {
    if (op.operands.some((operand) => storageBehind(operand) === tile)) count++;
  });
  return count;
}

/** The operations of `body` whose results `statement` uses, directly or through others, in order of the program. */
export function neededFromBody(statement: Operation, body: Block): Operation[] {
  const needed = new Set<Operation>();
  const pending: Operation[] = [statement];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    next.walk((nested) => {
      for (const { definingOp } of nested.operands) {
        if (definingOp?.parentBlock !== body || needed.has(definingOp)) continue;
        needed.add(definingOp);
        pending.push(definingOp);
      }
    });
  }
  return [...needed].sort((a, b) => (a.isBeforeInBlock(b) ? -1 : 1));
}

/** Puts the statements of a loop into the given order, each behind what it needs. */
export function reorderStatements(loop: Operation, placements: readonly Placement[]): void {
  const body = loop.regions[0].entryBlock;
  const statements = new Set(placements.map(({ op }) => op));
  const end = body.terminator ?? null;
  const placed = new Set<Operation>();
  for (const { op } of [...placements].sort((a, b) => a.order - b.order)) {
    for (const needed of [
      ...neededFromBody(op, body).filter((other) => !statements.has(other)),
      op,
    ]) {
      if (placed.has(needed)) continue;
      placed.add(needed);
      needed.detach();
      body.insertBefore(end, needed);
    }
    unmark(op);
  }
}
