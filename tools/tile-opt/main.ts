/** `tile-opt`: runs passes on programs of the tile IR. */

import { tileOptMain } from '../../src/opt/index.js';
import { runTool } from '../../src/support/index.js';

void runTool(tileOptMain);
