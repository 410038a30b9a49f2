/** Single elements outside of loops over elements: no thread holds all of a fragment, so they are found in memory. */

import { TileLoadOp, TileStoreOp } from '../../../dialects/generated/tile.js';
import { isFragment } from '../../support/tiles.js';
import type { LayoutRule } from './rule.js';

function elementRule(operation: string, operand: number, isStore: boolean): LayoutRule {
  return {
    operation,
    demands(op, state) {
      const tile = op.operand(operand);
      const isInLoop = op.getParentOfName('tile.parallel') !== undefined;
      if (isInLoop || !isFragment(tile.type) || !state.has(tile)) return [];
      return [
        {
          op,
          tile,
          wanted: 'shared',
          reason: 'single elements are accessed outside of a loop over elements',
          uses: [{ op, operand }],
          isRead: true,
          isWritten: isStore,
        },
      ];
    },
  };
}

export const elementRules: readonly LayoutRule[] = [
  elementRule(TileLoadOp.opName, 0, false),
  elementRule(TileStoreOp.opName, 1, true),
];
