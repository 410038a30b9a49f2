/** What the tile dialect adds to its declaration: custom forms and verifiers. */

import type { DialectHooks, OperationHooks } from '../hook-types.js';
import { forms } from './forms.js';
import { layoutVerifiers } from './layout-verifiers.js';
import { verifyPipelined } from './pipeline-verifier.js';
import { slotInterfaces } from './slots.js';
import { spannedDimensionsForm } from './spanned-dimensions.js';
import { verifiers as ownVerifiers } from './verifiers.js';

const verifiers: Readonly<Record<string, OperationHooks['verify']>> = {
  ...ownVerifiers,
  ...layoutVerifiers,
  pipelined: verifyPipelined,
};

const names = new Set([
  ...Object.keys(forms),
  ...Object.keys(verifiers),
  ...Object.keys(slotInterfaces),
]);

export const tileHooks: DialectHooks = {
  directives: { SpannedDimensions: spannedDimensionsForm },
  operations: Object.fromEntries(
    [...names].map((name): [string, OperationHooks] => [
      name,
      {
        ...(forms as Record<string, OperationHooks>)[name],
        verify: verifiers[name],
        interfaces: slotInterfaces[name],
      },
    ]),
  ),
};
