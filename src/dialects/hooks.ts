/** The hand-written parts of every built-in dialect. A new dialect adds its line here. */

import { affineHooks } from './affine/index.js';
import { arithHooks, materializeArithConstant } from './arith/index.js';
import { builtinHooks } from './builtin/index.js';
import { cfHooks } from './cf/index.js';
import { funcHooks } from './func/index.js';
import { gpuHooks } from './gpu/index.js';
import type { DialectHooks } from './hook-types.js';
import { irdlHooks } from './irdl/index.js';
import { layoutHooks } from './layout/index.js';
import { mathHooks } from './math/index.js';
import { memrefHooks } from './memref/index.js';
import { scfHooks } from './scf/index.js';
import { tileHooks } from './tile/index.js';
import { vectorHooks } from './vector/index.js';

/** Constants that these dialects' operations fold to are `arith.constant`. */
const withConstants = (hooks: DialectHooks): DialectHooks => ({
  materializeConstant: materializeArithConstant,
  ...hooks,
});

export const dialectHooks: Readonly<Record<string, DialectHooks>> = {
  affine: withConstants(affineHooks),
  arith: arithHooks,
  builtin: builtinHooks,
  cf: withConstants(cfHooks),
  func: funcHooks,
  gpu: withConstants(gpuHooks),
  irdl: irdlHooks,
  layout: layoutHooks,
  math: mathHooks,
  memref: withConstants(memrefHooks),
  scf: withConstants(scfHooks),
  tile: tileHooks,
  vector: withConstants(vectorHooks),
};
