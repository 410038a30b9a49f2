/** Which values something with an effect needs, through however many operations, iterations and calls. */

import { CallInterface } from '../../dialects/interfaces.js';
import { ownEffects, type Operation, type OpOperand, type Value } from '../../ir/index.js';
import { SparseBackwardAnalysis } from './sparse-backward.js';
import type { Lattice } from './solver.js';

const lattice: Lattice<true> = { join: (a) => a };

/** A value is live when its fact is `true`; there is no other fact. */
export class LivenessAnalysis extends SparseBackwardAnalysis<true> {
  protected readonly lattice = lattice;

  isLive(value: Value): boolean {
    return this.lookup(value) === true;
  }

  protected exitFact(): true {
    return true;
  }

  protected transfer(op: Operation, results: readonly (true | undefined)[]): (true | undefined)[] {
    const isNeeded = op.isTerminator || hasEffect(op) || results.some((live) => live === true);
    return op.opOperands.map(() => (isNeeded ? true : undefined));
  }

  /** What decides the way matters where something on one of the ways does: an effect, or a value that is live. */
  protected branchOperandFact(
    { owner }: OpOperand,
    factOf: (value: Value) => true | undefined,
  ): true | undefined {
    // Where a branch between blocks goes decides whether what follows runs at all.
    if (owner.successors.length > 0) return true;
    const branch = owner.isTerminator ? owner.parentOp! : owner;
    let isNeeded = false;
    for (const result of branch.results) if (factOf(result) === true) isNeeded = true;
    if (!isNeeded) {
      branch.walk((op) => {
        if (op !== branch && !op.isTerminator && hasEffect(op)) isNeeded = true;
        return isNeeded ? 'interrupt' : 'advance';
      });
    }
    return isNeeded ? true : undefined;
  }

  protected callOperandFact(): true {
    return true;
  }
}

/** Whether the operation itself does something that can be seen; calls are looked at in the callee. */
function hasEffect(op: Operation): boolean {
  const effects = ownEffects(op);
  if (effects === undefined) return true;
  if (op.getInterface(CallInterface) !== undefined) return true;
  return effects.some((effect) => effect.kind === 'write' || effect.kind === 'free');
}
