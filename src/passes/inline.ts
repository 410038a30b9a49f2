/** Puts the bodies of called functions in place of the calls, callees first. */

import { CallableInterface, CallInterface } from '../dialects/interfaces.js';
import {
  Region,
  resolveSymbol,
  SymbolRefAttr,
  symbolVisibility,
  type Block,
  type Operation,
} from '../ir/index.js';
import { Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';
import { integerOption, stringOption } from './pass-options.js';
import { referencedSymbols, symbolReferencesOf } from './symbol-uses.js';

export const inlinePass = definePass({
  name: 'inline',
  title: 'Inliner',
  summary: 'Inline function calls',
  description:
    'Calls of functions whose body is known and that do not call themselves, directly or through others, are replaced by the body. Private functions that nobody refers to any more are removed.',
  options: {
    'default-pipeline': stringOption(
      'canonicalize',
      'pipeline run on each function before it is inlined into others; empty for none',
    ),
    'max-iterations': integerOption(4, 'rounds over the calls of one function', { minimum: 1 }),
    'inlining-threshold': integerOption(
      -1,
      'number of operations above which a function is not inlined; -1 for no limit',
      { minimum: -1 },
    ),
  },
  statistics: { 'num-inlined': 'Number of calls inlined' },
  run(root, { context, options, statistics, runPipeline }) {
    const rewriter = new Rewriter(context);
    for (const callable of calleesFirst(root)) {
      for (let round = 0; round < options['max-iterations']; round++) {
        const calls = callsIn(callable).filter((call) =>
          canInline(call, callable, options['inlining-threshold']),
        );
        if (calls.length === 0) break;
        for (const call of calls) inlineCall(call, calleeOf(call)!, rewriter);
        statistics['num-inlined'] += calls.length;
      }
      if (options['default-pipeline'] !== '' && !runPipeline(options['default-pipeline'], callable))
        return false;
    }
    removeDeadCallees(root, rewriter);
    return true;
  },
});

function callsIn(callable: Operation): Operation[] {
  const calls: Operation[] = [];
  callable.walk((op) => {
    if (op.getInterface(CallInterface) !== undefined) calls.push(op);
  });
  return calls;
}

/** The operation that a call goes to, where it has a body. */
function calleeOf(call: Operation): Operation | undefined {
  const callee = call.getInterface(CallInterface)!.callee(call);
  if (!(callee instanceof SymbolRefAttr)) return undefined;
  const target = resolveSymbol(call, callee);
  return target !== undefined && bodyOf(target) !== undefined ? target : undefined;
}

function bodyOf(callable: Operation): Region | undefined {
  const body = callable.getInterface(CallableInterface)?.body(callable);
  return body === undefined || body.isEmpty ? undefined : body;
}

/** Callables with a body such that, apart from recursion, each comes after those that it calls. */
function calleesFirst(root: Operation): Operation[] {
  const callables: Operation[] = [];
  root.walk((op) => {
    if (bodyOf(op) !== undefined) callables.push(op);
  }, 'pre');
  const order: Operation[] = [];
  const seen = new Set<Operation>();
  for (const start of callables) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack = [{ op: start, callees: calleesOf(start), next: 0 }];
    while (stack.length > 0) {
      const frame = stack[stack.length - 1];
      if (frame.next === frame.callees.length) {
        order.push(frame.op);
        stack.pop();
        continue;
      }
      const callee = frame.callees[frame.next++];
      if (seen.has(callee)) continue;
      seen.add(callee);
      stack.push({ op: callee, callees: calleesOf(callee), next: 0 });
    }
  }
  return order;
}

function calleesOf(callable: Operation): Operation[] {
  return callsIn(callable)
    .map(calleeOf)
    .filter((callee) => callee !== undefined);
}

function canInline(call: Operation, caller: Operation, threshold: number): boolean {
  const callee = calleeOf(call);
  if (callee === undefined || reaches(callee, callee) || callee === caller) return false;
  const body = bodyOf(callee)!;
  if (!body.hasOneBlock) {
    // Several blocks need a region of blocks around the call, and branches to join the returns.
    const isInBody = call.parentRegion === bodyOf(caller);
    if (!isInBody || !call.context.dialects.has('cf')) return false;
  }
  if ([...body.blocks()].some((block) => block.terminator === undefined)) return false;
  if (threshold === -1) return true;
  let size = 0;
  callee.walk(() => (++size > threshold + 1 ? 'interrupt' : 'advance'));
  return size <= threshold + 1;
}

/** Whether calls lead from one callable to another. */
function reaches(from: Operation, to: Operation): boolean {
  const seen = new Set<Operation>();
  const pending = calleesOf(from);
  for (let op = pending.pop(); op !== undefined; op = pending.pop()) {
    if (op === to) return true;
    if (seen.has(op)) continue;
    seen.add(op);
    pending.push(...calleesOf(op));
  }
  return false;
}

function inlineCall(call: Operation, callee: Operation, rewriter: Rewriter): void {
  const values = call.getInterface(CallInterface)!.arguments(call);
  const copy = new Region();
  rewriter.cloneRegion(bodyOf(callee)!, copy);
  if (copy.hasOneBlock) {
    const terminator = copy.entryBlock.lastOp!;
    rewriter.inlineBlockBefore(copy.entryBlock, call, values);
    rewriter.replaceOp(call, terminator.operands);
    rewriter.erase(terminator);
    return;
  }
  const before = call.parentBlock!;
  const after = rewriter.splitBlock(before, call);
  const results = call.results.map((result) =>
    rewriter.addBlockArgument(after, result.type, call.location),
  );
  const { entryBlock } = copy;
  const blocks: Block[] = [...copy.blocks()];
  rewriter.inlineRegion(copy, before.parentRegion!, after);
  for (const block of blocks) {
    const terminator = block.lastOp!;
    if (!terminator.name.hasTrait('ReturnLike')) continue;
    rewriter.replaceOpWithNew(terminator, 'cf.br', {
      operands: terminator.operands,
      successors: [after],
    });
  }
  rewriter.replaceOp(call, results);
  rewriter.mergeBlocks(entryBlock, before, values);
}

/** Removes private callables without references. */
function removeDeadCallees(root: Operation, rewriter: Rewriter): void {
  const used = new Set<Operation>();
  root.walk((op) => {
    for (const reference of symbolReferencesOf(op))
      for (const symbol of referencedSymbols(op, reference)) used.add(symbol);
  });
  const dead: Operation[] = [];
  root.walk((op) => {
    const isCallable = bodyOf(op) !== undefined && op.name.isSymbol && op !== root;
    if (isCallable && symbolVisibility(op) === 'private' && !used.has(op)) dead.push(op);
  });
  for (const op of dead) rewriter.erase(op);
}
