/** Removes values that nobody needs: operations, carried values of loops, arguments and results of private functions. */

import { DataFlowSolver, LivenessAnalysis } from '../analysis/index.js';
import { CallInterface, FunctionInterface } from '../dialects/interfaces.js';
import {
  attributeRecord,
  ArrayAttr,
  FunctionType,
  SymbolRefAttr,
  resolveSymbol,
  symbolVisibility,
  wouldBeDead,
  type Operation,
  type Value,
} from '../ir/index.js';
import { applyPatternsGreedily, pattern, Rewriter, type RewritePattern } from '../rewrite/index.js';
import { keepOperands, keepResults } from './canonicalization/keep-results.js';
import { scfCanonicalization } from './canonicalization/scf.js';
import { definePass } from './pass.js';

/** The patterns that take unused values out of loops and branches. */
const VALUE_PATTERNS = new Set([
  'scf-for-invariant-argument',
  'scf-for-dead-argument',
  'scf-if-unused-results',
  'scf-while-unused-results',
  'scf-while-unused-arguments',
]);
/** Operations whose results are what the terminators of their regions hand on, and nothing else. */
const YIELDING = new Set(['scf.index_switch', 'scf.execute_region', 'affine.if']);

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
    const patterns = [
      ...[...YIELDING].map(unusedResults),
      ...scfCanonicalization.filter(({ name }) => VALUE_PATTERNS.has(name)),
    ];
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
 * A loop may compute a value from iteration to iteration that nobody reads, and a function may pass one to itself. The
 * yield or the call is made to hand on what it got, so that the computation is dead and the value can go.
 */
function cutDeadCycles(root: Operation, rewriter: Rewriter): void {
  const solver = new DataFlowSolver();
  const liveness = solver.load(LivenessAnalysis);
  solver.run(root);
  const isDead = (value: Value): boolean => !liveness.isLive(value);
  root.walk((op) => {
    if (op.getInterface(CallInterface) !== undefined) {
      const callee = enclosingCallee(op);
      const entry = callee?.getInterface(FunctionInterface)?.body(callee)?.entryBlock;
      if (callee === undefined || symbolVisibility(callee) !== 'private') return;
      if (entry?.arguments.length !== op.operandCount) return;
      entry.arguments.forEach((argument, index) => {
        if (isDead(argument) && op.operand(index) !== argument)
          rewriter.setOperand(op, index, argument);
      });
    }
    if (op.name.text === 'scf.while') {
      const yielded = op.regions[1].entryBlock.lastOp!;
      op.regions[0].entryBlock.arguments.forEach((argument, index) => {
        if (isDead(argument) && yielded.operand(index) !== op.operand(index))
          rewriter.setOperand(yielded, index, op.operand(index));
      });
    }
    if (op.name.text !== 'scf.for') return;
    const block = op.regions[0].entryBlock;
    const terminator = block.lastOp!;
    op.results.forEach((result, index) => {
      const argument = block.arguments[index + 1];
      if (isDead(result) && isDead(argument) && terminator.operand(index) !== argument)
        rewriter.setOperand(terminator, index, argument);
    });
  });
}

/** A result that nobody uses is not handed on. */
function unusedResults(name: string): RewritePattern {
  return pattern(
    name,
    {
      name: `${name.replace('.', '-')}-unused-results`,
      law: 'a result that nobody uses is not handed on',
    },
    (op, rewriter) => {
      const isKept = op.results.map((result) => result.hasUses);
      if (isKept.every((kept) => kept))
        return rewriter.notifyMatchFailure(op, 'every result is used');
      const terminators = op.regions.flatMap((region) =>
        [...region.blocks()].flatMap(({ lastOp }) =>
          lastOp !== null && lastOp.successors.length === 0 ? [lastOp] : [],
        ),
      );
      for (const terminator of terminators) keepOperands(terminator, isKept, rewriter);
      keepResults(op, isKept, rewriter);
      return undefined;
    },
  );
}

/** The function that a call goes to, where the call is in its body. */
function enclosingCallee(call: Operation): Operation | undefined {
  const callee = call.getInterface(CallInterface)!.callee(call);
  const target = callee instanceof SymbolRefAttr ? resolveSymbol(call, callee) : undefined;
  return target?.isProperAncestorOf(call) ? target : undefined;
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
    .filter((index) =>
      // Handing it to itself does not count.
      [...entry.arguments[index].uses()].every(
        (use) => use.index === index && calls.includes(use.owner),
      ),
    );
  const deadResults = results
    .map((_, index) => index)
    .filter((index) => calls.every((call) => !call.results[index].hasUses));
  if (deadArguments.length + deadResults.length === 0) return { arguments: 0, results: 0 };
  const isKept =
    (dead: readonly number[]) =>
    (_: unknown, index: number): boolean =>
      !dead.includes(index);
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
        attributes: attributeRecord(call),
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
  for (const index of [...deadArguments].reverse()) rewriter.eraseBlockArgument(entry, index);
  return { arguments: deadArguments.length, results: deadResults.length };
}
