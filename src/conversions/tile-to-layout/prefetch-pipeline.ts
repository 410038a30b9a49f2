/** A pipeline in which the copies of later iterations are under way while one is computed. */

import {
  TileFragmentType,
  type TileCopyOp,
  type TileSharedType,
} from '../../dialects/generated/tile.js';
import type { LayoutFragmentAttr } from '../../dialects/generated/layout.js';
import type { MemRefType } from '../../ir/index.js';
import {
  IntegerAttr,
  ValueMapping,
  type Location,
  type Operation,
  type Value,
} from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { buildCopy } from '../support/build-copy.js';
import { named } from '../support/index-builder.js';
import {
  elementBits,
  fragmentOf,
  isFragment,
  kernelOf,
  layoutAttribute,
} from '../support/tiles.js';
import { PipelineLoop } from './pipeline-loop.js';
import { sliceRepeatableOperations, type Producer } from './pipeline-producers.js';

/** Producers that copy under one condition. */
interface Group {
  readonly condition: Value | undefined;
  /** Numbers of the producers. */
  readonly members: readonly number[];
}

/** A pipeline whose copies from global memory run ahead of all the rest. */
export class PrefetchPipeline extends PipelineLoop {
  private readonly copies: readonly TileCopyOp[];
  private readonly groups: readonly Group[];
  private readonly tiles: readonly Value[];
  /** What is being built. */
  private part: 'prologue' | 'loop' = 'prologue';
  /** What is kept of each producer once it is gone. */
  private readonly plans: readonly { layout: Fragment; location: Location }[];

  constructor(loop: Operation, producers: readonly Producer[]) {
    super(loop);
    this.copies = producers.map(({ copy }) => copy);
    this.groups = groupByCondition(producers);
    this.tiles = this.copies.map((copy) => copy.destination);
    this.plans = this.copies.map(({ op }) => ({
      layout: layoutAttribute(op)!,
      location: op.location,
    }));
  }

  /**
   * Asynchronous copies, `stages` versions:
   * ```
   * for s in 0 .. stages-2 { start copies of iteration s into version s; commit }
   * for k { wait for iteration k; barrier; start copies of iteration k + stages-1; commit; compute on version k }
   * ```
   * The barrier both publishes what was copied and keeps the version that is overwritten from being read still. A group
   * is committed in every iteration, even an empty one, so that the wait may always count the same.
   */
  expandAsynchronous(stages: number): void {
    const versions = this.tiles.map((tile) => this.makeVersions(tile, stages));
    for (let stage = 0; stage < stages - 1; stage++) {
      const position = this.ahead(this.bounds.lower, stage);
      this.copyInto(versions, this.index.value(stage), position);
      this.builder.create('nv.cp_async_commit');
      // The barrier in front of the first copies settles what the loop's execution before still reads; under a condition
      // it may not have been met.
      if (this.groups.every(({ condition }) => condition === undefined)) this.part = 'loop';
    }
    // Of two versions, one is written while the other is read: the loop need not carry both numbers.
    const isCarried = stages > 2;
    this.buildSteadyLoop(
      isCarried ? [0, stages - 1] : [0],
      ['read_stage', 'write_stage'],
      (iteration, [read, carried]) => {
        this.builder.create('nv.cp_async_wait', {
          attributes: { pending: IntegerAttr.get(stages - 2) },
        });
        this.buildBarrier();
        const position = this.ahead(iteration, stages - 1);
        const write = carried ?? named('write_stage', this.nextVersion(read, stages));
        this.copyInto(versions, write, position);
        this.builder.create('nv.cp_async_commit');
        this.compute(versions, read, iteration);
        return isCarried
          ? [this.nextVersion(read, stages), this.nextVersion(write, stages)]
          : [write];
      },
    );
  }

