// Synchronization of emitted CUDA text for sm_90a: barriers with numbers, mbarriers, proxy fences, register budgets.

//! wrapper named_barrier_sync: requires types; since sm_80
/// Waits until `Threads` threads (whole warps) have come to barrier `Number` (1 to 15); orders their accesses.
template <int Number, int Threads>
TILEWRIGHT_DEVICE void named_barrier_sync() {
  asm volatile("bar.sync %0, %1;" ::"n"(Number), "n"(Threads) : "memory");
}

//! wrapper named_barrier_arrive: requires types; since sm_80
/// Comes to barrier `Number` without waiting; what was done before is seen by those who wait.
template <int Number, int Threads>
TILEWRIGHT_DEVICE void named_barrier_arrive() {
  asm volatile("bar.arrive %0, %1;" ::"n"(Number), "n"(Threads) : "memory");
}

//! wrapper mbarrier_init: requires types shared_address; since sm_90
/// Initializes an mbarrier whose phases take `arrivals` arrivals. `fence_mbarrier_init` and a barrier must follow.
TILEWRIGHT_DEVICE void mbarrier_init(u64* barrier, int arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(arrivals) : "memory");
}

//! wrapper mbarrier_invalidate: requires types shared_address; since sm_90
/// Gives the memory of an mbarrier back.
TILEWRIGHT_DEVICE void mbarrier_invalidate(u64* barrier) {
  asm volatile("mbarrier.inval.shared::cta.b64 [%0];" ::"r"(shared_address(barrier)) : "memory");
}

//! wrapper mbarrier_arrive: requires types shared_address; since sm_90
/// One arrival; releases what the thread did before.
TILEWRIGHT_DEVICE void mbarrier_arrive(u64* barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(shared_address(barrier)) : "memory");
}

//! wrapper mbarrier_arrive_expect: requires types shared_address; since sm_90
/// One arrival; the phase also waits for `bytes` of bulk copies.
TILEWRIGHT_DEVICE void mbarrier_arrive_expect(u64* barrier, int bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(barrier)), "r"(bytes)
               : "memory");
}

//! wrapper mbarrier_expect: requires types shared_address; since sm_90
/// The phase also waits for `bytes` of bulk copies; no arrival.
TILEWRIGHT_DEVICE void mbarrier_expect(u64* barrier, int bytes) {
  asm volatile("mbarrier.expect_tx.relaxed.cta.shared::cta.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(bytes)
               : "memory");
}

//! wrapper mbarrier_try_wait: requires types shared_address; since sm_90
/// Whether the phase of this parity has completed; may take a while to say no.
TILEWRIGHT_DEVICE bool mbarrier_try_wait(u64* barrier, int parity) {
  u32 done;
  asm volatile(
      "{\n.reg .pred p;\nmbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2;\nselp.b32 %0, 1, 0, p;\n}"
      : "=r"(done)
      : "r"(shared_address(barrier)), "r"(parity)
      : "memory");
  return done != 0;
}

//! wrapper mbarrier_wait: requires types mbarrier_try_wait; since sm_90
/// Waits until the phase of this parity has completed: the current one, or at once if it is the one before.
TILEWRIGHT_DEVICE void mbarrier_wait(u64* barrier, int parity) {
  while (!mbarrier_try_wait(barrier, parity)) {
  }
}

//! wrapper fence_mbarrier_init: requires types; since sm_90
/// Makes initialized mbarriers known to the asynchronous proxy and to the cluster.
TILEWRIGHT_DEVICE void fence_mbarrier_init() {
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
}

//! wrapper fence_proxy_async: requires types; since sm_90
/// Orders what this thread did to memory before what bulk copies and warpgroup products do to it.
TILEWRIGHT_DEVICE void fence_proxy_async() {
  asm volatile("fence.proxy.async;" ::: "memory");
}

//! wrapper increase_registers: requires types; since sm_90a
/// Waits for registers until each thread of the warpgroup has `Count` (a multiple of 8, 24 to 256).
template <int Count>
TILEWRIGHT_DEVICE void increase_registers() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Count));
}

//! wrapper decrease_registers: requires types; since sm_90a
/// Gives registers back until each thread of the warpgroup has `Count` (a multiple of 8, 24 to 256).
template <int Count>
TILEWRIGHT_DEVICE void decrease_registers() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Count));
}

//! wrapper wgmma_fence: requires types; since sm_90a
/// Orders the warpgroup's use of registers before products that follow.
TILEWRIGHT_DEVICE void wgmma_fence() {
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

//! wrapper wgmma_commit: requires types; since sm_90a
/// Closes the warpgroup's current group of products.
TILEWRIGHT_DEVICE void wgmma_commit() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

//! wrapper wgmma_wait: requires types; since sm_90a
/// Waits until at most `Groups` of the warpgroup's youngest groups of products are in flight.
template <int Groups>
TILEWRIGHT_DEVICE void wgmma_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(Groups) : "memory");
}

//! wrapper wgmma_descriptor: requires types shared_address; since sm_90a
/// Describes a matrix in shared memory to products: `Swizzle` of 0, 32, 64 or 128 bytes, leading and stride offsets in bytes.
template <int Swizzle>
TILEWRIGHT_DEVICE u64 wgmma_descriptor(const void* tile, int leading, int stride) {
  constexpr u64 mode = Swizzle == 128 ? 1 : Swizzle == 64 ? 2 : Swizzle == 32 ? 3 : 0;
  return u64(shared_address(tile) & 0x3ffff) >> 4 | u64((leading & 0x3ffff) >> 4) << 16 |
         u64((stride & 0x3ffff) >> 4) << 32 | mode << 62;
}

//! wrapper wgmma_advance: requires types; since sm_90a
/// The descriptor of what begins `bytes` (a multiple of 16) later.
TILEWRIGHT_DEVICE u64 wgmma_advance(u64 descriptor, int bytes) {
  return descriptor + static_cast<u64>(bytes >> 4);
}
