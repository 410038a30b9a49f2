/** Says where a kernel keeps more in fragments than its threads have registers. */

import { TileFragmentType } from '../../dialects/generated/tile.js';
import type { IntegerAttr, Operation } from '../../ir/index.js';
import { registerLimit, type Target } from '../../targets/target.js';
import { isLoop, liveFragments, type LiveRange } from '../support/live-fragments.js';

/**
 * Remarks on a kernel whose loops keep the contents of fragments that cannot all be in registers: no compiler can avoid
 * that some lie in memory then. What an iteration sets anew does not count: its parts may be read as they are needed.
 */
export function remarkOnRegisters(kernel: Operation, target: Target): void {
  const limit = registerLimit((kernel.getAttribute('threads') as IntegerAttr).number, target);
  const [needed, kept] = mostKept(kernel);
  if (needed <= limit) return;
  kernel.emitRemark(
    `keeps fragments of ${needed} registers in each thread through a loop, but ${target.name} has ${limit}: the rest goes to memory`,
    kept.map(({ tile, registers }) => {
      const { shape, elementType } = tile.type as TileFragmentType;
      const type = TileFragmentType.get(shape, elementType);
      return tile.definingOp!.note(`${registers} registers for '${type}'`);
    }),
  );
}

/** The most registers that fragments take through the whole of a loop, and those fragments. */
function mostKept(kernel: Operation): [number, readonly LiveRange[]] {
  const { order, ranges, lastOf } = liveFragments(kernel);
  let most: [number, readonly LiveRange[]] = [0, []];
  for (const [at, op] of order.entries()) {
    if (!isLoop(op)) continue;
    const kept = ranges.filter(({ start, end }) => start <= at && lastOf(op) <= end);
    const registers = kept.reduce((sum, range) => sum + range.registers, 0);
    if (registers > most[0]) most = [registers, kept];
  }
  return most;
}
