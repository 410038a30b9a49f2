/** The operations that a greedy driver has still to look at: last in, first out, each at most once. */

import type { Operation } from '../ir/index.js';

/**
 * Each operation remembers its place, and is in the list if it stands there. A map from operations to places took a
 * third of the driver's time. A list that takes an operation which another one holds makes that one forget the place:
 * drivers that run inside each other may see an operation twice, or after it was erased.
 */
export class Worklist {
  private stack: (Operation | undefined)[] = [];

  /** Whether nothing is left that `pop` would give. */
  get isEmpty(): boolean {
    return this.stack.every((op) => op === undefined);
  }

  private has(op: Operation): boolean {
    const { stack } = this;
    return op.worklistSlot < stack.length && stack[op.worklistSlot] === op;
  }

  /** Pushes an operation that is not in the list yet. */
  push(op: Operation): void {
    if (this.has(op)) return;
    op.worklistSlot = this.stack.length;
    this.stack.push(op);
  }

  pop(): Operation | undefined {
    while (this.stack.length > 0) {
      const op = this.stack.pop();
      if (op !== undefined) return op;
    }
    return undefined;
  }

  remove(op: Operation): void {
    if (this.has(op)) this.stack[op.worklistSlot] = undefined;
  }

  /** Makes the first pushed the first popped. */
  reverse(): void {
    this.stack.reverse();
    for (let slot = 0; slot < this.stack.length; slot++) {
      const op = this.stack[slot];
      if (op !== undefined) op.worklistSlot = slot;
    }
  }

  clear(): void {
    this.stack = [];
  }
}
