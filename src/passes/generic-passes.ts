/** The passes of this folder, for the tools to register. */

import { canonicalizePass } from './canonicalize.js';
import { csePass } from './cse.js';
import type { PassDefinition } from './pass.js';

export const genericPasses: readonly PassDefinition[] = [canonicalizePass, csePass];
