// Bulk tensor copies of emitted CUDA text for sm_90: descriptions of tensors made by the host, loads and stores of boxes of them.

//! wrapper tensor_map: requires types launch; since sm_90
/// A tensor as bulk copies see it, and how the host makes one: extents, strides (in elements, the first 1) and box from the
/// dimension whose elements are neighbours outwards; swizzle of 0, 32, 64 or 128 bytes; elements outside read as 0.
#include <cuda.h>
using tensor_map = CUtensorMap;
#if !defined(__CUDACC_RTC__)
#include <cudaTypedefs.h>
template <typename T> struct TensorMapType { static constexpr CUtensorMapDataType value = CU_TENSOR_MAP_DATA_TYPE_UINT8; };
template <> struct TensorMapType<f16> { static constexpr CUtensorMapDataType value = CU_TENSOR_MAP_DATA_TYPE_FLOAT16; };
template <> struct TensorMapType<bf16> { static constexpr CUtensorMapDataType value = CU_TENSOR_MAP_DATA_TYPE_BFLOAT16; };
template <> struct TensorMapType<f32> { static constexpr CUtensorMapDataType value = CU_TENSOR_MAP_DATA_TYPE_FLOAT32; };
template <> struct TensorMapType<f64> { static constexpr CUtensorMapDataType value = CU_TENSOR_MAP_DATA_TYPE_FLOAT64; };
template <> struct TensorMapType<i32> { static constexpr CUtensorMapDataType value = CU_TENSOR_MAP_DATA_TYPE_INT32; };

template <typename T, int Rank>
int make_tensor_map(tensor_map& map, const T* base, const i64 (&extents)[Rank], const i64 (&strides)[Rank],
                    const int (&box)[Rank], int swizzle) {
  void* entry = nullptr;
  cudaDriverEntryPointQueryResult found;
  const cudaError_t error = cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &entry, 12000, cudaEnableDefault, &found);
  if (error != cudaSuccess) return error;
  if (found != cudaDriverEntryPointSuccess) return cudaErrorNotSupported;
  cuuint64_t sizes[Rank], steps[Rank];
  cuuint32_t boxes[Rank], ones[Rank];
  for (int i = 0; i < Rank; ++i) {
    sizes[i] = static_cast<cuuint64_t>(extents[i]);
    if (i > 0) steps[i - 1] = static_cast<cuuint64_t>(strides[i]) * sizeof(T);
    boxes[i] = static_cast<cuuint32_t>(box[i]);
    ones[i] = 1;
  }
  const CUtensorMapSwizzle mode = swizzle == 128  ? CU_TENSOR_MAP_SWIZZLE_128B
                                  : swizzle == 64 ? CU_TENSOR_MAP_SWIZZLE_64B
                                  : swizzle == 32 ? CU_TENSOR_MAP_SWIZZLE_32B
                                                  : CU_TENSOR_MAP_SWIZZLE_NONE;
  return reinterpret_cast<PFN_cuTensorMapEncodeTiled_v12000>(entry)(
      &map, TensorMapType<T>::value, Rank, const_cast<T*>(base), sizes, steps, boxes, ones, CU_TENSOR_MAP_INTERLEAVE_NONE, mode,
      CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
}
#endif

//! wrapper prefetch_tensor_map: requires types tensor_map; since sm_90
/// Brings a tensor map near.
TILEWRIGHT_DEVICE void prefetch_tensor_map(const tensor_map* map) {
  asm volatile("prefetch.tensormap [%0];" ::"l"(map) : "memory");
}

//! wrapper tma_load_1d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to shared memory; its bytes count for the mbarrier's phase.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_1d(T* shared, const tensor_map* map, u64* barrier, int x) {
  asm volatile(
      "cp.async.bulk.tensor.1d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3}], [%2];"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(x)
      : "memory");
}

//! wrapper tma_store_1d: requires types tensor_map shared_address; since sm_90
/// Copies shared memory to the box at these coordinates, leaving out what lies outside of the tensor.
template <typename T>
TILEWRIGHT_DEVICE void tma_store_1d(const tensor_map* map, const T* shared, int x) {
  asm volatile("cp.async.bulk.tensor.1d.global.shared::cta.tile.bulk_group [%0, {%2}], [%1];"
               :
               : "l"(map), "r"(shared_address(shared)), "r"(x)
               : "memory");
}

