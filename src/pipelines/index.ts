export * from './dumps.js';
export * from './failure-tracker.js';
export * from './history.js';
export * from './instrumentation.js';
export type { DiffOptions } from './ir-diff.js';
export * from './level-contract.js';
export * from './pass-manager.js';
export * from './pipeline-syntax.js';
export * from './pipeline.js';
export * from './registry.js';
export * from './reproducer.js';
export * from './statistics.js';
export * from './timing.js';
// What a pass is made of lives below the pipelines; it is named here too, where authors of pipelines look for it. The
// passes themselves are not: runs without passes do not load them.
export * from '../passes/pass-options.js';
export * from '../passes/pass.js';
