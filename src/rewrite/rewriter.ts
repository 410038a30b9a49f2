/** The only writer inside a rewrite: changes the IR, tells its listeners, and journals how to take each change back. */

import {
  Block,
  Builder,
  cloneRegionInto,
  OpView,
  type Attribute,
  type BlockArgument,
  type BuildArguments,
  type Context,
  type Location,
  type Operation,
  type OpOperand,
  Region,
  type Type,
  type Value,
  type ValueMapping,
} from '../ir/index.js';
import { InternalError } from '../support/index.js';
import { captureOperation, captureReferences, shrinkSegments } from './capture.js';
import { Journal, type Checkpoint } from './journal.js';
import type { RewriteListener } from './listener.js';
import { MatchFailure } from './match-failure.js';

/** A replacement: values, or the operation whose results they are. */
export type Replacement = Operation | OpView | readonly Value[] | Value;

/** Whether a listener wants to know why patterns do not apply; building a reason may cost something. */
type Reason = string | (() => string);

/** The values that a replacement stands for. */
export function replacementValues(replacement: Replacement): readonly Value[] {
  if (replacement instanceof OpView) return replacement.op.results;
  if (Array.isArray(replacement)) return replacement as readonly Value[];
  if ('results' in replacement) return replacement.results;
  return [replacement as Value];
}

function asOperation(op: Operation | OpView): Operation {
  return op instanceof OpView ? op.op : op;
}

export class Rewriter extends Builder {
  private listeners: readonly RewriteListener[] = [];
  private journal: Journal | undefined;
  /** Number of changes made so far; a pattern that succeeds has moved it. */
  changeCount = 0;

  constructor(context: Context, ...listeners: readonly RewriteListener[]) {
    super(context);
    this.listeners = listeners;
  }

  /** Adds a listener; returns a function that removes it. */
  addListener(listener: RewriteListener): () => void {
    this.listeners = [...this.listeners, listener];
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }

  // Transactions

  /** Starts to journal changes, when that has not been done, and names the present state. */
  checkpoint(): Checkpoint {
    this.journal ??= new Journal();
    return this.journal.checkpoint();
  }

  /** Takes back all changes since `checkpoint`. Listeners do not hear of it. */
  rollback(checkpoint: Checkpoint): void {
    if (this.journal === undefined) throw new InternalError('rolling back without a checkpoint');
    this.journal.rollback(checkpoint);
  }

  /** Keeps all changes and stops journaling. */
  commit(): void {
    this.journal = undefined;
  }

  /** Runs `body`; when it returns false or throws, everything it did is taken back. Transactions nest. */
  transaction(body: () => boolean | void): boolean {
    const isOutermost = this.journal === undefined;
    const checkpoint = this.checkpoint();
    const [point, location] = [this.insertionPoint, this.location];
    let isDone = false;
    try {
      isDone = body() !== false;
      return isDone;
    } finally {
      if (!isDone) {
        this.rollback(checkpoint);
        this.setInsertionPoint(point);
        this.location = location;
      }
      if (isOutermost) this.commit();
    }
  }

  /** Whether changes are journaled. Without that, no closure is made for taking them back. */
  get isJournaling(): boolean {
    return this.journal !== undefined;
  }

  private changed(undo: () => void): void {
    this.changeCount++;
    this.journal?.record(undo);
  }

  // Operations

  override insert(op: Operation): Operation {
    super.insert(op);
    this.inserted(op);
    return op;
  }

  /** Inserts a detached operation in front of another, wherever the insertion point is. */
  insertBefore(before: Operation, op: Operation): void {
    before.parentBlock!.insertBefore(before, op);
    this.inserted(op);
  }

  private inserted(op: Operation): void {
    if (this.journal === undefined) this.changeCount++;
    else
      this.changed(() => {
        op.detach();
        op.dropAllReferences();
      });
    for (const listener of this.listeners) listener.onInserted?.(op);
  }

