/** Checks the contract of a level: the dialects that a pass accepts, and those that it may leave. */

import type { Operation } from '../ir/index.js';
import type { PassDefinition } from '../passes/index.js';

/** Number of offending operations that are reported one by one. */
const SHOWN = 3;

/** Reports where a dialect that the pass builds operations of is not loaded. */
export function checkRequiredDialects(pass: PassDefinition, op: Operation): boolean {
  for (const dialect of pass.requires ?? []) {
    if (!op.context.dialects.has(dialect)) {
      return op.emitError(`pass '${pass.name}' needs dialect '${dialect}', which is not loaded`);
    }
  }
  return true;
}

export function checkAcceptedDialects(pass: PassDefinition, op: Operation): boolean {
  if (pass.accepts === undefined) return true;
  return checkDialects(op, pass.accepts, `is not accepted by pass '${pass.name}', which takes`);
}

export function checkLeftDialects(pass: PassDefinition, op: Operation): boolean {
  if (pass.leaves === undefined) return true;
  return checkDialects(op, pass.leaves, `is left by pass '${pass.name}', which may leave`);
}

function checkDialects(root: Operation, allowed: readonly string[], complaint: string): boolean {
  const set = new Set(allowed);
  let found = 0;
  root.walk((op) => {
    if (op.name.isRegistered && !set.has(op.name.dialect)) {
      op.emitOpError(`${complaint} only ${[...set].map((name) => `'${name}'`).join(', ')}`);
      if (++found === SHOWN) return 'interrupt';
    }
    return 'advance';
  }, 'pre');
  return found === 0;
}
