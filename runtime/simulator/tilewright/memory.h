// Loads, stores, atomics and asynchronous copies as the simulator executes them.
#pragma once
#include <stdio.h>

#define TILEWRIGHT_SITE tilewright::simulator::Site site = tilewright::simulator::Site::here()

template <typename T>
inline T load(const T* source, TILEWRIGHT_SITE) {
  T value;
  tilewright::simulator::read_memory(&value, source, sizeof(T), site);
  return value;
}

template <typename T, typename V>
inline void store(T* destination, V value, TILEWRIGHT_SITE) {
  const T converted = T(value);
  tilewright::simulator::write_memory(destination, &converted, sizeof(T), site);
}

template <typename T, int... Extents>
inline void load_vector(Registers<T, Extents...>& destination, const T* source, TILEWRIGHT_SITE) {
  constexpr int bytes = Registers<T, Extents...>::size * sizeof(T);
  static_assert(bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 || bytes == 16, "a vector has 1, 2, 4, 8 or 16 bytes");
  T values[Registers<T, Extents...>::size];
  tilewright::simulator::read_memory(values, source, bytes, site);
  destination.scatter(values, site);
}

template <typename T, int... Extents>
inline void store_vector(T* destination, const Registers<T, Extents...>& source, TILEWRIGHT_SITE) {
  constexpr int bytes = Registers<T, Extents...>::size * sizeof(T);
  static_assert(bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 || bytes == 16, "a vector has 1, 2, 4, 8 or 16 bytes");
  T values[Registers<T, Extents...>::size];
  source.gather(values, site);
  tilewright::simulator::write_memory(destination, values, bytes, site);
}

inline unsigned char* dynamic_shared_memory() {
  return static_cast<unsigned char*>(tilewright::simulator::shared_memory_base());
}

namespace tilewright::simulator {
template <typename T, typename F>
inline T update_atomically(T* destination, F update, Site site) {
  constexpr bool is_float = !IsNumber<T>::value || IsSame<T, f32>::value || IsSame<T, f64>::value;
  if (!begin_atomic(destination, sizeof(T), is_float, site)) return T(0);
  const T before = *destination;
  *destination = update(before);
  return before;
}
}  // namespace tilewright::simulator

template <typename T>
inline T atomic_add(T* destination, T value, TILEWRIGHT_SITE) {
  return tilewright::simulator::update_atomically(destination, [=](T before) { return T(before + value); }, site);
}
template <typename T>
inline void atomic_add_pair(T* destination, const Registers<T, 2>& values, TILEWRIGHT_SITE) {
  T pair[2];
  values.gather(pair, site);
  if (!tilewright::simulator::begin_atomic(destination, 2 * sizeof(T), true, site)) return;
  for (int i = 0; i < 2; ++i) destination[i] = T(destination[i] + pair[i]);
}
template <typename T>
inline T atomic_max(T* destination, T value, TILEWRIGHT_SITE) {
  return tilewright::simulator::update_atomically(destination, [=](T before) { return before < value ? value : before; }, site);
}
template <typename T>
inline T atomic_min(T* destination, T value, TILEWRIGHT_SITE) {
  return tilewright::simulator::update_atomically(destination, [=](T before) { return value < before ? value : before; }, site);
}
template <typename T>
inline T atomic_or(T* destination, T value, TILEWRIGHT_SITE) {
  return tilewright::simulator::update_atomically(destination, [=](T before) { return T(before | value); }, site);
}

namespace tilewright::simulator {
template <int Bits>
inline i8 packed(i8 byte, int element, i8 value) {
  const int shift = element * Bits;
  const int mask = ((1 << Bits) - 1) << shift;
  return i8((byte & ~mask) | (value << shift & mask));
}
}  // namespace tilewright::simulator

template <int Bits>
inline i8 load_packed(const i8* source, int element, TILEWRIGHT_SITE) {
  if (!tilewright::simulator::begin_packed_load(source, site)) return 0;
  return i8(i8(*source << (8 - Bits - element * Bits)) >> (8 - Bits));
}
template <int Bits>
inline void store_packed(i8* destination, int element, i8 value, TILEWRIGHT_SITE) {
  if (!tilewright::simulator::begin_packed_store(destination, site)) return;
  *destination = tilewright::simulator::packed<Bits>(*destination, element, value);
}
/// Elements of the byte that nothing was written to yet may stay so.
template <int Bits>
inline void store_packed(tilewright::simulator::Element<i8> destination, int element, i8 value) {
  destination = tilewright::simulator::packed<Bits>(*destination.element, element, value);
}

inline void check(bool condition, const char* message, TILEWRIGHT_SITE) {
  if (!condition) tilewright::simulator::assertion_failed(message, site);
}
template <typename... Values>
inline void print_line(const char* format, Values... values) {
  printf(format, values...);
  printf("\n");
}

/// Accesses happen in program order here.
inline void memory_fence() {}

inline void sync_threads(TILEWRIGHT_SITE) {
  tilewright::simulator::block_barrier(site);
}
inline void sync_warp(TILEWRIGHT_SITE) {
  tilewright::simulator::warp_operation(tilewright::simulator::WarpOperation::sync_warp, nullptr, site);
}
template <int First, int Groups, int Threads> inline void sync_warps(int group, TILEWRIGHT_SITE) {
  const int number = First + (group < 0 ? 0 : group < Groups ? group : Groups - 1);
  tilewright::simulator::named_barrier(static_cast<unsigned>(number), Threads, true, site);
}

template <int Bytes, typename T>
inline void cp_async(T* shared, const T* global, TILEWRIGHT_SITE) {
  static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16, "cp.async copies 4, 8 or 16 bytes");
  tilewright::simulator::copy_async(shared, global, Bytes, true, site);
}
template <int Bytes, typename T>
inline void cp_async(T* shared, const T* global, bool in_bounds, TILEWRIGHT_SITE) {
  static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16, "cp.async copies 4, 8 or 16 bytes");
  tilewright::simulator::copy_async(shared, global, Bytes, in_bounds, site);
}
inline void cp_async_commit(TILEWRIGHT_SITE) {
  tilewright::simulator::copy_async_commit(site);
}
template <int Groups>
inline void cp_async_wait(TILEWRIGHT_SITE) {
  tilewright::simulator::copy_async_wait(Groups, site);
}

template <int Priority> inline void set_priority() {}
inline void schedule_barrier() {}
template <int Mask, int Count> inline void schedule_group() {}
