import { bundleTool, defineLitTests } from '../../src/lit/vitest.js';

defineLitTests(['lit-tests/tools/filecheck', 'lit-tests/tools/tile-lit'], {
  workerFile: await bundleTool('tools/tile-lit/main.ts', '.tilewright-cache/bundles', 'tile-lit'),
});
