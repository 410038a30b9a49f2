/** The operations that a greedy driver has still to look at: last in, first out, each at most once. */

import type { Operation } from '../ir/index.js';

export class Worklist {
  private readonly stack: (Operation | undefined)[] = [];
  private readonly position = new Map<Operation, number>();

  get isEmpty(): boolean {
    return this.position.size === 0;
  }

  /** Pushes an operation that is not in the list yet. */
  push(op: Operation): void {
    if (this.position.has(op)) return;
    this.position.set(op, this.stack.length);
    this.stack.push(op);
  }

  pop(): Operation | undefined {
    for (;;) {
      if (this.stack.length === 0) return undefined;
      const op = this.stack.pop();
      if (op === undefined) continue;
      this.position.delete(op);
      return op;
    }
  }

  remove(op: Operation): void {
    const at = this.position.get(op);
    if (at === undefined) return;
    this.position.delete(op);
    this.stack[at] = undefined;
  }

  /** Makes the first pushed the first popped. */
  reverse(): void {
    const kept = this.stack.filter((op) => op !== undefined).reverse();
    this.stack.length = 0;
    this.position.clear();
    for (const op of kept) this.push(op);
  }

  clear(): void {
    this.stack.length = 0;
    this.position.clear();
  }
}