  /**
   * Copies through registers, two versions:
   * ```
   * copy iteration 0 into version 0
   * for k { barrier; load iteration k+1 into registers; compute on version k; store registers into version k+1 }
   * ```
   * The loads travel while the computation runs. One barrier suffices: it publishes version k, and version k+1 was last
   * read before it. Where the registers would not fit beside the accumulators, each tile is stored as soon as it is
   * loaded, in front of the computation. With one version a second barrier keeps it from being overwritten early.
   */
  expandThroughRegisters(target: Target, count: 1 | 2): void {
    const { needed, available } = this.registerDemand(target);
    const isHeld = needed <= available || count === 1;
    if (!isHeld) {
      this.loop.emitRemark(
        `copies do not overlap the computation: holding them would take ${needed} registers of each thread, and only ${available} are free of operands and addresses`,
      );
    }
    const versions = this.tiles.map((tile) => this.makeVersions(tile, count));
    const staging = this.copies.map((copy, i) => this.makeStaging(copy, this.tiles[i]));
    const load = (position: Value, wanted: readonly Value[], then?: (producer: number) => void) =>
      this.copyFrom(position, wanted, (producer) => ({ destination: staging[producer] }), then);
    const store = (producer: number, version: Value): void => {
      const { layout, location } = this.plans[producer];
      const destination = this.slice(versions[producer], version, this.part, location);
      buildCopy(this.builder, { source: staging[producer], destination, layout, location });
    };
    const storeAll = (wanted: readonly Value[], version: Value): void =>
      this.forEachWanted(wanted, (members) => members.forEach((member) => store(member, version)));
    const copy = (position: Value, wanted: readonly Value[], version: Value): void =>
      load(position, wanted, (producer) => store(producer, version));
    const first = this.index.value(0);
    const wantedFirst = this.wanted(this.bounds.lower);
    if (isHeld) {
      load(this.bounds.lower, wantedFirst);
      storeAll(wantedFirst, first);
    } else copy(this.bounds.lower, wantedFirst, first);
    this.buildSteadyLoop(count === 1 ? [] : [0], ['stage'], (iteration, [carried]) => {
      const stage = carried ?? this.index.value(0);
      this.buildBarrier();
      const position = this.ahead(iteration, 1);
      const wanted = this.wanted(position);
      const nextVersion = (): Value =>
        count === 1 ? stage : named('next_stage', this.index.value(this.index.subtract(1, stage)));
      if (isHeld) {
        load(position, wanted);
        this.compute(versions, stage, iteration);
        if (count === 1) this.buildBarrier();
        const next = nextVersion();
        storeAll(wanted, next);
        return count === 1 ? [] : [next];
      }
      const next = nextVersion();
      copy(position, wanted, next);
      this.compute(versions, stage, iteration);
      return [next];
    });
  }

  /**
   * 32-bit registers of one thread that fragments and copies under way take together, and how many there are: a quarter is
   * left to operands, addresses and guards. Elements that are copied one by one take a register each.
   */
  private registerDemand(target: Target): { needed: number; available: number } {
    let needed = 0;
    kernelOf(this.loop).walk((op) => {
      const type = op.name.text === 'tile.alloc' ? op.result.type : undefined;
      if (type !== undefined && isFragment(type))
        needed += Math.ceil((fragmentOf(type).registers * elementBits(type)) / 32);
    });
    this.copies.forEach((copy, producer) => {
      const { layout } = this.plans[producer];
      const bits = elementBits(copy.destination.type as TileSharedType);
      needed += Math.ceil(layout.registers / Math.min(layout.vectorWidth, Math.max(1, 32 / bits)));
    });
    return { needed, available: Math.floor((target.registers_per_thread * 3) / 4) };
  }

  private buildSteadyLoop(
    initial: readonly number[],
    names: readonly string[],
    build: (iteration: Value, versions: Value[]) => Value[],
  ): void {
    this.buildLoop(initial, names, (iteration, versions) => {
      this.part = 'loop';
      return build(iteration, versions);
    });
    for (const tile of this.tiles) if (!tile.hasUses) tile.definingOp!.erase();
  }

  private makeStaging(copy: TileCopyOp, tile: Value): Value {
    const type = tile.type as TileSharedType;
    const layout = copy.op.getAttribute('layout') as LayoutFragmentAttr;
    const fragment = this.builder.create('tile.alloc', {
      resultTypes: [
        TileFragmentType.get(type.shape, (copy.source.type as MemRefType).elementType, layout),
      ],
      location: copy.op.location,
    }).result;
    return named(`${tile.name ?? 'tile'}_next`, fragment) as Value;
  }

