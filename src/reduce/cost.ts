/** How large a program is to a person who has to understand it. Every accepted step makes this number smaller. */

import { FloatAttr, IntegerAttr, type Attribute, type Operation, type Type } from '../ir/index.js';

/** Stands for a value that is needed but could be anything; produced where no constant can be. */
export const PLACEHOLDER = 'reduce.value';

const OPERATION = 24;
const CONSTANT = 12;

/** The weight of a whole program. */
export function costOf(root: Operation): number {
  const types = new Map<Type, number>();
  const attributes = new Map<Attribute, number>();
  const typeCost = (type: Type): number => {
    let cost = types.get(type);
    if (cost === undefined) types.set(type, (cost = textCost(`${type}`)));
    return cost;
  };
  const attributeCost = (attribute: Attribute): number => {
    let cost = attributes.get(attribute);
    if (cost === undefined) attributes.set(attribute, (cost = costOfAttribute(attribute)));
    return cost;
  };
  let cost = 0;
  root.walk((op) => {
    cost += isSimple(op) ? CONSTANT : OPERATION;
    cost += 4 * op.operandCount + 4 * op.successors.length + 4 * op.results.length;
    for (const result of op.results) cost += typeCost(result.type);
    for (const [name, value] of [...op.properties.entries(), ...op.attributes.entries()])
      cost += 2 + name.length / 8 + attributeCost(value);
    for (const region of op.regions) {
      cost += 2;
      for (const block of region.blocks()) {
        cost += 8;
        for (const argument of block.arguments) cost += 4 + typeCost(argument.type);
      }
    }
  });
  return cost;
}

/** Whether nothing simpler could stand in the operation's place. */
export function isSimple(op: Operation): boolean {
  return op.name.text === 'arith.constant' || op.name.text === PLACEHOLDER;
}

function costOfAttribute(attribute: Attribute): number {
  if (attribute instanceof IntegerAttr)
    return (
      1 +
      Math.min(attribute.value.toString(2).length - 1, 64) / 8 +
      (attribute.value === 0n ? -0.5 : 0)
    );
  if (attribute instanceof FloatAttr)
    return attribute.value === 0 ? 1 : attribute.value === 1 ? 1.5 : 2;
  return textCost(`${attribute}`);
}

/** Letters weigh little, and a number weighs by its size: `memref<64xf32>` more than `memref<2xf32>`. */
function textCost(text: string): number {
  let cost = text.length / 8;
  for (const [digits] of text.matchAll(/\d+/g)) cost += Math.log2(Number(digits) + 1) / 16;
  return cost;
}
