// The device's built-in names, launching, and how a launcher becomes something a request can call by name.
#pragma once

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __cluster_dims__(...)
#define threadIdx (tilewright::simulator::indices->thread)
#define blockIdx (tilewright::simulator::indices->block)
#define blockDim (tilewright::simulator::indices->block_extent)
#define gridDim (tilewright::simulator::indices->grid_extent)

inline int thread_index() { return static_cast<int>(threadIdx.x); }
inline int block_index_x() { return static_cast<int>(blockIdx.x); }
inline int block_index_y() { return static_cast<int>(blockIdx.y); }
inline int block_index_z() { return static_cast<int>(blockIdx.z); }

using dim3 = tilewright::simulator::Extent3;
using stream_t = void*;
inline constexpr int error_misaligned_pointer = -1;
inline constexpr int error_invalid_argument = -2;

inline bool is_aligned(const void* pointer, unsigned bytes) {
  return reinterpret_cast<uintptr_t>(pointer) % bytes == 0;
}

namespace tilewright::simulator {

/// The arguments of one launch, applied to the kernel once per thread.
template <typename... Parameters> struct Call;
template <> struct Call<> {
  template <typename Kernel, typename... Before>
  void apply(Kernel kernel, Before... before) const {
    kernel(before...);
  }
};
template <typename First, typename... Rest>
struct Call<First, Rest...> {
  First first;
  Call<Rest...> rest;
  template <typename Kernel, typename... Before>
  void apply(Kernel kernel, Before... before) const {
    rest.apply(kernel, before..., first);
  }
};

inline Call<> make_call() { return {}; }
template <typename First, typename... Rest>
inline Call<First, Rest...> make_call(First first, Rest... rest) {
  return {first, make_call(rest...)};
}

template <typename... Parameters>
struct KernelCall {
  void (*kernel)(Parameters...);
  Call<Parameters...> call;
  static void invoke(void* context) {
    const auto* self = static_cast<const KernelCall*>(context);
    self->call.apply(self->kernel);
  }
};

template <typename T> struct ParameterOf { static constexpr Parameter value{sizeof(T), false, false}; };
template <typename T> struct ParameterOf<T*> { static constexpr Parameter value{sizeof(T*), true, false}; };
template <typename T> struct ParameterOf<const T*> { static constexpr Parameter value{sizeof(T*), true, true}; };

template <auto Launcher> struct Entry;
template <typename... Parameters, int (*Launcher)(Parameters...)>
struct Entry<Launcher> {
  explicit Entry(const char* name) {
    static const Parameter parameters[] = {ParameterOf<Parameters>::value...};
    register_entry(name, parameters, sizeof...(Parameters) - 1, [](void** values) {
      int index = 0;
      return apply(collect<Parameters...>(values, index));
    });
  }

 private:
  static int apply(const Call<Parameters...>& call) {
    int result = 0;
    call.apply([&result](auto... values) { result = Launcher(values...); });
    return result;
  }
  template <typename... None>
    requires(sizeof...(None) == 0)
  static Call<> collect(void**, int&) {
    return {};
  }
  template <typename First, typename... Rest>
  static Call<First, Rest...> collect(void** values, int& index) {
    const First first = *static_cast<First*>(values[index++]);
    return {first, collect<Rest...>(values, index)};
  }
};

}  // namespace tilewright::simulator

template <typename... Parameters, typename... Arguments>
int launch_kernel(void (*kernel)(Parameters...), dim3 grid, dim3 block, unsigned shared_bytes, stream_t,
                  Arguments... arguments) {
  using namespace tilewright::simulator;
  KernelCall<Parameters...> call{kernel, make_call(static_cast<Parameters>(arguments)...)};
  return launch(reinterpret_cast<void (*)()>(kernel), &KernelCall<Parameters...>::invoke, &call, grid, block, nullptr,
                shared_bytes);
}

template <typename... Parameters, typename... Arguments>
int launch_cluster_kernel(void (*kernel)(Parameters...), dim3 grid, dim3 block, dim3 cluster, unsigned shared_bytes, stream_t,
                          Arguments... arguments) {
  using namespace tilewright::simulator;
  KernelCall<Parameters...> call{kernel, make_call(static_cast<Parameters>(arguments)...)};
  return launch(reinterpret_cast<void (*)()>(kernel), &KernelCall<Parameters...>::invoke, &call, grid, block, &cluster,
                shared_bytes);
}

#define TILEWRIGHT_ENTRY(launcher) \
  static const tilewright::simulator::Entry<launcher> tilewright_entry_##launcher(#launcher);

/// Stands at the end of a text for each `__cluster_dims__(extents) kernel(` in it.
#define TILEWRIGHT_CLUSTER_DIMENSIONS(kernel, ...)                                                                     \
  static const bool tilewright_cluster_##kernel =                                                                      \
      (tilewright::simulator::register_cluster_dimensions(reinterpret_cast<void (*)()>(&kernel), #kernel,              \
                                                          tilewright::simulator::Extent3(__VA_ARGS__)), true);

/// Stands at the end of a text for each `__launch_bounds__(threads) kernel(` in it: an attribute cannot be read back.
#define TILEWRIGHT_LAUNCH_BOUNDS(kernel, threads) \
  static const bool tilewright_bounds_##kernel = \
      (tilewright::simulator::register_launch_bounds(reinterpret_cast<void (*)()>(&kernel), #kernel, threads), true);