  /** Destroys an operation, whose results must be unused, with all that is nested in it. */
  erase(target: Operation | OpView): void {
    const op = asOperation(target);
    if (op.hasUses) throw new InternalError(`erasing '${op.name}' whose results have uses`);
    if (op.regions.length === 0) for (const listener of this.listeners) listener.onErased?.(op, op);
    else if (this.listeners.some((listener) => listener.onErased !== undefined)) {
      op.walk((nested) => {
        for (const listener of this.listeners) listener.onErased?.(nested, op);
      });
    }
    this.moveInsertionPointOff(op);
    if (this.journal === undefined) {
      op.erase();
      this.changeCount++;
      return;
    }
    const { parentBlock: block, nextOp: before } = op;
    const restore = captureReferences(op);
    op.erase();
    this.changed(() => {
      restore();
      block?.insertBefore(before, op);
    });
  }

  /** Erases operations that may use each other in any order; nothing else may use them. */
  eraseOps(ops: readonly Operation[]): void {
    if (ops.length > 1 || ops[0]?.hasUses) for (const op of ops) this.dropReferences(op);
    for (let index = ops.length - 1; index >= 0; index--) this.erase(ops[index]);
  }

  /** Takes every use made by an operation and those nested in it out. */
  private dropReferences(op: Operation): void {
    const restore = this.journal === undefined ? undefined : captureReferences(op);
    op.dropAllReferences();
    this.changed(() => restore?.());
  }

  /** Takes one operand out of the list; an attribute that counts operands per group follows. */
  eraseOperand(op: Operation, index: number): void {
    this.modifyInPlace(op, () => {
      shrinkSegments(op, index);
      op.setOperands(op.operands.filter((_, position) => position !== index));
    });
  }

  /** An insertion point in front of an operation that goes away means in front of the next one. */
  private moveInsertionPointOff(op: Operation): void {
    const point = this.insertionPoint;
    if (point?.before === op) this.setInsertionPoint({ block: point.block, before: op.nextOp });
  }

  /** Replaces the results of an operation, one value for each, and erases it. */
  replaceOp(target: Operation | OpView, replacement: Replacement): void {
    const op = asOperation(target);
    const values = replacementValues(replacement);
    if (values.length !== op.resultCount) {
      throw new InternalError(
        `replacing '${op.name}', which has ${op.resultCount} results, by ${values.length} values`,
      );
    }
    for (const listener of this.listeners) listener.onReplaced?.(op, values);
    if (values.length === 1) this.replaceAllUsesWith(op.firstResult!, values[0]);
    else values.forEach((value, index) => this.replaceAllUsesWith(op.results[index], value));
    this.erase(op);
  }

  /** Builds an operation in front of `op`, with its location, and replaces `op` by it. */
  replaceOpWithNew(
    target: Operation | OpView,
    name: string,
    values: BuildArguments = {},
  ): Operation {
    const op = asOperation(target);
    const replacement = this.at({ block: op.parentBlock!, before: op }, () => {
      this.location = op.location;
      return this.create(name, values);
    });
    this.replaceOp(op, replacement);
    return replacement;
  }

  replaceAllUsesWith(from: Value, to: Value): void {
    this.replaceUses(from, to, undefined);
  }

  /** Replaces those uses for which `condition` holds. */
  replaceAllUsesWithIf(
    from: Value,
    to: Value,
    condition: (user: Operation, operandIndex: number) => boolean,
  ): void {
    this.replaceUses(from, to, condition);
  }

  private replaceUses(
    from: Value,
    to: Value,
    condition: ((user: Operation, operandIndex: number) => boolean) | undefined,
  ): void {
    if (from === to) return;
    for (let use = from.firstUse; use !== null;) {
      // Setting the operand takes the use out of this chain.
      const next: OpOperand | null = use.nextUse;
      const { owner, index } = use;
      if (condition === undefined || condition(owner, index)) {
        use.set(to);
        if (this.journal === undefined) this.changeCount++;
        else this.changed(() => owner.setOperand(index, from));
        for (const listener of this.listeners) listener.onModified?.(owner);
      }
      use = next;
    }
    // The replacement inherits the author's name where it has none of its own; constants are named by their value.
    const isNameless = to.name === undefined && !to.definingOp?.name.isConstantLike;
    if (isNameless && from.name !== undefined) {
      to.name = from.name;
      this.journal?.record(() => (to.name = undefined));
    }
  }

