// Threads of the blocks of one cluster (mostly a single block) as fibers, run in a seeded random order; barriers, warp-wide
// meetings, and what to say when nobody can go on.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include "tilewright/engine/fiber.h"
#include "tilewright/engine/memory.h"
#include "tilewright/engine/profile.h"
#include "tilewright/engine/trace.h"

namespace tilewright::simulator {

enum class ThreadState : u8 { runnable, at_barrier, at_warp_operation, at_event, exited };

struct AsyncCopy {
  u64 shared;
  u64 global;
  u32 bytes;
  u32 site;
  bool in_bounds;
  u64 started;
};

struct alignas(64) Thread {
  Fiber fiber;
  /// The last operation begun, and how many were.
  Site site{nullptr, 0};
  u64 operations = 0;
  /// In the cluster.
  u32 number = 0;
  /// Of its block in the cluster.
  u32 rank = 0;
  ThreadState state = ThreadState::runnable;
  WarpOperation operation{};
  /// The mark of the registers that it writes, and the fences to the asynchronous proxy that it executed.
  u8 register_epoch = first_register_epoch;
  u16 fences = 0;
  /// Asynchronous copies not landed, oldest first; the first `committed` of them are in groups of these sizes.
  u32 committed = 0;
  std::vector<AsyncCopy> copies;
  std::vector<u32> groups;
  Indices indices;
  /// What a thread at an event waits for, as text of the moment.
  std::function<std::string()> event;
  /// Whether it has come to the cluster's barrier, and not yet waited.
  bool at_cluster_barrier = false;
  u32 cluster_phase = 0;

  u32 warp() const { return number / TILEWRIGHT_WARP_SIZE; }
  u32 lane() const { return number % TILEWRIGHT_WARP_SIZE; }
};

struct Warp {
  u32 lanes = 0;
  u32 first = 0;
  /// The meeting under way: who has come where, with which arguments, and whether to different operations.
  u32 arrived = 0;
  bool differ = false;
  WarpOperation operation{};
  Site site{nullptr, 0};
  void* arguments[TILEWRIGHT_WARP_SIZE];
  u32 priority = 0;
  WarpRequests requests;
};

inline constexpr u32 max_threads = 1024;

/// The last access by a warp to another block's shared memory.
struct RemoteAccess {
  u32 time = 0;
  u32 thread = 0;
  Action action{};
  u64 offset = 0;
  Site site{nullptr, 0};
};

/// A block of the cluster that runs.
struct BlockState {
  Extent3 index;
  u32 at_barrier = 0;
  u32 exited = 0;
  /// By warps of other blocks, to this one's shared memory.
  std::map<u32, RemoteAccess> remote;
};

struct Limits {
  u64 steps = 2'000'000'000;
  u32 seconds = 60;
  u32 shared_bytes = 232448;
};

struct Scheduler {
  std::vector<Thread> threads;
  std::vector<Warp> warps;
  std::vector<u32> runnable;
  /// Of each place, by thread.
  u32* occurrences = nullptr;
  std::vector<BlockState> blocks;
  /// Of one block: its threads, and how many numbers they take, whole warps of them.
  u32 thread_count = 0;
  u32 block_numbers = TILEWRIGHT_WARP_SIZE;
  Extent3 cluster;
  /// Of the cluster.
  u32 warp_count = 0;
  Thread* current = nullptr;
  Fiber main;
  void (*invoke)(void*) = nullptr;
  void* context = nullptr;
  u32 exited = 0;
  u64 steps = 0;
  u32 until_yield = 64;
  u32 yield_range = 128;
  bool by_priority = false;
  u64 random_state = 1;
  Limits limits;

