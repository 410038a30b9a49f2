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

//! wrapper atomic_add: requires types; since gfx90a
/// Adds to one element (f32, f64, i32, u32, u64) and returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_add(T* destination, T value) {
  return atomicAdd(destination, value);
}

//! wrapper atomic_max: requires types; since gfx90a
/// Maximum of one f32, f64, i32, u32 or u64 element; returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_max(T* destination, T value) {
  return atomicMax(destination, value);
}

//! wrapper atomic_min: requires types; since gfx90a
/// Minimum of one f32, f64, i32, u32 or u64 element; returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_min(T* destination, T value) {
  return atomicMin(destination, value);
}

//! wrapper atomic_or: requires types; since gfx90a
/// Bitwise or into one i32 or u32 element; returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_or(T* destination, T value) {
  return atomicOr(destination, value);
}
