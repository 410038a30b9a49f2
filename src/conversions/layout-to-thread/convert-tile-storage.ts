/** The pass that gives tiles their memory: register arrays and views of the block's shared memory. */

import type { Operation } from '../../ir/index.js';
import { Rewriter } from '../../rewrite/index.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { isView } from '../support/views.js';
import { lowerAllocation, lowerSlice, lowerView } from './tile-memory.js';

export const convertTileStorageToMemref = defineKernelPass({
  name: 'convert-tile-storage-to-memref',
  summary: 'turn allocations and slices of tiles into register arrays and views of shared memory',
  requires: ['memref', 'gpu', 'builtin'],
  run: (kernel) => {
    const rewriter = new Rewriter(kernel.context);
    const storage: Operation[] = [];
    kernel.walk((op) => {
      if (op.name.text === 'tile.alloc' || op.name.text === 'tile.slice' || isView(op))
        storage.push(op);
    }, 'pre');
    for (const op of storage) {
      if (op.name.text === 'tile.alloc') lowerAllocation(rewriter, op);
      else if (isView(op)) lowerView(rewriter, op);
      else lowerSlice(rewriter, op);
    }
  },
});
