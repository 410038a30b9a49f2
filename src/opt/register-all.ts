/** All passes, pipelines, canonicalization patterns and translations that the tools know. */

import { genericPasses } from '../passes/index.js';
import { registerPass } from '../pipelines/index.js';

let isDone = false;

/** Makes everything known; once is enough, more does no harm. */
export function registerAll(): void {
  if (isDone) return;
  isDone = true;
  registerPass(...genericPasses);
}
