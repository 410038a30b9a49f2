/** `tile-translate`: writes programs of the tile IR as text of another kind. */

import { tileTranslateMain } from '../../src/opt/index.js';
import { runTool } from '../../src/support/index.js';

void runTool(tileTranslateMain);
