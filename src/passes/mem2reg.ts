/** Turns memory that only loads and stores of one block structure use into values. */

import {
  dominanceAnalysis,
  immediateDominators,
  iteratedDominanceFrontier,
} from '../analysis/index.js';
import { BranchInterface } from '../dialects/interfaces.js';
import {
  PromotableAllocationInterface,
  PromotableMemoryInterface,
  type MemorySlot,
  type PromotableAllocation,
} from '../dialects/memory-slots.js';
import type { Block, DominanceInfo, Operation, Region, Value } from '../ir/index.js';
import { Rewriter } from '../rewrite/index.js';
import { booleanOption } from './pass-options.js';
import { definePass } from './pass.js';

export const mem2regPass = definePass({
  name: 'mem2reg',
  title: 'Mem2Reg',
  summary: 'Promotes memory slots into values.',
  description:
    'A slot of one value (a stack buffer or an array of each thread, of one element) that is only loaded and stored, all in the region of its allocation, becomes values; block arguments where paths meet. What is read before it was written is zero.',
  options: {
    'region-simplify': booleanOption(
      true,
      'Accepted; as upstream, the blocks stay as they are either way',
    ),
  },
  statistics: {
    'promoted slots': 'Total amount of memory slot promoted',
    'new block args': 'Total amount of new block argument inserted in blocks',
  },
  run(root, pass) {
    const { context, statistics, markAllAnalysesPreserved, markAnalysesPreserved } = pass;
    const dominance = pass.getAnalysis(dominanceAnalysis);
    const rewriter = new Rewriter(context);
    let hasChanged = false;
    // A slot that held the address of another may set that one free.
    for (let hasPromoted = true; hasPromoted;) {
      hasPromoted = false;
      const allocations: Operation[] = [];
      root.walk((op) => {
        if (op.getInterface(PromotableAllocationInterface) !== undefined) allocations.push(op);
      }, 'pre');
      for (const op of allocations) {
        const allocation = op.getInterface(PromotableAllocationInterface)!;
        for (const slot of allocation.slots(op)) {
          const accesses = accessesOf(slot);
          if (accesses === undefined) continue;
          const promotion = new Promotion(op, allocation, slot, accesses, dominance, rewriter);
          const count = promotion.promote();
          if (count === undefined) continue;
          statistics['promoted slots']++;
          statistics['new block args'] += count;
          hasPromoted = true;
          hasChanged = true;
        }
      }
    }
    if (!hasChanged) markAllAnalysesPreserved();
    markAnalysesPreserved(dominanceAnalysis);
  },
});

interface Accesses {
  readonly loads: ReadonlySet<Operation>;
  readonly stores: ReadonlyMap<Operation, Value>;
}

/** What uses a slot; undefined where it is used otherwise, elsewhere, or not at all. */
function accessesOf(slot: MemorySlot): Accesses | undefined {
  const { pointer } = slot;
  if (!pointer.hasUses) return undefined;
  const loads = new Set<Operation>();
  const stores = new Map<Operation, Value>();
  for (const user of pointer.users()) {
    const memory = user.getInterface(PromotableMemoryInterface);
    if (memory === undefined || user.parentRegion !== pointer.parentBlock?.parentRegion)
      return undefined;
    const stored = memory.storedValue(user, slot);
    if (stored !== undefined) stores.set(user, stored);
    else if (memory.loads(user, slot)) loads.add(user);
    else return undefined;
  }
  return { loads, stores };
}

class Promotion {
  private readonly region: Region;
  private default: Value | undefined;

  constructor(
    private readonly op: Operation,
    private readonly allocation: PromotableAllocation,
    private readonly slot: MemorySlot,
    private readonly accesses: Accesses,
    private readonly dominance: DominanceInfo,
    private readonly rewriter: Rewriter,
  ) {
    this.region = op.parentRegion!;
  }

  /** Returns the number of block arguments it took, undefined where it cannot be done. */
  promote(): number | undefined {
    const merges = this.mergeBlocks();
    const canHandOver = [...merges].every((block) =>
      [...block.predecessors()].every(
        ({ lastOp }) => lastOp?.getInterface(BranchInterface)?.appendOperands !== undefined,
      ),
    );
    if (!canHandOver) return undefined;
    const atStart = new Map<Block, Value>();
    for (const block of merges) {
      const { elementType } = this.slot;
      atStart.set(block, this.rewriter.addBlockArgument(block, elementType, this.op.location));
    }
    const atEnd = new Map<Block, Value | undefined>();
    for (const [block, dominator] of immediateDominators(this.region, this.dominance)) {
      const inherited = dominator === undefined ? undefined : atEnd.get(dominator);
      atEnd.set(block, this.promoteBlock(block, atStart.get(block) ?? inherited));
    }
    // Nothing runs in the blocks that are left.
    for (const block of this.region.blocks())
      if (!atEnd.has(block)) atEnd.set(block, this.promoteBlock(block, undefined));
    for (const block of merges) {
      for (const from of new Set(block.predecessors())) {
        const branch = from.lastOp!;
        const { appendOperands } = branch.getInterface(BranchInterface)!;
        const value = atEnd.get(from) ?? this.defaultValue();
        branch.successors.forEach((successor, index) => {
          if (successor.block !== block) return;
          this.rewriter.modifyInPlace(branch, () => appendOperands!(branch, index, [value]));
        });
      }
    }
    this.rewriter.erase(this.op);
    if (this.default?.hasUses === false) this.rewriter.erase(this.default.definingOp!);
    return merges.size;
  }

  /** Blocks where different values of the slot meet and one of them is read. */
  private mergeBlocks(): ReadonlySet<Block> {
    if (this.region.hasOneBlock) return new Set();
    const { loads, stores } = this.accesses;
    const defining = new Set([...stores.keys()].map((op) => op.parentBlock!));
    const liveIn = new Set<Block>();
    const pending: Block[] = [];
    const markLive = (block: Block): void => {
      if (liveIn.has(block)) return;
      liveIn.add(block);
      pending.push(block);
    };
    for (const block of new Set([...loads].map((op) => op.parentBlock!))) {
      for (let op = block.firstOp; op !== null && !stores.has(op); op = op.nextOp) {
        if (!loads.has(op)) continue;
        markLive(block);
        break;
      }
    }
    for (let block = pending.pop(); block !== undefined; block = pending.pop())
      for (const predecessor of block.predecessors())
        if (!defining.has(predecessor)) markLive(predecessor);
    // Where the slot comes into being it holds nothing yet.
    defining.add(this.op.parentBlock!);
    return iteratedDominanceFrontier(
      this.region,
      defining,
      (block) => liveIn.has(block),
      this.dominance,
    );
  }

  /** Takes the accesses of a block out; returns the value of the slot behind them. */
  private promoteBlock(block: Block, before: Value | undefined): Value | undefined {
    let value = before;
    for (const op of block.operations()) {
      const stored = this.accesses.stores.get(op);
      if (stored !== undefined) {
        // What is stored may have been loaded, and that load is replaced by now.
        value = op.getInterface(PromotableMemoryInterface)!.storedValue(op, this.slot);
        this.rewriter.erase(op);
      } else if (this.accesses.loads.has(op)) {
        this.rewriter.replaceOp(op, [value ?? this.defaultValue()]);
      }
    }
    return value;
  }

  private defaultValue(): Value {
    if (this.default === undefined) {
      const block = this.op.parentBlock!;
      this.rewriter.at({ block, before: block.firstOp }, () => {
        this.default = this.allocation.defaultValue(this.slot, this.rewriter, this.op.location);
      });
    }
    return this.default!;
  }
}
