/** Which divisions may run where the program would not have divided. */

import type { ConditionallySpeculatable } from '../interfaces.js';
import { constantInteger } from '../speculation.js';

/** A divisor of zero is undefined behaviour. */
const unsigned: ConditionallySpeculatable = {
  speculatability: (op) => {
    const divisor = constantInteger(op.operand(1));
    return divisor !== undefined && divisor !== 0n ? 'always' : 'never';
  },
};

/** So is a signed quotient that is too large: of the smallest number and -1. */
const signed: ConditionallySpeculatable = {
  speculatability: (op) =>
    constantInteger(op.operand(1)) === -1n ? 'never' : unsigned.speculatability(op),
};

/**
 * By name without the dialect. MLIR 19 moves `remsi`, `remui` and `floordivsi` whatever the divisor is, although zero
 * is undefined behaviour for them too; here they obey the same law.
 */
export const divisionSpeculation: Readonly<Record<string, ConditionallySpeculatable>> = {
  divui: unsigned,
  ceildivui: unsigned,
  remui: unsigned,
  divsi: signed,
  ceildivsi: signed,
  floordivsi: signed,
  remsi: signed,
};
