/** Demands that a state does not meet, and what meeting each costs. */

import type { TileFragmentType } from '../../../dialects/generated/tile.js';
import { elementBits } from '../../support/tiles.js';
import type { Fragment } from '../../../layout/index.js';
import type { Conversion, ConversionCosts } from './conversion.js';
import type { Demand } from './rule.js';
import type { LayoutState } from './state.js';

export interface Mismatch {
  readonly demand: Demand;
  readonly settled: Fragment;
  /** On the way to the operation and on the way back; undefined where elements do not go that way. */
  readonly before: Conversion | undefined;
  readonly after: Conversion | undefined;
  /** The cheapest alternative that was not taken. */
  readonly alternative: Conversion | undefined;
}

function hasForm(fragment: Fragment, other: Fragment): boolean {
  const shape = (value: Fragment): string => value.value.modes.map((mode) => mode.size).join();
  return shape(fragment) === shape(other);
}

/** How a demand that is not met is met; undefined where it is. */
export function mismatchOf(
  demand: Demand,
  state: LayoutState,
  costs: ConversionCosts,
): Mismatch | undefined {
  const settled = state.get(demand.tile)!;
  const { wanted } = demand;
  if (wanted === 'shared') {
    const [through] = costs.toMemory(settled, bitsOf(demand));
    return {
      demand,
      settled,
      before: demand.isRead ? through : undefined,
      after: demand.isWritten ? through : undefined,
      alternative: undefined,
    };
  }
  const isMet =
    settled.isEquivalent(wanted) && (demand.isExact !== true || hasForm(settled, wanted));
  if (isMet) return undefined;
  const there = costs.between(settled, wanted, bitsOf(demand));
  const back = costs.between(wanted, settled, bitsOf(demand));
  return {
    demand,
    settled,
    before: demand.isRead ? there[0] : undefined,
    after: demand.isWritten ? back[0] : undefined,
    alternative: demand.isRead ? there.at(1) : back.at(1),
  };
}

function bitsOf({ tile }: Demand): number {
  return elementBits(tile.type as TileFragmentType);
}
