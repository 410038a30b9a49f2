/** Reductions of operands, results and arguments, of functions together with their calls. */

import {
  ArrayAttr,
  DenseArrayAttr,
  FunctionType,
  SymbolRefAttr,
  symbolName,
  TypeAttr,
  type Attribute,
  type Operation,
} from '../ir/index.js';
import { isAttached, operationsIn, rebuild, reductionOver } from './reduction.js';
import { findReplacement, valueAbove } from './replacement.js';

const SEGMENTS = 'operandSegmentSizes';

/** Removes an operand, with its place in the operand segments. */
function removeOperand(op: Operation, index: number): void {
  op.setOperands(op.operands.filter((_, at) => at !== index));
  const segments = op.getAttribute(SEGMENTS);
  if (!(segments instanceof DenseArrayAttr)) return;
  const sizes = [...segments.values];
  let rest = index;
  for (let at = 0; at < sizes.length; at++) {
    if (rest < sizes[at]) {
      sizes[at]--;
      break;
    }
    rest -= sizes[at];
  }
  op.setAttribute(SEGMENTS, DenseArrayAttr.get(segments.elementType, sizes));
}

export const dropOperands = reductionOver(
  'drop-operands',
  (root) => operationsIn(root).flatMap((op) => op.operands.map((_, index) => ({ op, index }))),
  ({ op, index }) => {
    removeOperand(op, index);
    return true;
  },
);

/** Uses a value that is defined further up, so that what defined the operand may go. */
export const simplifyOperands = reductionOver(
  'simplify-operands',
  (root) =>
    operationsIn(root).flatMap((op) =>
      op.operands.flatMap((value, index) => (value.definingOp?.hasUses ? [{ op, index }] : [])),
    ),
  ({ op, index }) => {
    const source = op.operand(index).definingOp;
    // One operand of a chain at a time: `f(g(x))` to `f(x)`.
    const value = source?.operands.find(({ type }) => type === op.operand(index).type);
    if (value === undefined || source === undefined || source.regions.length > 0) return false;
    op.setOperand(index, value);
    if (!source.hasUses && !source.isTerminator) source.erase();
    return true;
  },
);

/** Uses an earlier value of the same type, so that what defined the operand may go. */
export const unifyOperands = reductionOver(
  'unify-operands',
  (root) =>
    operationsIn(root).flatMap((op) =>
      op.operands.flatMap((value, index) =>
        value.definingOp === undefined ? [] : [{ op, index, root }],
      ),
    ),
  ({ op, index, root }) => {
    if (!isAttached(op, root)) return false;
    const { type, definingOp } = op.operand(index);
    if (definingOp === undefined) return false;
    const value = valueAbove(definingOp, (one) => one.type === type);
    if (value === undefined) return false;
    op.setOperand(index, value);
    if (!definingOp.hasUses && !definingOp.isTerminator && definingOp !== op) definingOp.erase();
    return true;
  },
);

/** Results that nobody uses, of operations that may do without: unregistered ones, loops, conditionals. */
export const dropResults = reductionOver(
  'drop-results',
  (root) =>
    operationsIn(root).flatMap((op) =>
      op.results.flatMap((result, index) => (result.hasUses ? [] : [{ op, index, root }])),
    ),
  ({ op, index, root }) => {
    if (!isAttached(op, root)) return false;
    const { length } = op.results;
    for (const region of op.regions) {
      const terminator = region.lastBlock?.lastOp;
      // What a region yields for the result goes with it, and so does what it carries to the next iteration.
      if (terminator !== null && terminator !== undefined && terminator.operandCount >= length)
        removeOperand(terminator, terminator.operandCount - length + index);
      const entry = region.firstBlock;
      const carried = entry === null ? 0 : entry.arguments.length - length + index;
      if (entry === null || entry.arguments.length < length || op.operandCount < length) continue;
      if (entry.arguments[carried].hasUses) {
        const initial = op.operand(op.operandCount - length + index);
        if (initial.type !== entry.arguments[carried].type) return false;
        entry.arguments[carried].replaceAllUsesWith(initial);
      }
      entry.eraseArgument(carried);
      removeOperand(op, op.operandCount - length + index);
    }
    rebuild(op, { keepResult: (at) => at !== index });
    return true;
  },
);

