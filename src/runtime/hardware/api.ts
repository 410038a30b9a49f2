/**
 * The functions of the two driver libraries that launching needs, as data: what each is called and what it takes. The
 * library binding here and the Python runner of the GPU suite are both made from this table.
 *
 * Sources: CUDA driver API reference, `cuda.h` 13.0; HIP runtime API reference, `hip_runtime_api.h` 5.2.
 */

export type Vendor = 'cuda' | 'hip';

/** C types: `buffer` is memory of the host, `i32s` and `pointers` are arrays, `out` a pointer to one result. */
export type ParameterType =
  | 'i32'
  | 'u32'
  | 'u8'
  | 'u64'
  | 'size'
  | 'text'
  | 'buffer'
  | 'i32s'
  | 'pointers'
  | `out ${'i32' | 'u64' | 'size' | 'f32' | 'text'}`;

export interface DriverFunction {
  readonly parameters: readonly ParameterType[];
  /** The symbol in each library that has it. */
  readonly cuda?: string;
  readonly hip?: string;
  /** Default: a status, 0 where it succeeded. */
  readonly returns?: 'text';
}

const launchParameters: readonly ParameterType[] = [
  'u64', // function
  ...(['u32', 'u32', 'u32'] as const), // grid
  ...(['u32', 'u32', 'u32'] as const), // block
  'u32', // dynamic shared memory
  'u64', // stream
  'pointers', // addresses of the parameters' values
  'pointers',
];

const functions = {
  initialize: { cuda: 'cuInit', hip: 'hipInit', parameters: ['u32'] },
  driverVersion: {
    cuda: 'cuDriverGetVersion',
    hip: 'hipDriverGetVersion',
    parameters: ['out i32'],
  },
  deviceCount: { cuda: 'cuDeviceGetCount', hip: 'hipGetDeviceCount', parameters: ['out i32'] },
  device: { cuda: 'cuDeviceGet', hip: 'hipDeviceGet', parameters: ['out i32', 'i32'] },
  deviceName: {
    ...{ cuda: 'cuDeviceGetName', hip: 'hipDeviceGetName' },
    parameters: ['buffer', 'i32', 'i32'],
  },
  deviceMemory: {
    ...{ cuda: 'cuDeviceTotalMem_v2', hip: 'hipDeviceTotalMem' },
    parameters: ['out size', 'i32'],
  },
  deviceAttribute: {
    ...{ cuda: 'cuDeviceGetAttribute', hip: 'hipDeviceGetAttribute' },
    parameters: ['out i32', 'i32', 'i32'],
  },
  deviceProperties: { hip: 'hipGetDeviceProperties', parameters: ['buffer', 'i32'] },
  retainContext: { cuda: 'cuDevicePrimaryCtxRetain', parameters: ['out u64', 'i32'] },
  setContext: { cuda: 'cuCtxSetCurrent', parameters: ['u64'] },
  releaseContext: { cuda: 'cuDevicePrimaryCtxRelease_v2', parameters: ['i32'] },
  setDevice: { hip: 'hipSetDevice', parameters: ['i32'] },
  synchronize: { cuda: 'cuCtxSynchronize', hip: 'hipDeviceSynchronize', parameters: [] },
  allocate: { cuda: 'cuMemAlloc_v2', hip: 'hipMalloc', parameters: ['out u64', 'size'] },
  free: { cuda: 'cuMemFree_v2', hip: 'hipFree', parameters: ['u64'] },
  upload: { cuda: 'cuMemcpyHtoD_v2', hip: 'hipMemcpyHtoD', parameters: ['u64', 'buffer', 'size'] },
  download: {
    ...{ cuda: 'cuMemcpyDtoH_v2', hip: 'hipMemcpyDtoH' },
    parameters: ['buffer', 'u64', 'size'],
  },
  fill: { cuda: 'cuMemsetD8_v2', hip: 'hipMemsetD8', parameters: ['u64', 'u8', 'size'] },
  loadModule: {
    ...{ cuda: 'cuModuleLoadDataEx', hip: 'hipModuleLoadDataEx' },
    parameters: ['out u64', 'buffer', 'u32', 'i32s', 'pointers'],
  },
  unloadModule: { cuda: 'cuModuleUnload', hip: 'hipModuleUnload', parameters: ['u64'] },
  getFunction: {
    ...{ cuda: 'cuModuleGetFunction', hip: 'hipModuleGetFunction' },
    parameters: ['out u64', 'u64', 'text'],
  },
  functionAttribute: {
    ...{ cuda: 'cuFuncGetAttribute', hip: 'hipFuncGetAttribute' },
    parameters: ['out i32', 'i32', 'u64'],
  },
  setFunctionAttribute: { cuda: 'cuFuncSetAttribute', parameters: ['u64', 'i32', 'i32'] },
  launch: { cuda: 'cuLaunchKernel', hip: 'hipModuleLaunchKernel', parameters: launchParameters },
  createEvent: {
    ...{ cuda: 'cuEventCreate', hip: 'hipEventCreateWithFlags' },
    parameters: ['out u64', 'u32'],
  },
  recordEvent: { cuda: 'cuEventRecord', hip: 'hipEventRecord', parameters: ['u64', 'u64'] },
  queryEvent: { cuda: 'cuEventQuery', hip: 'hipEventQuery', parameters: ['u64'] },
  awaitEvent: { cuda: 'cuEventSynchronize', hip: 'hipEventSynchronize', parameters: ['u64'] },
  elapsedTime: {
    ...{ cuda: 'cuEventElapsedTime', hip: 'hipEventElapsedTime' },
    parameters: ['out f32', 'u64', 'u64'],
  },
  destroyEvent: { cuda: 'cuEventDestroy_v2', hip: 'hipEventDestroy', parameters: ['u64'] },
  errorName: { cuda: 'cuGetErrorName', parameters: ['i32', 'out text'] },
  errorText: { cuda: 'cuGetErrorString', parameters: ['i32', 'out text'] },
  hipErrorName: { hip: 'hipGetErrorName', parameters: ['i32'], returns: 'text' },
  hipErrorText: { hip: 'hipGetErrorString', parameters: ['i32'], returns: 'text' },
} as const satisfies Record<string, DriverFunction>;

