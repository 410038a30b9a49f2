export * from './diagnostics.js';
export * from './source-file.js';
export * from './suggest.js';
export * from './tool-io.js';
