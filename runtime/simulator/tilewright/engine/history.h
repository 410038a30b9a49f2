// What is remembered of the accesses to memory, for race detection: of every byte of shared memory and of every element of a
// global buffer, but kept once for neighbours whose accesses have been the same.
#pragma once
#include <algorithm>
#include <vector>

#include "tilewright/engine/allocate.h"
#include "tilewright/engine/clocks.h"

namespace tilewright::simulator {

/// The last write and two reads since, of different warps where there are any: enough to find one race of any there are.
struct History {
  Stamp write;
  Stamp reads[2];
};

inline bool same_thread(const Stamp& a, const Stamp& b) {
  return a.thread == b.thread && a.agent == b.agent;
}

/// Remembers a read; returns the earlier access that it races with, if any.
inline const Stamp* note_read(History& history, const Stamp& now, bool per_block) {
  const Stamp* race = nullptr;
  if (!(history.write.atomic && now.atomic) && !clocks.ordered(history.write, now.thread,
      per_block)) race = &history.write;
  Stamp* reads = history.reads;
  if (same_thread(reads[0], now) || clocks.ordered(reads[0], now.thread, per_block)) {
    reads[0] = now;
  } else if (same_thread(reads[1], now) || clocks.ordered(reads[1], now.thread, per_block) ||
             (reads[1].agent == no_agent &&
              reads[1].thread / TILEWRIGHT_WARP_SIZE == reads[0].thread / TILEWRIGHT_WARP_SIZE)) {
    reads[1] = now;
  }
  return race;
}

/// Remembers a write; returns the earlier access that it races with, if any, and whether that was a write.
inline const Stamp* note_write(History& history, const Stamp& now, bool per_block, Stamp& found, bool& wrote) {
  const Stamp* race = nullptr;
  for (const Stamp* before : {&history.write, &history.reads[0], &history.reads[1]}) {
    if (!(before->atomic && now.atomic) && !clocks.ordered(*before, now.thread, per_block) &&
        (before == &history.write || !clocks.executed_before(*before, now.thread))) {
      found = *before;
      wrote = before == &history.write;
      race = &found;
      break;
    }
  }
  history.write = now;
  history.reads[0] = history.reads[1] = Stamp();
  return race;
}

/// Bytes that one cell remembers as long as every access covers all of them.
inline constexpr u32 granule_bytes = 16;

/// A buffer's histories. A granule begins as one piece; the first access to a part of it splits it into pieces of that size,
/// and a write of the whole makes it one again. All bytes of a piece have the same history, so nothing is lost by keeping
/// one.
class HistoryMap {
 public:
  /// `smallest`: bytes that are never told apart.
  void cover(u64 bytes, unsigned smallest) {
    smallest_ = smallest;
    granules_ = allocate_zeroed<Granule>(bytes / granule_bytes + 1);
  }
  explicit operator bool() const { return granules_ != nullptr; }
  unsigned smallest() const { return smallest_; }

  /// Calls `visit(history, offset, bytes)` for each piece of an access. A write forgets how the granules that it covers were split.
  template <bool Writes, typename Visit>
  void visit(u64 offset, unsigned bytes, Visit visit) {
    // Almost always: an aligned access to an undivided granule.
    if (bytes == granule_bytes && offset % granule_bytes == 0) {
      Granule& granule = granules_[offset / granule_bytes];
      if (granule.piece_bytes == 0) return visit(granule.whole, offset, granule_bytes);
    }
    const u64 first = offset / smallest_ * smallest_;
    const u64 end = (offset + bytes + smallest_ - 1) / smallest_ * smallest_;
    for (u64 at = first; at < end;) {
      Granule& granule = granules_[at / granule_bytes];
      const u32 from = static_cast<u32>(at % granule_bytes);
      const u32 to = static_cast<u32>(std::min<u64>(granule_bytes, from + (end - at)));
      const u64 base = at - from;
      split(granule, from, to);
      if (granule.piece_bytes == 0) {
        visit(granule.whole, base, granule_bytes);
      } else {
        History* pieces = &pieces_[granule.pieces];
        for (u32 piece = from; piece < to; piece += granule.piece_bytes) {
          visit(pieces[piece / smallest_], base + piece, granule.piece_bytes);
        }
        if (Writes && from == 0 && to == granule_bytes) {
          granule.whole = pieces[0];
          granule.piece_bytes = 0;
        }
      }
      at = base + to;
    }
  }

  const History& at(u64 offset) const {
    const Granule& granule = granules_[offset / granule_bytes];
    if (granule.piece_bytes == 0) return granule.whole;
    return pieces_[granule.pieces + offset % granule_bytes / granule.piece_bytes * granule.piece_bytes / smallest_];
  }

 private:
  struct Granule {
    History whole;
    /// 0: undivided.
    u32 piece_bytes;
    /// Where in `pieces_` the histories of its pieces are, by their first byte; 0 until it is divided for the first time.
    u32 pieces;
  };

  void split(Granule& granule, u32 from, u32 to) {
    const u32 current = granule.piece_bytes == 0 ? granule_bytes : granule.piece_bytes;
    // The largest power of two that divides both ends.
    const u32 ends = from | to | current;
    const u32 wanted = ends & -ends;
    if (wanted == current) return;
    if (granule.pieces == 0) {
      granule.pieces = static_cast<u32>(pieces_.size());
      pieces_.resize(pieces_.size() + granule_bytes / smallest_);
    }
    History* pieces = &pieces_[granule.pieces];
    for (u32 at = granule_bytes; at > 0;) {
      at -= wanted;
      pieces[at / smallest_] = granule.piece_bytes == 0 ? granule.whole : pieces[at / current * current / smallest_];
    }
    granule.piece_bytes = wanted;
  }

  Granule* granules_ = nullptr;
  u32 smallest_ = 1;
  std::vector<History> pieces_ = std::vector<History>(1);
};

}  // namespace tilewright::simulator
