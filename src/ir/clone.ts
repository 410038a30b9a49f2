/** Copying operations and regions. */

import { Block } from './block.js';
import { Operation } from './operation.js';
import { Region } from './region.js';
import type { Value } from './value.js';

/** What stands for what in a copy: filled while cloning, and given beforehand for values from outside. */
export class ValueMapping {
  private readonly values = new Map<Value, Value>();
  private readonly blocks = new Map<Block, Block>();

  map(from: Value, to: Value): void {
    this.values.set(from, to);
  }

  mapBlock(from: Block, to: Block): void {
    this.blocks.set(from, to);
  }

  /** The value that stands for `value`: itself where nothing else was given. */
  lookup(value: Value): Value {
    return this.values.get(value) ?? value;
  }

  lookupBlock(block: Block): Block {
    return this.blocks.get(block) ?? block;
  }
}

/** Copies an operation with everything nested in it, without recursion. The copy is detached. */
export function cloneOperation(op: Operation, mapping = new ValueMapping()): Operation {
  const pending: [Region, Region][] = [];
  const clones: [Operation, Operation][] = [];
  const copy = cloneShell(op, mapping, pending, clones);
  cloneRegions(mapping, pending, clones);
  return copy;
}

/** Copies the blocks of `from` to the end of `to`. */
export function cloneRegionInto(from: Region, to: Region, mapping = new ValueMapping()): void {
  cloneRegions(mapping, [[from, to]], []);
}

function cloneShell(
  op: Operation,
  mapping: ValueMapping,
  pending: [Region, Region][],
  clones: [Operation, Operation][],
): Operation {
  const regions = op.regions.map(() => new Region());
  const copy = new Operation(
    op.name,
    op.operands.map((value) => mapping.lookup(value)),
    op.resultTypes,
    op.properties,
    op.attributes,
    regions,
    op.successors.map((successor) => mapping.lookupBlock(successor.block)),
    op.location,
  );
  op.results.forEach((result, index) => {
    mapping.map(result, copy.results[index]);
    copy.results[index].name = result.name;
  });
  regions.forEach((region, index) => pending.push([op.regions[index], region]));
  clones.push([op, copy]);
  return copy;
}

function cloneRegions(
  mapping: ValueMapping,
  pending: [Region, Region][],
  clones: [Operation, Operation][],
): void {
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [from, to] = next;
    const copies: [Block, Block][] = [];
    for (const block of from.blocks()) {
      const copy = new Block();
      copy.name = block.name;
      mapping.mapBlock(block, copy);
      for (const argument of block.arguments) {
        const copied = copy.addArgument(argument.type, argument.location);
        copied.name = argument.name;
        mapping.map(argument, copied);
      }
      copies.push([block, copy]);
    }
    for (const [block, copy] of copies) {
      to.append(copy);
      for (const op of block.operations()) copy.append(cloneShell(op, mapping, pending, clones));
    }
  }
  // An operand may be defined after its use in program order (loops of blocks, graph regions).
  for (const [op, copy] of clones) {
    copy.opOperands.forEach((operand, index) => operand.set(mapping.lookup(op.operand(index))));
    copy.successors.forEach((successor, index) =>
      successor.set(mapping.lookupBlock(op.successors[index].block)),
    );
  }
}