export type DriverFunctionName = keyof typeof functions;
export const driverFunctions: Readonly<Record<DriverFunctionName, DriverFunction>> = functions;

export interface DriverLibrary {
  /** Whose driver it is. */
  readonly vendor: string;
  /** Tried in order. */
  readonly files: readonly string[];
  /** Environment variable that names another file. */
  readonly variable: string;
  /** Numbers of device attributes. */
  readonly attributes: Readonly<Record<DeviceAttribute, number>>;
}

export type DeviceAttribute = 'multiprocessors' | 'l2Bytes' | 'clockKilohertz' | 'sharedBytes';

export const driverLibraries: Readonly<Record<Vendor, DriverLibrary>> = {
  cuda: {
    vendor: 'NVIDIA',
    files: ['libcuda.so.1', 'libcuda.so', '/usr/lib/wsl/lib/libcuda.so.1'],
    variable: 'TILEWRIGHT_LIBCUDA',
    // sharedBytes: what a block may have after asking for it.
    attributes: { multiprocessors: 16, l2Bytes: 38, clockKilohertz: 13, sharedBytes: 97 },
  },
  hip: {
    vendor: 'AMD',
    files: [
      'libamdhip64.so',
      ...[7, 6, 5].map((version) => `libamdhip64.so.${version}`),
      '/opt/rocm/lib/libamdhip64.so',
    ],
    variable: 'TILEWRIGHT_LIBAMDHIP64',
    attributes: { multiprocessors: 63, l2Bytes: 19, clockKilohertz: 5, sharedBytes: 74 },
  },
};

/** Other numbers of the CUDA driver API. */
export const cudaNumbers = {
  computeCapabilityMajor: 75,
  computeCapabilityMinor: 76,
  jitErrorLog: 5,
  jitErrorLogBytes: 6,
  maxDynamicSharedBytes: 8,
} as const;

/** The status of an event that has not come yet, the same in both libraries. */
export const NOT_READY = 600;

/** Attributes of a loaded kernel, the same in both libraries. */
export const functionAttributes = { localBytes: 3, registers: 4 } as const;