  u32 random() {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return static_cast<u32>(random_state * 0x2545f4914f6cdd1d >> 32);
  }
  /// 0 to `bound` - 1.
  u32 random_below(u32 bound) { return static_cast<u32>(u64(random()) * bound >> 32); }
};

inline Scheduler scheduler;

/// Calls `visit` with every thread of the cluster.
template <typename Visit>
void for_each_thread(Visit visit) {
  for (u32 rank = 0; rank < scheduler.blocks.size(); ++rank) {
    for (u32 i = 0; i < scheduler.thread_count; ++i) visit(scheduler.threads[rank * scheduler.block_numbers + i]);
  }
}

inline u32 number_in_block(u32 number) { return number % scheduler.block_numbers; }

inline int running_thread() {
  return scheduler.current ? static_cast<int>(number_in_block(scheduler.current->number)) : -1;
}

inline BlockState& own_block() { return scheduler.blocks[scheduler.current->rank]; }
inline Buffer& own_shared_memory() { return buffers[scheduler.current->rank]; }

inline u32 running_block() { return scheduler.current ? scheduler.current->rank : 0; }

inline std::string index_text(const Extent3& index) { return format_text("block (%u, %u, %u)", index.x, index.y, index.z); }

inline std::string block_text(u32 rank) { return index_text(scheduler.blocks[rank].index); }

/// The block of this rank in a cluster that begins at `first`.
inline Extent3 block_of_cluster(Extent3 first, u32 rank) {
  const Extent3& cluster = scheduler.cluster;
  return {first.x + rank % cluster.x, first.y + rank / cluster.x % cluster.y, first.z + rank / cluster.x / cluster.y};
}

inline std::string block_text_of(const Stamp& stamp) {
  return index_text(block_of_cluster(clocks.places[stamp.cluster - clocks.first_cluster_of_launch], stamp.thread / scheduler.block_numbers));
}

inline bool runs_in_this_block(const Stamp& stamp) {
  return stamp.cluster == clocks.cluster && stamp.thread / scheduler.block_numbers == running_block();
}

inline std::string thread_text(u32 number) {
  const std::string text = format_text("thread %u", number_in_block(number));
  const u32 rank = number / scheduler.block_numbers;
  return rank == running_block() ? text : text + " of " + block_text(rank);
}

u32 pick_thread();

/// Begins to load what the thread after the next needs, which is known if the next one meets nobody and does not end: between
/// two switches there is too little work to hide the way to the second-level cache.
inline void prefetch_next() {
  if (scheduler.runnable.empty() || scheduler.by_priority) return;
  const u64 state = scheduler.random_state;
  const u32 place = scheduler.random_below(static_cast<u32>(scheduler.runnable.size()));
  scheduler.random_state = state;
  const Thread& thread = scheduler.threads[scheduler.runnable[place]];
  __builtin_prefetch(&thread);
  thread.fiber.prefetch();
}

/// Goes on with a runnable thread, or where there is none with `run_block`.
[[gnu::noinline]] inline void run_next(Fiber& from) {
  if (scheduler.runnable.empty()) {
    scheduler.current = nullptr;
    switch_fiber(from, scheduler.main);
    return;
  }
  Thread& next = scheduler.threads[pick_thread()];
  scheduler.current = &next;
  indices = &next.indices;
  register_epoch = next.register_epoch;
  if (&next.fiber == &from) return;
  prefetch_next();
  switch_fiber(from, next.fiber);
}

inline void wait_for_turn() { run_next(scheduler.current->fiber); }

/// Called by every operation: remembers where the thread is, bounds the run, and gives way now and then.
inline void begin_operation(Site site) {
  Thread& self = *scheduler.current;
  self.site = site;
  ++self.operations;
  if (++scheduler.steps > scheduler.limits.steps) {
    report_and_finish("step-limit", site,
                      format_text("the kernel has not ended after %llu operations",
                                  printable(scheduler.limits.steps)));
  }
  if (--scheduler.until_yield == 0) {
    scheduler.until_yield = 1 + scheduler.random_below(scheduler.yield_range);
    scheduler.runnable.push_back(self.number);
    wait_for_turn();
  }
}

/// The running thread's stamp for an access.
inline Stamp stamp(u32 site, bool atomic = false) {
  const Thread& self = *scheduler.current;
  Stamp now;
  now.time = clocks.times[self.warp()][self.warp()];
  now.cluster = clocks.cluster;
  now.thread = static_cast<u16>(self.number);
  now.site = static_cast<u16>(site);
  now.atomic = atomic;
  now.fences = self.fences;
  return now;
}

inline void count_access(u32 site, const Buffer& buffer, u64 address, u32 bytes, bool same_occurrence = false) {
  if (!profile.enabled) return;
  Thread& self = *scheduler.current;
  Warp& warp = scheduler.warps[self.warp()];
  u32& occurrence = scheduler.occurrences[site * scheduler.warp_count * TILEWRIGHT_WARP_SIZE + self.number];
  if (!same_occurrence) ++occurrence;
  warp.requests.add(self.lane(), warp.lanes, site, occurrence, buffer.shared, address, bytes);
}

inline const char* operation_names[] = {
    "sync_warp", "shuffle", "vote", "ldmatrix", "cluster_arrive", "cluster_arrive_relaxed", "cluster_wait",
    "mma_m16n8k16_f32_f16", "mma_m16n8k16_f32_bf16", "mma_m16n8k16_f16_f16", "mma_m16n8k8_f32_tf32",
    "mma_m16n8k32_i32_i8", "mma_m16n8k8_f32_f16", "mma_m16n8k8_f16_f16", "mma_m8n8k16_i32_i8",
    "mma_m16n8k64_i32_i4", "mma_m16n8k32_i32_i4", "mma_m8n8k32_i32_i4",
    "mma_m8n8k4_f64_f64", "mma_m16n8k32_f32_f8E4M3FN", "mma_m16n8k32_f32_f8E5M2",
    "mfma_32x32x8_f32_f16", "mfma_16x16x16_f32_f16", "mfma_32x32x8_f32_bf16",
    "mfma_16x16x16_f32_bf16", "mfma_32x32x2_f32_f32", "mfma_16x16x4_f32_f32", "mfma_16x16x4_f64_f64",
    "mfma_32x32x8_i32_i8", "mfma_16x16x16_i32_i8", "mfma_32x32x16_i32_i8", "mfma_16x16x32_i32_i8",
    "mfma_32x32x16_f32_f8E4M3FNUZ", "mfma_32x32x16_f32_f8E5M2FNUZ",
    "mfma_16x16x32_f32_f8E4M3FNUZ", "mfma_16x16x32_f32_f8E5M2FNUZ",
};

/// Numbers as ranges: `0-31, 40`.
inline std::string number_ranges(const std::vector<u32>& numbers) {
  std::string text;
  for (size_t i = 0; i < numbers.size();) {
    size_t end = i;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) ++end;
    if (!text.empty()) text += ", ";
    if (text.size() > 120) return text + "...";
    text += end == i ? format_text("%u", numbers[i]) : format_text("%u-%u", numbers[i], numbers[end]);
    i = end + 1;
  }
  return text;
}