//! wrapper tma_load_2d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to shared memory; its bytes count for the mbarrier's phase.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_2d(T* shared, const tensor_map* map, u64* barrier, int x, int y) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(x), "r"(y)
      : "memory");
}

//! wrapper tma_store_2d: requires types tensor_map shared_address; since sm_90
/// Copies shared memory to the box at these coordinates, leaving out what lies outside of the tensor.
template <typename T>
TILEWRIGHT_DEVICE void tma_store_2d(const tensor_map* map, const T* shared, int x, int y) {
  asm volatile("cp.async.bulk.tensor.2d.global.shared::cta.tile.bulk_group [%0, {%2, %3}], [%1];"
               :
               : "l"(map), "r"(shared_address(shared)), "r"(x), "r"(y)
               : "memory");
}

//! wrapper tma_load_3d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to shared memory; its bytes count for the mbarrier's phase.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_3d(T* shared, const tensor_map* map, u64* barrier, int x, int y, int z) {
  asm volatile(
      "cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5}], [%2];"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(x), "r"(y), "r"(z)
      : "memory");
}

//! wrapper tma_store_3d: requires types tensor_map shared_address; since sm_90
/// Copies shared memory to the box at these coordinates, leaving out what lies outside of the tensor.
template <typename T>
TILEWRIGHT_DEVICE void tma_store_3d(const tensor_map* map, const T* shared, int x, int y, int z) {
  asm volatile("cp.async.bulk.tensor.3d.global.shared::cta.tile.bulk_group [%0, {%2, %3, %4}], [%1];"
               :
               : "l"(map), "r"(shared_address(shared)), "r"(x), "r"(y), "r"(z)
               : "memory");
}

//! wrapper tma_load_4d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to shared memory; its bytes count for the mbarrier's phase.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_4d(T* shared, const tensor_map* map, u64* barrier, int x, int y, int z, int u) {
  asm volatile(
      "cp.async.bulk.tensor.4d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6}], [%2];"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(x), "r"(y), "r"(z), "r"(u)
      : "memory");
}

//! wrapper tma_store_4d: requires types tensor_map shared_address; since sm_90
/// Copies shared memory to the box at these coordinates, leaving out what lies outside of the tensor.
template <typename T>
TILEWRIGHT_DEVICE void tma_store_4d(const tensor_map* map, const T* shared, int x, int y, int z, int u) {
  asm volatile("cp.async.bulk.tensor.4d.global.shared::cta.tile.bulk_group [%0, {%2, %3, %4, %5}], [%1];"
               :
               : "l"(map), "r"(shared_address(shared)), "r"(x), "r"(y), "r"(z), "r"(u)
               : "memory");
}

//! wrapper tma_load_5d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to shared memory; its bytes count for the mbarrier's phase.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_5d(T* shared, const tensor_map* map, u64* barrier, int x, int y, int z, int u, int v) {
  asm volatile(
      "cp.async.bulk.tensor.5d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6, %7}], [%2];"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(x), "r"(y), "r"(z), "r"(u), "r"(v)
      : "memory");
}

//! wrapper tma_store_5d: requires types tensor_map shared_address; since sm_90
/// Copies shared memory to the box at these coordinates, leaving out what lies outside of the tensor.
template <typename T>
TILEWRIGHT_DEVICE void tma_store_5d(const tensor_map* map, const T* shared, int x, int y, int z, int u, int v) {
  asm volatile("cp.async.bulk.tensor.5d.global.shared::cta.tile.bulk_group [%0, {%2, %3, %4, %5, %6}], [%1];"
               :
               : "l"(map), "r"(shared_address(shared)), "r"(x), "r"(y), "r"(z), "r"(u), "r"(v)
               : "memory");
}

