/** Says where a copy or a parallel loop moves single elements from or to global memory, and why. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { bitWidth, MemRefType, type Operation } from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import { globalVectorLimit } from '../support/global-access.js';
import { remark } from '../support/remark.js';
import type { LoopAccesses } from '../support/vector-access.js';
import { globalRegionOf } from './global-region.js';

/** Bits of an access that gain nothing more from company. */
const WIDE_ENOUGH = 128;

/** Remarks on a copy that could have moved several elements at once but for one reason. */
export function remarkOnWidth(op: Operation, layout: Fragment, analysis: IntegerAnalysis): void {
  const region = globalRegionOf(op);
  if (region === undefined || region.extents[region.extents.length - 1] === 1) return;
  if (bitWidth(region.type.elementType)! >= WIDE_ENOUGH) return;
  const { width, reason } = globalVectorLimit(region, analysis);
  if (Math.min(width, layout.contiguousRun) > 1) return;
  const why = width > 1 ? 'a thread holds no neighbours of a row' : reason;
  remark(op, 'copy', `copy moves single elements: ${why}`);
}

/** Remarks on accesses of a loop to rows of a tensor that could have moved several elements at once but for one reason. */
export function remarkOnLoop(loop: Operation, layout: Fragment, accesses: LoopAccesses): void {
  for (const { run, width, reason, pattern } of accesses.of(loop)) {
    const { type } = run[0].memory;
    if (!(type instanceof MemRefType) || pattern === 'element') continue;
    if (bitWidth(type.elementType)! >= WIDE_ENOUGH) continue;
    if (layout.shape[layout.shape.length - 1] === 1) continue;
    if (Math.min(width, layout.contiguousRun * run.length) > 1) continue;
    const why = width > 1 ? 'a thread runs no neighbours of a row' : reason;
    for (const { op, isStore } of run)
      remark(op, 'copy', `loop ${isStore ? 'stores' : 'loads'} single elements: ${why}`);
  }
}
