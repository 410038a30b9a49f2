/** A pipeline in which the copies of later iterations are under way while one is computed. */

import type { TileCopyOp } from '../../dialects/generated/tile.js';
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
import { sliceRepeatableOperations } from './pipeline-producers.js';

/** A pipeline whose copies from global memory run ahead of all the rest. */
export class PrefetchPipeline extends PipelineLoop {
  private readonly tiles: readonly Value[];
  /** What is being built. */
  private part: 'prologue' | 'loop' = 'prologue';
  /** What is kept of each producer once it is gone. */
  private readonly plans: readonly { layout: Fragment; location: Location }[];

  constructor(
    loop: Operation,
    private readonly producers: readonly TileCopyOp[],
  ) {
    super(loop);
    this.tiles = producers.map((copy) => copy.destination);
    this.plans = producers.map(({ op }) => ({
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
      this.guarded(position, () => this.copyInto(versions, this.index.value(stage), position));
      this.builder.create('nv.cp_async_commit');
      // The barrier in front of the first copies settles what the loop's execution before still reads.
      this.part = 'loop';
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
        this.builder.create('gpu.barrier');
        const position = this.ahead(iteration, stages - 1);
        const write = carried ?? named('write_stage', this.nextVersion(read, stages));
        this.guarded(position, () => this.copyInto(versions, write, position));
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
    const staging = this.producers.map((copy, i) => this.makeStaging(copy, this.tiles[i]));
    const load = (position: Value, then?: (producer: number) => void): void =>
      this.copyFrom(position, (producer) => ({ destination: staging[producer] }), then);
    const store = (producer: number, version: Value): void => {
      const { layout, location } = this.plans[producer];
      const destination = this.slice(versions[producer], version, this.part, location);
      buildCopy(this.builder, { source: staging[producer], destination, layout, location });
    };
    const storeAll = (version: Value): void =>
      this.plans.forEach((_, producer) => store(producer, version));
    const copy = (position: Value, version: Value): void =>
      load(position, (producer) => store(producer, version));
    this.guarded(this.bounds.lower, () => {
      const first = this.index.value(0);
      if (!isHeld) return copy(this.bounds.lower, first);
      load(this.bounds.lower);
      storeAll(first);
    });
    this.buildSteadyLoop(count === 1 ? [] : [0], ['stage'], (iteration, [carried]) => {
      const stage = carried ?? this.index.value(0);
      this.builder.create('gpu.barrier');
      const position = this.ahead(iteration, 1);
      const nextVersion = (): Value =>
        count === 1 ? stage : named('next_stage', this.index.value(this.index.subtract(1, stage)));
      if (isHeld) {
        this.guarded(position, () => load(position));
        this.compute(versions, stage, iteration);
        if (count === 1) this.builder.create('gpu.barrier');
        const next = nextVersion();
        this.guarded(position, () => storeAll(next));
        return count === 1 ? [] : [next];
      }
      const next = nextVersion();
      this.guarded(position, () => copy(position, next));
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
    this.producers.forEach((copy, producer) => {
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

  /** Starts copying the tiles of one iteration into a version of their buffers. */
  private copyInto(versions: readonly Value[], version: Value, position: Value): void {
    this.copyFrom(position, (producer) => ({
      destination: this.slice(
        versions[producer],
        version,
        this.part,
        this.plans[producer].location,
      ),
      mode: 'async',
    }));
  }

  /** Copies what each producer reads in the iteration at `position`, with its index computations repeated. */
  private copyFrom(
    position: Value,
    into: (producer: number) => { destination: Value; mode?: 'async' },
    then?: (producer: number) => void,
  ): void {
    const mapping = new ValueMapping();
    mapping.map(this.body.arguments[0], position);
    this.producers.forEach((producer, number) => {
      this.cloneIndexOperations(producer, mapping);
      buildCopy(this.builder, {
        source: producer.source,
        sourceIndices: producer.sourceIndices.map((value) => mapping.lookup(value)),
        inBounds: producer.op.hasAttribute('in_bounds'),
        ...this.plans[number],
        ...into(number),
      });
      then?.(number);
    });
  }

  private cloneIndexOperations(producer: TileCopyOp, mapping: ValueMapping): void {
    const needed = new Set<Operation>();
    for (const value of producer.sourceIndices) {
      for (const op of sliceRepeatableOperations(value, this.loop).ops) needed.add(op);
    }
    for (const op of this.body.operations()) {
      if (needed.has(op) && op.results.some((result) => mapping.lookup(result) === result))
        this.builder.clone(op, mapping);
    }
  }

  /** Moves the rest of the body here, reading the given version of each buffer. */
  private compute(versions: readonly Value[], version: Value, iteration: Value): void {
    for (const producer of this.producers) producer.op.erase();
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