/** Arguments of blocks, with the operands that branches give for them. */
export const dropBlockArguments = reductionOver(
  'drop-block-arguments',
  (root) =>
    operationsIn(root).flatMap((op) =>
      op.regions.flatMap((region) =>
        [...region.blocks()].flatMap((block) =>
          block.arguments.map((_, index) => ({ block, index, op, root })),
        ),
      ),
    ),
  ({ block, index, op, root }, environment) => {
    if (!isAttached(op, root) || op.hasAttribute('function_type')) return false;
    const argument = block.arguments[index];
    const first = block.firstOp;
    if (argument.hasUses) {
      const value =
        first === null ? undefined : findReplacement(argument.type, first, block, environment);
      if (value === undefined) return false;
      argument.replaceAllUsesWith(value);
    }
    const fromEnd = block.arguments.length - index;
    for (const predecessor of new Set(block.predecessors())) {
      const branch = predecessor.lastOp!;
      const positions: number[] = [];
      let end = branch.operandCount;
      for (const successor of [...branch.successors].reverse()) {
        if (successor.block === block) positions.push(end - fromEnd);
        end -= successor.block.arguments.length;
      }
      for (const position of positions) if (position >= 0) removeOperand(branch, position);
    }
    block.eraseArgument(index);
    return true;
  },
);

interface FunctionSite {
  readonly root: Operation;
  readonly op: Operation;
  readonly index: number;
}

function functionSites(root: Operation, count: (type: FunctionType) => number): FunctionSite[] {
  return operationsIn(root).flatMap((op) => {
    const type = functionType(op);
    return Array.from({ length: type === undefined ? 0 : count(type) }, (_, index) => ({
      root,
      op,
      index,
    }));
  });
}

function functionType(op: Operation): FunctionType | undefined {
  const attribute = op.getAttribute('function_type');
  const type = attribute instanceof TypeAttr ? attribute.type : undefined;
  return type instanceof FunctionType && symbolName(op) !== undefined ? type : undefined;
}

/** The operations that name a function in an attribute. */
function callsOf(op: Operation, root: Operation): Operation[] {
  const name = symbolName(op);
  return operationsIn(root).filter((user) =>
    [...user.properties.entries(), ...user.attributes.entries()].some(
      ([, value]) => value instanceof SymbolRefAttr && value.leaf === name,
    ),
  );
}

function without<Element>(list: readonly Element[], index: number): Element[] {
  return list.filter((_, at) => at !== index);
}

function removeFromArray(op: Operation, name: string, index: number): void {
  const value: Attribute | undefined = op.getAttribute(name);
  if (value instanceof ArrayAttr)
    op.setAttribute(name, ArrayAttr.get(without(value.elements, index)));
}

export const dropFunctionArguments = reductionOver(
  'drop-function-arguments',
  (root) => functionSites(root, ({ inputs }) => inputs.length),
  ({ root, op, index }, environment) => {
    const type = functionType(op);
    if (type === undefined) return false;
    const entry = op.regions[0]?.firstBlock ?? null;
    const argument = entry?.arguments[index];
    if (entry !== null && argument !== undefined) {
      if (argument.hasUses) {
        if (entry.firstOp === null) return false;
        const saved = argument.type;
        const others = entry.arguments.find((other) => other !== argument && other.type === saved);
        const value = others ?? findReplacement(saved, entry.firstOp, entry, environment);
        if (value === undefined) return false;
        argument.replaceAllUsesWith(value);
      }
      entry.eraseArgument(index);
    }
    op.setAttribute(
      'function_type',
      TypeAttr.get(FunctionType.get(without(type.inputs, index), type.results)),
    );
    removeFromArray(op, 'arg_attrs', index);
    for (const call of callsOf(op, root))
      if (call.operandCount === type.inputs.length) removeOperand(call, index);
    return true;
  },
);

export const dropFunctionResults = reductionOver(
  'drop-function-results',
  (root) => functionSites(root, ({ results }) => results.length),
  ({ root, op, index }, environment) => {
    const type = functionType(op);
    if (type === undefined) return false;
    for (const region of op.regions)
      for (const block of region.blocks()) {
        const last = block.lastOp;
        if (
          last !== null &&
          last.successors.length === 0 &&
          last.operandCount === type.results.length
        )
          removeOperand(last, index);
      }
    op.setAttribute(
      'function_type',
      TypeAttr.get(FunctionType.get(type.inputs, without(type.results, index))),
    );
    removeFromArray(op, 'res_attrs', index);
    for (const call of callsOf(op, root)) {
      if (call.results.length !== type.results.length) continue;
      const result = call.results[index];
      if (result.hasUses) {
        const value = findReplacement(result.type, call, call, environment);
        if (value === undefined) return false;
        result.replaceAllUsesWith(value);
      }
      rebuild(call, { keepResult: (at) => at !== index });
    }
    return true;
  },
);
