/** The table of all operations whose meaning needs the threads of a block together. */

import { groupControlFlow } from './control-flow.js';
import { groupCooperation } from './cooperation.js';
import type { GroupEvaluatorTable } from './thread-group.js';

export const groupEvaluators: GroupEvaluatorTable = new Map([
  ...groupControlFlow,
  ...groupCooperation,
]);
