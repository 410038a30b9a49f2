// Named barriers, mbarriers, bulk tensor copies, and products of warpgroups (sm_90a).
#pragma once

template <int Number, int Threads> inline void named_barrier_sync(TILEWRIGHT_SITE) {
  tilewright::simulator::named_barrier(Number, Threads, true, site);
}
template <int Number, int Threads> inline void named_barrier_arrive(TILEWRIGHT_SITE) {
  tilewright::simulator::named_barrier(Number, Threads, false, site);
}

inline void mbarrier_init(u64* barrier, int arrivals, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_initialize(barrier, static_cast<unsigned>(arrivals), site);
}
inline void mbarrier_invalidate(u64* barrier, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_invalidate(barrier, site);
}
inline void mbarrier_arrive(u64* barrier, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_arrival(barrier, 1, 0, true, site);
}
inline void mbarrier_arrive_expect(u64* barrier, int bytes, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_arrival(barrier, 1, static_cast<unsigned>(bytes), true, site);
}
inline void mbarrier_expect(u64* barrier, int bytes, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_arrival(barrier, 0, static_cast<unsigned>(bytes), false, site);
}
inline bool mbarrier_try_wait(u64* barrier, int parity, TILEWRIGHT_SITE) {
  return tilewright::simulator::mbarrier_test(barrier, static_cast<unsigned>(parity), false, false, site);
}
inline void mbarrier_wait(u64* barrier, int parity, TILEWRIGHT_SITE) {
  tilewright::simulator::mbarrier_test(barrier, static_cast<unsigned>(parity), true, false, site);
}
inline void fence_mbarrier_init(TILEWRIGHT_SITE) { tilewright::simulator::fence_proxy(site); }
inline void fence_proxy_async(TILEWRIGHT_SITE) { tilewright::simulator::fence_proxy(site); }

using tensor_map = tilewright::simulator::TensorMap;
#define __grid_constant__

namespace tilewright::simulator {
template <typename T, int Rank>
inline int fill_tensor_map(TensorMap& map, const T* base, const i64 (&extents)[Rank], const i64 (&strides)[Rank],
                           const int (&box)[Rank], int swizzle, bool is_const, Site site) {
  static_assert(Rank >= 1 && Rank <= 5, "a tensor map has 1 to 5 dimensions");
  map.base = base;
  map.rank = Rank;
  map.element_bytes = sizeof(T);
  map.swizzle = swizzle;
  for (int i = 0; i < Rank; ++i) {
    map.extents[i] = extents[i];
    map.strides[i] = strides[i] * static_cast<i64>(sizeof(T));
    map.box[i] = box[i];
  }
  return check_tensor_map(map, is_const, site);
}
}  // namespace tilewright::simulator

template <typename T, int Rank>
inline int make_tensor_map(tensor_map& map, const T* base, const i64 (&extents)[Rank], const i64 (&strides)[Rank],
                           const int (&box)[Rank], int swizzle, TILEWRIGHT_SITE) {
  return tilewright::simulator::fill_tensor_map(map, base, extents, strides, box, swizzle, true, site);
}
template <typename T, int Rank>
inline int make_tensor_map(tensor_map& map, T* base, const i64 (&extents)[Rank], const i64 (&strides)[Rank],
                           const int (&box)[Rank], int swizzle, TILEWRIGHT_SITE) {
  return tilewright::simulator::fill_tensor_map(map, base, extents, strides, box, swizzle, false, site);
}

inline void prefetch_tensor_map(const tensor_map*) {}
#define TILEWRIGHT_BULK(rank, parameters, ...)                                                                         \
  template <typename T>                                                                                                \
  inline void tma_load_##rank##d(T* shared, const tensor_map* map, u64* barrier, parameters, TILEWRIGHT_SITE) {        \
    const int coordinates[] = {__VA_ARGS__};                                                                           \
    tilewright::simulator::bulk_tensor_load(shared, *map, barrier, coordinates, rank, false, 0, site);                 \
  }                                                                                                                    \
  template <typename T>                                                                                                \
  inline void tma_load_multicast_##rank##d(T* shared, const tensor_map* map, u64* barrier, int mask, parameters,       \
                                           TILEWRIGHT_SITE) {                                                          \
    const int coordinates[] = {__VA_ARGS__};                                                                           \
    tilewright::simulator::bulk_tensor_load(shared, *map, barrier, coordinates, rank, true, static_cast<u16>(mask), site); \
  }                                                                                                                    \
  template <typename T>                                                                                                \
  inline void tma_store_##rank##d(const tensor_map* map, const T* shared, parameters, TILEWRIGHT_SITE) {               \
    const int coordinates[] = {__VA_ARGS__};                                                                           \
    tilewright::simulator::bulk_tensor_store(*map, shared, coordinates, rank, false, site);                            \
  }