/// `the block`, or `the cluster` where it has more than one.
inline const char* whole_text() { return scheduler.blocks.size() > 1 ? "the cluster" : "the block"; }

/// What a thread of a block does at a place, and which threads do.
struct ThreadGroup {
  std::string what;
  Site site;
  u32 rank;
  std::vector<u32> numbers;

  std::string text() const {
    const std::string of_block = scheduler.blocks.size() > 1 ? "of " + block_text(rank) + " " : "";
    return format_text("%zu threads (", numbers.size()) + number_ranges(numbers) + ") " + of_block + what;
  }
};

/// Where every thread of the cluster is, those of a block at one place together.
inline std::vector<ThreadGroup> group_threads() {
  std::map<std::pair<u32, std::string>, ThreadGroup> groups;
  for_each_thread([&groups](const Thread& thread) {
    std::string what;
    switch (thread.state) {
      case ThreadState::exited: what = "ended"; break;
      case ThreadState::at_barrier: what = "wait in sync_threads"; break;
      case ThreadState::at_warp_operation:
        what = format_text("wait in %s", operation_names[static_cast<u32>(thread.operation)]);
        break;
      case ThreadState::at_event: what = "wait for " + thread.event(); break;
      case ThreadState::runnable: what = "run"; break;
    }
    const bool ended = thread.state == ThreadState::exited;
    ThreadGroup& group = groups[{thread.rank, ended ? what : what + " at " + site_text(thread.site)}];
    if (group.numbers.empty()) group.what = what, group.site = ended ? Site{nullptr, 0} : thread.site, group.rank = thread.rank;
    group.numbers.push_back(number_in_block(thread.number));
  });
  std::vector<ThreadGroup> list;
  for (const auto& [key, group] : groups) list.push_back(group);
  return list;
}

