// What the mutation test compares mutants by, kept apart from the checks that it tests: the data flow of a run as one number, and
// an exhaustive look for accesses to shared memory that no barrier orders. Off unless a request says `trace 1`.
//
// Data flow: every byte knows which access wrote it last; a thread's number is made of what its reads found, in order. Two
// runs with the same number read the same values from the same writers, wherever those are kept.
//
// Order: between two block barriers nothing orders the accesses of different threads. A byte that one thread writes and
// another touches in that time is a conflict. An asynchronous copy writes at every moment from its start to its wait.
#pragma once
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

  void barrier() {
    marks.clear();
    for (const auto& [at, thread] : flying) mark(thread, at, true);
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
  struct Mark {
    u32 writer = none;
    u32 reader = none;
  };
  static constexpr u32 none = ~0u;
  static constexpr u32 several = ~0u - 1;

  u64 block = 0;
  std::vector<ThreadState> threads;
  std::unordered_map<u64, u64> shared_writers;
  std::unordered_map<u32, std::unordered_map<u64, u64>> global_writers;
  std::unordered_map<u64, Mark> marks;
  std::unordered_map<u64, u32> flying;

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
    Mark& marked = marks[at];
    if (marked.writer != none && marked.writer != thread) ++conflicts;
    if (writes && marked.reader != none && marked.reader != thread) ++conflicts;
    u32& who = writes ? marked.writer : marked.reader;
    who = who == none || who == thread ? thread : several;
  }
};

inline Trace trace;

}  // namespace tilewright::simulator
