/** SSA values and their uses. Uses form a chain through the operands, so linking and unlinking one costs O(1). */

import type { Block } from './block.js';
import type { Location } from './location.js';
import type { Operation } from './operation.js';
import type { Type } from './type.js';

/** One use of a value by an operation. */
export class OpOperand {
  private held: Value;
  /** Neighbours in the chain of uses of the same value. */
  nextUse: OpOperand | null = null;
  private previousUse: OpOperand | null = null;

  constructor(
    readonly owner: Operation,
    /** Position in the owner's operand list. */
    public index: number,
    value: Value,
  ) {
    this.held = value;
    this.link();
  }

  get value(): Value {
    return this.held;
  }

  /** Makes the operand use another value. */
  set(value: Value): void {
    if (value === this.held) return;
    this.unlink();
    this.held = value;
    this.link();
  }

  /** Takes the operand out of its value's uses, for an owner that goes away. */
  drop(): void {
    this.unlink();
  }

  private link(): void {
    this.previousUse = null;
    this.nextUse = this.held.firstUse;
    if (this.nextUse !== null) this.nextUse.previousUse = this;
    this.held.firstUse = this;
  }

  private unlink(): void {
    if (this.previousUse !== null) this.previousUse.nextUse = this.nextUse;
    else if (this.held.firstUse === this) this.held.firstUse = this.nextUse;
    if (this.nextUse !== null) this.nextUse.previousUse = this.previousUse;
    this.nextUse = null;
    this.previousUse = null;
  }
}

let nextIdentity = 1;

/** A result of an operation or an argument of a block. */
export abstract class Value {
  /** A number that no other value has, for keys and hashes. */
  readonly identity = nextIdentity++;
  /** Head of the chain of uses, most recent first. */
  firstUse: OpOperand | null = null;
  /** The author's name for the value, without `%`. Not part of the program's meaning. */
  name: string | undefined = undefined;

  constructor(public type: Type) {}

  /** The operation whose result this is; undefined for a block argument. */
  abstract get definingOp(): Operation | undefined;

  /** The block that holds the definition; null while its operation is not in a block. */
  abstract get parentBlock(): Block | null;

  abstract get location(): Location;

  get hasUses(): boolean {
    return this.firstUse !== null;
  }

  get hasOneUse(): boolean {
    return this.firstUse !== null && this.firstUse.nextUse === null;
  }

  /** The uses, most recent first. The chain may be changed at the use in hand while iterating. */
  *uses(): IterableIterator<OpOperand> {
    let use = this.firstUse;
    while (use !== null) {
      const next: OpOperand | null = use.nextUse;
      yield use;
      use = next;
    }
  }

  /** The operations that use the value; one with several uses appears for each. */
  *users(): IterableIterator<Operation> {
    for (const use of this.uses()) yield use.owner;
  }

  /** Makes every use a use of `replacement`. Inside a rewrite go through the rewriter, which tells its listeners. */
  replaceAllUsesWith(replacement: Value): void {
    if (replacement === this) return;
    while (this.firstUse !== null) this.firstUse.set(replacement);
    replacement.name ??= this.name;
  }
}

export class OpResult extends Value {
  constructor(
    readonly owner: Operation,
    readonly index: number,
    type: Type,
  ) {
    super(type);
  }

  get definingOp(): Operation {
    return this.owner;
  }

  get parentBlock(): Block | null {
    return this.owner.parentBlock;
  }

  get location(): Location {
    return this.owner.location;
  }
}

export class BlockArgument extends Value {
  constructor(
    readonly owner: Block,
    /** Position in the block's argument list. */
    public index: number,
    type: Type,
    public location: Location,
  ) {
    super(type);
  }

  get definingOp(): undefined {
    return undefined;
  }

  get parentBlock(): Block {
    return this.owner;
  }
}
