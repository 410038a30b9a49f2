/** Dominance as an analysis that passes share. */

import { DominanceInfo } from '../ir/index.js';
import { defineAnalysis } from './analysis-manager.js';

/** Preserved by passes that leave the blocks and the branches between them alone. */
export const dominanceAnalysis = defineAnalysis<DominanceInfo>({
  name: 'DominanceInfo',
  compute: () => new DominanceInfo(),
});
