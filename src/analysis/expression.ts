/** Equality of operations without regions as expressions: the same computation on the same values. */

import type { Operation } from '../ir/index.js';

function mix(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x9e3779b1) ^ (hash >>> 15);
}

/** A number that equal expressions have in common; the order of a commutative operation's operands does not count. */
export function hashExpression(op: Operation): number {
  const { name, opOperands, firstResult } = op;
  let hash = mix(name.identity, op.properties.identity);
  if (name.isCommutative) {
    let sum = 0;
    for (let i = 0; i < opOperands.length; i++)
      sum += mix(0x85ebca6b, opOperands[i].value.identity);
    hash = mix(hash, sum | 0);
  } else for (let i = 0; i < opOperands.length; i++) hash = mix(hash, opOperands[i].value.identity);
  if (firstResult !== null) hash = mix(hash, firstResult.type.identity);
  return hash | 0;
}

/** Whether two operations without regions and successors compute the same. Names and locations do not count. */
export function isSameExpression(a: Operation, b: Operation): boolean {
  if (a.name !== b.name || a.properties !== b.properties || a.attributes !== b.attributes)
    return false;
  if (a.resultCount !== b.resultCount || a.operandCount !== b.operandCount) return false;
  if (a.firstResult?.type !== b.firstResult?.type) return false;
  for (let i = 1; i < a.resultCount; i++) if (a.results[i].type !== b.results[i].type) return false;
  return hasSameOperands(a, b) || (a.name.isCommutative && hasSameOperandsInAnyOrder(a, b));
}

function hasSameOperands(a: Operation, b: Operation): boolean {
  for (let i = 0; i < a.operandCount; i++) if (a.operand(i) !== b.operand(i)) return false;
  return true;
}

function hasSameOperandsInAnyOrder(a: Operation, b: Operation): boolean {
  if (a.operandCount === 2) return a.operand(0) === b.operand(1) && a.operand(1) === b.operand(0);
  const sorted = ({ operands }: Operation): number[] =>
    operands.map((value) => value.identity).sort((x, y) => x - y);
  const others = sorted(b);
  return sorted(a).every((identity, i) => identity === others[i]);
}
