/** The passes of this folder, for the tools to register. */

import { canonicalizePass } from './canonicalize.js';
import { csePass } from './cse.js';
import { inlinePass } from './inline.js';
import { loopInvariantCodeMotionPass } from './loop-invariant-code-motion.js';
import type { PassDefinition } from './pass.js';
import { printIrPass } from './print-ir.js';
import { printOpStatsPass } from './print-op-stats.js';
import { reconcileUnrealizedCastsPass } from './reconcile-unrealized-casts.js';
import { sccpPass } from './sccp.js';
import { stripDebuginfoPass } from './strip-debuginfo.js';
import { symbolDcePass } from './symbol-dce.js';
import { topologicalSortPass } from './topological-sort.js';

export const genericPasses: readonly PassDefinition[] = [
  canonicalizePass,
  csePass,
  inlinePass,
  loopInvariantCodeMotionPass,
  printIrPass,
  printOpStatsPass,
  reconcileUnrealizedCastsPass,
  sccpPass,
  stripDebuginfoPass,
  symbolDcePass,
  topologicalSortPass,
];
