// Clusters of blocks in emitted CUDA text for sm_90: a block's place, the cluster's barrier, the shared memory and mbarriers of its
// other blocks.

//! wrapper cluster_rank: requires types; since sm_90
/// The block's number in its cluster.
TILEWRIGHT_DEVICE int cluster_rank() {
  int rank;
  asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
  __builtin_assume(rank >= 0);
  return rank;
}

//! wrapper cluster_size: requires types; since sm_90
/// How many blocks the cluster has.
TILEWRIGHT_DEVICE int cluster_size() {
  int size;
  asm("mov.u32 %0, %%cluster_nctarank;" : "=r"(size));
  __builtin_assume(size > 0);
  return size;
}

//! wrapper cluster_block_index_x: requires types; since sm_90
/// The block's place in its cluster.
TILEWRIGHT_DEVICE int cluster_block_index_x() {
  int index;
  asm("mov.u32 %0, %%cluster_ctaid.x;" : "=r"(index));
  __builtin_assume(index >= 0);
  return index;
}

//! wrapper cluster_block_index_y: requires types; since sm_90
/// As cluster_block_index_x.
TILEWRIGHT_DEVICE int cluster_block_index_y() {
  int index;
  asm("mov.u32 %0, %%cluster_ctaid.y;" : "=r"(index));
  __builtin_assume(index >= 0);
  return index;
}

//! wrapper cluster_block_index_z: requires types; since sm_90
/// As cluster_block_index_x.
TILEWRIGHT_DEVICE int cluster_block_index_z() {
  int index;
  asm("mov.u32 %0, %%cluster_ctaid.z;" : "=r"(index));
  __builtin_assume(index >= 0);
  return index;
}

//! wrapper cluster_arrive: requires types; since sm_90
/// Comes to the cluster's barrier; what was done before is seen by those who wait. By whole warps.
TILEWRIGHT_DEVICE void cluster_arrive() {
  asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
}

//! wrapper cluster_arrive_relaxed: requires types; since sm_90
/// Comes to the cluster's barrier; what was written before need not be seen by those who wait. By whole warps.
TILEWRIGHT_DEVICE void cluster_arrive_relaxed() {
  asm volatile("barrier.cluster.arrive.relaxed.aligned;" ::: "memory");
}

//! wrapper cluster_wait: requires types; since sm_90
/// Waits until every thread of the cluster has come to its barrier or ended. By whole warps that have come.
TILEWRIGHT_DEVICE void cluster_wait() {
  asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
}

//! wrapper map_shared_rank: requires types; since sm_90
/// The place in another block's shared memory that corresponds to one in the block's own.
template <typename T>
TILEWRIGHT_DEVICE T* map_shared_rank(T* shared, int rank) {
  u64 address;
  asm("mapa.u64 %0, %1, %2;" : "=l"(address) : "l"(shared), "r"(rank));
  return reinterpret_cast<T*>(address);
}

//! wrapper load_cluster: requires types shared_address; since sm_90
/// Reads one element of 1, 2, 4 or 8 bytes of the cluster's shared memory.
template <typename T>
TILEWRIGHT_DEVICE T load_cluster(const T* source) {
  const u32 address = shared_address(source);
  T value;
  if constexpr (sizeof(T) == 8) {
    u64 bits;
    asm volatile("ld.shared::cluster.b64 %0, [%1];" : "=l"(bits) : "r"(address) : "memory");
    __builtin_memcpy(&value, &bits, 8);
  } else if constexpr (sizeof(T) == 4) {
    u32 bits;
    asm volatile("ld.shared::cluster.b32 %0, [%1];" : "=r"(bits) : "r"(address) : "memory");
    __builtin_memcpy(&value, &bits, 4);
  } else if constexpr (sizeof(T) == 2) {
    u16 bits;
    asm volatile("ld.shared::cluster.b16 %0, [%1];" : "=h"(bits) : "r"(address) : "memory");
    __builtin_memcpy(&value, &bits, 2);
  } else {
    u32 bits;
    asm volatile("ld.shared::cluster.u8 %0, [%1];" : "=r"(bits) : "r"(address) : "memory");
    __builtin_memcpy(&value, &bits, 1);
  }
  return value;
}

//! wrapper store_cluster: requires types shared_address; since sm_90
/// Writes one element of 1, 2, 4 or 8 bytes of the cluster's shared memory, converting the value to the element type.
template <typename T, typename V>
TILEWRIGHT_DEVICE void store_cluster(T* destination, V value) {
  const u32 address = shared_address(destination);
  const T converted = T(value);
  if constexpr (sizeof(T) == 8) {
    u64 bits;
    __builtin_memcpy(&bits, &converted, 8);
    asm volatile("st.shared::cluster.b64 [%0], %1;" ::"r"(address), "l"(bits) : "memory");
  } else if constexpr (sizeof(T) == 4) {
    u32 bits;
    __builtin_memcpy(&bits, &converted, 4);
    asm volatile("st.shared::cluster.b32 [%0], %1;" ::"r"(address), "r"(bits) : "memory");
  } else if constexpr (sizeof(T) == 2) {
    u16 bits;
    __builtin_memcpy(&bits, &converted, 2);
    asm volatile("st.shared::cluster.b16 [%0], %1;" ::"r"(address), "h"(bits) : "memory");
  } else {
    u32 bits = 0;
    __builtin_memcpy(&bits, &converted, 1);
    asm volatile("st.shared::cluster.b8 [%0], %1;" ::"r"(address), "r"(bits) : "memory");
  }
}

