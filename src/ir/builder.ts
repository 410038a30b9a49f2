/** Builds operations at an insertion point. */

import { InternalError } from '../support/index.js';
import type { Attribute } from './attribute.js';
import { Block } from './block.js';
import { cloneOperation, type ValueMapping } from './clone.js';
import type { Context } from './context.js';
import { unknownLocation, type Location } from './location.js';
import { Operation } from './operation.js';
import type { Region } from './region.js';
import type { Type } from './type.js';
import type { Value } from './value.js';

/** A place in a block: in front of `before`, or at the end where it is null. */
export interface InsertionPoint {
  readonly block: Block;
  readonly before: Operation | null;
}

/** What a builder is given for an operation that it looks up by name. */
export interface BuildArguments {
  readonly operands?: readonly Value[];
  readonly resultTypes?: readonly Type[];
  readonly attributes?: Readonly<Record<string, Attribute | undefined>>;
  readonly regions?: readonly Region[];
  readonly successors?: readonly Block[];
  readonly location?: Location;
}

export class Builder {
  private point: InsertionPoint | undefined;
  /** Location of the operations built next. */
  location: Location = unknownLocation;

  constructor(readonly context: Context) {}

  static before(op: Operation): Builder {
    const builder = new Builder(op.context);
    builder.setInsertionPointBefore(op);
    builder.location = op.location;
    return builder;
  }

  static after(op: Operation): Builder {
    const builder = new Builder(op.context);
    builder.setInsertionPointAfter(op);
    builder.location = op.location;
    return builder;
  }

  static atEnd(block: Block, context: Context): Builder {
    const builder = new Builder(context);
    builder.setInsertionPointToEnd(block);
    return builder;
  }

  get insertionPoint(): InsertionPoint | undefined {
    return this.point;
  }

  setInsertionPoint(point: InsertionPoint | undefined): void {
    this.point = point;
  }

  setInsertionPointBefore(op: Operation): void {
    this.point = { block: op.parentBlock!, before: op };
  }

  setInsertionPointAfter(op: Operation): void {
    this.point = { block: op.parentBlock!, before: op.nextOp };
  }

  setInsertionPointToStart(block: Block): void {
    this.point = { block, before: block.firstOp };
  }

  setInsertionPointToEnd(block: Block): void {
    this.point = { block, before: null };
  }

  /** Runs `body` with the insertion point elsewhere and comes back. */
  at<Result>(point: InsertionPoint, body: () => Result): Result {
    const [saved, location] = [this.point, this.location];
    this.point = point;
    try {
      return body();
    } finally {
      this.point = saved;
      this.location = location;
    }
  }

  /** Inserts a detached operation at the insertion point. */
  insert(op: Operation): Operation {
    if (this.point === undefined) throw new InternalError('the builder has no insertion point');
    this.point.block.insertBefore(this.point.before, op);
    return op;
  }

  /** Builds an operation by name and inserts it. */
  create(name: string, values: BuildArguments = {}): Operation {
    const op = Operation.create({
      name: this.context.getOperationName(name),
      operands: values.operands,
      resultTypes: values.resultTypes,
      attributes: values.attributes === undefined ? undefined : Object.entries(values.attributes),
      regions: values.regions,
      successors: values.successors,
      location: values.location ?? this.location,
    });
    return this.insert(op);
  }

  /** Copies an operation to the insertion point. */
  clone(op: Operation, mapping?: ValueMapping): Operation {
    return this.insert(cloneOperation(op, mapping));
  }

  /** Adds a block to the end of a region and moves the insertion point into it. */
  createBlock(
    region: Region,
    argumentTypes: readonly Type[] = [],
    location = this.location,
  ): Block {
    const block = region.append(new Block(argumentTypes, location));
    this.setInsertionPointToEnd(block);
    return block;
  }
}
