/** Whether operations may run where the program would not have run them. */

import { DenseElementsAttr, IntegerAttr, type Operation, type Value } from '../ir/index.js';
import { ConditionallySpeculatableInterface, type Speculatability } from './interfaces.js';

/** What the operation's interface says, or else its traits; `Pure` is `AlwaysSpeculatable` without effects. */
export function speculatability(op: Operation): Speculatability {
  const { name } = op;
  const conditional = name.getInterface(ConditionallySpeculatableInterface);
  if (conditional !== undefined) return conditional.speculatability(op);
  if (name.isPure || name.hasTrait('AlwaysSpeculatable')) return 'always';
  return name.hasTrait('RecursivelySpeculatable') ? 'recursively' : 'never';
}

/** Whether the operation, with all that runs inside it, may run where the program would not have run it. */
export function isSpeculatable(op: Operation): boolean {
  const own = speculatability(op);
  if (own !== 'recursively') return own === 'always';
  return op.regions.every((region) =>
    [...region.blocks()].every((block) =>
      [...block.operations()].every(
        (nested) =>
          isSpeculatable(nested) || (nested.isTerminator && nested.name.hasTrait('ReturnLike')),
      ),
    ),
  );
}

/** The integer that a constant is, or that each of its elements is; undefined for anything else. */
export function constantInteger(value: Value): bigint | undefined {
  const op = value.definingOp;
  if (op === undefined || !op.name.isConstantLike) return undefined;
  const attribute = op.properties.get('value');
  if (attribute instanceof IntegerAttr) return attribute.value;
  if (!(attribute instanceof DenseElementsAttr) || attribute.values.length !== 1) return undefined;
  const [element] = attribute.values;
  return typeof element === 'bigint' ? element : undefined;
}