//! wrapper tma_reduce_add_2d: requires types tensor_map shared_address; since sm_90
/// Adds f32 numbers in shared memory to the box at these coordinates, element by element, atomically.
TILEWRIGHT_DEVICE void tma_reduce_add_2d(const tensor_map* map, const f32* shared, int x, int y) {
  asm volatile("cp.reduce.async.bulk.tensor.2d.global.shared::cta.add.tile.bulk_group [%0, {%2, %3}], [%1];"
               :
               : "l"(map), "r"(shared_address(shared)), "r"(x), "r"(y)
               : "memory");
}

//! wrapper bulk_commit: requires types; since sm_90
/// Closes this thread's current group of bulk stores.
TILEWRIGHT_DEVICE void bulk_commit() {
  asm volatile("cp.async.bulk.commit_group;" ::: "memory");
}

//! wrapper bulk_wait: requires types; since sm_90
/// Waits until at most `Groups` of this thread's youngest groups of bulk stores are not complete.
template <int Groups>
TILEWRIGHT_DEVICE void bulk_wait() {
  asm volatile("cp.async.bulk.wait_group %0;" ::"n"(Groups) : "memory");
}

//! wrapper bulk_wait_read: requires types; since sm_90
/// Waits until at most `Groups` of this thread's youngest groups of bulk stores still read shared memory.
template <int Groups>
TILEWRIGHT_DEVICE void bulk_wait_read() {
  asm volatile("cp.async.bulk.wait_group.read %0;" ::"n"(Groups) : "memory");
}

//! wrapper tma_load_multicast_1d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to the same place in the shared memory of every block of the cluster that has a bit in
/// `mask`; its bytes count for the mbarrier at the same place in each.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_multicast_1d(T* shared, const tensor_map* map, u64* barrier, int mask, int x) {
  asm volatile(
      "cp.async.bulk.tensor.1d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster [%0], [%1, {%4}], [%2], %3;"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "h"(static_cast<u16>(mask)), "r"(x)
      : "memory");
}

//! wrapper tma_load_multicast_2d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to the same place in the shared memory of every block of the cluster that has a bit in
/// `mask`; its bytes count for the mbarrier at the same place in each.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_multicast_2d(T* shared, const tensor_map* map, u64* barrier, int mask, int x, int y) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster [%0], [%1, {%4, %5}], [%2], %3;"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "h"(static_cast<u16>(mask)), "r"(x), "r"(y)
      : "memory");
}

//! wrapper tma_load_multicast_3d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to the same place in the shared memory of every block of the cluster that has a bit in
/// `mask`; its bytes count for the mbarrier at the same place in each.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_multicast_3d(T* shared, const tensor_map* map, u64* barrier, int mask, int x, int y, int z) {
  asm volatile(
      "cp.async.bulk.tensor.3d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster [%0], [%1, {%4, %5, %6}], [%2], %3;"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "h"(static_cast<u16>(mask)), "r"(x), "r"(y), "r"(z)
      : "memory");
}

//! wrapper tma_load_multicast_4d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to the same place in the shared memory of every block of the cluster that has a bit in
/// `mask`; its bytes count for the mbarrier at the same place in each.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_multicast_4d(T* shared, const tensor_map* map, u64* barrier, int mask, int x, int y, int z, int u) {
  asm volatile(
      "cp.async.bulk.tensor.4d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster [%0], [%1, {%4, %5, %6, %7}], [%2], %3;"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "h"(static_cast<u16>(mask)), "r"(x), "r"(y), "r"(z), "r"(u)
      : "memory");
}

//! wrapper tma_load_multicast_5d: requires types tensor_map shared_address; since sm_90
/// Copies the box at these coordinates to the same place in the shared memory of every block of the cluster that has a bit in
/// `mask`; its bytes count for the mbarrier at the same place in each.
template <typename T>
TILEWRIGHT_DEVICE void tma_load_multicast_5d(T* shared, const tensor_map* map, u64* barrier, int mask, int x, int y, int z, int u, int v) {
  asm volatile(
      "cp.async.bulk.tensor.5d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster [%0], [%1, {%4, %5, %6, %7, %8}], [%2], %3;"
      :
      : "r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "h"(static_cast<u16>(mask)), "r"(x), "r"(y), "r"(z), "r"(u), "r"(v)
      : "memory");
}
