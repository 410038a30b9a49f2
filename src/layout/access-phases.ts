/** Finds the phase of a shared-memory access that meets the worst bank conflict, and the lanes that meet in it. */

import {
  BANK_BYTES,
  bankConflicts,
  BANKS,
  lanesPerPhase,
  type BankModel,
} from './bank-conflicts.js';
import { LayoutError } from './int-tuple.js';
import { accessBytesOf, forEachWarpAccess, type SharedAccess } from './shared-layout.js';
import type { ComposedLayout } from './swizzle.js';
import { Layout } from './layout.js';

export interface PhaseLane {
  readonly lane: number;
  /** Row-major number of the first element that the lane accesses. */
  readonly element: number;
  /** Whether it shares a bank with a lane that wants another word, as often as any in the phase. */
  readonly isConflicting: boolean;
}

export interface AccessPhase {
  /** Words that the worst bank is asked for; 1 is free of conflicts. */
  readonly degree: number;
  /** Neighbouring elements that each lane moves. */
  readonly vector: number;
  readonly lanes: readonly PhaseLane[];
}

/**
 * The first phase with the highest degree over all accesses of all warps to a tile; undefined where no lane takes part.
 *
 * @throws LayoutError where the layout lacks a mode per dimension.
 */
export function worstPhase(
  layout: Layout | ComposedLayout,
  shape: readonly number[],
  elementBits: number,
  access: SharedAccess,
  model: BankModel,
): AccessPhase | undefined {
  const inner = layout instanceof Layout ? layout : layout.layout;
  if (inner.modes.length !== shape.length)
    throw new LayoutError(`expected a layout of ${shape.length} modes, found ${layout}`);
  const accessBytes = Math.max(1, accessBytesOf(access, elementBits));
  const vector = Math.max(1, (accessBytes * 8) / elementBits);
  const perPhase = lanesPerPhase(accessBytes);
  const addressOf = (element: number): number => {
    const coordinates: number[] = [];
    for (let dimension = shape.length - 1, rest = element; dimension >= 0; dimension--) {
      coordinates.unshift(rest % shape[dimension]);
      rest = Math.floor(rest / shape[dimension]);
    }
    return Math.floor((layout.at(coordinates) * elementBits) / 8 / accessBytes) * accessBytes;
  };
  let worst: AccessPhase | undefined;
  forEachWarpAccess(access, shape, elementBits, model === 'nvidia' ? 32 : 64, (elements) => {
    for (let first = 0; first < elements.length; first += perPhase) {
      const lanes = [...elements.subarray(first, first + perPhase)];
      if (lanes.every((element) => element < 0)) continue;
      const addresses = lanes.map((element) => (element < 0 ? -1 : addressOf(element)));
      const { degree } = bankConflicts({ addresses, accessBytes, model });
      if (worst !== undefined && degree <= worst.degree) continue;
      const isConflicting = conflictingLanes(addresses, accessBytes, degree);
      worst = {
        degree,
        vector,
        lanes: lanes.flatMap((element, i) =>
          element < 0 ? [] : [{ lane: first + i, element, isConflicting: isConflicting[i] }],
        ),
      };
    }
    return true;
  });
  return worst;
}

/** Lanes whose bank is asked for `degree` different words; none where that is 1. */
function conflictingLanes(
  addresses: readonly number[],
  accessBytes: number,
  degree: number,
): boolean[] {
  const unit = Math.max(BANK_BYTES, accessBytes);
  const banks = (BANKS * BANK_BYTES) / unit;
  const words = new Map<number, Set<number>>();
  const bankOf = (address: number): number => Math.floor(address / unit) % banks;
  for (const address of addresses) {
    if (address < 0) continue;
    const bank = bankOf(address);
    words.set(bank, (words.get(bank) ?? new Set()).add(Math.floor(address / unit)));
  }
  return addresses.map(
    (address) => degree > 1 && address >= 0 && words.get(bankOf(address))!.size === degree,
  );
}