#define TILEWRIGHT_COMMA ,
TILEWRIGHT_BULK(1, int x, x)
TILEWRIGHT_BULK(2, int x TILEWRIGHT_COMMA int y, x, y)
TILEWRIGHT_BULK(3, int x TILEWRIGHT_COMMA int y TILEWRIGHT_COMMA int z, x, y, z)
TILEWRIGHT_BULK(4, int x TILEWRIGHT_COMMA int y TILEWRIGHT_COMMA int z TILEWRIGHT_COMMA int u, x, y, z, u)
TILEWRIGHT_BULK(5, int x TILEWRIGHT_COMMA int y TILEWRIGHT_COMMA int z TILEWRIGHT_COMMA int u TILEWRIGHT_COMMA int v, x, y, z, u, v)
#undef TILEWRIGHT_COMMA
#undef TILEWRIGHT_BULK
inline void tma_reduce_add_2d(const tensor_map* map, const f32* shared, int x, int y, TILEWRIGHT_SITE) {
  const int coordinates[] = {x, y};
  tilewright::simulator::bulk_tensor_store(*map, shared, coordinates, 2, true, site);
}
inline void bulk_commit(TILEWRIGHT_SITE) { tilewright::simulator::bulk_store_commit(site); }
template <int Groups> inline void bulk_wait(TILEWRIGHT_SITE) { tilewright::simulator::bulk_store_wait(Groups, false, site); }
template <int Groups> inline void bulk_wait_read(TILEWRIGHT_SITE) { tilewright::simulator::bulk_store_wait(Groups, true, site); }

inline void wgmma_fence(TILEWRIGHT_SITE) { tilewright::simulator::warpgroup_fence(site); }
inline void wgmma_commit(TILEWRIGHT_SITE) { tilewright::simulator::warpgroup_commit(site); }
template <int Groups> inline void wgmma_wait(TILEWRIGHT_SITE) { tilewright::simulator::warpgroup_wait(Groups, site); }
template <int Count> inline void increase_registers(TILEWRIGHT_SITE) { tilewright::simulator::set_registers(Count, site); }
template <int Count> inline void decrease_registers(TILEWRIGHT_SITE) { tilewright::simulator::set_registers(Count, site); }

/// The address in the window of shared memory, as the instructions take it.
inline u32 shared_address(const void* pointer) {
  return static_cast<u32>(static_cast<const unsigned char*>(pointer) - dynamic_shared_memory());
}
template <int Swizzle> inline u64 wgmma_descriptor(const void* tile, int leading, int stride) {
  constexpr u64 mode = Swizzle == 128 ? 1 : Swizzle == 64 ? 2 : Swizzle == 32 ? 3 : 0;
  return u64(shared_address(tile) & 0x3ffff) >> 4 | u64((leading & 0x3ffff) >> 4) << 16 | u64((stride & 0x3ffff) >> 4) << 32 | mode << 62;
}
inline u64 wgmma_advance(u64 descriptor, int bytes) { return descriptor + static_cast<u64>(bytes >> 4); }

namespace tilewright::simulator {
template <typename D, int Accumulators>
inline WarpgroupProduct product_of(WarpgroupElement element, Registers<D, Accumulators>& d, bool accumulates) {
  WarpgroupProduct product{};
  product.element = element;
  product.f16_sums = IsSame<D, f16>::value;
  product.n = Accumulators * 2;
  product.d = d.elements;
  product.d_states = d.states;
  product.accumulates = accumulates;
  return product;
}
}  // namespace tilewright::simulator

