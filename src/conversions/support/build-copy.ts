/** Builds `tile.copy` operations with the distribution over threads that goes with them. */

import { LayoutFragmentAttr } from '../../dialects/generated/layout.js';
import { TileCopyOp } from '../../dialects/generated/tile.js';
import type { Builder, Location, Value } from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';

export interface CopyArguments {
  readonly source: Value;
  readonly sourceIndices?: readonly Value[];
  readonly destination: Value;
  readonly destinationIndices?: readonly Value[];
  /** The tensor's dimension for each of the tile's; the last ones where it is left out. */
  readonly dims?: readonly number[];
  /** Which thread moves which elements. */
  readonly layout: Fragment;
  readonly mode?: 'sync' | 'async';
  readonly inBounds?: boolean;
  readonly location?: Location;
}

export function buildCopy(builder: Builder, copy: CopyArguments): TileCopyOp {
  return TileCopyOp.build(builder, {
    ...copy,
    sourceIndices: copy.sourceIndices ?? [],
    destinationIndices: copy.destinationIndices ?? [],
    layout: LayoutFragmentAttr.get(copy.layout),
  });
}
