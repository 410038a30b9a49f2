// Real compilers over emitted text: does it compile, and what did it cost in registers, spills and shared memory.
export {
  compileCuda,
  compileFatBinary,
  compilePtx,
  findNvcc,
  nvccVersion,
  type CudaCompilation,
  type CudaImage,
  type CudaKernel,
} from './cuda.js';
export { clangVersion, compileHip, type HipCompilation, type HipKernel } from './hip.js';
export type { Unavailable } from './types.js';
