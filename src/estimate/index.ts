export * from './counts.js';
export * from './estimate.js';
export * from './format.js';
export * from './occupancy.js';
export * from './registers.js';
export * from './stages.js';
export * from './shared-accesses.js';
