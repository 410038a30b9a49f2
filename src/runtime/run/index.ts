/** Running programs: inputs, executors, comparison, and the tool that puts them together. */

export * from './compare.js';
export * from './executors.js';
export * from './hardware-executor.js';
export * from './inputs.js';
export * from './random.js';
export * from './tile-run.js';
export * from './tolerance.js';
