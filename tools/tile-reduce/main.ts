/** `tile-reduce`: shrinks a program as long as a test says that it is interesting. */

import { tileReduceMain } from '../../src/reduce/index.js';
import { runTool } from '../../src/support/index.js';

void runTool(tileReduceMain);
