// Barriers and scheduling hints of emitted HIP text.

//! wrapper sync_threads: requires types; since gfx90a
/// Waits for every thread of the block and for this wave's LDS accesses; global loads into registers stay in flight,
/// because a workgroup-scope fence on these targets waits for LDS alone.
TILEWRIGHT_DEVICE void sync_threads() {
  __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup");
  __builtin_amdgcn_s_barrier();
  __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "workgroup");
}

//! wrapper sync_warp: requires types; since gfx90a
/// Orders the memory accesses of one wave's lanes, which run in lockstep.
TILEWRIGHT_DEVICE void sync_warp() {
  __builtin_amdgcn_fence(__ATOMIC_RELEASE, "wavefront");
  __builtin_amdgcn_wave_barrier();
  __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "wavefront");
}

//! wrapper set_priority: requires types; since gfx90a
/// Sets the wave's issue priority, 0 (normal) to 3.
template <int Priority>
TILEWRIGHT_DEVICE void set_priority() {
  __builtin_amdgcn_s_setprio(Priority);
}

//! wrapper schedule_barrier: requires types; since gfx90a
/// Stops the compiler from moving instructions across.
TILEWRIGHT_DEVICE void schedule_barrier() {
  __builtin_amdgcn_sched_barrier(0);
}

//! wrapper schedule_group: requires types; since gfx90a
/// Asks for the next `Count` instructions of the kinds in `Mask` (0x2 VALU, 0x8 MFMA, 0x20 global read, 0x40 global
/// write, 0x100 LDS read, 0x200 LDS write).
template <int Mask, int Count>
TILEWRIGHT_DEVICE void schedule_group() {
  __builtin_amdgcn_sched_group_barrier(Mask, Count, 0);
}
