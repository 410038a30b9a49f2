/** `filecheck`: checks a text against the directives of a check file. */

import { filecheckMain } from '../../src/filecheck/index.js';
import { runTool } from '../../src/support/index.js';

void runTool(filecheckMain);
