/** The side of a copy that is a tensor in global memory. */

import { TileCopyOp } from '../../dialects/generated/tile.js';
import { spannedDimensions } from '../../dialects/tile/spanned-dimensions.js';
import { MemRefType, type Operation } from '../../ir/index.js';
import type { GlobalRegion } from '../support/global-access.js';
import { isTile } from '../support/tiles.js';

/** The tensor side of a copy, or undefined where both sides are tiles. */
export function globalRegionOf(op: Operation): GlobalRegion | undefined {
  const copy = new TileCopyOp(op);
  const [source, destination] = [copy.source.type, copy.destination.type];
  const isInside = copy.inBounds;
  if (source instanceof MemRefType && isTile(destination)) {
    return {
      tensor: copy.source,
      type: source,
      indices: copy.sourceIndices,
      extents: destination.shape,
      dims: spannedDimensions(op, source.shape.length, destination.shape.length),
      isInside,
    };
  }
  if (destination instanceof MemRefType && isTile(source)) {
    return {
      tensor: copy.destination,
      type: destination,
      indices: copy.destinationIndices,
      extents: source.shape,
      dims: spannedDimensions(op, destination.shape.length, source.shape.length),
      isInside,
    };
  }
  return undefined;
}
