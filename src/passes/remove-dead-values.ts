/** Removes values that nobody needs: operations, carried values of loops, arguments and results of private functions. */

import { CallInterface, FunctionInterface } from '../dialects/interfaces.js';
import {
  ArrayAttr,
  BlockArgument,
  FunctionType,
  isMemoryEffectFree,
  SymbolRefAttr,
  resolveSymbol,
  symbolVisibility,
  wouldBeDead,
  type Operation,
  type OpResult,
  type Value,
} from '../ir/index.js';
import { applyPatternsGreedily, Rewriter } from '../rewrite/index.js';
import { scfCanonicalization } from './canonicalization/scf.js';
import { definePass } from './pass.js';

/** The patterns that take unused values out of loops. */
const LOOP_PATTERNS = new Set(['scf-for-invariant-argument', 'scf-for-dead-argument']);

export const removeDeadValuesPass = definePass({
  name: 'remove-dead-values',
  title: 'RemoveDeadValues',
  summary: 'Remove dead values',
  description:
    'Removes operations without effects whose results are not used, values that loops carry for nobody, block arguments that nobody reads, and the arguments and results of private functions that no body or no caller uses, together with what callers pass for them.',
  statistics: {
    'num-operations': 'Number of operations removed',
    'num-arguments': 'Number of function arguments removed',
    'num-results': 'Number of function results removed',
  },
  run(root, { context, statistics }) {
    const rewriter = new Rewriter(context);
    const patterns = scfCanonicalization.filter(({ name }) => LOOP_PATTERNS.has(name));
    for (let hasChanged = true; hasChanged;) {
      hasChanged = false;
      cutDeadCycles(root, rewriter);
      const erased = eraseDead(root, rewriter);
      statistics['num-operations'] += erased;
      applyPatternsGreedily(root, patterns, { fold: false });
      const calls = callsByFunction(root);
      for (const [callee, users] of calls) {
        const removed = simplifyFunction(callee, users, rewriter);
        statistics['num-arguments'] += removed.arguments;
        statistics['num-results'] += removed.results;
        if (removed.arguments + removed.results > 0) hasChanged = true;
      }
    }
  },
});

/**
 * A loop may compute a value from iteration to iteration that nobody reads. Its yield is made to hand on what it got,
 * so that the computation is dead and the value is not carried any more.
 */
function cutDeadCycles(root: Operation, rewriter: Rewriter): void {
  const live = liveValues(root);
  root.walk((op) => {
    if (op.name.text !== 'scf.for') return;
    const block = op.regions[0].entryBlock;
    const terminator = block.lastOp!;
    op.results.forEach((result, index) => {
      const argument = block.arguments[index + 1];
      if (live.has(result) || live.has(argument) || terminator.operand(index) === argument) return;
      rewriter.setOperand(terminator, index, argument);
    });
  });
}

/** Values that something with an effect needs, through however many operations and iterations. */
function liveValues(root: Operation): ReadonlySet<Value> {
  const live = new Set<Value>();
  const pending: Value[] = [];
  const mark = (value: Value): void => {
    if (live.has(value)) return;
    live.add(value);
    pending.push(value);
  };
  root.walk((op) => {
    const isCarrying = op.name.text === 'scf.yield' && op.parentOp?.name.text === 'scf.for';
    if (isCarrying) return;
    if (op.name.text === 'scf.for') op.operands.slice(0, 3).forEach(mark);
    else if (op.regions.length > 0 || !isMemoryEffectFree(op) || op.isTerminator)
      op.operands.forEach(mark);
  });
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const op = value.definingOp ?? value.parentBlock?.parentOp;
    if (op?.name.text === 'scf.for') {
      const position =
        value instanceof BlockArgument ? value.index - 1 : op.results.indexOf(value as OpResult);
      if (position < 0) continue;
      const block = op.regions[0].entryBlock;
      mark(op.operand(position + 3));
      mark(block.lastOp!.operand(position));
      mark(block.arguments[position + 1]);
    } else value.definingOp?.operands.forEach(mark);
  }
  return live;
}

function eraseDead(root: Operation, rewriter: Rewriter): number {
  let count = 0;
  const visit = (op: Operation): void => {
    if (op === root || op.parentBlock === null || op.hasUses || !wouldBeDead(op)) return;
    const sources = op.operands.map(({ definingOp }) => definingOp);
    rewriter.erase(op);
    count++;
    for (const source of sources) if (source !== undefined) visit(source);
  };
  const all: Operation[] = [];
  root.walk((op) => void all.push(op));
  for (const op of all.reverse()) visit(op);
  return count;
}

