/** How much of what memory moves is wanted. */

import type { Fragment } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';

/** Bytes that memory moves at least. */
export const SECTOR_BYTES = 32;

/** Bytes wanted per byte that memory moves when every warp stores its fragment `width` elements at a time. */
export function sectorEfficiency(
  fragment: Fragment,
  width: number,
  bits: number,
  target: Target,
): number {
  const columns = fragment.shape[fragment.shape.length - 1];
  const sectors = new Set<number>();
  let wanted = 0;
  // One access of one warp: register 0 of its lanes. The others are the same up to whole tiles.
  for (let lane = 0; lane < Math.min(target.warp_size, fragment.threads); lane++) {
    const element = fragment.elementAt(lane, 0);
    if (element >= fragment.size) continue;
    const byte = ((element % columns) * bits) / 8;
    const row = Math.floor(element / columns);
    for (let at = byte; at < byte + (width * bits) / 8; at += bits / 8) {
      sectors.add(row * columns * bits + Math.floor(at / SECTOR_BYTES));
    }
    wanted += (width * bits) / 8;
  }
  return wanted / (sectors.size * SECTOR_BYTES);
}
