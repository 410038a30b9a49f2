/** The cf dialect: branches, and the form of `cf.switch`. */

import {
  DenseArrayAttr,
  DenseElementsAttr,
  i32,
  IntegerAttr,
  VectorType,
  type Attribute,
  type Block,
  type CustomPrinter,
  type Operation,
  type OpOperand,
  type Value,
} from '../../ir/index.js';
import type { AsmParser, CustomParser, UnresolvedOperand } from '../../syntax/asm-parser.js';
import { implement, type DialectHooks } from '../hook-types.js';
import { BranchInterface, type BranchOp } from '../interfaces.js';
import type { Type } from '../../ir/index.js';

interface ParsedTarget {
  readonly block: Block;
  readonly operands: readonly UnresolvedOperand[];
  readonly types: readonly Type[];
}

/** target ::= successor (`(` operands `:` types `)`)? */
function parseTarget(parser: AsmParser): ParsedTarget {
  const block = parser.parseSuccessor();
  if (!parser.parseOptionalPunctuation('(')) return { block, operands: [], types: [] };
  const operands = parser.parseOperandList();
  parser.expectPunctuation(':');
  const types = parser.parseTypeList();
  parser.expectPunctuation(')');
  return { block, operands, types };
}

/** switch ::= operand `:` type `,` `[` `default` `:` target (`,` integer `:` target)* `]` attributes? */
const parseSwitch: CustomParser = (parser, state) => {
  const flag = parser.parseOperand();
  parser.expectPunctuation(':');
  const type = parser.parseType();
  parser.expectPunctuation(',');
  parser.expectPunctuation('[');
  parser.expectKeyword('default');
  parser.expectPunctuation(':');
  const targets = [parseTarget(parser)];
  const values: bigint[] = [];
  while (parser.parseOptionalPunctuation(',')) {
    values.push(parser.parseInteger());
    parser.expectPunctuation(':');
    targets.push(parseTarget(parser));
  }
  parser.expectPunctuation(']');
  parser.parseOptionalAttributeDict(state.attributes);
  state.operands.push(parser.resolveOperand(flag, type));
  for (const { block, operands, types } of targets) {
    state.successors.push(block);
    state.operands.push(
      ...parser.resolveOperands(operands, types, operands[0]?.offset ?? state.offset),
    );
  }
  const sizes = targets.map(({ operands }) => operands.length);
  if (values.length > 0)
    state.attributes.set(
      'case_values',
      DenseElementsAttr.get(VectorType.get([values.length], type), values),
    );
  state.attributes.set('case_operand_segments', DenseArrayAttr.get(i32, sizes.slice(1)));
  const rest = sizes.slice(1).reduce((a, b) => a + b, 0);
  state.attributes.set('operandSegmentSizes', DenseArrayAttr.get(i32, [1, sizes[0], rest]));
};

const numbers = (attribute: Attribute | undefined): readonly number[] =>
  attribute instanceof DenseArrayAttr ? attribute.values : [];

/** First operand and number of operands of a switch's successor. */
function switchRange(op: Operation, index: number): readonly [number, number] {
  const sizes = [
    numbers(op.properties.get('operandSegmentSizes'))[1] ?? 0,
    ...numbers(op.properties.get('case_operand_segments')),
  ];
  return [1 + sizes.slice(0, index).reduce((a, b) => a + b, 0), sizes[index] ?? 0];
}

function caseValues(op: Operation): readonly bigint[] {
  const values = op.properties.get('case_values');
  if (!(values instanceof DenseElementsAttr)) return [];
  const count = values.type.shape[0];
  return Array.from({ length: count }, (_, i) => BigInt(values.values[values.isSplat ? 0 : i]));
}

const SWITCH_ATTRIBUTES = new Set(['case_values', 'case_operand_segments', 'operandSegmentSizes']);

