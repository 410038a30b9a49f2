/** Forgets where operations came from. */

import { unknownLocation } from '../ir/index.js';
import { definePass } from './pass.js';

export const stripDebuginfoPass = definePass({
  name: 'strip-debuginfo',
  title: 'StripDebugInfo',
  summary: 'Strip debug info from all operations',
  run(root, { markAllAnalysesPreserved }) {
    markAllAnalysesPreserved();
    root.walk((op) => {
      op.location = unknownLocation;
      for (const region of op.regions) {
        for (const block of region.blocks())
          for (const argument of block.arguments) argument.location = unknownLocation;
      }
    });
  },
});
