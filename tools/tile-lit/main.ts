/** `tile-lit`: runs lit tests, calling the tools of this project without starting processes for them. */

import { fileURLToPath } from 'node:url';
import { createLitMain, serveLit, type ToolTable } from '../../src/lit/index.js';
import { runTool } from '../../src/support/index.js';

const filecheck = async () => (await import('../../src/filecheck/index.js')).filecheckMain;

/** What RUN lines call in-process; each tool is loaded by the first test that calls it. */
const tools: ToolTable = new Map([
  ['filecheck', filecheck],
  ['FileCheck', filecheck],
  ['tile-lit', async () => litMain],
  ['tile-opt', async () => (await import('../../src/opt/index.js')).tileOptMain],
  ['tile-translate', async () => (await import('../../src/opt/index.js')).tileTranslateMain],
  ['tile-reduce', async () => (await import('../../src/reduce/index.js')).tileReduceMain],
  ['tile-run', async () => (await import('../../src/runtime/run/index.js')).tileRunMain],
]);

// The same file is the tool and, in a worker thread or another process, what serves it. Where the build keeps the bytecode of what ran, tests
// run in the thread that it is kept of.
const isBuilding = process.env.TILEWRIGHT_KEEP_BYTECODE !== undefined;
const litMain = createLitMain(tools, {
  workerFile: isBuilding ? undefined : fileURLToPath(import.meta.url),
});

if (!serveLit(tools)) void runTool(litMain);