  /** Lets `change` set operands, attributes, successors, result types and the location of an operation. */
  modifyInPlace<View extends Operation | OpView>(
    target: View,
    change: (target: View) => void,
  ): void {
    const op = asOperation(target);
    const restore = this.journal === undefined ? undefined : captureOperation(op);
    change(target);
    this.changed(() => restore?.());
    for (const listener of this.listeners) listener.onModified?.(op);
  }

  setAttribute(op: Operation | OpView, name: string, value: Attribute | undefined): void {
    this.modifyInPlace(asOperation(op), (modified) => modified.setAttribute(name, value));
  }

  setOperand(op: Operation | OpView, index: number, value: Value): void {
    this.modifyInPlace(asOperation(op), (modified) => modified.setOperand(index, value));
  }

  moveOpBefore(op: Operation, other: Operation): void {
    if (op !== other) this.move(op, other.parentBlock!, other);
  }

  moveOpAfter(op: Operation, other: Operation): void {
    if (op !== other && other.nextOp !== op) this.move(op, other.parentBlock!, other.nextOp);
  }

  moveOpToEnd(op: Operation, block: Block): void {
    this.move(op, block, null);
  }

  private move(op: Operation, block: Block, before: Operation | null): void {
    this.moveInsertionPointOff(op);
    const { parentBlock: oldBlock, nextOp: oldBefore } = op;
    op.detach();
    block.insertBefore(before, op);
    if (this.journal === undefined) this.changeCount++;
    else
      this.changed(() => {
        op.detach();
        oldBlock?.insertBefore(oldBefore, op);
      });
    for (const listener of this.listeners) listener.onModified?.(op);
  }

  // Blocks

  override createBlock(
    region: Region,
    argumentTypes: readonly Type[] = [],
    location: Location = this.location,
  ): Block {
    const block = this.insertBlock(region, null, new Block(argumentTypes, location));
    this.setInsertionPointToEnd(block);
    return block;
  }

  /** Links a detached block into a region, at the end where `before` is null. */
  insertBlock(region: Region, before: Block | null, block: Block): Block {
    region.insertBefore(before, block);
    this.changed(() => region.remove(block));
    for (const listener of this.listeners) listener.onBlockInserted?.(block);
    return block;
  }

  /** Erases a block with its operations; nothing outside of it may use what it defines. */
  eraseBlock(block: Block): void {
    this.eraseBlocks([block]);
  }

  /** Erases blocks whose operations may use each other in any order. */
  eraseBlocks(blocks: readonly Block[]): void {
    this.eraseOps(blocks.flatMap((block) => [...block.operations()]));
    for (const block of blocks) {
      for (const listener of this.listeners) listener.onBlockErased?.(block);
      this.unlinkBlock(block);
    }
  }

  private unlinkBlock(block: Block): void {
    const region = block.parentRegion!;
    const before = block.nextBlock;
    region.remove(block);
    this.changed(() => region.insertBefore(before, block));
  }

  /** Moves a block with its operations to another place. */
  moveBlockBefore(block: Block, region: Region, before: Block | null): void {
    this.unlinkBlock(block);
    region.insertBefore(before, block);
    this.changed(() => region.remove(block));
    for (const op of block.operations()) {
      for (const listener of this.listeners) listener.onModified?.(op);
    }
  }

  /** Moves `before` and all that follows it in its block into a new block right behind; returns the new block. */
  splitBlock(block: Block, before: Operation | null): Block {
    const rest = this.insertBlock(block.parentRegion!, block.nextBlock, new Block());
    for (let op = before; op !== null;) {
      const next: Operation | null = op.nextOp;
      this.move(op, rest, null);
      op = next;
    }
    return rest;
  }

