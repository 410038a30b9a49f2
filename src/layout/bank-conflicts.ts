/** Shared-memory bank conflicts of one warp access, counted exactly. */

import { LayoutError } from './int-tuple.js';

/** Shared memory of NVIDIA GPUs (warps of 32) or LDS of AMD CDNA2/3 (waves of 64). */
export type BankModel = 'nvidia' | 'amd';

/** Both have 32 banks of 4 bytes and serve at most 128 bytes per cycle. */
export const BANKS = 32;
export const BANK_BYTES = 4;

export interface WarpAccess {
  /** Byte address of each lane; negative for a lane that does not take part. For ldmatrix: of each row of 16 bytes. */
  readonly addresses: ArrayLike<number>;
  /** Bytes per lane: 1, 2, 4, 8 or 16 (16 for ldmatrix and stmatrix, whose lanes give rows of 16 bytes). */
  readonly accessBytes: number;
  readonly model: BankModel;
}

export interface BankConflicts {
  /** Worst phase: the most distinct words that it needs from one bank. 1 is free of conflicts; 0 for no lane at all. */
  readonly degree: number;
  /** Cycles that all phases take together: the sum of their degrees. */
  readonly cycles: number;
  /** Phases with a lane in them: what `cycles` would be without conflicts. */
  readonly phases: number;
}

/**
 * Lanes that are served together, consecutive ones.
 *
 * Up to 4 bytes per lane: 32 lanes. 8 bytes: 16 (half a warp). 16 bytes: 8 (a quarter); each phase moves 128 bytes at most.
 * NVIDIA: as measured since Volta, and the 8 rows of each 8x8 matrix of ldmatrix. AMD: ds_read_b128 serves 8 lanes per
 * clock; that the 8 are consecutive is an assumption, since the grouping is undocumented on CDNA2/3.
 */
export function lanesPerPhase(accessBytes: number): number {
  return accessBytes <= BANK_BYTES ? 32 : 128 / accessBytes;
}

/** Scratch for {@link bankConflicts}: units wanted from each bank in the phase at hand. */
const wanted = new Float64Array(BANKS * BANKS);
const wantedCounts = new Int32Array(BANKS);

/**
 * Exact conflicts of one access by a warp. Lanes of a phase that want the same word of a bank share it (broadcast); distinct
 * words of one bank are served one after the other.
 *
 * Law: `degree` is the maximum over phases and banks of the number of distinct 4-byte words asked of that bank in
 * that phase.
 *
 * @throws LayoutError for an access width that is none, more lanes than a warp has, or a misaligned address.
 */
export function bankConflicts(access: WarpAccess): BankConflicts {
  const { addresses, accessBytes, model } = access;
  if (accessBytes < 1 || accessBytes > 16 || (accessBytes & (accessBytes - 1)) !== 0) {
    throw new LayoutError(`expected an access of 1, 2, 4, 8 or 16 bytes, found ${accessBytes}`);
  }
  const warpSize = model === 'nvidia' ? 32 : 64;
  if (addresses.length > warpSize) {
    throw new LayoutError(`expected at most ${warpSize} lanes, found ${addresses.length}`);
  }
  const lanes = lanesPerPhase(accessBytes);
  // An aligned vector of several words always falls on the same group of banks, so the group counts as one bank.
  const unitBytes = Math.max(BANK_BYTES, accessBytes);
  const groups = (BANKS * BANK_BYTES) / unitBytes;
  let [degree, cycles, phases] = [0, 0, 0];
  for (let first = 0; first < addresses.length; first += lanes) {
    for (let group = 0; group < groups; group += 1) wantedCounts[group] = 0;
    let worst = 0;
    const end = Math.min(first + lanes, addresses.length);
    for (let lane = first; lane < end; lane += 1) {
      const address = addresses[lane];
      if (address < 0) continue;
      if (address % accessBytes !== 0) {
        throw new LayoutError(
          `expected addresses that are multiples of ${accessBytes}, found ${address} in lane ${lane}`,
        );
      }
      const unit = Math.floor(address / unitBytes);
      const group = unit % groups;
      const base = group * BANKS;
      const count = wantedCounts[group];
      let at = 0;
      while (at < count && wanted[base + at] !== unit) at += 1;
      if (at < count) continue;
      wanted[base + count] = unit;
      wantedCounts[group] = count + 1;
      if (count + 1 > worst) worst = count + 1;
    }
    if (worst > 0) phases += 1;
    if (worst > degree) degree = worst;
    cycles += worst;
  }
  return { degree, cycles, phases };
}
