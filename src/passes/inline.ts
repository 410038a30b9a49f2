/** Puts the bodies of called functions in place of the calls, callees first. */

import {
  callableBody,
  calleeOf,
  callGraphAnalysis,
  callsIn,
  type CallGraph,
  type CallGraphNode,
} from '../analysis/index.js';
import {
  CallInterface,
  DialectInlinerInterface,
  type DialectInliner,
} from '../dialects/interfaces.js';
import { Region, symbolVisibility, type Operation, type Type, type Value } from '../ir/index.js';
import { Rewriter } from '../rewrite/index.js';
import { definePass, type PassContext } from './pass.js';
import {
  integerOption,
  listOption,
  splitOutsideBraces,
  stringOption,
  type OptionDefinition,
} from './pass-options.js';
import { referencedSymbols, symbolReferencesOf } from './symbol-uses.js';

/** `func.func(canonicalize,cse)`: what to run on callables of one name. */
const PIPELINE = /^([\w.$-]+)\((.*)\)$/s;

/** `dialect.op(pipeline)`, several of them separated by commas. */
const opPipelines: OptionDefinition<readonly string[]> = {
  ...listOption('pipelines for callables by operation, in the form of `dialect.op(pipeline)`'),
  placeholder: '<op(pipeline),...>',
  parse: (text) => {
    const value = text === '' ? [] : splitOutsideBraces(text, ',');
    const wrong = value.find((one) => !PIPELINE.test(one));
    return wrong === undefined
      ? { value }
      : `'${wrong}' is not a pipeline of the form 'dialect.op(pipeline)'`;
  },
};

export const inlinePass = definePass({
  name: 'inline',
  title: 'Inliner',
  summary: 'Inline function calls',
  description:
    'Calls of functions whose body is known are replaced by the body, callees first, with the callees simplified before that. A function that calls itself is not inlined; functions that call each other are, but never one into its own inlined body. Private functions that nobody refers to any more are removed.',
  options: {
    'default-pipeline': stringOption(
      'canonicalize',
      'pipeline for callables that op-pipelines has none for; empty for none',
    ),
    'op-pipelines': opPipelines,
    'max-iterations': integerOption(
      4,
      'rounds of simplifying and inlining over functions that call each other',
      { minimum: 0 },
    ),
    'inlining-threshold': integerOption(
      -1,
      "callee's operations in per cent of the caller's above which a call stays; -1 for no limit",
      { minimum: -1 },
    ),
  },
  statistics: { 'num-inlined': 'Number of calls inlined' },
  run(root, pass) {
    const { context, options, statistics } = pass;
    const rewriter = new Rewriter(context);
    const graph = pass.getAnalysis(callGraphAnalysis);
    const pipelines = new Map(
      options['op-pipelines'].map((text) => {
        const [, name, pipeline] = PIPELINE.exec(text)!;
        return [name, pipeline];
      }),
    );
    const inliner = new Inliner(root, graph, options['inlining-threshold'], rewriter);
    for (const component of graph.stronglyConnectedComponents()) {
      let round = 0;
      do {
        for (const { op } of component) {
          if (inliner.isErased(op)) continue;
          if (!simplify(op, pipelines.get(op.name.text) ?? options['default-pipeline'], pass))
            return false;
          inliner.uses.recount(op);
        }
        const count = inliner.inlineCallsIn(component);
        if (count === 0) break;
        statistics['num-inlined'] += count;
      } while (++round < options['max-iterations']);
    }
    inliner.eraseUnused();
    return true;
  },
});

function simplify(
  op: Operation,
  pipeline: string,
  { runPipeline }: Pick<PassContext, 'runPipeline'>,
): boolean {
  const hasNested = !op.walk((nested) =>
    nested !== op && callableBody(nested) !== undefined ? 'interrupt' : 'advance',
  );
  if (pipeline === '' || hasNested || !op.name.isIsolatedFromAbove) return true;
  return runPipeline(pipeline, op);
}

class Inliner {
  readonly uses: SymbolUses;
  private readonly erased = new Set<Operation>();

  constructor(
    root: Operation,
    private readonly graph: CallGraph,
    private readonly threshold: number,
    private readonly rewriter: Rewriter,
  ) {
    this.uses = new SymbolUses(root, graph);
  }

  isErased(callable: Operation): boolean {
    return this.erased.has(callable);
  }

  /** Inlines the calls in functions that call each other; returns how many. */
  inlineCallsIn(component: readonly CallGraphNode[]): number {
    let count = 0;
    const calls = component
      .filter(({ op }) => !this.isErased(op))
      .flatMap(({ op }) => callsIn(op).map((call) => ({ call, caller: op, inlined: NOTHING })));
    for (let next = 0; next < calls.length; next++) {
      const { call, caller, inlined } = calls[next];
      const callee = calleeOf(call);
      const node = callee === undefined ? undefined : this.graph.nodeOf(callee);
      // What came in with a callee's body may call it again, and so on without end.
      if (node === undefined || inlined.has(node) || this.isErased(caller)) continue;
      if (!canInline(call, caller, node) || !this.isProfitable(caller, node.op)) continue;
      const isLastUse = this.uses.isRemovable(node.op, 1);
      const history = new Set([...inlined, node]);
      const brought = inlineCall(call, node.op, this.rewriter);
      if (brought === undefined) continue;
      for (const one of brought) calls.push({ call: one, caller, inlined: history });
      this.uses.inlined(node.op, caller);
      if (isLastUse) this.erase(node.op);
      count++;
    }
    return count;
  }