inline std::string describe_threads() {
  std::string text;
  for (const ThreadGroup& group : group_threads()) {
    if (!text.empty()) text += "; ";
    text += group.text() + (group.site.file ? " at " + site_text(group.site) : "");
  }
  return text;
}

/// A note for each place where threads are.
inline Notes thread_notes() {
  Notes notes;
  for (const ThreadGroup& group : group_threads()) notes.push_back({group.text(), group.site});
  return notes;
}

[[noreturn]] inline void report_stuck() {
  const char* kind = "barrier-divergence";
  Site site{nullptr, 0};
  for_each_thread([&](const Thread& thread) {
    if (thread.state == ThreadState::at_event) {
      indices = &thread.indices;
      report_and_finish("deadlock", thread.site, format_text("no thread of %s can go on: ", whole_text()) + describe_threads(),
                        thread_notes(), false);
    }
    if (thread.state == ThreadState::at_warp_operation) {
      kind = "warp-divergence";
      site = thread.site;
    } else if (thread.state == ThreadState::at_barrier && !site.file) {
      site = thread.site;
    }
  });
  const char* what = kind[0] == 'w' ? "not all lanes of a warp come to the same operation: "
                                    : "not all threads of the block come to the barrier: ";
  report_and_finish(kind, site, what + describe_threads(), thread_notes(), false);
}

inline void release_barrier() {
  BlockState& block = own_block();
  const u32 first_number = scheduler.current->rank * scheduler.block_numbers;
  const Thread* first = &scheduler.threads[first_number];
  for (u32 i = 0; i < scheduler.thread_count; ++i) {
    Thread& thread = scheduler.threads[first_number + i];
    if (thread.site.line != first->site.line || thread.site.file != first->site.file) {
      report_and_finish("barrier-divergence", thread.site,
          "threads of the block meet at different barriers: " + describe_threads(), thread_notes(), false);
    }
  }
  for (u32 i = first_number; i < first_number + scheduler.thread_count; ++i) {
    scheduler.threads[i].state = ThreadState::runnable;
    scheduler.runnable.push_back(i);
  }
  block.at_barrier = 0;
  if (trace.enabled) trace.block_barrier();
  const u32 first_warp = first_number / TILEWRIGHT_WARP_SIZE;
  const u32 end_warp = first_warp + scheduler.block_numbers / TILEWRIGHT_WARP_SIZE;
  clocks.join(first_warp, end_warp);
  ++profile.barriers;
  if (scheduler.by_priority) {
    for (u32 i = first_warp; i < end_warp; ++i) scheduler.warps[i].priority = scheduler.random();
  }
}

/// Called when a thread has ended, and when a cluster begins and has ended.
void end_thread(Thread& thread);
void after_exit(u32 rank);
void start_async(u32 threads);
void end_async();

inline void fiber_body() {
  scheduler.invoke(scheduler.context);
  end_thread(*scheduler.current);
  scheduler.current->state = ThreadState::exited;
  ++scheduler.exited;
  ++own_block().exited;
  after_exit(scheduler.current->rank);
  for (;;) wait_for_turn();
}

/// Takes one runnable thread out: any, or in priority mode the one of several whose warp is to run far ahead.
inline u32 pick_thread() {
  std::vector<u32>& runnable = scheduler.runnable;
  u32 best = scheduler.random_below(static_cast<u32>(runnable.size()));
  for (int tries = scheduler.by_priority ? 4 : 0; tries > 0; --tries) {
    const u32 other = scheduler.random_below(static_cast<u32>(runnable.size()));
    const auto priority = [&](u32 i) { return scheduler.warps[runnable[i] / TILEWRIGHT_WARP_SIZE].priority; };
    if (priority(other) > priority(best)) best = other;
  }
  const u32 thread = runnable[best];
  runnable[best] = runnable.back();
  runnable.pop_back();
  return thread;
}

