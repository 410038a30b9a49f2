/** Common subexpression elimination: a later operation that computes what an earlier one did is replaced by it. */

import {
  memoryEffects,
  wouldBeDead,
  type Block,
  type DominanceInfo,
  type Operation,
  type Region,
} from '../ir/index.js';
import {
  dominanceAnalysis,
  hashExpression,
  immediateDominators,
  isSameExpression,
  structuralKey,
} from '../analysis/index.js';
import { Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

export const csePass = definePass({
  name: 'cse',
  title: 'CSE',
  summary: 'Eliminate common sub-expressions',
  description:
    'An operation without side effects is replaced by an equal one that dominates it. Operations that read memory are equal only when nothing in between writes. Dead operations are removed on the way.',
  statistics: {
    "num-cse'd": "Number of operations CSE'd",
    "num-dce'd": "Number of operations DCE'd",
  },
  run(op, pass) {
    const { statistics, context } = pass;
    const dominance = pass.getAnalysis(dominanceAnalysis);
    const cse = new CommonSubexpressions(new Rewriter(context), dominance);
    cse.run(op);
    if (cse.replaced + cse.dead === 0) pass.markAllAnalysesPreserved();
    // No block and no branch changed.
    pass.markAnalysesPreserved(dominanceAnalysis);
    statistics["num-cse'd"] += cse.replaced;
    statistics["num-dce'd"] += cse.dead;
  },
});

/** Slots of a table when it is made; always a power of two. */
const FIRST_CAPACITY = 16;

/** Operations without regions by hash, with linear probing: a `Map` of numbers costs twice as much per operation. */
class ExpressionTable {
  private hashes = new Int32Array(FIRST_CAPACITY);
  private operations: (Operation | undefined)[] = new Array<undefined>(FIRST_CAPACITY).fill(
    undefined,
  );
  private count = 0;

  lookup(op: Operation, hash: number): Operation | undefined {
    return this.operations[this.slotOf(op, hash)];
  }

  /** Puts an operation in, in place of the same expression where that is known. */
  add(op: Operation, hash: number): void {
    const slot = this.slotOf(op, hash);
    if (this.operations[slot] === undefined) this.count++;
    this.hashes[slot] = hash;
    this.operations[slot] = op;
    if (this.count * 2 > this.operations.length) this.grow();
  }

  /** Where the same expression is, or where it would be put. */
  private slotOf(op: Operation, hash: number): number {
    const { hashes, operations } = this;
    const mask = operations.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const known = operations[slot];
      if (known === undefined) return slot;
      if (hashes[slot] === hash && isSameExpression(known, op)) return slot;
    }
  }

  private grow(): void {
    const { hashes, operations } = this;
    const mask = operations.length * 4 - 1;
    this.hashes = new Int32Array(mask + 1);
    this.operations = new Array<undefined>(mask + 1).fill(undefined);
    operations.forEach((op, old) => {
      if (op === undefined) return;
      let slot = hashes[old] & mask;
      while (this.operations[slot] !== undefined) slot = (slot + 1) & mask;
      this.hashes[slot] = hashes[old];
      this.operations[slot] = op;
    });
  }
}

/** The expressions known at a place: those of this scope and of the scopes around. */
class Scope {
  private expressions: ExpressionTable | undefined;
  /** Operations with regions, by structural key. */
  private compounds: Map<string, Operation> | undefined;

  constructor(private readonly outer: Scope | undefined) {}

  /** An operation known here or around that computes the same; `key` is what `keyOf` gives. */
  lookup(op: Operation, key: number | string): Operation | undefined {
    let found = this.lookupHere(op, key);
    for (let scope = this.outer; found === undefined && scope !== undefined; scope = scope.outer)
      found = scope.lookupHere(op, key);
    return found;
  }

  private lookupHere(op: Operation, key: number | string): Operation | undefined {
    return typeof key === 'string' ? this.compounds?.get(key) : this.expressions?.lookup(op, key);
  }

