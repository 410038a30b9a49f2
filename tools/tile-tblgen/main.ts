/** `tile-tblgen`: writes the typed classes and tables of the dialects from their YAML files. */

import { tblgenMain } from '../../src/dialects/tblgen/main.js';
import { runTool } from '../../src/support/index.js';

void runTool(tblgenMain);
