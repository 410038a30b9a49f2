/** Who hears of what a rewriter does: the drivers' worklists, folders and change detection. */

import type { Block, Operation, Value } from '../ir/index.js';

/** Every call comes after the change, except `onErased` and `onReplaced`, which come before it. */
export interface RewriteListener {
  /** An operation entered a block; operations nested in it come along without a call of their own. */
  onInserted?(op: Operation): void;
  /** Operands, attributes, successors or position of an operation changed. */
  onModified?(op: Operation): void;
  /** The results of `op` are about to be replaced by `values`. */
  onReplaced?(op: Operation, values: readonly Value[]): void;
  /** An operation is about to go because `root` is erased: `root` itself or nested in it, inner ones first. */
  onErased?(op: Operation, root: Operation): void;
  onBlockInserted?(block: Block): void;
  onBlockErased?(block: Block): void;
  /** A pattern said why it does not apply. */
  onMatchFailure?(op: Operation, reason: string): void;
}