#define TILEWRIGHT_WGMMA(N, K, D, name, T, lefts)                                                                    \
  template <int TransposeA = 0, int TransposeB = 0>                                                                    \
  inline void wgmma_m64n##N##k##K##_##D##_##name(Registers<D, N / 2>& d, u64 a, u64 b, bool accumulate, TILEWRIGHT_SITE) { \
    auto product = tilewright::simulator::product_of(tilewright::simulator::WarpgroupElement::name, d, accumulate);    \
    product.a_descriptor = a;                                                                                          \
    product.b_descriptor = b;                                                                                          \
    product.a_transposed = TransposeA;                                                                                 \
    product.b_transposed = TransposeB;                                                                                 \
    tilewright::simulator::warpgroup_product(product, site);                                                           \
  }                                                                                                                    \
  template <int TransposeB = 0>                                                                                        \
  inline void wgmma_m64n##N##k##K##_##D##_##name(Registers<D, N / 2>& d, const Registers<T, lefts>& a, u64 b, bool accumulate, \
                                                 TILEWRIGHT_SITE) {                                                    \
    auto product = tilewright::simulator::product_of(tilewright::simulator::WarpgroupElement::name, d, accumulate);    \
    product.a = a.elements;                                                                                            \
    product.a_states = const_cast<u8*>(a.states);                                                                      \
    product.a_count = lefts;                                                                                           \
    product.b_descriptor = b;                                                                                          \
    product.b_transposed = TransposeB;                                                                                 \
    tilewright::simulator::warpgroup_product(product, site);                                                           \
  }
#define TILEWRIGHT_WGMMA_FLOAT(N)                \
  TILEWRIGHT_WGMMA(N, 16, f32, f16, f16, 8)      \
  TILEWRIGHT_WGMMA(N, 16, f32, bf16, bf16, 8)    \
  TILEWRIGHT_WGMMA(N, 16, f16, f16, f16, 8)      \
  TILEWRIGHT_WGMMA(N, 8, f32, tf32, f32, 4)      \
  TILEWRIGHT_WGMMA(N, 32, f32, f8E4M3FN, f8E4M3FN, 16) \
  TILEWRIGHT_WGMMA(N, 32, f32, f8E5M2, f8E5M2, 16)
#define TILEWRIGHT_WGMMA_ALL(N) TILEWRIGHT_WGMMA_FLOAT(N) TILEWRIGHT_WGMMA(N, 32, i32, i8, i8, 16)
#define TILEWRIGHT_WGMMA_PAIR(N, M) TILEWRIGHT_WGMMA_ALL(N) TILEWRIGHT_WGMMA_FLOAT(M)
TILEWRIGHT_WGMMA_ALL(8)
TILEWRIGHT_WGMMA_ALL(16)
TILEWRIGHT_WGMMA_ALL(24)
TILEWRIGHT_WGMMA_PAIR(32, 40)
TILEWRIGHT_WGMMA_PAIR(48, 56)
TILEWRIGHT_WGMMA_PAIR(64, 72)
TILEWRIGHT_WGMMA_PAIR(80, 88)
TILEWRIGHT_WGMMA_PAIR(96, 104)
TILEWRIGHT_WGMMA_PAIR(112, 120)
TILEWRIGHT_WGMMA_PAIR(128, 136)
TILEWRIGHT_WGMMA_PAIR(144, 152)
TILEWRIGHT_WGMMA_PAIR(160, 168)
TILEWRIGHT_WGMMA_PAIR(176, 184)
TILEWRIGHT_WGMMA_PAIR(192, 200)
TILEWRIGHT_WGMMA_PAIR(208, 216)
TILEWRIGHT_WGMMA_PAIR(224, 232)
TILEWRIGHT_WGMMA_PAIR(240, 248)
TILEWRIGHT_WGMMA_ALL(256)
#undef TILEWRIGHT_WGMMA_PAIR
#undef TILEWRIGHT_WGMMA_ALL
#undef TILEWRIGHT_WGMMA_FLOAT
#undef TILEWRIGHT_WGMMA
