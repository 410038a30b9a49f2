// Places in the kernel's text as small numbers, each with the counters that --profile prints.
#pragma once
#include <string.h>

#include <vector>

#include "tilewright/engine/report.h"

namespace tilewright::simulator {

enum class Action : u8 { read, write, atomic, async_copy, barrier, warp, named_barrier, mbarrier, bulk_load, bulk_store, wgmma };

inline constexpr const char* action_names[] = {"load", "store", "atomic", "cp_async", "sync_threads", "warp",
                                               "named_barrier", "mbarrier", "tma_load", "tma_store", "wgmma"};

struct Counters {
  /// Warp-wide executions.
  u64 requests = 0;
  u64 shared_bytes = 0;
  /// Cycles of the shared memory, and those beyond what the bytes alone would take.
  u64 shared_wavefronts = 0;
  u64 shared_conflicts = 0;
  u64 global_bytes = 0;
  u64 global_sectors = 0;
  /// Different bytes asked for, of the 32 in each sector.
  u64 global_useful_bytes = 0;
  u64 flop = 0;
  /// Asynchronous copies that were waited for, and how many operations their threads began in between, together.
  u64 copies = 0;
  u64 copy_distance = 0;
};

struct SiteEntry {
  Site site;
  Action action;
  WarpOperation operation;
  Counters counters;
};

inline std::vector<SiteEntry> site_entries;
inline constexpr u32 max_sites = 4096;

/// The number of a place and what happens there. Places beyond `max_sites` all share number 0.
inline u32 intern_site(Site site, Action action, WarpOperation operation = WarpOperation::sync_warp) {
  static std::vector<u16> table(4 * max_sites, 0xffff);
  u64 hash = reinterpret_cast<u64>(site.file) * 0x9e3779b97f4a7c15 + static_cast<u64>(site.line) * 0xc2b2ae3d27d4eb4f;
  hash ^= (static_cast<u64>(action) * 32 + static_cast<u64>(operation)) * 0x165667b19e3779f9;
  hash ^= hash >> 29;
  for (u32 slot = hash % table.size();; slot = (slot + 1) % table.size()) {
    if (table[slot] == 0xffff) {
      if (site_entries.size() >= max_sites) return 0;
      if (site_entries.capacity() < max_sites) site_entries.reserve(max_sites);
      table[slot] = static_cast<u16>(site_entries.size());
      site_entries.push_back({site, action, operation, {}});
      return table[slot];
    }
    const SiteEntry& entry = site_entries[table[slot]];
    if (entry.site.line == site.line && entry.site.file == site.file && entry.action == action &&
        entry.operation == operation) {
      return table[slot];
    }
  }
}

}  // namespace tilewright::simulator
