// Loads, stores and atomics of emitted CUDA text, for global and shared memory alike.

//! wrapper load: requires types; since sm_75
/// Reads one element.
template <typename T>
TILEWRIGHT_DEVICE T load(const T* source) {
  return *source;
}

//! wrapper store: requires types; since sm_75
/// Writes one element, converting the value to the element type.
template <typename T, typename V>
TILEWRIGHT_DEVICE void store(T* destination, V value) {
  *destination = T(value);
}

//! wrapper vector_bits: requires types; since sm_75
/// The machine type of one vector access.
template <int Bytes> struct VectorBits;
template <> struct VectorBits<1> { using type = unsigned char; };
template <> struct VectorBits<2> { using type = unsigned short; };
template <> struct VectorBits<4> { using type = unsigned int; };
template <> struct VectorBits<8> { using type = uint2; };
template <> struct VectorBits<16> { using type = uint4; };

//! wrapper load_vector: requires types vector_bits; since sm_75
/// Reads all elements of `destination` from consecutive addresses in one access of 1, 2, 4, 8 or 16 bytes.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void load_vector(Registers<T, Extents...>& destination, const T* source) {
  using Bits = typename VectorBits<Registers<T, Extents...>::size * int(sizeof(T))>::type;
  *reinterpret_cast<Bits*>(&destination) = *reinterpret_cast<const Bits*>(source);
}

//! wrapper store_vector: requires types vector_bits; since sm_75
/// Writes all elements of `source` to consecutive addresses in one access of 1, 2, 4, 8 or 16 bytes.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void store_vector(T* destination, const Registers<T, Extents...>& source) {
  using Bits = typename VectorBits<Registers<T, Extents...>::size * int(sizeof(T))>::type;
  *reinterpret_cast<Bits*>(destination) = *reinterpret_cast<const Bits*>(&source);
}

//! wrapper dynamic_shared_memory: requires types; since sm_75
/// The block's shared memory, 1024-byte aligned.
TILEWRIGHT_DEVICE unsigned char* dynamic_shared_memory() {
  extern __shared__ __align__(1024) unsigned char tilewright_shared_memory[];
  return tilewright_shared_memory;
}

//! wrapper shared_address: requires types; since sm_75
/// The 32-bit address that instructions on shared memory take.
TILEWRIGHT_DEVICE u32 shared_address(const void* pointer) {
  return static_cast<u32>(__cvta_generic_to_shared(pointer));
}

//! wrapper atomic_word: requires types; since sm_75
/// What compare and swap works on: 4 bytes, or 8 for wider elements.
template <bool IsNarrow> struct AtomicWord { using type = unsigned int; };
template <> struct AtomicWord<false> { using type = unsigned long long; };

//! wrapper atomic_update: requires types atomic_word; since sm_75
/// Replaces one element of 1 to 8 bytes by what `update` makes of it, by compare and swap of the word around it; returns
/// the value before; relaxed order.
template <typename T, typename Update>
TILEWRIGHT_DEVICE T atomic_update(T* destination, Update update) {
  using Word = typename AtomicWord<(sizeof(T) < 8)>::type;
  const uintptr_t address = reinterpret_cast<uintptr_t>(destination);
  Word* const word = reinterpret_cast<Word*>(address & ~uintptr_t(sizeof(Word) - 1));
  const int shift = static_cast<int>(address & (sizeof(Word) - 1)) * 8;
  Word old = *const_cast<volatile Word*>(word);
  for (;;) {
    const Word assumed = old;
    const Word bits = assumed >> shift;
    T before;
    __builtin_memcpy(&before, &bits, sizeof(T));
    const T after = update(before);
    Word replaced = bits;
    __builtin_memcpy(&replaced, &after, sizeof(T));
    const Word changed = (bits ^ replaced) << shift;
    old = atomicCAS(word, assumed, assumed ^ changed);
    if (old == assumed) return before;
  }
}

//! wrapper atomic_add: requires types atomic_update; since sm_75
/// Adds to one element and returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_add(T* destination, T value) {
  return atomic_update(destination, [=](T before) { return T(before + value); });
}
TILEWRIGHT_DEVICE f32 atomic_add(f32* destination, f32 value) { return atomicAdd(destination, value); }
TILEWRIGHT_DEVICE f64 atomic_add(f64* destination, f64 value) { return atomicAdd(destination, value); }
TILEWRIGHT_DEVICE i32 atomic_add(i32* destination, i32 value) { return atomicAdd(destination, value); }
TILEWRIGHT_DEVICE u32 atomic_add(u32* destination, u32 value) { return atomicAdd(destination, value); }
TILEWRIGHT_DEVICE i64 atomic_add(i64* destination, i64 value) {
  return i64(atomicAdd(reinterpret_cast<unsigned long long*>(destination), static_cast<unsigned long long>(value)));
}
TILEWRIGHT_DEVICE f16 atomic_add(f16* destination, f16 value) { return atomicAdd(destination, value); }
TILEWRIGHT_DEVICE bf16 atomic_add(bf16* destination, bf16 value) { return atomicAdd(destination, value); }

//! wrapper atomic_add_pair: requires types; since sm_75
/// Adds to two neighbours in global memory, aligned to 4 bytes, each atomically; relaxed order.
TILEWRIGHT_DEVICE void atomic_add_pair(f16* destination, const Registers<f16, 2>& values) {
  asm volatile("red.relaxed.gpu.global.add.noftz.f16x2 [%0], %1;"
               ::"l"(__cvta_generic_to_global(destination)), "r"(reinterpret_cast<const u32&>(values))
               : "memory");
}
TILEWRIGHT_DEVICE void atomic_add_pair(bf16* destination, const Registers<bf16, 2>& values) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  asm volatile("red.relaxed.gpu.global.add.noftz.bf16x2 [%0], %1;"
               ::"l"(__cvta_generic_to_global(destination)), "r"(reinterpret_cast<const u32&>(values))
               : "memory");
