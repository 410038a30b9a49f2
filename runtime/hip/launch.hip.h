// Host side of emitted HIP text.

//! wrapper launch: requires types; since gfx90a
/// Host launch: 0 on success, a positive hipError_t, error_misaligned_pointer, or error_invalid_argument.
#if !defined(__HIPCC_RTC__)
using stream_t = hipStream_t;
inline constexpr int error_misaligned_pointer = -1;
inline constexpr int error_invalid_argument = -2;

inline bool is_aligned(const void* pointer, unsigned bytes) {
  return reinterpret_cast<uintptr_t>(pointer) % bytes == 0;
}

template <typename... Parameters, typename... Arguments>
int launch_kernel(void (*kernel)(Parameters...), dim3 grid, dim3 block, unsigned shared_bytes, stream_t stream,
                  Arguments... arguments) {
  if (shared_bytes > 64 * 1024) return hipErrorInvalidValue;
  kernel<<<grid, block, shared_bytes, stream>>>(static_cast<Parameters>(arguments)...);
  return hipGetLastError();
}
#endif
#define TILEWRIGHT_ENTRY(launcher)
