/** GPUs through their drivers: finding, compiling for, launching on, timing. */

export * from './api.js';
export * from './architecture.js';
export * from './bench.js';
export * from './compile.js';
export * from './driver.js';
export * from './launch.js';
export { HardwareError } from './library.js';
