/** Blocks: arguments and a linked list of operations. */

import { InternalError } from '../support/index.js';
import type { Location } from './location.js';
import { unknownLocation } from './location.js';
import type { Operation } from './operation.js';
import type { Region } from './region.js';
import type { Type } from './type.js';
import { BlockArgument } from './value.js';

/** One reference to a block from the successor list of a terminator. */
export class BlockOperand {
  nextUse: BlockOperand | null = null;
  private previousUse: BlockOperand | null = null;

  constructor(
    readonly owner: Operation,
    readonly index: number,
    private held: Block,
  ) {
    this.link();
  }

  get block(): Block {
    return this.held;
  }

  set(block: Block): void {
    this.drop();
    this.held = block;
    this.link();
  }

  /** Takes the reference out of its block's uses, for an owner that goes away. */
  drop(): void {
    if (this.previousUse !== null) this.previousUse.nextUse = this.nextUse;
    else if (this.held.firstUse === this) this.held.firstUse = this.nextUse;
    if (this.nextUse !== null) this.nextUse.previousUse = this.previousUse;
    this.nextUse = null;
    this.previousUse = null;
  }

  private link(): void {
    this.nextUse = this.held.firstUse;
    if (this.nextUse !== null) this.nextUse.previousUse = this;
    this.held.firstUse = this;
  }
}

/** Distance between the order numbers of neighbours, so that most insertions need no renumbering. */
const ORDER_STRIDE = 16;

export class Block {
  readonly arguments: BlockArgument[] = [];
  firstOp: Operation | null = null;
  lastOp: Operation | null = null;
  parentRegion: Region | null = null;
  /** Neighbours in the region's list of blocks. */
  previousBlock: Block | null = null;
  nextBlock: Block | null = null;
  /** Head of the chain of references from terminators. */
  firstUse: BlockOperand | null = null;
  /** The author's label, without `^`. */
  name: string | undefined = undefined;
  private isOrderValid = true;

  constructor(argumentTypes: readonly Type[] = [], location: Location = unknownLocation) {
    for (const type of argumentTypes) this.addArgument(type, location);
  }

  /** The operation whose region holds this block. */
  get parentOp(): Operation | null {
    return this.parentRegion?.parentOp ?? null;
  }

  get isEmpty(): boolean {
    return this.firstOp === null;
  }

  get isEntryBlock(): boolean {
    return this.parentRegion?.firstBlock === this;
  }

  /** The last operation, when it is a terminator (or unregistered, hence possibly one). */
  get terminator(): Operation | undefined {
    const last = this.lastOp;
    return last !== null && last.mightBeTerminator ? last : undefined;
  }

  addArgument(type: Type, location: Location = unknownLocation): BlockArgument {
    const argument = new BlockArgument(this, this.arguments.length, type, location);
    this.arguments.push(argument);
    return argument;
  }

  insertArgument(index: number, type: Type, location: Location = unknownLocation): BlockArgument {
    const argument = new BlockArgument(this, index, type, location);
    this.arguments.splice(index, 0, argument);
    this.renumberArguments();
    return argument;
  }

  /** Removes an argument, which must have no uses. */
  eraseArgument(index: number): void {
    if (this.arguments[index].hasUses)
      throw new InternalError('erasing a block argument that has uses');
    this.arguments.splice(index, 1);
    this.renumberArguments();
  }

  private renumberArguments(): void {
    this.arguments.forEach((argument, index) => (argument.index = index));
  }

  /** The operations in order. The one in hand may be erased or moved while iterating. */
  *operations(): IterableIterator<Operation> {
    let op = this.firstOp;
    while (op !== null) {
      const next: Operation | null = op.nextOp;
      yield op;
      op = next;
    }
  }

  /** Blocks that may run before this one: the owners of the references to it, each once per reference. */
  *predecessors(): IterableIterator<Block> {
    for (let use = this.firstUse; use !== null; use = use.nextUse) {
      const block = use.owner.parentBlock;
      if (block !== null) yield block;
    }
  }

  get successors(): readonly Block[] {
    return this.lastOp?.successors.map((successor) => successor.block) ?? [];
  }

  append(op: Operation): void {
    this.insertBefore(null, op);
  }

  /** Links a detached operation in front of `before`, or at the end for null. */
  insertBefore(before: Operation | null, op: Operation): void {
    if (op.parentBlock !== null)
      throw new InternalError(`inserting '${op.name}' which is in a block already`);
    const previous = before === null ? this.lastOp : before.previousOp;
    op.parentBlock = this;
    op.previousOp = previous;
    op.nextOp = before;
    if (previous === null) this.firstOp = op;
    else previous.nextOp = op;
    if (before === null) this.lastOp = op;
    else before.previousOp = op;
    this.assignOrder(op);
  }

  /** Unlinks an operation without destroying it. */
  remove(op: Operation): void {
    if (op.previousOp === null) this.firstOp = op.nextOp;
    else op.previousOp.nextOp = op.nextOp;
    if (op.nextOp === null) this.lastOp = op.previousOp;
    else op.nextOp.previousOp = op.previousOp;
    op.parentBlock = null;
    op.previousOp = null;
    op.nextOp = null;
  }

  private assignOrder(op: Operation): void {
    if (!this.isOrderValid) return;
    const low = op.previousOp === null ? 0 : op.previousOp.order;
    if (op.nextOp === null) {
      op.order = low + ORDER_STRIDE;
      return;
    }
    const middle = (low + op.nextOp.order) >> 1;
    if (middle > low && middle < op.nextOp.order) op.order = middle;
    else this.isOrderValid = false;
  }

  /** Whether `a` comes before `b`; both must be in this block. Amortized O(1). */
  isBefore(a: Operation, b: Operation): boolean {
    if (!this.isOrderValid) {
      let order = 0;
      for (let op = this.firstOp; op !== null; op = op.nextOp) op.order = order += ORDER_STRIDE;
      this.isOrderValid = true;
    }
    return a.order < b.order;
  }

  /** Moves `from` and all that follows it in its block to the end of `target`. */
  static moveTail(from: Operation, target: Block): void {
    for (let op: Operation | null = from; op !== null;) {
      const next: Operation | null = op.nextOp;
      op.parentBlock!.remove(op);
      target.append(op);
      op = next;
    }
  }
}
