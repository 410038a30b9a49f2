/** The search for layouts: what follows from demands first, then free choices, each the cheapest of a few candidates. */

import { TileCopyOp, TileParallelOp, TileReduceOp } from '../../../dialects/generated/tile.js';
import { isOp, type Operation, type ShapedType, type Value } from '../../../ir/index.js';
import { copyFragment, type CopyFragmentOptions, type Fragment } from '../../../layout/index.js';
import { globalVectorWidth } from '../../support/global-access.js';
import { remark } from '../../support/remark.js';
import { isFragment } from '../../support/tiles.js';
import { globalRegionOf } from '../global-region.js';
import type { CostModel } from './cost.js';
import { extentsOf, fragmentAccesses, isWhole, runsOnce } from './parallel-rule.js';
import type { KernelFacts } from './rule.js';
import type { RuledOperations } from './rules.js';
import type { Item, LayoutState } from './state.js';

interface Candidate {
  readonly layout: Fragment;
  /** For remarks: `that of 'tile.gemm'`, `vectors of 4 elements`. */
  readonly reason: string;
}

export class LayoutSearch {
  constructor(
    private readonly facts: KernelFacts,
    private readonly operations: RuledOperations,
    private readonly costs: CostModel,
  ) {}

  /** A state in which every fragment and every parallel loop has a layout. */
  complete(demanded: LayoutState): LayoutState {
    let state = this.operations.propagate(demanded);
    const free = this.items();
    for (;;) {
      // Loops over settled tiles that disagree come before tiles that nobody asked anything of.
      const next =
        free.find((item) => !state.has(item) && this.isContested(item, state)) ??
        free.find((item) => !state.has(item));
      if (next === undefined) return state;
      state = this.choose(next, state);
    }
  }

  /** Fragments and loops, the largest first: what small tiles hold is named by the loops over large ones. */
  private items(): Item[] {
    const items: { item: Item; size: number }[] = [];
    const add = (item: Item, shape: readonly number[]): void =>
      void items.push({ item, size: shape.reduce((product, extent) => product * extent, 1) });
    const loops: Operation[] = [];
    this.facts.kernel.walk((op) => {
      if (isOp(op, TileParallelOp)) loops.push(op);
      else if (op.name.text === 'tile.alloc' && isFragment(op.result.type))
        add(op.result, op.result.type.shape);
    }, 'pre');
    for (const loop of loops) add(loop, extentsOf(loop));
    return items.sort((a, b) => b.size - a.size).map(({ item }) => item);
  }

  private isContested(item: Item, state: LayoutState): boolean {
    return !('type' in item) && this.wholeTiles(item).some((tile) => state.has(tile));
  }

  /** Parallel loops each iteration of which has its own element of a tile. */
  private loopsOver(tile: Value): Operation[] {
    const loops = [...tile.users()].flatMap(
      (user) => user.getParentOfName(TileParallelOp.opName) ?? [],
    );
    return [...new Set(loops)].filter((loop) => this.wholeTiles(loop).includes(tile));
  }

  private wholeTiles(loop: Operation): Value[] {
    const rank = extentsOf(loop).length;
    return fragmentAccesses(loop)
      .filter(({ dimensions }) => isWhole(dimensions, rank))
      .map(({ tile }) => tile);
  }

  /** Tries every candidate with all that follows from it; the first of the cheapest stays. */
  private choose(item: Item, state: LayoutState): LayoutState {
    const candidates = this.candidates(item, state);
    const origin = 'type' in item ? item.definingOp! : item;
    let best: { state: LayoutState; cycles: number; candidate: Candidate } | undefined;
    let worst = 0;
    for (const candidate of candidates) {
      const tried = this.operations.propagate(
        state.with([[item, { layout: candidate.layout, origin }]]),
      );
      const cycles = this.costs.costOf(tried);
      worst = Math.max(worst, cycles);
      if (best === undefined || cycles < best.cycles) best = { state: tried, cycles, candidate };
    }
    const { cycles, candidate } = best!;
    if (candidates.length > 1 && worst > cycles) {
      remark(
        origin,
        'layout',
        `takes ${candidate.reason}: the cheapest of ${candidates.length} layouts, about ${Math.round(worst - cycles)} cycles of a block less than the dearest`,
      );
    }
    return best!.state;
  }

  private candidates(item: Item, state: LayoutState): Candidate[] {
    const candidates =
      'type' in item ? this.tileCandidates(item) : this.loopCandidates(item, state);
    const [{ layout: first }] = candidates;
    for (const [other, { layout }] of state.entries()) {
      if (layout.shape.join() !== first.shape.join()) continue;
      const name = 'type' in other ? other.definingOp!.name : other.name;
      candidates.push({ layout, reason: `the distribution of another '${name}'` });
    }
    const isOnce = !('type' in item) && runsOnce(item);
    return candidates.filter(
      ({ layout }, i) =>
        (!isOnce || layout.replication === 1) &&
        candidates.findIndex((other) => other.layout.isEquivalent(layout)) === i,
    );
  }

  private tileCandidates(tile: Value): Candidate[] {
    const { shape } = tile.type as ShapedType;
    const options = { surplus: 'replicate', isSeparable: isSeenByDimension(tile) } as const;
    return this.spreads(shape, this.preferredWidth(tile), options);
  }

  /** Rows dealt out to threads in vectors of the preferred width, and in narrower ones. */
  private spreads(
    shape: readonly number[],
    preferred: number,
    options: CopyFragmentOptions = {},
  ): Candidate[] {
    const candidates: Candidate[] = [];
    for (let width = preferred; width >= 1; width /= 2) {
      candidates.push({
        layout: copyFragment(shape, this.facts.threads, width, options),
        reason: width === 1 ? 'single elements' : `vectors of ${width} elements`,
      });
    }
    return candidates;
  }

  private loopCandidates(loop: Operation, state: LayoutState): Candidate[] {
    const known = this.wholeTiles(loop).flatMap((tile): Candidate[] => {
      const layout = state.get(tile);
      const name = state.originOf(tile)?.name;
      return layout === undefined ? [] : [{ layout, reason: `the distribution of '${name}'` }];
    });
    const preferred = this.facts.loopAccesses.preferredWidth(loop);
    return [...known, ...this.spreads(extentsOf(loop), preferred)];
  }

  /** The narrowest of the widest accesses that the copies of a tile may make; without copies those of loops over it. */
  private preferredWidth(tile: Value): number {
    let width = Infinity;
    for (const user of tile.users()) {
      if (!isOp(user, TileCopyOp)) continue;
      const region = globalRegionOf(user);
      if (region !== undefined)
        width = Math.min(width, globalVectorWidth(region, this.facts.analysis));
    }
    if (width !== Infinity) return width;
    return this.loopsOver(tile).reduce(
      (most, loop) => Math.max(most, this.facts.loopAccesses.preferredWidth(loop)),
      1,
    );
  }
}

/** Whether a tile is reduced, so that each of its dimensions must be told apart. */
function isSeenByDimension(tile: Value): boolean {
  return [...tile.users()].some((user) => isOp(user, TileReduceOp));
}
