/** Regions: a linked list of blocks owned by an operation. */

import { InternalError } from '../support/index.js';
import type { Block } from './block.js';
import type { Operation } from './operation.js';

export class Region {
  firstBlock: Block | null = null;
  lastBlock: Block | null = null;

  /** The owner is set when the region is given to an operation. */
  constructor(public parentOp: Operation | null = null) {}

  get isEmpty(): boolean {
    return this.firstBlock === null;
  }

  get hasOneBlock(): boolean {
    return this.firstBlock !== null && this.firstBlock === this.lastBlock;
  }

  /** The entry block; an internal error when there is none. */
  get entryBlock(): Block {
    if (this.firstBlock === null) throw new InternalError('the region has no blocks');
    return this.firstBlock;
  }

  /** The region around the owner. */
  get parentRegion(): Region | null {
    return this.parentOp?.parentBlock?.parentRegion ?? null;
  }

  /** Position among the owner's regions. */
  get index(): number {
    return this.parentOp === null ? -1 : this.parentOp.regions.indexOf(this);
  }

  /** The blocks in order. The one in hand may be removed while iterating. */
  *blocks(): IterableIterator<Block> {
    let block = this.firstBlock;
    while (block !== null) {
      const next: Block | null = block.nextBlock;
      yield block;
      block = next;
    }
  }

  append(block: Block): Block {
    return this.insertBefore(null, block);
  }

  /** Links a detached block in front of `before`, or at the end for null. */
  insertBefore(before: Block | null, block: Block): Block {
    if (block.parentRegion !== null)
      throw new InternalError('inserting a block which is in a region already');
    const previous = before === null ? this.lastBlock : before.previousBlock;
    block.parentRegion = this;
    block.previousBlock = previous;
    block.nextBlock = before;
    if (previous === null) this.firstBlock = block;
    else previous.nextBlock = block;
    if (before === null) this.lastBlock = block;
    else before.previousBlock = block;
    return block;
  }

  /** Unlinks a block without destroying it. */
  remove(block: Block): void {
    if (block.previousBlock === null) this.firstBlock = block.nextBlock;
    else block.previousBlock.nextBlock = block.nextBlock;
    if (block.nextBlock === null) this.lastBlock = block.previousBlock;
    else block.nextBlock.previousBlock = block.previousBlock;
    block.parentRegion = null;
    block.previousBlock = null;
    block.nextBlock = null;
  }

  /** Moves all blocks to the end of `target`. */
  moveBlocksTo(target: Region): void {
    for (const block of this.blocks()) {
      this.remove(block);
      target.append(block);
    }
  }

  /** Whether `other` is this region or nested in it. */
  isAncestorOf(other: Region): boolean {
    for (let region: Region | null = other; region !== null; region = region.parentRegion) {
      if (region === this) return true;
    }
    return false;
  }
}
