// Register arrays whose elements know whether they were written, and whether an asynchronous product still uses them.
#pragma once

namespace tilewright::simulator {

/// An index together with the place where it was written.
struct Index {
  int value;
  Site site;
  template <typename I>
  constexpr Index(I value, Site site = Site::here()) : value(static_cast<int>(value)), site(site) {}
};

template <typename T> struct IsNumber { static constexpr bool value = false; };
template <> struct IsNumber<f32> { static constexpr bool value = true; };
template <> struct IsNumber<f64> { static constexpr bool value = true; };
template <> struct IsNumber<bool> { static constexpr bool value = true; };
template <> struct IsNumber<i8> { static constexpr bool value = true; };
template <> struct IsNumber<i16> { static constexpr bool value = true; };
template <> struct IsNumber<i32> { static constexpr bool value = true; };
template <> struct IsNumber<i64> { static constexpr bool value = true; };
template <> struct IsNumber<u8> { static constexpr bool value = true; };
template <> struct IsNumber<u16> { static constexpr bool value = true; };
template <> struct IsNumber<u32> { static constexpr bool value = true; };
template <> struct IsNumber<u64> { static constexpr bool value = true; };

template <typename A, typename B> struct IsSame { static constexpr bool value = false; };
template <typename A> struct IsSame<A, A> { static constexpr bool value = true; };

/// Whether one of the states is less than `bound`, eight at a time where there are as many.
template <int Count>
[[gnu::always_inline]] inline bool any_below(const u8* states, u8 bound) {
  constexpr u64 ones = 0x0101010101010101;
  const auto tops = [bound](auto word, const u8* from) {
    __builtin_memcpy(&word, from, sizeof word);
    return static_cast<decltype(word)>(word - static_cast<decltype(word)>(ones) * bound) & static_cast<decltype(word)>(~word) &
           static_cast<decltype(word)>(ones << 7);
  };
  u64 found = 0;
  for (int i = 0; i + 8 <= Count; i += 8) found |= tops(u64(), states + i);
  if constexpr (Count % 8 >= 4) found |= tops(u32(), states + Count / 8 * 8);
  for (int i = Count / 4 * 4; i < Count; ++i) found |= states[i] < bound;
  return found != 0;
}

/// Whether nothing was written to the elements yet.
template <int Count>
[[gnu::always_inline]] inline bool all_undefined(const u8* states) {
  u8 known = register_undefined;
  for (int i = 0; i < Count; ++i) known |= states[i];
  return known == register_undefined;
}

[[gnu::noinline, gnu::cold]] inline void report_writes(const u8* states, int count, Site site) {
  bool pending = false;
  for (int i = 0; i < count; ++i) pending |= states[i] == register_in_flight || states[i] == register_being_read;
  if (pending) pending_register(site, true);
}

/// Marks elements as written by the running thread.
template <int Count>
[[gnu::always_inline]] inline void define_registers(u8* states, Site site) {
  if (any_below<Count>(states, register_settled) && !all_undefined<Count>(states)) report_writes(states, Count, site);
  __builtin_memset(states, register_epoch, Count);
}

[[gnu::noinline, gnu::cold]] inline void report_reads(const u8* states, int count, Site site) {
  bool all = true;
  bool in_flight = false;
  for (int i = 0; i < count; ++i) all &= states[i] != register_undefined, in_flight |= states[i] == register_in_flight;
  if (!all) undefined_register(site);
  if (in_flight) pending_register(site, false);
}

/// Reports elements that hold nothing yet.
template <int Count>
[[gnu::always_inline]] inline void check_registers(const u8* states, Site site) {
  if (any_below<Count>(states, register_being_read)) report_reads(states, Count, site);
}

/// Stands for one element in an expression.
template <typename T>
struct Element {
  T* element;
  u8* state;
  Site site;