  add(op: Operation, key: number | string): void {
    if (typeof key === 'string') (this.compounds ??= new Map<string, Operation>()).set(key, op);
    else (this.expressions ??= new ExpressionTable()).add(op, key);
  }
}

/** A hash where that can be compared cheaply, else a text. */
function keyOf(op: Operation): number | string {
  return op.regions.length === 0 && op.successors.length === 0
    ? hashExpression(op)
    : structuralKey(op);
}

/** What is still to be done. `visit` comes after the regions of the operation. */
type Task =
  | { readonly kind: 'region'; readonly region: Region; readonly scope: Scope }
  | { readonly kind: 'operations'; readonly first: Operation | null; readonly scope: Scope }
  | { readonly kind: 'visit'; readonly op: Operation; readonly scope: Scope };

class CommonSubexpressions {
  replaced = 0;
  dead = 0;
  private readonly tasks: Task[] = [];

  constructor(
    private readonly rewriter: Rewriter,
    private readonly dominance: DominanceInfo,
  ) {}

  /** Looks at everything nested in `root`, with a stack of tasks instead of recursion. */
  run(root: Operation): void {
    this.pushRegions(root, new Scope(undefined));
    for (let task = this.tasks.pop(); task !== undefined; task = this.tasks.pop()) {
      if (task.kind === 'region') this.pushBlocks(task.region, task.scope);
      else if (task.kind === 'visit') this.visit(task.op, task.scope);
      else this.visitFrom(task.first, task.scope);
    }
  }

  private pushRegions(op: Operation, scope: Scope): void {
    // Values from above may not be used inside an isolated operation, so neither may its expressions.
    const inner = op.name.isIsolatedFromAbove ? new Scope(undefined) : new Scope(scope);
    for (let index = op.regions.length - 1; index >= 0; index--)
      this.tasks.push({ kind: 'region', region: op.regions[index], scope: new Scope(inner) });
  }

  /** Blocks such that dominators come first; each sees what its dominators computed. */
  private pushBlocks(region: Region, outer: Scope): void {
    const scopes = new Map<Block, Scope>();
    const found: Task[] = [];
    for (const [block, dominator] of immediateDominators(region, this.dominance)) {
      const scope = new Scope(dominator === undefined ? outer : scopes.get(dominator));
      scopes.set(block, scope);
      found.push({ kind: 'operations', first: block.firstOp, scope });
    }
    this.tasks.push(...found.reverse());
  }

  private visitFrom(first: Operation | null, scope: Scope): void {
    for (let op = first; op !== null;) {
      const next: Operation | null = op.nextOp;
      if (op.regions.length > 0 && !wouldBeDead(op)) {
        // Inner regions first: an operation is compared with its regions simplified.
        this.tasks.push({ kind: 'operations', first: next, scope });
        this.tasks.push({ kind: 'visit', op, scope });
        this.pushRegions(op, scope);
        return;
      }
      this.visit(op, scope);
      op = next;
    }
  }

  private visit(op: Operation, scope: Scope): void {
    if (op.isTerminator) return;
    if (wouldBeDead(op)) {
      this.rewriter.erase(op);
      this.dead++;
      return;
    }
    if (op.firstResult === null || !op.name.isRegistered) return;
    const effects = memoryEffects(op);
    if (effects === undefined || effects.some((effect) => effect.kind !== 'read')) return;
    const key = keyOf(op);
    const earlier = scope.lookup(op, key);
    if (earlier !== undefined && this.mayReplace(earlier, op, effects.length > 0)) {
      this.rewriter.replaceOp(op, earlier);
      this.replaced++;
      return;
    }
    scope.add(op, key);
  }

  private mayReplace(earlier: Operation, op: Operation, reads: boolean): boolean {
    if (earlier.parentBlock === null) return false;
    if (!reads) return true;
    if (earlier.parentBlock !== op.parentBlock) return false;
    for (
      let between = earlier.nextOp;
      between !== null && between !== op;
      between = between.nextOp
    ) {
      const effects = memoryEffects(between);
      if (effects === undefined || effects.some((effect) => effect.kind !== 'read')) return false;
    }
    return true;
  }
}
