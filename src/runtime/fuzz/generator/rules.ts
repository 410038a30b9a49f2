/** All statement families, each rule with its weights. */

import { atomicRules } from './atomics.js';
import { controlFlowRules } from './control-flow.js';
import { copyRules } from './copies.js';
import { elementwiseRules } from './elementwise.js';
import type { StatementRule } from './kernel-builder.js';
import { localRules } from './locals.js';
import { productRules } from './products.js';
import { reductionRules } from './reductions.js';
import { viewRules } from './views.js';

export const RULES: Readonly<Record<string, StatementRule>> = {
  ...copyRules,
  ...productRules,
  ...elementwiseRules,
  ...localRules,
  ...reductionRules,
  ...viewRules,
  ...atomicRules,
  ...controlFlowRules,
};
