export * from './dominator-tree.js';
export * from './expression.js';
export * from './structural-key.js';
