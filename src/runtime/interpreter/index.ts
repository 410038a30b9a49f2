/** The reference interpreter of tile-level programs. */

export * from './interpret.js';
export * from './kernel-arguments.js';
