/** The hand-written parts of every built-in dialect. A new dialect adds its line here. */

import type { DialectHooks } from './hook-types.js';
import { layoutHooks } from './layout/index.js';
import { tileHooks } from './tile/index.js';

export const dialectHooks: Readonly<Record<string, DialectHooks>> = {
  layout: layoutHooks,
  tile: tileHooks,
};
