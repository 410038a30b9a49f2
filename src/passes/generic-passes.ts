/** The passes of this folder, for the tools to register. */

import { applyPatternsPass } from './apply-patterns.js';
import { canonicalizePass } from './canonicalize.js';
import { controlFlowSinkPass } from './control-flow-sink.js';
import { csePass } from './cse.js';
import { compositeFixedPointPass } from './fixed-point.js';
import { inlinePass } from './inline.js';
import { intRangeOptimizationsPass } from './int-range-optimizations.js';
import { loopInvariantCodeMotionPass } from './loop-invariant-code-motion.js';
import { mem2regPass } from './mem2reg.js';
import type { PassDefinition } from './pass.js';
import { printIrPass } from './print-ir.js';
import { printOpStatsPass } from './print-op-stats.js';
import { reconcileUnrealizedCastsPass } from './reconcile-unrealized-casts.js';
import { removeDeadValuesPass } from './remove-dead-values.js';
import { sccpPass } from './sccp.js';
import { scfForLoopPeelingPass, scfForLoopUnrollPass } from './scf-loops.js';
import { snapshotOpLocationsPass } from './snapshot-op-locations.js';
import { sroaPass } from './sroa.js';
import { stripDebuginfoPass } from './strip-debuginfo.js';
import { symbolDcePass } from './symbol-dce.js';
import { symbolPrivatizePass } from './symbol-privatize.js';
import { topologicalSortPass } from './topological-sort.js';
import { viewOpGraphPass } from './view-op-graph.js';

export const genericPasses: readonly PassDefinition[] = [
  applyPatternsPass,
  canonicalizePass,
  compositeFixedPointPass,
  controlFlowSinkPass,
  csePass,
  inlinePass,
  intRangeOptimizationsPass,
  loopInvariantCodeMotionPass,
  mem2regPass,
  printIrPass,
  printOpStatsPass,
  reconcileUnrealizedCastsPass,
  removeDeadValuesPass,
  sccpPass,
  scfForLoopPeelingPass,
  scfForLoopUnrollPass,
  snapshotOpLocationsPass,
  sroaPass,
  stripDebuginfoPass,
  symbolDcePass,
  symbolPrivatizePass,
  topologicalSortPass,
  viewOpGraphPass,
];
