/** The undo journal: what to do to take back each change, in order. */

/** A state to come back to: the length of the journal at that time. */
export type Checkpoint = number;

/**
 * Taking changes back restores every operation, block, operand, attribute and position, with the objects that were
 * there before. Only the order inside a value's chain of uses may differ.
 */
export class Journal {
  private readonly entries: (() => void)[] = [];

  record(undo: () => void): void {
    this.entries.push(undo);
  }

  checkpoint(): Checkpoint {
    return this.entries.length;
  }

  /** Takes back all that happened since `checkpoint`, last change first. */
  rollback(checkpoint: Checkpoint): void {
    while (this.entries.length > checkpoint) this.entries.pop()!();
  }

  /** Forgets how to take changes back. */
  clear(): void {
    this.entries.length = 0;
  }
}
