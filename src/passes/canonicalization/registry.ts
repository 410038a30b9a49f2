/** The canonicalization patterns of each dialect; folds are not here but with the operations. */

import type { Context } from '../../ir/index.js';
import { patternsOfDialect, PatternSet, type RewritePattern } from '../../rewrite/index.js';
import { affineCanonicalization } from './affine.js';
import { arithCanonicalization } from './arith.js';
import { cfCanonicalization } from './cf.js';
import { memrefCanonicalization } from './memref.js';
import { scfCanonicalization } from './scf.js';
import { vectorCanonicalization } from './vector.js';

const byDialect = new Map<string, readonly RewritePattern[]>([
  ['affine', affineCanonicalization],
  ['arith', arithCanonicalization],
  ['cf', cfCanonicalization],
  ['memref', memrefCanonicalization],
  ['scf', scfCanonicalization],
  ['vector', vectorCanonicalization],
]);

/** Makes the canonicalization patterns of a dialect known, replacing those given before for it. */
export function registerCanonicalization(
  dialect: string,
  patterns: readonly RewritePattern[],
): void {
  byDialect.set(dialect, patterns);
}

/** The patterns of all dialects that are loaded. */
export function canonicalizationPatterns(context: Context): PatternSet {
  const set = new PatternSet();
  for (const [name, dialect] of context.dialects) {
    set.add(...(byDialect.get(name) ?? []));
    for (const { pattern, isCanonicalization } of patternsOfDialect(dialect, context))
      if (isCanonicalization) set.add(pattern);
  }
  return set;
}
