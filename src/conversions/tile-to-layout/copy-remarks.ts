/** Says where a copy from or to global memory moves single elements, and why. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { bitWidth, type Operation } from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import { globalVectorLimit } from '../support/global-access.js';
import { remark } from '../support/remark.js';
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
