/** `tile-run`: runs tile-level kernels on the interpreter, the simulator or the hardware. */

import { tileRunMain } from '../../src/runtime/run/index.js';
import { runTool } from '../../src/support/index.js';

void runTool(tileRunMain);
