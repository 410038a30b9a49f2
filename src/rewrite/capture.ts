/** State of operations that changes to them take away, and how to give it back. */

import {
  BlockOperand,
  DenseArrayAttr,
  type Block,
  type Operation,
  type Value,
} from '../ir/index.js';

/** How to give an operation and those nested in it their operands and successors back. */
export function captureReferences(root: Operation): () => void {
  const saved: { op: Operation; operands: Value[]; successors: Block[] }[] = [];
  root.walk((op) => {
    saved.push({
      op,
      operands: op.operands,
      successors: op.successors.map((successor) => successor.block),
    });
  }, 'pre');
  return () => {
    for (const { op, operands, successors } of saved) {
      if (operands.length > 0) op.setOperands(operands);
      if (successors.length > 0) setSuccessors(op, successors);
    }
  };
}

/** How to give one operation its own state back. */
export function captureOperation(op: Operation): () => void {
  const { operands, properties, attributes, location, resultTypes } = op;
  const successors = op.successors.map((successor) => successor.block);
  const names = op.results.map((result) => result.name);
  return () => {
    if (
      operands.length !== op.operandCount ||
      operands.some((value, index) => value !== op.operand(index))
    ) {
      op.setOperands(operands);
    }
    if (successors.some((block, index) => block !== op.successors[index]?.block))
      setSuccessors(op, successors);
    op.properties = properties;
    op.attributes = attributes;
    op.location = location;
    op.results.forEach((result, index) => {
      result.type = resultTypes[index];
      result.name = names[index];
    });
  };
}

/** Lowers the count of the group that an operand belongs to, where the operation records such counts. */
export function shrinkSegments(op: Operation, index: number): void {
  const segments = op.getAttribute('operandSegmentSizes');
  if (!(segments instanceof DenseArrayAttr)) return;
  const sizes = [...segments.values];
  let end = 0;
  for (let group = 0; group < sizes.length; group++) {
    end += sizes[group];
    if (index >= end) continue;
    sizes[group]--;
    break;
  }
  op.setAttribute('operandSegmentSizes', DenseArrayAttr.get(segments.elementType, sizes));
}

function setSuccessors(op: Operation, blocks: readonly Block[]): void {
  for (const successor of op.successors) successor.drop();
  op.successors = blocks.map((block, index) => new BlockOperand(op, index, block));
}
