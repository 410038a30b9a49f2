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

//! wrapper atomic_add: requires types; since sm_75
/// Adds to one element (f32, f64, i32, u32, u64, f16, bf16) and returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_add(T* destination, T value) {
  return atomicAdd(destination, value);
}

//! wrapper atomic_max: requires types; since sm_75
/// Maximum of one i32, u32, i64 or u64 element; returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_max(T* destination, T value) {
  return atomicMax(destination, value);
}
/// The order of f32 values is that of their bits as i32 where the sign is clear, and its reverse as u32 where it is set.
TILEWRIGHT_DEVICE f32 atomic_max(f32* destination, f32 value) {
  return __float_as_int(value) >= 0
             ? __int_as_float(atomicMax(reinterpret_cast<int*>(destination), __float_as_int(value)))
             : __uint_as_float(atomicMin(reinterpret_cast<unsigned*>(destination), __float_as_uint(value)));
}

//! wrapper atomic_min: requires types; since sm_75
/// Minimum of one i32, u32, i64 or u64 element; returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_min(T* destination, T value) {
  return atomicMin(destination, value);
}
/// See atomic_max for why integer order serves.
TILEWRIGHT_DEVICE f32 atomic_min(f32* destination, f32 value) {
  return __float_as_int(value) >= 0
             ? __int_as_float(atomicMin(reinterpret_cast<int*>(destination), __float_as_int(value)))
             : __uint_as_float(atomicMax(reinterpret_cast<unsigned*>(destination), __float_as_uint(value)));
}

//! wrapper atomic_or: requires types; since sm_75
/// Bitwise or into one i32 or u32 element; returns the value before; relaxed order.
template <typename T>
TILEWRIGHT_DEVICE T atomic_or(T* destination, T value) {
  return atomicOr(destination, value);
}