  operator T() const {
    if (*state < register_being_read) report_reads(state, 1, site);
    return *element;
  }
  template <typename U>
    requires(IsNumber<U>::value && !IsSame<U, T>::value)
  explicit operator U() const {
    return static_cast<U>(static_cast<T>(*this));
  }
  /// From one small float to another, which all lie in f32.
  template <typename U>
    requires(!IsNumber<U>::value && !IsNumber<T>::value && !IsSame<U, T>::value && requires(U small) { small.bits; })
  explicit operator U() const {
    return U(static_cast<f32>(static_cast<T>(*this)));
  }
  const Element& operator=(T value) const {
    *element = value;
    if (*state < register_settled) report_writes(state, 1, site);
    *state = register_epoch;
    return *this;
  }
  const Element& operator=(const Element& other) const { return *this = static_cast<T>(other); }
  const Element& operator+=(T value) const { return *this = static_cast<T>(static_cast<T>(*this) + value); }
  const Element& operator-=(T value) const { return *this = static_cast<T>(static_cast<T>(*this) - value); }
  const Element& operator*=(T value) const { return *this = static_cast<T>(static_cast<T>(*this) * value); }
  const Element& operator/=(T value) const { return *this = static_cast<T>(static_cast<T>(*this) / value); }
};

}  // namespace tilewright::simulator

template <typename T, int Extent, int... Rest>
struct Registers {
  using Element = T;
  static constexpr int size = Extent * Registers<T, Rest...>::size;
  Registers<T, Rest...> elements[Extent];

  Registers<T, Rest...>& operator[](tilewright::simulator::Index index) {
    if (static_cast<unsigned>(index.value) >= Extent) {
      tilewright::simulator::register_out_of_range(index.value, Extent, index.site);
      index.value = 0;
    }
    return elements[index.value];
  }
  const Registers<T, Rest...>& operator[](tilewright::simulator::Index index) const {
    return const_cast<Registers&>(*this)[index];
  }

  /// Copies all elements in order into `values`, reporting undefined ones at `site`.
  void gather(T* values, tilewright::simulator::Site site) const {
    for (int i = 0; i < Extent; ++i) elements[i].gather(values + i * Registers<T, Rest...>::size, site);
  }
  /// Defines all elements in order from `values`.
  void scatter(const T* values, tilewright::simulator::Site site) {
    for (int i = 0; i < Extent; ++i) elements[i].scatter(values + i * Registers<T, Rest...>::size, site);
  }
};

template <typename T, int Extent>
struct Registers<T, Extent> {
  using Element = T;
  static constexpr int size = Extent;
  T elements[Extent];
  u8 states[Extent] = {};

  tilewright::simulator::Element<T> operator[](tilewright::simulator::Index index) const {
    if (static_cast<unsigned>(index.value) >= Extent) {
      tilewright::simulator::register_out_of_range(index.value, Extent, index.site);
      index.value = 0;
    }
    return {const_cast<T*>(&elements[index.value]), const_cast<u8*>(&states[index.value]), index.site};
  }

  void check(tilewright::simulator::Site site) const {
    tilewright::simulator::check_registers<Extent>(states, site);
  }
  void gather(T* values, tilewright::simulator::Site site) const {
    check(site);
    __builtin_memcpy(values, elements, sizeof(elements));
  }
  void scatter(const T* values, tilewright::simulator::Site site) {
    tilewright::simulator::define_registers<Extent>(states, site);
    __builtin_memcpy(elements, values, sizeof(elements));
  }
};

template <typename T, typename V, int... Extents>
inline void fill(Registers<T, Extents...>& destination, V value,
                 tilewright::simulator::Site site = tilewright::simulator::Site::here()) {
  T values[Registers<T, Extents...>::size];
  for (T& element : values) element = T(value);
  destination.scatter(values, site);
}

template <typename To, typename From, int... Extents>
inline void convert(Registers<To, Extents...>& destination, const Registers<From, Extents...>& source,
                    tilewright::simulator::Site site = tilewright::simulator::Site::here()) {
  From from[Registers<From, Extents...>::size];
  To to[Registers<To, Extents...>::size];
  source.gather(from, site);
  for (int i = 0; i < Registers<To, Extents...>::size; ++i) to[i] = To(from[i]);
  destination.scatter(to, site);
}
