/** What every way of expanding a pipelined loop is made of: a plain loop with versions of the loop's buffers. */

import { TileSharedType } from '../../dialects/generated/tile.js';
import {
  Block,
  Builder,
  i1,
  indexType,
  IntegerAttr,
  Region,
  StringAttr,
  UnitAttr,
  type Location,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { IndexBuilder, named, type Index } from '../support/index-builder.js';

/**
 * On a `tile.slice`: which part of a pipeline accesses versions of a buffer through it: the copies of its `prologue`, those
 * of its `loop`, or the `computation`. The loop's own barrier orders copies and computation.
 */
export const VERSIONED = 'tile.versioned';

/** On a `gpu.barrier`: it is the pipeline's own, which orders accesses to versions of its buffers. */
export const OF_PIPELINE = 'tile.pipeline_barrier';

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
export function expandSerial(loop: Operation): void {
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

export class PipelineLoop {
  protected readonly builder: Builder;
  protected readonly index: IndexBuilder;
  protected readonly bounds: Bounds;
  protected readonly body: Block;

  constructor(protected readonly loop: Operation) {
    this.builder = Builder.before(loop);
    this.index = new IndexBuilder(this.builder);
    this.bounds = materializeBounds(loop, this.index);
    this.body = loop.regions[0].entryBlock;
  }

  protected buildLoop(
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
    this.builder.create('scf.yield', { operands: build(body.arguments[0], versions) });
    this.loop.erase();
  }

  /** `position + distance * step`. */
  protected ahead(position: Value, distance: number): Value {
    if (distance === 0) return position;
    const sum = this.index.add(
      position,
      this.index.multiply(this.constantOr(this.bounds.step), distance),
    );
    return named('ahead', this.index.value(sum));
  }

  /** The number a value is, where it is a constant. */
  protected constantOr(value: Value): Index {
    const constant = value.definingOp?.getAttribute('value');
    return constant instanceof IntegerAttr ? constant.number : value;
  }

  /** Builds `body` under the condition that the loop reaches `position`. */
  protected guarded(position: Value, body: () => void): void {
    this.when(this.reaches(position), body);
  }

  /** Whether the loop reaches `position`. */
  protected reaches(position: Value): Value {
    return this.index.compare('slt', position, this.bounds.upper);
  }

  /** Builds `body` under a condition. */
  protected when(condition: Value, body: () => void): void {
    const region = this.branch(() => {
      body();
      return [];
    });
    this.builder.create('scf.if', { operands: [condition], regions: [region, new Region()] });
  }

  /** Truth values that `evaluate` computes where a condition holds; false elsewhere. */
  protected truthsWhere(condition: Value, count: number, evaluate: () => Value[]): Value[] {
    const regions = [
      this.branch(evaluate),
      this.branch(() => {
        const no = this.index.truth(false);
        return Array.from({ length: count }, () => no);
      }),
    ];
    const resultTypes = Array.from({ length: count }, () => i1);
    return [
      ...this.builder.create('scf.if', { operands: [condition], resultTypes, regions }).results,
    ];
  }

  private branch(build: () => Value[]): Region {
    const region = new Region();
    const block = region.append(new Block([], this.builder.location));
    this.builder.at({ block, before: null }, () =>
      this.builder.create('scf.yield', { operands: build() }),
    );
    return region;
  }

  /** The barrier that orders the copies that run ahead and the computation. */
  protected buildBarrier(): void {
    this.builder.create('gpu.barrier', { attributes: { [OF_PIPELINE]: UnitAttr.get() } });
  }

  /** An allocation of several versions of a tile, in place of its own. */
  protected makeVersions(tile: Value, count: number): Value {
    const type = tile.type as TileSharedType;
    const allocation = tile.definingOp!;
    const versions = Builder.before(allocation).create('tile.alloc', {
      resultTypes: [TileSharedType.get([count, ...type.shape], type.elementType, type.layout)],
    }).result;
    versions.name = tile.name;
    return versions;
  }

  protected slice(
    versions: Value,
    version: Value,
    /** Which part of the pipeline accesses it; undefined where the pipeline's barrier does not order the access. */
    part: 'prologue' | 'loop' | 'computation' | undefined,
    location: Location,
  ): Value {
    const type = versions.type as TileSharedType;
    const slice = this.builder.create('tile.slice', {
      operands: [versions, version],
      resultTypes: [TileSharedType.get(type.shape.slice(1), type.elementType, type.layout)],
      attributes: part === undefined ? {} : { [VERSIONED]: StringAttr.get(part) },
      location,
    }).result;
    return named(
      `${versions.name ?? 'buffer'}_${part === 'loop' || part === 'prologue' ? 'ahead' : 'tile'}`,
      slice,
    ) as Value;
  }

  /** `version + 1`, or 0 after the last. */
  protected nextVersion(version: Value, count: number): Value {
    if (count === 2) return this.index.value(this.index.subtract(1, version));
    const next = this.index.value(this.index.add(version, 1));
    return this.index.select(this.index.compare('eq', next, count), 0, next);
  }
}