  /** Removes private callables without references, and those that only these referred to. */
  eraseUnused(): void {
    const candidates = this.graph.callables.filter((op) => !this.isErased(op));
    for (let found = true; found;) {
      found = false;
      for (const op of candidates) {
        if (this.isErased(op) || !this.uses.isRemovable(op, 0)) continue;
        this.erase(op);
        found = true;
      }
    }
  }

  private erase(callable: Operation): void {
    this.erased.add(callable);
    this.uses.forget(callable);
    this.rewriter.erase(callable);
  }

  /** Whether the callee is small enough, compared with the caller. */
  private isProfitable(caller: Operation, callee: Operation): boolean {
    if (this.threshold === -1) return true;
    const callerSize = sizeOf(caller);
    return callerSize === 0 || Math.floor((sizeOf(callee) * 100) / callerSize) <= this.threshold;
  }
}

const NOTHING: ReadonlySet<CallGraphNode> = new Set();

/** How often each callable is referred to, and from where. */
class SymbolUses {
  private readonly byOwner = new Map<Operation, ReadonlyMap<Operation, number>>();
  private readonly total = new Map<Operation, number>();

  constructor(
    private readonly root: Operation,
    private readonly graph: CallGraph,
  ) {
    this.recount(root);
    for (const op of graph.callables) this.recount(op);
  }

  /** Whether the callable can go once so many references to it are gone. */
  isRemovable(op: Operation, uses: number): boolean {
    const isPrivate = op.name.isSymbol && symbolVisibility(op) === 'private';
    return isPrivate && op !== this.root && (this.total.get(op) ?? 0) === uses;
  }

  /** Counts anew what a callable refers to, without callables nested in it. */
  recount(owner: Operation): void {
    const counts = new Map<Operation, number>();
    owner.walk((op) => {
      if (op !== owner && this.graph.nodeOf(op) !== undefined) return 'skip';
      for (const reference of symbolReferencesOf(op))
        for (const symbol of referencedSymbols(op, reference))
          counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
      return 'advance';
    }, 'pre');
    this.set(owner, counts);
  }

  /** A call of `callee` in `caller` became a copy of the body. */
  inlined(callee: Operation, caller: Operation): void {
    const counts = new Map(this.byOwner.get(caller));
    counts.set(callee, (counts.get(callee) ?? 0) - 1);
    for (const [symbol, count] of this.byOwner.get(callee) ?? [])
      counts.set(symbol, (counts.get(symbol) ?? 0) + count);
    this.set(caller, counts);
  }

  forget(owner: Operation): void {
    this.set(owner, new Map());
  }

  private set(owner: Operation, counts: ReadonlyMap<Operation, number>): void {
    const add = (symbol: Operation, count: number): void =>
      void this.total.set(symbol, (this.total.get(symbol) ?? 0) + count);
    for (const [symbol, count] of this.byOwner.get(owner) ?? []) add(symbol, -count);
    for (const [symbol, count] of counts) add(symbol, count);
    this.byOwner.set(owner, counts);
  }
}

function canInline(call: Operation, caller: Operation, node: CallGraphNode): boolean {
  const { op: callee, calls } = node;
  if (call.isTerminator || callee === caller) return false;
  if (calls.some(({ target }) => target === node)) return false;
  const body = callableBody(callee)!;
  if (body.isAncestorOf(call.parentRegion!)) return false;
  if (!body.hasOneBlock) {
    // Several blocks need a region of blocks around the call, and branches to join the returns.
    const isInBody = call.parentRegion === callableBody(caller);
    if (!isInBody || !call.context.dialects.has('cf')) return false;
  }
  const isEnded = [...body.blocks()].every((block) => block.terminator !== undefined);
  return isEnded && isLegal(call, callee, body);
}

function inlinerOf({ context, name }: Operation): DialectInliner | undefined {
  return context.dialects.get(name.dialect)?.getInterface?.(DialectInlinerInterface);
}

/** Whether all dialects that have a say let the body take the place of the call. */
function isLegal(call: Operation, callee: Operation, body: Region): boolean {
  for (const op of [call, callee])
    if (inlinerOf(op)?.isLegalCall?.(call, callee) === false) return false;
  const target = call.parentRegion!;
  const owner = target.parentOp;
  if (owner !== null && inlinerOf(owner)?.isLegalRegion?.(target, body) === false) return false;
  for (const block of body.blocks()) {
    for (const op of block.operations()) {
      // What returns from the body does not become a part of the region.
      if (op === block.terminator && (body.hasOneBlock || isReturn(op))) continue;
      const isAllowed = op.walk((nested) =>
        inlinerOf(nested)?.isLegalOperation?.(nested, target) === false ? 'interrupt' : 'advance',
      );
      if (!isAllowed) return false;
    }
  }
  return true;
}