/** Private functions with a body, all of whose uses are calls that name them, with these calls. */
function callsByFunction(root: Operation): ReadonlyMap<Operation, readonly Operation[]> {
  const calls = new Map<Operation, Operation[]>();
  const others = new Set<Operation>();
  root.walk((op) => {
    const functionLike = op.getInterface(FunctionInterface);
    if (
      functionLike?.body(op) !== undefined &&
      symbolVisibility(op) === 'private' &&
      !calls.has(op)
    )
      calls.set(op, []);
    const callee = op.getInterface(CallInterface)?.callee(op);
    for (const attribute of [...op.properties.entries(), ...op.attributes.entries()].map(
      ([, value]) => value,
    )) {
      for (const reference of referencesIn(attribute)) {
        const target = resolveSymbol(op, reference);
        if (target === undefined) continue;
        if (reference !== callee) others.add(target);
        else calls.set(target, [...(calls.get(target) ?? []), op]);
      }
    }
  });
  return new Map(
    [...calls].filter(
      ([op]) =>
        !others.has(op) &&
        symbolVisibility(op) === 'private' &&
        op.getInterface(FunctionInterface)?.body(op) !== undefined,
    ),
  );
}

function* referencesIn(attribute: unknown): Iterable<SymbolRefAttr> {
  if (attribute instanceof SymbolRefAttr) yield attribute;
  else if (attribute instanceof ArrayAttr)
    for (const element of attribute.elements) yield* referencesIn(element);
}

function simplifyFunction(
  op: Operation,
  calls: readonly Operation[],
  rewriter: Rewriter,
): { readonly arguments: number; readonly results: number } {
  const functionLike = op.getInterface(FunctionInterface)!;
  const { inputs, results } = functionLike.functionType(op);
  const body = functionLike.body(op)!;
  const entry = body.entryBlock;
  const isMatching = calls.every(
    (call) => call.operandCount === inputs.length && call.results.length === results.length,
  );
  if (!isMatching || entry.arguments.length !== inputs.length) return { arguments: 0, results: 0 };
  const deadArguments = inputs
    .map((_, index) => index)
    .filter((index) => !entry.arguments[index].hasUses);
  const deadResults = results
    .map((_, index) => index)
    .filter((index) => calls.every((call) => !call.results[index].hasUses));
  if (deadArguments.length + deadResults.length === 0) return { arguments: 0, results: 0 };
  const isKept =
    (dead: readonly number[]) =>
    (_: unknown, index: number): boolean =>
      !dead.includes(index);
  for (const index of [...deadArguments].reverse()) rewriter.eraseBlockArgument(entry, index);
  for (const block of body.blocks()) {
    const { lastOp } = block;
    if (lastOp === null || lastOp.successors.length > 0 || lastOp.operandCount !== results.length)
      continue;
    rewriter.modifyInPlace(lastOp, () =>
      lastOp.setOperands(lastOp.operands.filter(isKept(deadResults))),
    );
  }
  const type = FunctionType.get(
    inputs.filter(isKept(deadArguments)),
    results.filter(isKept(deadResults)),
  );
  rewriter.modifyInPlace(op, () => {
    functionLike.setFunctionType(op, type);
    for (const [name, dead] of [
      ['arg_attrs', deadArguments],
      ['res_attrs', deadResults],
    ] as const) {
      const list = op.getAttribute(name);
      if (list instanceof ArrayAttr)
        op.setAttribute(name, ArrayAttr.get(list.elements.filter(isKept(dead))));
    }
  });
  for (const call of calls) {
    const replacement = rewriter.at({ block: call.parentBlock!, before: call }, () =>
      rewriter.create(call.name.text, {
        operands: call.operands.filter(isKept(deadArguments)),
        resultTypes: call.resultTypes.filter(isKept(deadResults)),
        attributes: Object.fromEntries([
          ...call.properties.entries(),
          ...call.attributes.entries(),
        ]),
        location: call.location,
      }),
    );
    let next = 0;
    call.results.forEach((result, index) => {
      if (deadResults.includes(index)) return;
      replacement.results[next].name = result.name;
      rewriter.replaceAllUsesWith(result, replacement.results[next++]);
    });
    rewriter.erase(call);
  }
  return { arguments: deadArguments.length, results: deadResults.length };
}
