/**
 * Places barriers: one in front of every operation that touches shared memory which another thread may have written (or is
 * about to have overwritten) since the last barrier. No barrier without such a pair, none where each thread meets only its
 * own elements, and none for more warps than meet in the pairs that it alone orders.
 */

import { LayoutThreadsAttr } from '../../dialects/generated/layout.js';
import { Builder, type IntegerAttr, type Operation, type Value } from '../../ir/index.js';
import { bitsOfGroup, groupOfBits } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { remark } from '../support/remark.js';
import { groupSupport, THREAD_GROUP } from '../support/thread-groups.js';
import { findHazards, type Hazard } from './hazards.js';
import { containsBarrier, MemoryAccesses } from './memory-accesses.js';
import { OF_PIPELINE } from './pipeline-loop.js';
import { SharedUses } from './shared-owners.js';

export function insertBarriers(kernel: Operation, target: Target): void {
  const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  const everyBit = 2 ** Math.ceil(Math.log2(threads)) - 1;
  const accesses = new MemoryAccesses(kernel, new SharedUses(kernel, target.warp_size), everyBit);
  const placed = new Set<Operation>();
  findHazards(kernel, accesses, {
    reachOf: () => everyBit,
    onHazards: (op) => {
      placed.add(Builder.before(op).create('gpu.barrier'));
      return everyBit;
    },
  });
  new BarrierNarrowing(kernel, accesses, threads, target).run(placed);
}

/** Finds for one barrier after the other, all others as they are, the least group whose meeting is enough. */
class BarrierNarrowing {
  private readonly reaches = new Map<Operation, number>();

  constructor(
    private readonly kernel: Operation,
    private readonly accesses: MemoryAccesses,
    private readonly threads: number,
    private readonly target: Target,
  ) {}

  /** Leaves barriers of the author as they are. */
  run(placed: ReadonlySet<Operation>): void {
    const barriers: { op: Operation; depth: number; isOfPipeline: boolean }[] = [];
    this.kernel.walk((op) => {
      const isOfPipeline = op.hasAttribute(OF_PIPELINE);
      if (placed.has(op) || isOfPipeline || containsBarrier(op))
        barriers.push({ op, depth: loopDepth(op), isOfPipeline });
    }, 'pre');
    // What runs most often is narrowed first. A pipeline's barrier is taken for granted by all others, and so comes last.
    barriers.sort((a, b) => Number(a.isOfPipeline) - Number(b.isOfPipeline) || b.depth - a.depth);
    for (const { op, isOfPipeline } of barriers) this.narrow(op, isOfPipeline);
  }

  private narrow(barrier: Operation, isOfPipeline: boolean): void {
    const { everyBit } = this.accesses;
    const hazards: Hazard[] = [];
    findHazards(this.kernel, this.accesses, {
      reachOf: (op) => (op === barrier ? 0 : (this.reaches.get(op) ?? everyBit)),
      onHazards: (_, found) => {
        hazards.push(...found);
        return 0;
      },
      judged: isOfPipeline ? this.memoryIn(barrier.parentOp!) : undefined,
    });
    barrier.setAttribute(OF_PIPELINE, undefined);
    const needed = hazards.reduce((bits, hazard) => bits | hazard.bits, 0);
    if (needed === 0 && barrier.name.text === 'gpu.barrier') {
      barrier.erase();
      return;
    }
    const lanes = this.target.warp_size - 1;
    const reach = (needed | lanes) & everyBit;
    if (reach === everyBit) return;
    const group = groupOfBits(reach);
    const names = tileNames(hazards);
    const missing = groupSupport(group, this.threads, this.target);
    if (missing !== undefined) {
      remark(
        barrier,
        'barrier',
        `barrier of the block, though only threads of a group '${group}' meet in ${names}: ${missing}`,
      );
      return;
    }
    remark(
      barrier,
      'barrier',
      `barrier of each ${group.size} threads, '${group}', instead of the block's ${this.threads}: no others meet in ${names}`,
    );
    this.reaches.set(barrier, bitsOfGroup(group));
    barrier.setAttribute(THREAD_GROUP, LayoutThreadsAttr.get(group));
  }

  /** What operations inside of another one access. */
  private memoryIn(parent: Operation): ReadonlySet<Value> {
    const memory = new Set<Value>();
    parent.walk((op) => {
      const { before, after } = this.accesses.of(op);
      for (const access of [...before, ...after]) memory.add(access.memory);
    });
    return memory;
  }
}

function loopDepth(op: Operation): number {
  let depth = 0;
  for (let parent = op.parentOp; parent !== null; parent = parent.parentOp)
    if (parent.name.text === 'scf.for' || parent.name.text === 'scf.while') depth++;
  return depth;
}

function tileNames(hazards: readonly Hazard[]): string {
  const names = hazards.flatMap(({ earlier, later }) =>
    [earlier, later].map(({ memory }) => `'%${memory.name ?? '?'}'`),
  );
  return [...new Set(names)].join(' and ');
}

export const tileInsertBarriers = defineKernelPass({
  name: 'tile-insert-barriers',
  summary:
    'place the barriers that accesses to shared memory and rewritten tensors need, and no others',
  requires: ['gpu', 'layout'],
  run: insertBarriers,
});