  /** Appends the operations of `source` to `target`, replaces its arguments by `argumentValues` and erases it. */
  mergeBlocks(source: Block, target: Block, argumentValues: readonly Value[] = []): void {
    this.inlineBlock(source, target, null, argumentValues);
  }

  /** Moves the operations of `source` in front of `before`, replaces its arguments and erases it. */
  inlineBlockBefore(source: Block, before: Operation, argumentValues: readonly Value[] = []): void {
    this.inlineBlock(source, before.parentBlock!, before, argumentValues);
  }

  private inlineBlock(
    source: Block,
    target: Block,
    before: Operation | null,
    argumentValues: readonly Value[],
  ): void {
    if (argumentValues.length !== source.arguments.length) {
      throw new InternalError(
        `inlining a block of ${source.arguments.length} arguments with ${argumentValues.length} values`,
      );
    }
    source.arguments.forEach((argument, index) =>
      this.replaceAllUsesWith(argument, argumentValues[index]),
    );
    for (const op of source.operations()) this.move(op, target, before);
    for (const listener of this.listeners) listener.onBlockErased?.(source);
    if (source.parentRegion !== null) this.unlinkBlock(source);
  }

  /** Moves all blocks of a region in front of `before` in another region, at its end where `before` is null. */
  inlineRegion(source: Region, target: Region, before: Block | null = null): void {
    for (const block of source.blocks()) this.moveBlockBefore(block, target, before);
  }

  /** Moves the blocks of a region of an operation into a new region without an owner, for another operation. */
  takeRegion(op: Operation, index: number): Region {
    const region = new Region();
    this.inlineRegion(op.regions[index], region);
    return region;
  }

  /** Copies the blocks of a region to the end of another. */
  cloneRegion(source: Region, target: Region, mapping?: ValueMapping): void {
    const last = target.lastBlock;
    cloneRegionInto(source, target, mapping);
    for (
      let block = last === null ? target.firstBlock : last.nextBlock;
      block !== null;
      block = block.nextBlock
    ) {
      const copy = block;
      this.changed(() => {
        target.remove(copy);
        for (const op of copy.operations()) op.dropAllReferences();
      });
      for (const listener of this.listeners) {
        listener.onBlockInserted?.(copy);
        if (listener.onInserted === undefined) continue;
        for (const op of copy.operations()) listener.onInserted(op);
      }
    }
  }

  // Block arguments

  addBlockArgument(block: Block, type: Type, location?: Location): BlockArgument {
    return this.insertBlockArgument(block, block.arguments.length, type, location);
  }

  insertBlockArgument(block: Block, index: number, type: Type, location?: Location): BlockArgument {
    const argument = block.insertArgument(index, type, location ?? this.location);
    this.changed(() => block.eraseArgument(argument.index));
    return argument;
  }

  /** Removes an argument, which must be unused. The branches that pass a value for it are the caller's business. */
  eraseBlockArgument(block: Block, index: number): void {
    const argument = block.arguments[index];
    block.eraseArgument(index);
    this.changed(() => {
      // The same object comes back: earlier entries of the journal know it.
      block.arguments.splice(index, 0, argument);
      block.arguments.forEach((other, position) => (other.index = position));
    });
  }

  /** Gives a value another type in place; its users must accept that. */
  setType(value: Value, type: Type): void {
    const old = value.type;
    if (old === type) return;
    value.type = type;
    this.changed(() => (value.type = old));
    for (const user of value.users()) {
      for (const listener of this.listeners) listener.onModified?.(user);
    }
  }

  // Matching

  /** Whether anybody reads why patterns do not apply. */
  get wantsReasons(): boolean {
    for (const listener of this.listeners) if (listener.onMatchFailure !== undefined) return true;
    return false;
  }

  /** Says why a pattern does not apply; return what this returns. */
  notifyMatchFailure(op: Operation | OpView, reason: Reason): MatchFailure {
    for (const listener of this.listeners) {
      if (listener.onMatchFailure === undefined) continue;
      listener.onMatchFailure(asOperation(op), typeof reason === 'string' ? reason : reason());
    }
    return MatchFailure.instance;
  }
}