  /** Starts copying the tiles that one iteration wants into a version of their buffers. */
  private copyInto(versions: readonly Value[], version: Value, position: Value): void {
    this.copyFrom(position, this.wanted(position), (producer) => ({
      destination: this.slice(
        versions[producer],
        version,
        this.part,
        this.plans[producer].location,
      ),
      mode: 'async',
    }));
  }

  /** For each group, whether the loop reaches `position` and its iteration there makes the copies. */
  private wanted(position: Value): Value[] {
    const isReached = this.reaches(position);
    const conditions = this.groups.flatMap(({ condition }) => condition ?? []);
    if (conditions.length === 0) return this.groups.map(() => isReached);
    const evaluated = this.truthsWhere(isReached, conditions.length, () => {
      const mapping = this.mappingAt(position);
      return conditions.map((condition) => {
        this.cloneComputations([condition], mapping);
        return mapping.lookup(condition);
      });
    });
    return this.groups.map(({ condition }) =>
      condition === undefined
        ? isReached
        : (named('wanted_ahead', evaluated[conditions.indexOf(condition)]) as Value),
    );
  }

  private forEachWanted(
    wanted: readonly Value[],
    build: (members: readonly number[]) => void,
  ): void {
    this.groups.forEach(({ members }, i) => this.when(wanted[i], () => build(members)));
  }

  /** Copies what each producer reads in the iteration at `position`, with its index computations repeated. */
  private copyFrom(
    position: Value,
    wanted: readonly Value[],
    into: (producer: number) => { destination: Value; mode?: 'async' },
    then?: (producer: number) => void,
  ): void {
    this.forEachWanted(wanted, (members) => {
      const mapping = this.mappingAt(position);
      for (const member of members) {
        const copy = this.copies[member];
        this.cloneComputations(copy.sourceIndices, mapping);
        buildCopy(this.builder, {
          source: copy.source,
          sourceIndices: copy.sourceIndices.map((value) => mapping.lookup(value)),
          dims: copy.dims,
          inBounds: copy.op.hasAttribute('in_bounds'),
          ...this.plans[member],
          ...into(member),
        });
        then?.(member);
      }
    });
  }

  private mappingAt(position: Value): ValueMapping {
    const mapping = new ValueMapping();
    mapping.map(this.body.arguments[0], position);
    return mapping;
  }

  /** Repeats what the body computes the given values from. */
  private cloneComputations(values: readonly Value[], mapping: ValueMapping): void {
    const needed = new Set<Operation>();
    for (const value of values) {
      for (const op of sliceRepeatableOperations(value, this.loop).ops) needed.add(op);
    }
    this.loop.walk((op) => {
      if (needed.has(op) && op.results.some((result) => mapping.lookup(result) === result))
        this.builder.clone(op, mapping);
    }, 'pre');
  }

  /** Moves the rest of the body here, reading the given version of each buffer. */
  private compute(versions: readonly Value[], version: Value, iteration: Value): void {
    for (const copy of this.copies) copy.op.erase();
    this.tiles.forEach((tile, i) => {
      const slice = this.slice(versions[i], version, 'computation', this.loop.location);
      tile.replaceAllUsesWith(slice);
    });
    this.body.arguments[0].replaceAllUsesWith(iteration);
    const point = this.builder.insertionPoint!;
    for (const op of this.body.operations()) {
      op.detach();
      point.block.insertBefore(point.before, op);
    }
  }
}

/** Unconditional copies, and those under each condition, by where the first of them stands. */
function groupByCondition(producers: readonly Producer[]): Group[] {
  const groups = new Map<Value | undefined, number[]>();
  producers.forEach(({ condition }, number) => {
    const members = groups.get(condition);
    if (members === undefined) groups.set(condition, [number]);
    else members.push(number);
  });
  return [...groups].map(([condition, members]) => ({ condition, members }));
}