//! wrapper atomic_add_cluster: requires types shared_address; since sm_90
/// Adds to one element (i32, u32, u64 or f32) of the cluster's shared memory; relaxed order; returns the value before.
TILEWRIGHT_DEVICE u32 atomic_add_cluster(u32* destination, u32 value) {
  u32 before;
  asm volatile("atom.relaxed.cluster.shared::cluster.add.u32 %0, [%1], %2;"
               : "=r"(before)
               : "r"(shared_address(destination)), "r"(value)
               : "memory");
  return before;
}
TILEWRIGHT_DEVICE i32 atomic_add_cluster(i32* destination, i32 value) {
  i32 before;
  asm volatile("atom.relaxed.cluster.shared::cluster.add.s32 %0, [%1], %2;"
               : "=r"(before)
               : "r"(shared_address(destination)), "r"(value)
               : "memory");
  return before;
}
TILEWRIGHT_DEVICE u64 atomic_add_cluster(u64* destination, u64 value) {
  u64 before;
  asm volatile("atom.relaxed.cluster.shared::cluster.add.u64 %0, [%1], %2;"
               : "=l"(before)
               : "r"(shared_address(destination)), "l"(value)
               : "memory");
  return before;
}
TILEWRIGHT_DEVICE f32 atomic_add_cluster(f32* destination, f32 value) {
  f32 before;
  asm volatile("atom.relaxed.cluster.shared::cluster.add.f32 %0, [%1], %2;"
               : "=f"(before)
               : "r"(shared_address(destination)), "f"(value)
               : "memory");
  return before;
}

//! wrapper mbarrier_arrive_remote: requires types shared_address; since sm_90
/// One arrival at another block's mbarrier, given by its place in the own block. Ends what was read before: copies may write there;
/// what was written before need not be seen (mbarrier_arrive_cluster, which costs a fence).
TILEWRIGHT_DEVICE void mbarrier_arrive_remote(u64* barrier, int rank) {
  asm volatile(
      "{\n.reg .b32 remote;\nmapa.shared::cluster.u32 remote, %0, %1;\nmbarrier.arrive.shared::cluster.b64 _, [remote];\n}"
      :
      : "r"(shared_address(barrier)), "r"(rank)
      : "memory");
}

//! wrapper mbarrier_arrive_expect_remote: requires types shared_address; since sm_90
/// As mbarrier_arrive_remote; the phase also waits for `bytes` of bulk copies.
TILEWRIGHT_DEVICE void mbarrier_arrive_expect_remote(u64* barrier, int rank, int bytes) {
  asm volatile(
      "{\n.reg .b32 remote;\nmapa.shared::cluster.u32 remote, %0, %1;\n"
      "mbarrier.arrive.expect_tx.shared::cluster.b64 _, [remote], %2;\n}"
      :
      : "r"(shared_address(barrier)), "r"(rank), "r"(bytes)
      : "memory");
}

//! wrapper mbarrier_arrive_cluster: requires types shared_address; since sm_90
/// As mbarrier_arrive_remote; what was written before is seen by those who wait with mbarrier_wait_cluster.
TILEWRIGHT_DEVICE void mbarrier_arrive_cluster(u64* barrier, int rank) {
  asm volatile(
      "{\n.reg .b32 remote;\nmapa.shared::cluster.u32 remote, %0, %1;\n"
      "mbarrier.arrive.release.cluster.shared::cluster.b64 _, [remote];\n}"
      :
      : "r"(shared_address(barrier)), "r"(rank)
      : "memory");
}

//! wrapper mbarrier_try_wait_cluster: requires types shared_address; since sm_90
/// As mbarrier_try_wait; sees what threads of other blocks wrote before mbarrier_arrive_cluster.
TILEWRIGHT_DEVICE bool mbarrier_try_wait_cluster(u64* barrier, int parity) {
  u32 done;
  asm volatile(
      "{\n.reg .pred p;\nmbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 p, [%1], %2;\nselp.b32 %0, 1, 0, p;\n}"
      : "=r"(done)
      : "r"(shared_address(barrier)), "r"(parity)
      : "memory");
  return done != 0;
}

//! wrapper mbarrier_wait_cluster: requires types mbarrier_try_wait_cluster; since sm_90
/// As mbarrier_wait; sees what threads of other blocks wrote before mbarrier_arrive_cluster.
TILEWRIGHT_DEVICE void mbarrier_wait_cluster(u64* barrier, int parity) {
  while (!mbarrier_try_wait_cluster(barrier, parity)) {
  }
}
