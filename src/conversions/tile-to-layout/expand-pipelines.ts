/**
 * Software pipelining: turns `tile.pipelined` into a plain loop in which the copies of later iterations are under way
 * while one is computed. Buffers written by those copies get several versions.
 */

import type { TileCopyOp } from '../../dialects/generated/tile.js';
import { TileFragmentType, TileSharedType } from '../../dialects/generated/tile.js';
import type { LayoutFragmentAttr } from '../../dialects/generated/layout.js';
import type { MemRefType } from '../../ir/index.js';
import {
  Block,
  Builder,
  indexType,
  IntegerAttr,
  Region,
  StringAttr,
  ValueMapping,
  type Location,
  type Operation,
  type Value,
} from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { buildCopy } from '../support/build-copy.js';
import { IndexBuilder, named, type Index } from '../support/index-builder.js';
import {
  elementBits,
  fragmentOf,
  isFragment,
  kernelOf,
  layoutAttribute,
} from '../support/tiles.js';
import {
  asynchronyObstacle,
  findProducers,
  slicePureOperations,
  versionsThatFit,
} from './pipeline-producers.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/**
 * On a `tile.slice`: which part of a pipeline accesses versions of a buffer through it: the copies of its `prologue`, those
 * of its `loop`, or the `computation`. The loop's own barrier orders copies and computation.
 */
export const VERSIONED = 'tile.versioned';

/** Expands every pipelined loop of a kernel, innermost first. Reports loops that cannot overlap and why. */
export function expandPipelines(kernel: Operation, target: Target): void {
  const loops: Operation[] = [];
  kernel.walk((op) => {
    if (op.name.text === 'tile.pipelined') loops.push(op);
  });
  for (const loop of loops) expandLoop(loop, target);
}

function expandLoop(loop: Operation, target: Target): void {
  const stages = (loop.getAttribute('stages') as IntegerAttr).number;
  if (stages <= 1) return expandSerial(loop);
  const producers = findProducers(loop);
  if (typeof producers === 'string') {
    loop.emitRemark(`loop is not pipelined: ${producers}`);
    return expandSerial(loop);
  }
  const obstacle = producers
    .map((copy) => asynchronyObstacle(copy, target))
    .find((reason) => reason !== undefined);
  const pipeline = new PipelineExpansion(loop, producers);
  if (obstacle === undefined) pipeline.expandAsynchronous(stages);
  else {
    if (target.async_copy_bytes.length > 0)
      loop.emitRemark(`loop is pipelined through registers: ${obstacle}`);
    pipeline.expandThroughRegisters(target, versionsThatFit(loop, producers, target));
  }
}

interface Bounds {
  readonly lower: Value;
  readonly upper: Value;
  readonly step: Value;
}

/** Lower bound, upper bound and step as values in front of the loop. */
function materializeBounds(loop: Operation, index: IndexBuilder): Bounds {
  let operand = 0;
  const bound = (name: string): Value => {
    const constant = loop.getAttribute(name);
    return constant instanceof IntegerAttr
      ? index.constant(constant.number)
      : loop.operand(operand++);
  };
  return { lower: bound('lower_bound'), upper: bound('upper_bound'), step: bound('step') };
}

/** A loop whose iterations do not overlap. */
function expandSerial(loop: Operation): void {
  const builder = Builder.before(loop);
  const bounds = materializeBounds(loop, new IndexBuilder(builder));
  const { body } = createLoop(builder, bounds, []);
  const block = loop.regions[0].entryBlock;
  block.arguments[0].replaceAllUsesWith(body.arguments[0]);
  if (block.firstOp !== null) Block.moveTail(block.firstOp, body);
  Builder.atEnd(body, loop.context).create('scf.yield');
  loop.erase();
}

function createLoop(
  builder: Builder,
  bounds: Bounds,
  initial: readonly Value[],
): { loop: Operation; body: Block } {
  const region = new Region();
  const body = region.append(
    new Block([indexType, ...initial.map((value) => value.type)], builder.location),
  );
  const loop = builder.create('scf.for', {
    operands: [bounds.lower, bounds.upper, bounds.step, ...initial],
    resultTypes: initial.map((value) => value.type),
    regions: [region],
  });
  return { loop, body };
}

class PipelineExpansion {
  private readonly builder: Builder;
  private readonly index: IndexBuilder;
  private readonly bounds: Bounds;
  private readonly body: Block;
  private readonly tiles: readonly Value[];
  /** What is being built. */
  private part: 'prologue' | 'loop' = 'prologue';
  /** What is kept of each producer once it is gone. */
  private readonly plans: readonly { layout: Fragment; location: Location }[];

