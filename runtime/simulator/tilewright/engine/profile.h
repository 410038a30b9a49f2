// Counts what the hardware would hide: groups the accesses of a warp's lanes to one place into the requests that the hardware
// would make of them, and counts bank conflicts and sectors of each.
#pragma once
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "tilewright/engine/sites.h"

namespace tilewright::simulator {

struct Profile {
  bool enabled = true;
  u64 barriers = 0;
  u64 blocks = 0;
  u64 launches = 0;
};
inline Profile profile;

/// Cycles of a shared memory of 32 banks of 4 bytes for `count` accesses of `bytes` each that are served together: the
/// largest number of different words in one bank.
inline u32 bank_cycles(const u64* addresses, u32 count, u32 bytes) {
  // Mostly no two accesses touch the same bank.
  if (bytes >= 4) {
    const u32 words_of_one = (1u << bytes / 4) - 1;
    u32 banks = 0;
    u32 i = 0;
    for (; i < count; ++i) {
      const u32 of_access = words_of_one << (addresses[i] / 4 % 32);
      if ((banks & of_access) != 0 || (addresses[i] & (bytes - 1)) != 0) break;
      banks |= of_access;
    }
    if (i == count) return count > 0 ? 1 : 0;
  }
  u64 words[64];
  u32 word_count = 0;
  for (u32 i = 0; i < count; ++i) {
    for (u64 word = addresses[i] / 4; word <= (addresses[i] + bytes - 1) / 4; ++word) words[word_count++] = word;
  }
  std::sort(words, words + word_count);
  u32 per_bank[32] = {};
  u32 cycles = count > 0 ? 1 : 0;
  for (u32 i = 0; i < word_count; ++i) {
    if (i > 0 && words[i] == words[i - 1]) continue;
    cycles = std::max(cycles, ++per_bank[words[i] % 32]);
  }
  return cycles;
}

/// Adds one request to shared memory. It is served 128 bytes at a time: 32 lanes of up to 4 bytes, 16 of 8, 8 of 16, in the order
/// of the lanes. `active` has one bit per lane.
inline void count_shared(Counters& counters, const u64* addresses, u64 active, u32 bytes) {
  const u32 together = bytes <= 4 ? 32 : 128 / bytes;
  for (u32 first = 0; first < TILEWRIGHT_WARP_SIZE; first += together) {
    u64 served[32];
    u32 count = 0;
    for (u32 lane = first; lane < first + together; ++lane) {
      if (active >> lane & 1) served[count++] = addresses[lane];
    }
    if (count == 0) continue;
    const u32 cycles = bank_cycles(served, count, bytes);
    counters.shared_wavefronts += cycles;
    counters.shared_conflicts += cycles - 1;
    counters.shared_bytes += count * bytes;
  }
}

/// Adds one request to global memory: the 32-byte sectors that it touches, and how many of their bytes it asks for.
inline void count_global(Counters& counters, const u64* addresses, u64 active, u32 bytes) {
  u64 sorted[64];
  u32 count = 0;
  for (u32 lane = 0; lane < TILEWRIGHT_WARP_SIZE; ++lane) {
    if (active >> lane & 1) sorted[count++] = addresses[lane];
  }
  if (!std::is_sorted(sorted, sorted + count)) std::sort(sorted, sorted + count);
  u64 last_sector = ~u64(0);
  u64 covered = 0;
  for (u32 i = 0; i < count; ++i) {
    const u64 sector = sorted[i] / 32;
    if (sector != last_sector) ++counters.global_sectors;
    last_sector = sector;
    const u64 start = std::max(sorted[i], covered);
    const u64 end = sorted[i] + bytes;
    if (end > start) counters.global_useful_bytes += end - start;
    covered = std::max(covered, end);
  }
  counters.global_bytes += u64(count) * bytes;
}

/// Accesses of one warp to one place, until all lanes have come.
struct WarpRequest {
  u64 addresses[TILEWRIGHT_WARP_SIZE];
  u64 active;
  u32 count;
  u32 bytes;
  u32 site;
  bool shared;
};

/// Lanes do not run in lockstep here: the n-th access of one lane at a place belongs to the same request as the n-th of
/// another.
struct WarpRequests {
  std::unordered_map<u64, u32> open;
  std::vector<WarpRequest> requests;
  std::vector<u32> free;

  void add(u32 lane, u32 lanes, u32 site, u32 occurrence, bool shared, u64 address, u32 bytes) {
    const u64 key = u64(site) << 40 | u64(shared) << 39 | occurrence;
    const auto [entry, is_new] = open.try_emplace(key, 0);
    if (is_new) {
      if (free.empty()) {
        free.push_back(static_cast<u32>(requests.size()));
        requests.emplace_back();
      }
      entry->second = free.back();
      free.pop_back();
      WarpRequest& fresh = requests[entry->second];
      fresh.active = 0;
      fresh.count = 0;
      fresh.bytes = bytes;
      fresh.site = site;
      fresh.shared = shared;
    }
    WarpRequest& request = requests[entry->second];
    request.addresses[lane] = address;
    request.active |= u64(1) << lane;
    if (++request.count == lanes) {
      close(request);
      free.push_back(entry->second);
      open.erase(entry);
    } else if (open.size() > 1 << 16) {
      close_all();
    }
  }

  void close(const WarpRequest& request) {
    Counters& counters = site_entries[request.site].counters;
    ++counters.requests;
    if (request.shared) {
      count_shared(counters, request.addresses, request.active, request.bytes);
    } else {
      count_global(counters, request.addresses, request.active, request.bytes);
    }
  }

  void close_all() {
    for (const auto& [key, index] : open) {
      close(requests[index]);
      free.push_back(index);
    }
    open.clear();
  }
};

}  // namespace tilewright::simulator
