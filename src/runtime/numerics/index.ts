/** Exact emulation of element types, and tensors of them. */

export * from './element-format.js';
export * from './float-format.js';
export * from './placement.js';
export * from './tensor.js';
