/** What operations of a kernel access in memory that threads share, and whether two accesses need an order. */

import { TileCopyOp, TileGemmOp } from '../../dialects/generated/tile.js';
import { isOp, StringAttr, type Operation, type Value } from '../../ir/index.js';
import { allocationOf, isShared } from '../support/tiles.js';
import { storageOf } from '../support/views.js';
import { VERSIONED } from './pipeline-loop.js';
import { bitsBetween, type SharedUse, type SharedUses } from './shared-owners.js';
import { TensorRegions, type TensorRegion } from './tensor-regions.js';

type AccessKind = 'read' | 'write' | 'update';

/** Accesses to shared memory, or to a tensor that the kernel writes, that need the same order. */
export interface Access {
  readonly kind: AccessKind;
  /** The shared tile's allocation, or the tensor. */
  readonly memory: Value;
  /** The part of a pipeline that accesses a version of its buffer; undefined for all other accesses. */
  readonly part: string | undefined;
  /** Of a shared tile. */
  readonly use: SharedUse | undefined;
  /** Of a tensor. */
  readonly region: TensorRegion | undefined;
}

/** An operation's accesses in front of and behind the barrier that it contains; most contain none. */
export interface OperationAccesses {
  readonly before: readonly Access[];
  readonly after: readonly Access[];
}

/** Whether an operation has a barrier of its own: a reduction whose parts meet in scratch memory. */
export function containsBarrier(op: Operation): boolean {
  return op.name.text === 'tile.reduce' && op.operandCount > 2;
}

/** The accesses of a kernel's operations, equal ones as one object. */
export class MemoryAccesses {
  private readonly ofOperation = new Map<Operation, OperationAccesses>();
  private readonly known = new Map<string, Access>();
  private readonly bits = new Map<Access, Map<Access, number>>();
  private readonly regions: TensorRegions;

  constructor(
    kernel: Operation,
    private readonly uses: SharedUses,
    /** All bits of the numbers of a block's threads. */
    readonly everyBit: number,
  ) {
    this.regions = new TensorRegions(kernel);
  }

  of(op: Operation): OperationAccesses {
    let accesses = this.ofOperation.get(op);
    if (accesses === undefined) {
      const after = containsBarrier(op) ? this.access('read', op.operand(2), op) : [];
      accesses = { before: [...new Set(this.find(op))], after };
      this.ofOperation.set(op, accesses);
    }
    return accesses;
  }

  /** The bits in which threads may differ that meet in these two accesses, one a write; 0 where the accesses need no order. */
  bitsBetween(earlier: Access, later: Access): number {
    let found = this.bits.get(earlier);
    if (found === undefined) this.bits.set(earlier, (found = new Map<Access, number>()));
    let bits = found.get(later);
    if (bits === undefined) found.set(later, (bits = this.compare(earlier, later)));
    return bits;
  }

  private compare(earlier: Access, later: Access): number {
    // Reads do not disturb each other, and atomic updates have no order among themselves.
    if (earlier.kind === later.kind && later.kind !== 'write') return 0;
    if (earlier.use !== undefined && later.use !== undefined)
      return bitsBetween(earlier.use, later.use, this.everyBit);
    if (earlier.memory !== later.memory) return 0;
    const [from, to] = [earlier, later].map(({ region, kind }) => ({
      region: region!,
      isWrite: kind === 'write',
    }));
    return this.regions.bitsBetween(from, to, this.everyBit);
  }

  /** The memory that an operation touches itself, its regions included where they are no control flow. */
  private find(op: Operation): Access[] {
    if (isOp(op, TileCopyOp)) {
      const { source, destination } = new TileCopyOp(op);
      return [...this.access('read', source, op), ...this.access('write', destination, op)];
    }
    if (isOp(op, TileGemmOp)) {
      const { a, b } = new TileGemmOp(op);
      return [...this.access('read', a, op), ...this.access('read', b, op)];
    }
    switch (op.name.text) {
      case 'tile.clear':
      case 'tile.fill':
        return this.access('write', op.operand(0), op);
      case 'tile.scan':
      case 'tile.transpose':
        return [
          ...this.access('read', op.operand(0), op),
          ...this.access('write', op.operand(1), op),
        ];
      case 'tile.reduce':
        return containsBarrier(op) ? this.access('write', op.operand(2), op) : [];
      case 'tile.atomic':
        return [
          ...this.access('read', op.operand(0), op),
          ...this.access('update', op.operand(1), op),
        ];
      case 'tile.load':
        return this.access('read', op.operand(0), op);
      case 'tile.store':
        return this.access('write', op.operand(1), op);
      case 'tile.parallel': {
        const all: Access[] = [];
        op.walk((nested) => {
          if (nested !== op) all.push(...this.find(nested));
        }, 'pre');
        return all;
      }
      default:
        return [];
    }
  }

  private access(kind: AccessKind, memory: Value, op: Operation): Access[] {
    const region = this.regions.of(op, memory);
    if (region !== undefined)
      return [this.unique({ kind, memory, part: undefined, use: undefined, region })];
    if (!isShared(memory.type)) return [];
    const versioned = storageOf(memory).definingOp?.getAttribute(VERSIONED);
    const part = versioned instanceof StringAttr ? versioned.value : undefined;
    const use = this.uses.of(op, memory, kind !== 'read');
    return [this.unique({ kind, memory: allocationOf(memory), part, use, region: undefined })];
  }

  private unique(access: Access): Access {
    const { kind, memory, part, use, region } = access;
    const key = `${kind} ${memory.identity} ${part} ${region?.number} ${use?.elementBytes} ${use?.distribution?.key}`;
    const known = this.known.get(key) ?? access;
    this.known.set(key, known);
    return known;
  }
}

/**
 * The barrier in a pipelined loop orders the copies that run ahead and the computation, on versions of a buffer. It does not
 * reach over to the prologue of the loop's next execution, nor between two accesses of one computation.
 */
export function isOrderedByPipeline(earlier: Access, later: Access): boolean {
  if (earlier.part === undefined || later.part === undefined) return false;
  const isNextExecution = earlier.part !== 'prologue' && later.part === 'prologue';
  const isWithinComputation = earlier.part === 'computation' && later.part === 'computation';
  return earlier.memory === later.memory && !isNextExecution && !isWithinComputation;
}
