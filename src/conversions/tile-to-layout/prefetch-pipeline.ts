/** A pipeline in which tiles of later iterations are being filled while one is computed. */

import { TileFragmentType, type TileSharedType } from '../../dialects/generated/tile.js';
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
import {
  inputsOf,
  isLoop,
  sliceRepeatableOperations,
  type Filling,
  type Producer,
} from './pipeline-producers.js';

/** Producers that fill their tiles under one condition. */
interface Group {
  readonly condition: Value | undefined;
  /** Numbers of the producers. */
  readonly members: readonly number[];
}

/** Where a producer's tile goes. */
interface Destination {
  readonly destination: Value;
  readonly mode?: 'async';
}

/** Numbers of producers. */
type Selection = readonly number[];

/** A pipeline in which what fills tiles from global memory runs ahead of all the rest. */
export class PrefetchPipeline extends PipelineLoop {
  private readonly fillings: readonly Filling[];
  private readonly groups: readonly Group[];
  private readonly tiles: readonly Value[];
  /** What is being built. */
  private part: 'prologue' | 'loop' = 'prologue';
  /** What is kept of each producer once it is gone. */
  private readonly plans: readonly { layout: Fragment; location: Location }[];

  constructor(loop: Operation, producers: readonly Producer[]) {
    super(loop);
    this.fillings = producers.map(({ filling }) => filling);
    this.groups = groupByCondition(producers);
    this.tiles = producers.map(({ tile }) => tile);
    this.plans = this.fillings.map(({ op }) => ({
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
   * is committed in every iteration, even an empty one, so that the wait may always count the same. Loops over elements
   * load into registers where copies start, and store behind the computation.
   */
  expandAsynchronous(target: Target, stages: number): void {
    const loops = this.numbersOf((filling) => isLoop(filling));
    const copies = this.numbersOf((filling) => !isLoop(filling));
    const isHeld = loops.length === 0 || this.holdsStaged(target, loops);
    const versions = this.tiles.map((tile) => this.makeVersions(tile, stages));
    const staging = this.makeStagings(loops);
    const startCopies = (position: Value, wanted: readonly Value[], version: Value): void => {
      this.fill(copies, position, wanted, (producer) => ({
        destination: this.versionOf(versions, version, producer),
        mode: 'async',
      }));
      this.builder.create('nv.cp_async_commit');
    };
    for (let stage = 0; stage < stages - 1; stage++) {
      const position = this.ahead(this.bounds.lower, stage);
      const [wanted, version] = [this.wanted(position), this.index.value(stage)];
      startCopies(position, wanted, version);
      this.fillThrough(staging, position, wanted, versions, version);
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
        const wanted = this.wanted(position);
        startCopies(position, wanted, write);
        if (isHeld) this.fillStaged(staging, position, wanted);
        else this.fillThrough(staging, position, wanted, versions, write);
        this.compute(versions, read, iteration);
        if (isHeld) this.storeStaged(staging, wanted, versions, write);
        return isCarried
          ? [this.nextVersion(read, stages), this.nextVersion(write, stages)]
          : [write];
      },
    );
  }

  /**
   * Copies and loops over elements through registers, two versions:
   * ```
   * copy iteration 0 into version 0
   * for k { barrier; load iteration k+1 into registers; compute on version k; store registers into version k+1 }
   * ```
   * The loads travel while the computation runs. One barrier suffices: it publishes version k, and version k+1 was last
   * read before it. Where the registers would not fit beside the accumulators, each tile is stored as soon as it is
   * loaded, in front of the computation. With one version a second barrier keeps it from being overwritten early.
   */
  expandThroughRegisters(target: Target, count: 1 | 2): void {
    const all = this.numbersOf(() => true);
    const isHeld = count === 1 || this.holdsStaged(target, all);
    const versions = this.tiles.map((tile) => this.makeVersions(tile, count));
    const staging = this.makeStagings(all);
    const first = this.index.value(0);
    const wantedFirst = this.wanted(this.bounds.lower);
    if (isHeld) {
      this.fillStaged(staging, this.bounds.lower, wantedFirst);
      this.storeStaged(staging, wantedFirst, versions, first);
    } else this.fillThrough(staging, this.bounds.lower, wantedFirst, versions, first);
    this.buildSteadyLoop(count === 1 ? [] : [0], ['stage'], (iteration, [carried]) => {
      const stage = carried ?? this.index.value(0);
      this.buildBarrier();
      const position = this.ahead(iteration, 1);
      const wanted = this.wanted(position);
      const nextVersion = (): Value =>
        count === 1 ? stage : named('next_stage', this.index.value(this.index.subtract(1, stage)));
      if (isHeld) {
        this.fillStaged(staging, position, wanted);
        this.compute(versions, stage, iteration);
        if (count === 1) this.buildBarrier();
        const next = nextVersion();
        this.storeStaged(staging, wanted, versions, next);
        return count === 1 ? [] : [next];
      }
      const next = nextVersion();
      this.fillThrough(staging, position, wanted, versions, next);
      this.compute(versions, stage, iteration);
      return [next];
    });
  }

  private numbersOf(isWanted: (filling: Filling) => boolean): Selection {
    return this.fillings.flatMap((filling, number) => (isWanted(filling) ? [number] : []));
  }

  /** Whether registers have room for what is loaded ahead while the computation runs; a remark where not. */
  private holdsStaged(target: Target, producers: Selection): boolean {
    const { needed, available } = this.registerDemand(target, producers);
    if (needed <= available) return true;
    this.loop.emitRemark(
      `copies do not overlap the computation: holding them would take ${needed} registers of each thread, and only ${available} are free of operands and addresses`,
    );
    return false;
  }

  /**
   * 32-bit registers of one thread that fragments and copies under way take together, and how many there are: a quarter is
   * left to operands, addresses and guards. Elements that are copied one by one take a register each.
   */
  private registerDemand(
    target: Target,
    producers: Selection,
  ): { needed: number; available: number } {
    let needed = 0;
    kernelOf(this.loop).walk((op) => {
      const type = op.name.text === 'tile.alloc' ? op.result.type : undefined;
      if (type !== undefined && isFragment(type))
        needed += Math.ceil((fragmentOf(type).registers * elementBits(type)) / 32);
    });
    for (const producer of producers) {
      const { layout } = this.plans[producer];
      const bits = elementBits(this.tiles[producer].type as TileSharedType);
      needed += Math.ceil(layout.registers / Math.min(layout.vectorWidth, Math.max(1, 32 / bits)));
    }
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

  /** For each of some producers the registers that its tile passes through. */
  private makeStagings(producers: Selection): ReadonlyMap<number, Value> {
    return new Map(producers.map((producer) => [producer, this.makeStaging(producer)]));
  }

  private makeStaging(producer: number): Value {
    const filling = this.fillings[producer];
    const tile = this.tiles[producer];
    const type = tile.type as TileSharedType;
    const layout = filling.op.getAttribute('layout') as LayoutFragmentAttr;
    // Copies convert on the way to shared memory, loops have done so themselves.
    const { elementType } = isLoop(filling) ? type : (filling.source.type as MemRefType);
    const fragment = this.builder.create('tile.alloc', {
      resultTypes: [TileFragmentType.get(type.shape, elementType, layout)],
      location: filling.op.location,
    }).result;
    return named(`${tile.name ?? 'tile'}_next`, fragment) as Value;
  }

  private versionOf(versions: readonly Value[], version: Value, producer: number): Value {
    return this.slice(versions[producer], version, this.part, this.plans[producer].location);
  }

  /** Loads into registers what the iteration at `position` wants. */
  private fillStaged(
    staging: ReadonlyMap<number, Value>,
    position: Value,
    wanted: readonly Value[],
    then?: (producer: number) => void,
  ): void {
    const into = (producer: number): Destination => ({ destination: staging.get(producer)! });
    this.fill([...staging.keys()], position, wanted, into, then);
  }

  /** Stores what registers hold. */
  private storeStaged(
    staging: ReadonlyMap<number, Value>,
    wanted: readonly Value[],
    versions: readonly Value[],
    version: Value,
  ): void {
    this.forEachWanted([...staging.keys()], wanted, (members) =>
      members.forEach((member) => this.store(staging, versions, version, member)),
    );
  }

  /** Stores each tile as soon as it is loaded. */
  private fillThrough(
    staging: ReadonlyMap<number, Value>,
    position: Value,
    wanted: readonly Value[],
    versions: readonly Value[],
    version: Value,
  ): void {
    this.fillStaged(staging, position, wanted, (producer) =>
      this.store(staging, versions, version, producer),
    );
  }

  private store(
    staging: ReadonlyMap<number, Value>,
    versions: readonly Value[],
    version: Value,
    producer: number,
  ): void {
    const { layout, location } = this.plans[producer];
    const destination = this.versionOf(versions, version, producer);
    buildCopy(this.builder, { source: staging.get(producer)!, destination, layout, location });
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

  /** Builds something for the members of each group, under its condition, that are among `producers`. */
  private forEachWanted(
    producers: Selection,
    wanted: readonly Value[],
    build: (members: Selection) => void,
  ): void {
    this.groups.forEach(({ members }, i) => {
      const own = members.filter((member) => producers.includes(member));
      if (own.length > 0) this.when(wanted[i], () => build(own));
    });
  }

  /** Lets producers fill what the iteration at `position` wants, with what they compute from it repeated. */
  private fill(
    producers: Selection,
    position: Value,
    wanted: readonly Value[],
    into: (producer: number) => Destination,
    then?: (producer: number) => void,
  ): void {
    this.forEachWanted(producers, wanted, (members) => {
      const mapping = this.mappingAt(position);
      for (const member of members) {
        const filling = this.fillings[member];
        this.cloneComputations(inputsOf(filling), mapping);
        if (isLoop(filling)) {
          mapping.map(this.tiles[member], into(member).destination);
          this.builder.clone(filling.op, mapping);
        } else {
          buildCopy(this.builder, {
            source: filling.source,
            sourceIndices: filling.sourceIndices.map((value) => mapping.lookup(value)),
            dims: filling.dims,
            inBounds: filling.op.hasAttribute('in_bounds'),
            ...this.plans[member],
            ...into(member),
          });
        }
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
    for (const { op } of this.fillings) op.erase();
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

/** Unconditional producers, and those under each condition, by where the first of them stands. */
function groupByCondition(producers: readonly Producer[]): Group[] {
  const groups = new Map<Value | undefined, number[]>();
  producers.forEach(({ condition }, number) => {
    const members = groups.get(condition);
    if (members === undefined) groups.set(condition, [number]);
    else members.push(number);
  });
  return [...groups].map(([condition, members]) => ({ condition, members }));
}
