/** A number that equal IR has in common: how drivers and instrumentation see whether something changed. */

import type { Block, Operation, Value } from '../ir/index.js';

function mixText(hash: number, text: string): number {
  let mixed = hash;
  for (let index = 0; index < text.length; index++)
    mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  return mixed;
}

/**
 * Hashes an operation with all that is nested in it: names, operands, attributes, types, blocks. Value names and
 * locations do not count. Values and blocks are numbered in order, so a copy has the same fingerprint.
 */
export function fingerprint(root: Operation): string {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  const mix = (value: number): void => {
    low = Math.imul(low ^ value, 0x01000193);
    high = Math.imul(high ^ value, 0x85ebca6b) ^ (high >>> 13);
  };
  const values = new Map<Value, number>();
  const blocks = new Map<Block, number>();
  const valueNumber = (value: Value): number => {
    let number = values.get(value);
    if (number === undefined) values.set(value, (number = values.size + 1));
    return number;
  };
  const blockNumber = (block: Block): number => {
    let number = blocks.get(block);
    if (number === undefined) blocks.set(block, (number = blocks.size + 1));
    return number;
  };
  const names = new Map<string, number>();
  let block: Block | null = root.parentBlock;
  root.walk((op) => {
    if (op.parentBlock !== block && op !== root) {
      block = op.parentBlock!;
      const isNew = !blocks.has(block);
      mix(blockNumber(block));
      if (isNew) {
        for (const argument of block.arguments) {
          mix(valueNumber(argument));
          mix(argument.type.identity);
        }
      }
    }
    let name = names.get(op.name.text);
    if (name === undefined) names.set(op.name.text, (name = mixText(0x811c9dc5, op.name.text)));
    mix(name);
    for (const operand of op.opOperands) mix(valueNumber(operand.value));
    mix(-4);
    for (const result of op.results) {
      mix(valueNumber(result));
      mix(result.type.identity);
    }
    mix(op.properties.identity);
    mix(op.attributes.identity);
    for (const successor of op.successors) mix(blockNumber(successor.block));
    mix(op.regions.length);
    for (const region of op.regions) mix(region.isEmpty ? -5 : -6);
  }, 'pre');
  return `${(low >>> 0).toString(16).padStart(8, '0')}${(high >>> 0).toString(16).padStart(8, '0')}`;
}