  constructor(
    private readonly loop: Operation,
    private readonly producers: readonly TileCopyOp[],
  ) {
    this.builder = Builder.before(loop);
    this.index = new IndexBuilder(this.builder);
    this.bounds = materializeBounds(loop, this.index);
    this.body = loop.regions[0].entryBlock;
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
    }
    this.buildLoop([0, stages - 1], ['read_stage', 'write_stage'], (iteration, [read, write]) => {
      this.builder.create('nv.cp_async_wait', {
        attributes: { pending: IntegerAttr.get(stages - 2) },
      });
      this.builder.create('gpu.barrier');
      const position = this.ahead(iteration, stages - 1);
      this.guarded(position, () => this.copyInto(versions, write, position));
      this.builder.create('nv.cp_async_commit');
      this.compute(versions, read, iteration);
      return [this.nextVersion(read, stages), this.nextVersion(write, stages)];
    });
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
      const destination = this.slice(versions[producer], version, 'ahead', location);
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
    this.buildLoop(count === 1 ? [] : [0], ['stage'], (iteration, [carried]) => {
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

  private buildLoop(
    initial: readonly number[],
    names: readonly string[],
    build: (iteration: Value, versions: Value[]) => Value[],
  ): void {
    const { body } = createLoop(
      this.builder,
      this.bounds,
      initial.map((number) => this.index.constant(number)),
    );
    body.arguments[0].name = this.body.arguments[0].name;
    const versions = body.arguments.slice(1);
    versions.forEach((version, i) => (version.name = names[i]));
    this.builder.setInsertionPointToEnd(body);
    this.part = 'loop';
    this.builder.create('scf.yield', { operands: build(body.arguments[0], versions) });
    this.loop.erase();
    for (const tile of this.tiles) if (!tile.hasUses) tile.definingOp!.erase();
  }

  /** `position + distance * step`. */
  private ahead(position: Value, distance: number): Value {
    if (distance === 0) return position;
    const sum = this.index.add(
      position,
      this.index.multiply(this.constantOr(this.bounds.step), distance),
    );
    return named('ahead', this.index.value(sum));
  }

  /** The number a value is, where it is a constant. */
  private constantOr(value: Value): Index {
    const constant = value.definingOp?.getAttribute('value');
    return constant instanceof IntegerAttr ? constant.number : value;
  }

  /** Builds `body` under the condition that the loop reaches `position`. */
  private guarded(position: Value, body: () => void): void {
    const condition = this.index.compare('slt', position, this.bounds.upper);
    const region = new Region();
    const block = region.append(new Block([], this.builder.location));
    this.builder.create('scf.if', { operands: [condition], regions: [region, new Region()] });
    this.builder.at({ block, before: null }, () => {
      body();
      this.builder.create('scf.yield');
    });
  }

  /** An allocation of several versions of a tile, in place of its own. */
  private makeVersions(tile: Value, count: number): Value {
    const type = tile.type as TileSharedType;
    const allocation = tile.definingOp!;
    const versions = Builder.before(allocation).create('tile.alloc', {
      resultTypes: [TileSharedType.get([count, ...type.shape], type.elementType, type.layout)],
    }).result;
    versions.name = tile.name;
    return versions;
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

  private slice(
    versions: Value,
    version: Value,
    role: 'ahead' | 'tile',
    location: Location,
  ): Value {
    const type = versions.type as TileSharedType;
    const slice = this.builder.create('tile.slice', {
      operands: [versions, version],
      resultTypes: [TileSharedType.get(type.shape.slice(1), type.elementType, type.layout)],
      attributes: { [VERSIONED]: StringAttr.get(role === 'tile' ? 'computation' : this.part) },
      location,
    }).result;
    return named(`${versions.name ?? 'buffer'}_${role}`, slice) as Value;
  }

  /** Starts copying the tiles of one iteration into a version of their buffers. */
  private copyInto(versions: readonly Value[], version: Value, position: Value): void {
    this.copyFrom(position, (producer) => ({
      destination: this.slice(versions[producer], version, 'ahead', this.plans[producer].location),
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
      for (const op of slicePureOperations(value, this.loop).ops) needed.add(op);
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
      const slice = this.slice(versions[i], version, 'tile', this.loop.location);
      tile.replaceAllUsesWith(slice);
    });
    this.body.arguments[0].replaceAllUsesWith(iteration);
    const point = this.builder.insertionPoint!;
    for (const op of this.body.operations()) {
      op.detach();
      point.block.insertBefore(point.before, op);
    }
  }

  /** `version + 1`, or 0 after the last. */
  private nextVersion(version: Value, count: number): Value {
    if (count === 2) return this.index.value(this.index.subtract(1, version));
    const next = this.index.value(this.index.add(version, 1));
    return this.index.select(this.index.compare('eq', next, count), 0, next);
  }
}

export const tileExpandPipelines = defineKernelPass({
  name: 'tile-expand-pipelines',
  summary:
    'overlap the iterations of pipelined loops by copying ahead into versions of their buffers',
  requires: ['scf', 'arith', 'gpu', 'nv'],
  run: expandPipelines,
});
