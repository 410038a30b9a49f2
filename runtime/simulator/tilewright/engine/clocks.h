// Happens-before by vector clocks of warps, and what is remembered of the accesses to each piece of memory.
//
// A warp's clock ticks at every barrier that it takes part in. An access is stamped with its thread and its warp's
// time; it is ordered before a later one by another warp if that warp's clock knows the time, and before one by another lane
// of the same warp if the warp has ticked since.
#pragma once
#include <vector>

#include "tilewright/engine/report.h"

namespace tilewright::simulator {

inline constexpr u32 max_warps = 1024 / TILEWRIGHT_WARP_SIZE;

struct Stamp {
  /// 0: no access.
  u32 time = 0;
  u32 block = 0;
  u16 thread = 0;
  u16 site : 15 = 0;
  u16 atomic : 1 = 0;
};

/// The last write and two reads since, of different warps where there are any: enough to find one race of any there are.
struct History {
  Stamp write;
  Stamp reads[2];
};

struct Clocks {
  u32 warps = 0;
  u32 times[max_warps][max_warps];
  /// Serial numbers over all launches; blocks of earlier launches are ordered before all of this one.
  u32 block = 0;
  u32 first_block_of_launch = 0;
  u32 latest = 1;
  /// Where the blocks of this launch are in the grid, in the order in which they run.
  std::vector<Extent3> places;

  void start_launch() {
    first_block_of_launch = block + 1;
    places.clear();
  }

  std::string block_text(u32 number) const {
    const Extent3& place = places[number - first_block_of_launch];
    return format_text("block (%u, %u, %u)", place.x, place.y, place.z);
  }

  void start_block(u32 warp_count, Extent3 place) {
    ++block;
    places.push_back(place);
    warps = warp_count;
    for (u32 a = 0; a < warps; ++a) {
      for (u32 b = 0; b < warps; ++b) times[a][b] = latest;
      times[a][a] = latest + 1;
    }
    latest += 1;
  }

  void tick(u32 warp) {
    if (++times[warp][warp] > latest) latest = times[warp][warp];
  }

  /// Every warp learns what any warp knows.
  void join_all() {
    u32 joined[max_warps] = {};
    for (u32 a = 0; a < warps; ++a) {
      for (u32 b = 0; b < warps; ++b) joined[b] = times[a][b] > joined[b] ? times[a][b] : joined[b];
    }
    for (u32 a = 0; a < warps; ++a) {
      for (u32 b = 0; b < warps; ++b) times[a][b] = joined[b];
      tick(a);
    }
  }

  /// `per_block`: the memory is the block's own, so that no other block can have touched it.
  bool ordered(const Stamp& before, u32 thread, bool per_block) const {
    if (before.time == 0) return true;
    if (before.block != block) return per_block || before.block < first_block_of_launch;
    if (before.thread == thread) return true;
    const u32 warp = thread / TILEWRIGHT_WARP_SIZE;
    const u32 other = before.thread / TILEWRIGHT_WARP_SIZE;
    return other == warp ? before.time < times[warp][warp] : before.time <= times[warp][other];
  }
};

inline Clocks clocks;

/// Remembers a read; returns the earlier access that it races with, if any.
inline const Stamp* note_read(History& history, const Stamp& now, bool per_block) {
  const Stamp* race = nullptr;
  if (!(history.write.atomic && now.atomic) && !clocks.ordered(history.write, now.thread,
      per_block)) race = &history.write;
  Stamp* reads = history.reads;
  if (reads[0].thread == now.thread || clocks.ordered(reads[0], now.thread, per_block)) {
    reads[0] = now;
  } else if (reads[1].thread == now.thread || clocks.ordered(reads[1], now.thread, per_block) ||
             reads[1].thread / TILEWRIGHT_WARP_SIZE == reads[0].thread / TILEWRIGHT_WARP_SIZE) {
    reads[1] = now;
  }
  return race;
}

/// Remembers a write; returns the earlier access that it races with, if any.
inline const Stamp* note_write(History& history, const Stamp& now, bool per_block, Stamp& found) {
  const Stamp* race = nullptr;
  for (const Stamp* before : {&history.write, &history.reads[0], &history.reads[1]}) {
    if (!(before->atomic && now.atomic) && !clocks.ordered(*before, now.thread, per_block)) {
      found = *before;
      race = &found;
      break;
    }
  }
  history.write = now;
  history.reads[0] = history.reads[1] = Stamp();
  return race;
}

}  // namespace tilewright::simulator