#else
  // Earlier GPUs have no such instruction; this is one compare and swap for both.
  atomicAdd(reinterpret_cast<__nv_bfloat162*>(destination), reinterpret_cast<const __nv_bfloat162&>(values));
#endif
}

//! wrapper atomic_max: requires types atomic_update; since sm_75
/// Maximum of one element; returns the value before; relaxed order. A NaN changes nothing.
template <typename T>
TILEWRIGHT_DEVICE T atomic_max(T* destination, T value) {
  return atomic_update(destination, [=](T before) { return before < value ? value : before; });
}
TILEWRIGHT_DEVICE i32 atomic_max(i32* destination, i32 value) { return atomicMax(destination, value); }
TILEWRIGHT_DEVICE u32 atomic_max(u32* destination, u32 value) { return atomicMax(destination, value); }
/// The order of f32 values is that of their bits as i32 where the sign is clear, and its reverse as u32 where it is set.
TILEWRIGHT_DEVICE f32 atomic_max(f32* destination, f32 value) {
  if (value != value) return *destination;
  return __float_as_int(value) >= 0
             ? __int_as_float(atomicMax(reinterpret_cast<int*>(destination), __float_as_int(value)))
             : __uint_as_float(atomicMin(reinterpret_cast<unsigned*>(destination), __float_as_uint(value)));
}

//! wrapper atomic_min: requires types atomic_update; since sm_75
/// Minimum of one element; returns the value before; relaxed order. A NaN changes nothing.
template <typename T>
TILEWRIGHT_DEVICE T atomic_min(T* destination, T value) {
  return atomic_update(destination, [=](T before) { return value < before ? value : before; });
}
TILEWRIGHT_DEVICE i32 atomic_min(i32* destination, i32 value) { return atomicMin(destination, value); }
TILEWRIGHT_DEVICE u32 atomic_min(u32* destination, u32 value) { return atomicMin(destination, value); }
/// The order of f32 values is that of their bits as i32 where the sign is clear, and its reverse as u32 where it is set.
TILEWRIGHT_DEVICE f32 atomic_min(f32* destination, f32 value) {
  if (value != value) return *destination;
  return __float_as_int(value) >= 0
             ? __int_as_float(atomicMin(reinterpret_cast<int*>(destination), __float_as_int(value)))
             : __uint_as_float(atomicMax(reinterpret_cast<unsigned*>(destination), __float_as_uint(value)));
}

//! wrapper atomic_or: requires types atomic_update; since sm_75
/// Bitwise or into one integer; returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_or(T* destination, T value) {
  return atomic_update(destination, [=](T before) { return T(before | value); });
}
TILEWRIGHT_DEVICE i32 atomic_or(i32* destination, i32 value) { return atomicOr(destination, value); }
TILEWRIGHT_DEVICE u32 atomic_or(u32* destination, u32 value) { return atomicOr(destination, value); }

//! wrapper load_packed: requires types; since sm_75
/// Reads one of the elements of `Bits` bits that share a byte, sign-extended; other threads may write the others at the same
/// time.
template <int Bits>
TILEWRIGHT_DEVICE i8 load_packed(const i8* source, int element) {
  const i8 byte = *const_cast<const volatile i8*>(source);
  return i8(i8(byte << (8 - Bits - element * Bits)) >> (8 - Bits));
}

//! wrapper store_packed: requires types atomic_update; since sm_75
/// Writes one of the elements of `Bits` bits that share a byte, the first in the lowest bits: of a register, or of memory,
/// where other threads may write the others at the same time.
template <int Bits>
TILEWRIGHT_DEVICE void store_packed(i8& byte, int element, i8 value) {
  const int shift = element * Bits;
  const int mask = ((1 << Bits) - 1) << shift;
  byte = i8((byte & ~mask) | (value << shift & mask));
}
template <int Bits>
TILEWRIGHT_DEVICE void store_packed(i8* destination, int element, i8 value) {
  atomic_update(destination, [=](i8 byte) {
    store_packed<Bits>(byte, element, value);
    return byte;
  });
}

//! wrapper memory_fence: requires types; since sm_75
/// Orders all accesses before it with all behind it, as every thread of the device sees them.
TILEWRIGHT_DEVICE void memory_fence() {
  __threadfence();
}

//! wrapper print_line: requires types; since sm_75
/// Prints a line of `printf`'s format: floats as double, integers as long long.
#if !defined(__CUDACC_RTC__)
#include <stdio.h>
#endif
template <typename... Values>
TILEWRIGHT_DEVICE void print_line(const char* format, Values... values) {
  printf(format, values...);
  printf("\n");
}

//! wrapper check: requires types; since sm_75
/// Prints the message and ends the kernel with an error where the condition does not hold.
#if !defined(__CUDACC_RTC__)
#include <stdio.h>
#endif
TILEWRIGHT_DEVICE void check(bool condition, const char* message) {
  if (condition) return;
  printf("assertion failed: %s [block (%d, %d, %d), thread %d]\n", message, int(blockIdx.x), int(blockIdx.y),
         int(blockIdx.z), int(threadIdx.x));
  __trap();
}
