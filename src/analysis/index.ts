export * from './analysis-manager.js';
export * from './call-graph.js';
export * from './dataflow/index.js';
export * from './dominance.js';
export * from './dominator-tree.js';
export * from './expression.js';
export * from './structural-key.js';
export * from './uniformity.js';
