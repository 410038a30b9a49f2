// Loads, stores and atomics of emitted HIP text, for global memory and LDS alike.

//! wrapper load: requires types; since gfx90a
/// Reads one element.
template <typename T>
TILEWRIGHT_DEVICE T load(const T* source) {
  return *source;
}

//! wrapper store: requires types; since gfx90a
/// Writes one element, converting the value to the element type.
template <typename T, typename V>
TILEWRIGHT_DEVICE void store(T* destination, V value) {
  *destination = T(value);
}

//! wrapper vector_bits: requires types; since gfx90a
/// The machine type of one vector access; the aliasing rules know that it holds any element type.
template <int Bytes> struct VectorBits;
template <> struct VectorBits<1> { typedef u8 __attribute__((may_alias)) type; };
template <> struct VectorBits<2> { typedef u16 __attribute__((may_alias)) type; };
template <> struct VectorBits<4> { typedef u32 __attribute__((may_alias)) type; };
template <> struct VectorBits<8> { typedef u32 __attribute__((ext_vector_type(2), may_alias)) type; };
template <> struct VectorBits<16> { typedef u32 __attribute__((ext_vector_type(4), may_alias)) type; };

//! wrapper load_vector: requires types vector_bits; since gfx90a
/// Reads all elements of `destination` from consecutive addresses in one access of 1, 2, 4, 8 or 16 bytes.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void load_vector(Registers<T, Extents...>& destination, const T* source) {
  using Bits = typename VectorBits<Registers<T, Extents...>::size * int(sizeof(T))>::type;
  *reinterpret_cast<Bits*>(&destination) = *reinterpret_cast<const Bits*>(source);
}

//! wrapper store_vector: requires types vector_bits; since gfx90a
/// Writes all elements of `source` to consecutive addresses in one access of 1, 2, 4, 8 or 16 bytes.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void store_vector(T* destination, const Registers<T, Extents...>& source) {
  using Bits = typename VectorBits<Registers<T, Extents...>::size * int(sizeof(T))>::type;
  *reinterpret_cast<Bits*>(destination) = *reinterpret_cast<const Bits*>(&source);
}

//! wrapper dynamic_shared_memory: requires types; since gfx90a
/// The block's LDS, 1024-byte aligned.
extern __shared__ __attribute__((aligned(1024))) unsigned char tilewright_shared_memory[];
TILEWRIGHT_DEVICE unsigned char* dynamic_shared_memory() {
  return tilewright_shared_memory;
}

//! wrapper atomic_word: requires types; since gfx90a
/// What compare and swap works on: 4 bytes, or 8 for wider elements.
template <bool IsNarrow> struct AtomicWord { using type = unsigned int; };
template <> struct AtomicWord<false> { using type = unsigned long long; };

//! wrapper atomic_update: requires types atomic_word; since gfx90a
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

//! wrapper atomic_add: requires types atomic_update; since gfx90a
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

//! wrapper atomic_add_pair: requires types atomic_update; since gfx90a
/// Adds to two neighbours in global memory, aligned to 4 bytes, each atomically; relaxed order. The instructions need
/// memory that the device caches, as `hipMalloc` gives it.
TILEWRIGHT_DEVICE void atomic_add_pair(f16* destination, const Registers<f16, 2>& values) {
  using Pair = Vector<_Float16, 2>;
  __builtin_amdgcn_global_atomic_fadd_v2f16(
      (__attribute__((address_space(1))) Pair*)destination, bits_as<Pair>(values));
}
TILEWRIGHT_DEVICE void atomic_add_pair(bf16* destination, const Registers<bf16, 2>& values) {
#if defined(__gfx942__)
  using Pair = Vector<short, 2>;
  __builtin_amdgcn_global_atomic_fadd_v2bf16(
      (__attribute__((address_space(1))) Pair*)destination, bits_as<Pair>(values));
#else
  // gfx90a has no such instruction; this is one compare and swap for both.
  struct Pair {
    bf16 first, second;
  };
  atomic_update(reinterpret_cast<Pair*>(destination), [=](Pair before) {
    return Pair{bf16(before.first + values[0]), bf16(before.second + values[1])};
  });
#endif
}

//! wrapper atomic_max: requires types atomic_update; since gfx90a
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

//! wrapper atomic_min: requires types atomic_update; since gfx90a
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

//! wrapper atomic_or: requires types atomic_update; since gfx90a
/// Bitwise or into one integer; returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_or(T* destination, T value) {
  return atomic_update(destination, [=](T before) { return T(before | value); });
}
TILEWRIGHT_DEVICE i32 atomic_or(i32* destination, i32 value) { return atomicOr(destination, value); }
TILEWRIGHT_DEVICE u32 atomic_or(u32* destination, u32 value) { return atomicOr(destination, value); }

//! wrapper load_packed: requires types; since gfx90a
/// Reads one of the elements of `Bits` bits that share a byte, sign-extended; other threads may write the others at the same
/// time.
template <int Bits>
TILEWRIGHT_DEVICE i8 load_packed(const i8* source, int element) {
  const i8 byte = *const_cast<const volatile i8*>(source);
  return i8(i8(byte << (8 - Bits - element * Bits)) >> (8 - Bits));
}

//! wrapper store_packed: requires types atomic_update; since gfx90a
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

//! wrapper memory_fence: requires types; since gfx90a
/// Orders all accesses before it with all behind it, as every thread of the device sees them.
TILEWRIGHT_DEVICE void memory_fence() {
  __threadfence();
}

//! wrapper print_line: requires types; since gfx90a
/// Prints a line of `printf`'s format: floats as double, integers as long long.
template <typename... Values>
TILEWRIGHT_DEVICE void print_line(const char* format, Values... values) {
  printf(format, values...);
  printf("\n");
}

//! wrapper check: requires types; since gfx90a
/// Prints the message and ends the kernel with an error where the condition does not hold.
TILEWRIGHT_DEVICE void check(bool condition, const char* message) {
  if (condition) return;
  printf("assertion failed: %s [block (%d, %d, %d), thread %d]\n", message, int(blockIdx.x), int(blockIdx.y),
         int(blockIdx.z), int(threadIdx.x));
  __builtin_trap();
}
