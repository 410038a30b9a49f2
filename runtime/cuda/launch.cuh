// Host side of emitted CUDA text.

//! wrapper launch: requires types; since sm_75
/// Host launch: 0 on success, a positive cudaError_t, error_misaligned_pointer, or error_invalid_argument.
#if !defined(__CUDACC_RTC__)
#include <cuda_runtime.h>
using stream_t = cudaStream_t;
inline constexpr int error_misaligned_pointer = -1;
inline constexpr int error_invalid_argument = -2;

inline bool is_aligned(const void* pointer, unsigned bytes) {
  return reinterpret_cast<uintptr_t>(pointer) % bytes == 0;
}

/// More than 48 KiB of dynamic shared memory has to be asked for.
template <typename... Parameters, typename... Arguments>
int launch_kernel(void (*kernel)(Parameters...), dim3 grid, dim3 block, unsigned shared_bytes, stream_t stream,
                  Arguments... arguments) {
  if (shared_bytes > 48 * 1024) {
    const cudaError_t error = cudaFuncSetAttribute(
        kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared_bytes));
    if (error != cudaSuccess) return error;
  }
  kernel<<<grid, block, shared_bytes, stream>>>(static_cast<Parameters>(arguments)...);
  return cudaGetLastError();
}
#endif
#define TILEWRIGHT_ENTRY(launcher)

//! wrapper launch_cluster: requires types launch; since sm_90
/// Host launch in clusters of blocks that run at the same time; more than 8 blocks need a GPU that can.
#if !defined(__CUDACC_RTC__)
template <typename... Parameters, typename... Arguments>
int launch_cluster_kernel(void (*kernel)(Parameters...), dim3 grid, dim3 block, dim3 cluster, unsigned shared_bytes,
                          stream_t stream, Arguments... arguments) {
  cudaError_t error = cudaSuccess;
  if (shared_bytes > 48 * 1024) {
    error = cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared_bytes));
  }
  if (error == cudaSuccess && cluster.x * cluster.y * cluster.z > 8) {
    error = cudaFuncSetAttribute(kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1);
  }
  if (error != cudaSuccess) return error;
  cudaLaunchAttribute attribute{};
  attribute.id = cudaLaunchAttributeClusterDimension;
  attribute.val.clusterDim.x = cluster.x;
  attribute.val.clusterDim.y = cluster.y;
  attribute.val.clusterDim.z = cluster.z;
  cudaLaunchConfig_t configuration{};
  configuration.gridDim = grid;
  configuration.blockDim = block;
  configuration.dynamicSmemBytes = shared_bytes;
  configuration.stream = stream;
  configuration.attrs = &attribute;
  configuration.numAttrs = 1;
  return cudaLaunchKernelEx(&configuration, kernel, static_cast<Parameters>(arguments)...);
}
#endif
