// What the mutation test compares mutants by, kept apart from the checks that it tests: the data flow of a run as one number, and
// an exhaustive look for accesses to shared memory that no barrier orders. Off unless a request says `trace 1`.
//
// Data flow: every byte knows which access wrote it last; a thread's number is made of what its reads found, in order. Two
// runs with the same number read the same values from the same writers, wherever those are kept.
//
// Order: nothing but barriers orders the accesses of different threads. A byte that one thread writes and another touches
// without barriers between that lead from one to the other is a conflict. An asynchronous copy writes at every moment from its
// start to its wait.
#pragma once
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "tilewright/engine/memory.h"

namespace tilewright::simulator {

struct Trace {
  bool enabled = false;
  u64 dataflow = 0;
  u64 conflicts = 0;

  static u64 mix(u64 state, u64 value) {
    u64 bits = (state ^ value) + 0x9e3779b97f4a7c15;
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
    return bits ^ bits >> 31;
  }

  void start_block(u64 block_number, u32 thread_count) {
    block = block_number;
    threads.assign(thread_count, ThreadState());
    for (u32 t = 0; t < thread_count; ++t) threads[t].seen = mix(block, t);
    shared_writers.clear();
    marks.clear();
    flying.clear();
    warps = (thread_count + TILEWRIGHT_WARP_SIZE - 1) / TILEWRIGHT_WARP_SIZE;
    passed.assign(warps, 0);
    known.assign(u64(warps) * warps, 0);
  }

  void end_block() {
    // A sum: the order of blocks is not part of the data flow.
    for (const ThreadState& thread : threads) dataflow += thread.seen;
  }

  void read(u32 thread, u32 slot, u64 offset, unsigned bytes) {
    for (u64 at = offset; at < offset + bytes; ++at) {
      see(thread, writer(slot, at));
      if (is_shared(slot)) touch(thread, place(slot, at), false);
    }
  }

  void write(u32 thread, u32 slot, u64 offset, unsigned bytes) {
    const u64 event = next_event(thread);
    for (u64 at = offset; at < offset + bytes; ++at) {
      writers(slot)[place(slot, at)] = mix(event, at - offset);
      if (is_shared(slot)) touch(thread, place(slot, at), true);
    }
  }

  void operation(u32 thread, u64 what) { see(thread, what); }

  /// An asynchronous copy to shared memory begins; what it read was passed to `read`.
  void start_copy(u32 thread, u32 slot, u64 offset, unsigned bytes, bool in_bounds) {
    see(thread, in_bounds);
    for (u64 at = place(slot, offset); at < place(slot, offset) + bytes; ++at) {
      touch(thread, at, true);
      flying[at] = thread;
    }
  }

  void land_copy(u32 thread, u32 slot, u64 offset, unsigned bytes) {
    for (u64 at = place(slot, offset); at < place(slot, offset) + bytes; ++at) flying.erase(at);
    write(thread, slot, offset, bytes);
  }

  /// All threads of the block have met.
  void block_barrier() {
    marks.clear();
    for (const auto& [at, thread] : flying) mark(thread, at, true);
  }

  /// All lanes of these warps have met.
  void group_barrier(const std::vector<u32>& group) {
    std::vector<u32> joined(warps);
    for (u32 warp : group) {
      ++passed[warp];
      for (u32 other = 0; other < warps; ++other) joined[other] = std::max(joined[other], known[u64(warp) * warps + other]);
    }
    for (u32 warp : group) joined[warp] = passed[warp];
    for (u32 warp : group) std::copy(joined.begin(), joined.end(), &known[u64(warp) * warps]);
  }

  /// At the end of a run: who wrote each byte of a buffer last.
  void add_contents(u32 slot) {
    u64 sum = 0;
    for (const auto& [at, by] : global_writers[slot]) sum += mix(at, by);
    dataflow = mix(dataflow, sum);
  }

 private:
  struct ThreadState {
    u64 seen = 0;
    u64 events = 0;
  };
  /// The last reads or writes of a byte by a warp since the last barrier of the block.
  struct Mark {
    u32 warp;
    bool writes;
    /// The lane, if it was one, and how many barriers the warp had passed.
    u32 thread;
    u32 time;
  };
  static constexpr u32 several = ~0u;

  u64 block = 0;
  std::vector<ThreadState> threads;
  std::unordered_map<u64, u64> shared_writers;
  std::unordered_map<u32, std::unordered_map<u64, u64>> global_writers;
  std::unordered_map<u64, std::vector<Mark>> marks;
  std::unordered_map<u64, u32> flying;
  u32 warps = 0;
  /// Barriers of groups that each warp has passed, and how many of every other's each has heard of.
  std::vector<u32> passed;
  std::vector<u32> known;

  void see(u32 thread, u64 what) { threads[thread].seen = mix(threads[thread].seen, what); }

  u64 next_event(u32 thread) { return mix(mix(block, thread), ++threads[thread].events); }

  static bool is_shared(u32 slot) { return slot < max_cluster_blocks; }

  /// The blocks of a cluster share the maps of bytes of shared memory.
  static u64 place(u32 slot, u64 at) { return is_shared(slot) ? u64(slot) << 32 | at : at; }

  std::unordered_map<u64, u64>& writers(u32 slot) { return is_shared(slot) ? shared_writers : global_writers[slot]; }

  u64 writer(u32 slot, u64 at) {
    const auto& known = writers(slot);
    const auto found = known.find(place(slot, at));
    return found != known.end() ? found->second : mix(slot, at);
  }

  void touch(u32 thread, u64 at, bool writes) {
    if (flying.count(at)) ++conflicts;
    mark(thread, at, writes);
  }

  void mark(u32 thread, u64 at, bool writes) {
    const u32 warp = thread / TILEWRIGHT_WARP_SIZE;
    const u32 time = passed[warp];
    Mark* own = nullptr;
    std::vector<Mark>& list = marks[at];
    for (Mark& before : list) {
      const bool ordered = before.thread == thread || known[u64(warp) * warps + before.warp] > before.time;
      if ((writes || before.writes) && !ordered) ++conflicts;
      if (before.warp == warp && before.writes == writes) own = &before;
    }
    if (!own) {
      list.push_back({warp, writes, thread, time});
      return;
    }
    own->thread = own->time == time && own->thread != thread ? several : thread;
    own->time = time;
  }
};

inline Trace trace;

}  // namespace tilewright::simulator
