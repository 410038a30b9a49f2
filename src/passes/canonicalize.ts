/** The canonicalize pass: folds and canonicalization patterns of all dialects, to a fixpoint. */

import { applyPatternsGreedily, describeCycle } from '../rewrite/index.js';
import { canonicalizationPatterns } from './canonicalization/registry.js';
import { booleanOption, enumOption, integerOption, listOption } from './pass-options.js';
import { definePass } from './pass.js';

export const canonicalizePass = definePass({
  name: 'canonicalize',
  title: 'Canonicalizer',
  summary: 'Canonicalize operations',
  description:
    'Folds operations, applies the canonicalization patterns of every loaded dialect, removes dead operations and simplifies regions until nothing changes.',
  options: {
    'top-down': booleanOption(true, 'seed the worklist in general top-down order'),
    'region-simplify': enumOption(
      ['disabled', 'normal', 'aggressive'],
      'normal',
      'perform control flow optimizations to the region tree',
    ),
    'max-iterations': integerOption(
      10,
      'max iterations between applying patterns and simplifying regions; -1 for no limit',
      { minimum: -1 },
    ),
    'max-num-rewrites': integerOption(
      -1,
      'max number of pattern rewrites within an iteration; -1 for no limit',
      { minimum: -1 },
    ),
    'test-convergence': booleanOption(false, 'fail where no fixpoint was reached'),
    'disable-patterns': listOption('labels of patterns that should be filtered out'),
    'enable-patterns': listOption('labels of patterns that should be used, all others are not'),
  },
  run(op, { context, options, markAllAnalysesPreserved }) {
    const patterns = canonicalizationPatterns(context).filter({
      disabled: options['disable-patterns'],
      enabled: options['enable-patterns'],
    });
    const { converged, changed, cycle } = applyPatternsGreedily(op, patterns, {
      useTopDownTraversal: options['top-down'],
      regionSimplification: options['region-simplify'],
      maxIterations: options['max-iterations'],
      maxNumRewrites: options['max-num-rewrites'],
    });
    if (!changed) markAllAnalysesPreserved();
    if (cycle !== undefined)
      return op.emitOpError(`canonicalization does not end: ${describeCycle(cycle)}`);
    if (!converged && options['test-convergence'])
      return op.emitOpError('canonicalization did not converge');
    return true;
  },
});