/// Runs the blocks of a cluster, the first of which is at `first` in the grid.
inline void run_cluster(Extent3 grid, Extent3 block, Extent3 first, unsigned shared_bytes) {
  const u32 ranks = scheduler.cluster.x * scheduler.cluster.y * scheduler.cluster.z;
  scheduler.thread_count = block.x * block.y * block.z;
  // The blocks of a cluster begin with whole warpgroups.
  const u32 together = ranks > 1 ? 128 : TILEWRIGHT_WARP_SIZE;
  scheduler.block_numbers = (scheduler.thread_count + together - 1) / together * together;
  const u32 block_warps = scheduler.block_numbers / TILEWRIGHT_WARP_SIZE;
  scheduler.warp_count = block_warps * ranks;
  const u32 numbers = scheduler.block_numbers * ranks;
  scheduler.blocks.assign(ranks, BlockState());
  for (u32 rank = 0; rank < ranks; ++rank) {
    scheduler.blocks[rank].index = block_of_cluster(first, rank);
    Buffer& shared = shared_memory(rank);
    shared.size = shared_bytes;
    memset(reinterpret_cast<void*>(shared.base), 0xdb, shared_bytes);
    memset(shared.state, undefined, shared_bytes);
  }
  for (u32 rank = ranks; rank < max_cluster_blocks; ++rank) buffers[rank].size = 0;
  if (scheduler.threads.size() < numbers) scheduler.threads.resize(numbers);
  if (scheduler.warps.size() < scheduler.warp_count) scheduler.warps.resize(scheduler.warp_count);
  if (profile.enabled) {
    if (!scheduler.occurrences) scheduler.occurrences = allocate_zeroed<u32>(u64(max_cluster_blocks) * max_threads * max_sites);
    std::fill_n(scheduler.occurrences, numbers * site_entries.size(), 0);
  }
  clocks.start_cluster(scheduler.warp_count, first, ranks > 1);
  if (trace.enabled) trace.start_block(first.x + grid.x * (first.y + u64(grid.y) * first.z), numbers);
  // Now and then a whole block of a cluster runs ahead.
  const bool by_block = ranks > 1 && scheduler.random_below(2) == 0;
  for (u32 w = 0; w < scheduler.warp_count; ++w) {
    Warp& warp = scheduler.warps[w];
    const u32 begin = w % block_warps * TILEWRIGHT_WARP_SIZE;
    warp.lanes = std::min<u32>(TILEWRIGHT_WARP_SIZE, scheduler.thread_count - std::min(begin, scheduler.thread_count));
    warp.arrived = 0;
    warp.first = w * TILEWRIGHT_WARP_SIZE;
    warp.differ = false;
    warp.priority = by_block && w % block_warps > 0 ? scheduler.warps[w - 1].priority : scheduler.random();
  }
  scheduler.runnable.clear();
  const Extent3& cluster = scheduler.cluster;
  for (u32 rank = 0; rank < ranks; ++rank) {
    const Extent3 in_cluster = block_of_cluster({0, 0, 0}, rank);
    for (u32 i = 0; i < scheduler.thread_count; ++i) {
      Thread& thread = scheduler.threads[rank * scheduler.block_numbers + i];
      thread.number = rank * scheduler.block_numbers + i;
      thread.rank = rank;
      thread.state = ThreadState::runnable;
      thread.site = {nullptr, 0};
      thread.copies.clear();
      thread.groups.clear();
      thread.committed = 0;
      thread.fences = 0;
      thread.register_epoch = first_register_epoch;
      thread.at_cluster_barrier = false;
      thread.indices = {Extent3(i % block.x, i / block.x % block.y, i / block.x / block.y), scheduler.blocks[rank].index,
                        block, grid, in_cluster, cluster};
      thread.fiber.start(&fiber_body, thread.number);
      scheduler.runnable.push_back(thread.number);
    }
  }
  scheduler.exited = 0;
  start_async(numbers);
  run_next(scheduler.main);
  if (scheduler.exited < scheduler.thread_count * ranks) report_stuck();
  end_async();
  for (u32 w = 0; w < scheduler.warp_count; ++w) scheduler.warps[w].requests.close_all();
  if (trace.enabled) trace.end_block();
  profile.blocks += ranks;
}

}  // namespace tilewright::simulator
