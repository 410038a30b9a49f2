export * from './canonicalization/registry.js';
export * from './canonicalize.js';
export * from './cse.js';
export { declaredPass, implementPass, type PassImplementation } from './declared-pass.js';
export * from './pass-options.js';
export * from './pass.js';
export { genericPasses } from './generic-passes.js';
export * from './symbol-uses.js';
