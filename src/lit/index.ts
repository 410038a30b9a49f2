/** lit: runs test files whose RUN lines say how to test them. */

export { createLitMain, type LitMainOptions } from './main.js';
export { serveLit } from './worker.js';
export type { ToolTable } from './shell-executor.js';
export { PROBES, type FeatureProbe } from './features.js';
