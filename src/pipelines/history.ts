/**
 * The states that a program goes through while a pipeline runs. A state is a small immutable tree, kept with immer: a
 * table from symbols to opaque snapshots of their bodies. A step shares all snapshots of symbols that it left alone,
 * and its patches lead from state to state in both directions. Nothing is recorded unless somebody asks.
 */

import { applyPatches, enablePatches, produceWithPatches, type Patch } from 'immer';
import { Block, cloneOperation, Operation, Region, symbolName } from '../ir/index.js';
import { fingerprint } from '../rewrite/index.js';
import type { PassInstrumentation } from './instrumentation.js';
import type { PassElement, Pipeline } from './pipeline.js';

enablePatches();

/** A copy of an operation that nobody changes. A class without `[immerable]`: immer must not look inside. */
export class OperationSnapshot {
  constructor(
    readonly fingerprint: string,
    private readonly copy: Operation,
  ) {}

  /** A fresh copy that may be changed. */
  materialize(): Operation {
    return cloneOperation(this.copy);
  }
}

/** One state of the program. */
export interface ProgramState {
  /** Passes that have run. */
  readonly cursor: number;
  /** Top-level operations by key (symbol, or position where there is none), in order. */
  readonly table: ReadonlyMap<string, OperationSnapshot>;
  readonly order: readonly string[];
}

/** What one pass did. */
export interface HistoryStep {
  readonly pass: string;
  readonly patches: readonly Patch[];
  readonly inversePatches: readonly Patch[];
  /** Keys of the top-level operations that the pass changed, added or removed. */
  readonly changed: readonly string[];
}

const EMPTY: ProgramState = { cursor: 0, table: new Map(), order: [] };

export class History implements PassInstrumentation {
  private state: ProgramState = EMPTY;
  private readonly recorded: HistoryStep[] = [];
  private root: Operation | undefined;
  private shell: Operation | undefined;

  get current(): ProgramState {
    return this.state;
  }

  get steps(): readonly HistoryStep[] {
    return this.recorded;
  }

  beforeRun(_pipeline: Pipeline, root: Operation): void {
    this.root = root;
    this.commit('');
    this.recorded.length = 0;
  }

  afterPass(element: PassElement): void {
    this.commit(element.pass.name);
  }

  /** Publishes the present state of the program as the next state. */
  commit(pass: string): HistoryStep {
    const root = this.root!;
    this.shell = shellOf(root) ?? this.shell;
    const before = this.state;
    const next = new Map<string, OperationSnapshot>();
    for (const [key, op] of topLevel(root)) {
      const print = fingerprint(op);
      const old = before.table.get(key);
      next.set(
        key,
        old?.fingerprint === print ? old : new OperationSnapshot(print, cloneOperation(op)),
      );
    }
    const order = [...next.keys()];
    const changed = [...new Set([...before.table.keys(), ...order])].filter(
      (key) => before.table.get(key) !== next.get(key),
    );
    const [state, patches, inversePatches] = produceWithPatches(before, (draft) => {
      draft.cursor++;
      for (const key of changed) {
        const snapshot = next.get(key);
        if (snapshot === undefined) draft.table.delete(key);
        else draft.table.set(key, snapshot as never);
      }
      if (
        order.some((key, index) => key !== before.order[index]) ||
        order.length !== before.order.length
      )
        draft.order = order;
    });
    const step = { pass, patches, inversePatches, changed };
    this.state = state;
    this.recorded.push(step);
    return step;
  }

  /** The state after `count` passes; 0 is the input. */
  stateAt(count: number): ProgramState {
    let state = this.state;
    for (let index = this.recorded.length - 1; index >= count; index--)
      state = applyPatches(state, [...this.recorded[index].inversePatches]);
    return state;
  }

  /** Builds the program of a state anew. */
  materialize(state: ProgramState): Operation {
    const whole = state.table.get(WHOLE);
    if (whole !== undefined) return whole.materialize();
    const root = cloneOperation(this.shell!);
    const block = root.regions[0].entryBlock;
    for (const key of state.order) block.append(state.table.get(key)!.materialize());
    return root;
  }
}

/** The key of a root that is not a list of operations. */
const WHOLE = '';

/** Whether the root is a list of operations that share no values, so that each can be copied on its own. */
function isTable(root: Operation): boolean {
  const [body] = root.regions;
  if (root.regions.length !== 1 || !body.hasOneBlock || !root.name.isSymbolTable) return false;
  if (body.entryBlock.arguments.length > 0) return false;
  for (const op of body.entryBlock.operations())
    if (op.operandCount > 0 || op.results.length > 0) return false;
  return true;
}

function* topLevel(root: Operation): Iterable<[string, Operation]> {
  if (!isTable(root)) {
    yield [WHOLE, root];
    return;
  }
  let position = 0;
  const seen = new Set<string>();
  for (const op of root.regions[0].entryBlock.operations()) {
    const symbol = symbolName(op);
    const key = symbol === undefined || seen.has(symbol) ? `#${position}` : `@${symbol}`;
    seen.add(symbol ?? '');
    position++;
    yield [key, op];
  }
}

/** The root without what is inside. */
function shellOf(root: Operation): Operation | undefined {
  if (!isTable(root)) return undefined;
  const body = new Region();
  body.append(new Block());
  const { name, properties, attributes, location } = root;
  return new Operation(name, [], [], properties, attributes, [body], [], location);
}
