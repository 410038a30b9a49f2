/** A text that operations have in common exactly when they compute the same from the same values. */

import type { Block, Operation, Value } from '../ir/index.js';

const identityOf = (value: Value): number => value.identity;

/**
 * Name, operands (in any order where the operation is commutative), attributes, types and regions. Values from outside
 * count by identity, values defined inside by their position. Names and locations do not count.
 */
export function structuralKey(root: Operation): string {
  if (root.regions.length === 0) return `${operandsKey(root, identityOf)}${shapeKey(root)}`;
  const inside = new Map<Value, number>();
  const blocks = new Map<Block, number>();
  const of = (value: Value): string | number => {
    const position = inside.get(value);
    return position === undefined ? identityOf(value) : `i${position}`;
  };
  const define = (value: Value): void => void inside.set(value, inside.size);
  // Definitions first: a use may come before them in blocks that branch back.
  root.walk((op) => {
    if (op !== root) op.results.forEach(define);
    for (const region of op.regions) {
      for (const block of region.blocks()) {
        blocks.set(block, blocks.size);
        block.arguments.forEach(define);
      }
    }
  }, 'pre');
  const parts: string[] = [];
  root.walk((op) => {
    const block = op === root || op.parentBlock === null ? '' : blocks.get(op.parentBlock);
    const successors = op.successors.map((successor) => blocks.get(successor.block)).join();
    parts.push(`${block}:${operandsKey(op, of)}${shapeKey(op)}>${successors}`);
    for (const region of op.regions) {
      for (const inner of region.blocks())
        parts.push(`^${inner.arguments.map((argument) => argument.type.identity).join()}`);
    }
  }, 'pre');
  return parts.join(';');
}

function operandsKey(op: Operation, of: (value: Value) => string | number): string {
  const operands = op.opOperands.map((operand) => of(operand.value));
  if (op.name.isCommutative) operands.sort();
  return operands.join();
}

function shapeKey(op: Operation): string {
  const types = op.results.map((result) => result.type.identity).join();
  return `|${op.name.text}|${types}|${op.properties.identity}|${op.attributes.identity}|${op.regions.length}`;
}
