export * from './dominator-tree.js';
export * from './structural-key.js';
