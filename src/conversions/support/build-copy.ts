/** Builds `tile.copy` operations. */

import { LayoutFragmentAttr } from '../../dialects/generated/layout.js';
import {
  DenseArrayAttr,
  i32,
  StringAttr,
  UnitAttr,
  type Builder,
  type Location,
  type Operation,
  type Value,
} from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';

export interface CopyArguments {
  readonly source: Value;
  readonly sourceIndices?: readonly Value[];
  readonly destination: Value;
  readonly destinationIndices?: readonly Value[];
  /** Which thread moves which elements. */
  readonly layout: Fragment;
  readonly mode?: 'sync' | 'async';
  readonly inBounds?: boolean;
  readonly location?: Location;
}

export function buildCopy(builder: Builder, copy: CopyArguments): Operation {
  const sourceIndices = copy.sourceIndices ?? [];
  const destinationIndices = copy.destinationIndices ?? [];
  return builder.create('tile.copy', {
    operands: [copy.source, ...sourceIndices, copy.destination, ...destinationIndices],
    attributes: {
      operandSegmentSizes: DenseArrayAttr.get(i32, [
        1,
        sourceIndices.length,
        1,
        destinationIndices.length,
      ]),
      layout: LayoutFragmentAttr.get(copy.layout),
      mode: copy.mode === undefined ? undefined : StringAttr.get(copy.mode),
      in_bounds: copy.inBounds ? UnitAttr.get() : undefined,
    },
    location: copy.location,
  });
}
