/** The builtin dialect: casts that undo each other. */

import type { FoldOutcome, Operation } from '../../ir/index.js';
import { implement, type DialectHooks } from '../hook-types.js';
import { CastInterface } from '../interfaces.js';

/** `cast (x : T) to T -> x`; `cast (cast x : T to S) : S to T -> x`, also for several values at once */
function foldCast(op: Operation): FoldOutcome {
  const { operands, resultTypes } = op;
  if (operands.length === 0) return undefined;
  if (
    operands.length === resultTypes.length &&
    operands.every(({ type }, i) => type === resultTypes[i])
  )
    return operands;
  const inner = operands[0].definingOp;
  const isWhole =
    inner?.name === op.name &&
    inner.results.length === operands.length &&
    operands.every((operand, i) => operand === inner.results[i]);
  if (!isWhole || inner.operandCount !== resultTypes.length) return undefined;
  return inner.operands.every(({ type }, i) => type === resultTypes[i])
    ? inner.operands
    : undefined;
}

/** Only names with a dialect may be attached, besides those of symbols. */
function verifyModule(op: Operation): boolean {
  for (const [name] of op.attributes.entries()) {
    if (name.includes('.')) continue;
    return op.emitOpError(
      `can only contain attributes with dialect-prefixed names, found: '${name}'`,
    );
  }
  return true;
}

export const builtinHooks: DialectHooks = {
  operations: {
    module: { verify: verifyModule, defaultDialect: 'builtin' },
    unrealized_conversion_cast: {
      verify: (op) =>
        op.results.length > 0 || op.emitOpError('expected at least one result for cast operation'),
      fold: foldCast,
      interfaces: [implement(CastInterface, { areCompatible: () => true })],
    },
  },
};
