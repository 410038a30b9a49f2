/** How many blocks a multiprocessor holds at once, and what keeps it from holding more. */

import type { Target } from '../targets/target.js';

export type LimitingResource = 'registers' | 'shared memory' | 'warps' | 'blocks';

export interface Occupancy {
  /** 0 where not even one block fits. */
  readonly blocks: number;
  readonly warps: number;
  /** Warps of all that the multiprocessor can hold. */
  readonly fraction: number;
  readonly limitedBy: LimitingResource;
  /** Blocks that each resource alone would allow. */
  readonly limits: Readonly<Record<LimitingResource, number>>;
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/**
 * Blocks per multiprocessor.
 *
 * Law: the least of what registers (per partition and warp, in units), shared memory (with what the system takes), warp
 * slots and block slots allow. Equal limits are named in that order.
 */
export function occupancyOf(
  block: { readonly threads: number; readonly registers: number; readonly sharedBytes: number },
  { multiprocessor: limits, warp_size, vendor, registers_per_thread }: Target,
): Occupancy {
  const warps = Math.max(1, Math.ceil(block.threads / warp_size));
  const registers = Math.min(Math.max(1, block.registers), registers_per_thread);
  const perWarp = roundUp(registers * warp_size, limits.register_unit);
  const warpsByRegisters =
    Math.floor(limits.registers / limits.partitions / perWarp) * limits.partitions;
  const shared = roundUp(block.sharedBytes + limits.shared_reserved, limits.shared_unit);
  // Work-groups of one wave need none of the barriers that limit the others on AMD.
  const isBarrierFree = vendor === 'amd' && warps === 1;
  const byResource: Record<LimitingResource, number> = {
    registers: Math.floor(warpsByRegisters / warps),
    'shared memory': shared === 0 ? limits.warps : Math.floor(limits.shared_bytes / shared),
    warps: Math.floor(limits.warps / warps),
    blocks: isBarrierFree ? limits.warps : limits.blocks,
  };
  const entries = Object.entries(byResource) as [LimitingResource, number][];
  const [limitedBy, blocks] = entries.reduce((least, entry) =>
    entry[1] < least[1] ? entry : least,
  );
  return {
    blocks,
    warps: blocks * warps,
    fraction: (blocks * warps) / limits.warps,
    limitedBy,
    limits: byResource,
  };
}
