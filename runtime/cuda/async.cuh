// Barriers and asynchronous copies of emitted CUDA text.

//! wrapper sync_threads: requires types; since sm_80
/// Waits for every thread of the block; orders their accesses to shared and global memory.
TILEWRIGHT_DEVICE void sync_threads() {
  __syncthreads();
}

//! wrapper sync_warp: requires types; since sm_80
/// Waits for every lane of the warp; orders their accesses to memory.
TILEWRIGHT_DEVICE void sync_warp() {
  __syncwarp();
}

//! wrapper sync_warps: requires types; since sm_80
/// Waits for the `Threads` threads of one of `Groups` groups of warps; orders their accesses to memory. Group 0 has the barrier
/// with the number `First` (1 to 15), the others those that follow: constants, since of one in a register the compiler assumes
/// that it is any, and takes all 16 barriers for the block.
template <int First, int Groups, int Threads>
TILEWRIGHT_DEVICE void sync_warps(int group) {
  if constexpr (Groups == 1) {
    asm volatile("bar.sync %0, %1;" ::"n"(First), "n"(Threads) : "memory");
  } else if (group < Groups / 2) {
    sync_warps<First, Groups / 2, Threads>(group);
  } else {
    sync_warps<First + Groups / 2, Groups - Groups / 2, Threads>(group - Groups / 2);
  }
}

//! wrapper cp_async: requires types shared_address; since sm_80
/// Starts an asynchronous copy of 4, 8 or 16 bytes from global to shared memory; `in_bounds` false writes zeros
/// and reads nothing. 16-byte copies bypass L1.
template <int Bytes, typename T>
TILEWRIGHT_DEVICE void cp_async(T* shared, const T* global) {
  if constexpr (Bytes == 16) {
    asm volatile("cp.async.cg.shared.global.L2::128B [%0], [%1], 16;"
                 :
                 : "r"(shared_address(shared)), "l"(global)
                 : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2;"
                 :
                 : "r"(shared_address(shared)), "l"(global), "n"(Bytes)
                 : "memory");
  }
}
template <int Bytes, typename T>
TILEWRIGHT_DEVICE void cp_async(T* shared, const T* global, bool in_bounds) {
  const int source_bytes = in_bounds ? Bytes : 0;
  if constexpr (Bytes == 16) {
    asm volatile("cp.async.cg.shared.global.L2::128B [%0], [%1], 16, %2;"
                 :
                 : "r"(shared_address(shared)), "l"(global), "r"(source_bytes)
                 : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;"
                 :
                 : "r"(shared_address(shared)), "l"(global), "n"(Bytes), "r"(source_bytes)
                 : "memory");
  }
}

//! wrapper cp_async_commit: requires types; since sm_80
/// Closes this thread's current group of asynchronous copies (which may be empty).
TILEWRIGHT_DEVICE void cp_async_commit() {
  asm volatile("cp.async.commit_group;" ::: "memory");
}

//! wrapper cp_async_wait: requires types; since sm_80
/// Waits until at most `Groups` of this thread's youngest groups are in flight.
template <int Groups>
TILEWRIGHT_DEVICE void cp_async_wait() {
  asm volatile("cp.async.wait_group %0;" ::"n"(Groups) : "memory");
}