/** Whether the inliner puts a branch in place of this terminator of a body with several blocks. */
function isReturn(terminator: Operation): boolean {
  return (
    terminator.successors.length === 0 &&
    (terminator.name.hasTrait('ReturnLike') ||
      inlinerOf(terminator)?.handleTerminator !== undefined)
  );
}

function sizeOf(callable: Operation): number {
  let size = -1;
  callable.walk(() => void size++);
  return size;
}

/** Returns the calls that came in with the body; undefined where types differ that no dialect converts. */
function inlineCall(
  call: Operation,
  callee: Operation,
  rewriter: Rewriter,
): readonly Operation[] | undefined {
  const copy = new Region();
  let calls: Operation[] | undefined;
  rewriter.transaction(() => {
    const values = convertArguments(call, callableBody(callee)!, rewriter);
    if (values === undefined) return false;
    rewriter.cloneRegion(callableBody(callee)!, copy);
    const terminators = [...copy.blocks()].map((block) => block.lastOp!);
    const returned = new Map<Operation, readonly Value[]>();
    for (const terminator of terminators) {
      if (!copy.hasOneBlock && !isReturn(terminator)) continue;
      const converted = convertResults(call, terminator, rewriter);
      if (converted === undefined) return false;
      returned.set(terminator, converted);
    }
    calls = callsInRegion(copy);
    if (copy.hasOneBlock) {
      const [terminator] = terminators;
      const { arguments: parameters } = copy.entryBlock;
      const results = returned.get(terminator)!.map((value) => {
        const index = parameters.findIndex((parameter) => parameter === value);
        return index === -1 ? value : values[index];
      });
      rewriter.inlineBlockBefore(copy.entryBlock, call, values);
      rewriter.replaceOp(call, results);
      rewriter.erase(terminator);
    } else inlineBlocks(call, copy, values, returned, rewriter);
    return true;
  });
  return calls;
}

function callsInRegion(body: Region): Operation[] {
  const calls: Operation[] = [];
  for (const block of body.blocks())
    for (const op of block.operations())
      op.walk((nested) => {
        if (nested.getInterface(CallInterface) !== undefined) calls.push(nested);
      }, 'pre');
  return calls;
}

/** Arguments of the call in the types that the body has; conversions stand in front of the call. */
function convertArguments(
  call: Operation,
  body: Region,
  rewriter: Rewriter,
): readonly Value[] | undefined {
  const values = call.getInterface(CallInterface)!.arguments(call);
  const types = body.entryBlock.arguments.map(({ type }) => type);
  rewriter.setInsertionPointBefore(call);
  return convert(call, values, types, rewriter);
}

/** What a terminator of the copied body returns in the types of the call's results; conversions stand before it. */
function convertResults(
  call: Operation,
  terminator: Operation,
  rewriter: Rewriter,
): readonly Value[] | undefined {
  const values = inlinerOf(terminator)?.returnedValues?.(terminator) ?? terminator.operands;
  const types = call.results.map(({ type }) => type);
  rewriter.setInsertionPointBefore(terminator);
  return convert(call, values, types, rewriter);
}

function convert(
  call: Operation,
  values: readonly Value[],
  types: readonly Type[],
  rewriter: Rewriter,
): readonly Value[] | undefined {
  if (values.length !== types.length) return undefined;
  const converted: Value[] = [];
  for (const [index, value] of values.entries()) {
    const type = types[index];
    const conversion =
      value.type === type
        ? value
        : inlinerOf(call)?.materializeCallConversion?.(rewriter, value, type, call.location)
            ?.result;
    if (conversion?.type !== type) return undefined;
    converted.push(conversion);
  }
  return converted;
}

/** Splits the block at the call and puts a body of several blocks between; its returns branch to the second half. */
function inlineBlocks(
  call: Operation,
  copy: Region,
  values: readonly Value[],
  returned: ReadonlyMap<Operation, readonly Value[]>,
  rewriter: Rewriter,
): void {
  const before = call.parentBlock!;
  const after = rewriter.splitBlock(before, call);
  const results = call.results.map((result) =>
    rewriter.addBlockArgument(after, result.type, call.location),
  );
  const { entryBlock } = copy;
  rewriter.inlineRegion(copy, before.parentRegion!, after);
  for (const [terminator, operands] of returned) {
    rewriter.setInsertionPointBefore(terminator);
    const handle = inlinerOf(terminator)?.handleTerminator;
    if (handle?.(terminator, after, operands, rewriter) === true) rewriter.erase(terminator);
    else if (terminator.name.hasTrait('ReturnLike'))
      rewriter.replaceOpWithNew(terminator, 'cf.br', { operands, successors: [after] });
  }
  rewriter.replaceOp(call, results);
  rewriter.mergeBlocks(entryBlock, before, values);
}