const printSwitch: CustomPrinter = (op, printer) => {
  printer.write(' ');
  printer.writeOperand(op.operand(0));
  printer.write(' : ');
  printer.writeType(op.operand(0).type);
  printer.write(', [');
  const values = caseValues(op);
  op.successors.forEach((successor, index) => {
    printer.newline(1);
    printer.write(index === 0 ? 'default: ' : `${values[index - 1]}: `);
    printer.writeSuccessor(successor.block);
    const [start, count] = switchRange(op, index);
    if (count > 0) {
      const operands = op.operands.slice(start, start + count);
      printer.write('(');
      printer.writeOperands(operands);
      printer.write(' : ');
      printer.writeTypes(operands.map((operand: Value) => operand.type));
      printer.write(')');
    }
    if (index < op.successors.length - 1) printer.write(',');
  });
  printer.newline();
  printer.write(']');
  printer.writeOptionalAttributeDict(op, SWITCH_ATTRIBUTES);
};

function verifySwitch(op: Operation): boolean {
  const count = op.successors.length - 1;
  const values = caseValues(op);
  if (values.length !== count)
    return op.emitOpError(
      `number of case values (${values.length}) should match number of case destinations (${count})`,
    );
  return verifySuccessorOperands(op, switchBranch);
}

/** Checks the operands handed to each successor against its block's arguments. */
function verifySuccessorOperands(op: Operation, branch: BranchOp): boolean {
  return op.successors.every(({ block }, index) => {
    const operands = branch.successorOperands(op, index);
    if (operands.length !== block.arguments.length)
      return op.emitError(
        `branch has ${operands.length} operands for successor #${index}, but target block has ${block.arguments.length}`,
      );
    return operands.every(
      ({ value }, i) =>
        value.type === block.arguments[i].type ||
        op.emitError(`type mismatch for bb argument #${i} of successor #${index}`),
    );
  });
}

const branchOperands = (op: Operation): readonly OpOperand[] => op.opOperands;

function insertOperands(op: Operation, position: number, values: readonly Value[]): void {
  const { operands } = op;
  op.setOperands([...operands.slice(0, position), ...values, ...operands.slice(position)]);
}

const brBranch: BranchOp = {
  successorOperands: branchOperands,
  successorFor: (op) => op.successors[0].block,
  appendOperands: (op, _, values) => op.setOperands([...op.operands, ...values]),
};

const condBranch: BranchOp = {
  successorOperands: (op, index) => {
    const [, taken] = numbers(op.properties.get('operandSegmentSizes'));
    return index === 0 ? op.opOperands.slice(1, 1 + taken) : op.opOperands.slice(1 + taken);
  },
  successorFor: (op, [condition]) =>
    condition instanceof IntegerAttr
      ? op.successors[condition.value === 0n ? 1 : 0].block
      : undefined,
  appendOperands: (op, index, values) => {
    const sizes = [...numbers(op.properties.get('operandSegmentSizes'))];
    const end = 1 + sizes[1] + (index === 0 ? 0 : sizes[2]);
    insertOperands(op, end, values);
    sizes[index + 1] += values.length;
    op.setAttribute('operandSegmentSizes', DenseArrayAttr.get(i32, sizes));
  },
};

const switchBranch: BranchOp = {
  successorOperands: (op, index) => {
    const [start, count] = switchRange(op, index);
    return op.opOperands.slice(start, start + count);
  },
  successorFor: (op, [flag]) => {
    if (!(flag instanceof IntegerAttr)) return undefined;
    return op.successors[caseValues(op).indexOf(flag.value) + 1].block;
  },
  appendOperands: (op, index, values) => {
    const [start, count] = switchRange(op, index);
    insertOperands(op, start + count, values);
    const sizes = [...numbers(op.properties.get('operandSegmentSizes'))];
    sizes[index === 0 ? 1 : 2] += values.length;
    op.setAttribute('operandSegmentSizes', DenseArrayAttr.get(i32, sizes));
    if (index === 0) return;
    const cases = [...numbers(op.properties.get('case_operand_segments'))];
    cases[index - 1] += values.length;
    op.setAttribute('case_operand_segments', DenseArrayAttr.get(i32, cases));
  },
};

export const cfHooks: DialectHooks = {
  operations: {
    br: {
      verify: (op) => verifySuccessorOperands(op, brBranch),
      interfaces: [implement(BranchInterface, brBranch)],
    },
    cond_br: {
      verify: (op) => verifySuccessorOperands(op, condBranch),
      interfaces: [implement(BranchInterface, condBranch)],
    },
    switch: {
      parse: parseSwitch,
      print: printSwitch,
      verify: verifySwitch,
      interfaces: [implement(BranchInterface, switchBranch)],
    },
  },
};
