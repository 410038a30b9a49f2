// Memory of the simulated device: buffers far apart, a state per byte, the history for race detection, and the checks of
// every access.
#pragma once
#include <string.h>

#include <string>
#include <vector>

#include "tilewright/engine/history.h"
#include "tilewright/engine/report.h"
#include "tilewright/engine/sites.h"

namespace tilewright::simulator {

enum ByteState : u8 { undefined = 0, defined = 1, in_flight = 2 };

struct Buffer {
  std::string name;
  std::string type;
  u64 base = 0;
  u64 size = 0;
  unsigned element_bytes = 1;
  bool shared = false;
  /// The block of a cluster that shared memory belongs to.
  u32 rank = 0;
  bool readable_from_start = true;
  bool writable = false;
  /// One ByteState per byte; null where all are defined for ever.
  u8* state = nullptr;
  /// For each element whether the tensor has it; empty where it has all, and there are no gaps between its rows.
  std::vector<bool> has_element;
  /// Empty where nobody writes.
  HistoryMap history;
};

inline constexpr u32 max_cluster_blocks = 16;

/// Slots of address space, one per buffer with the buffer in the middle: an address that has run off a buffer by less than
/// 32 GiB is still known to belong to it. The first are the shared memories of a cluster's blocks.
inline constexpr u64 first_slot = 0x200000000000;
inline constexpr int slot_bits = 36;
inline constexpr u64 slot_middle = u64(1) << (slot_bits - 1);
inline constexpr u64 shared_capacity = 256 * 1024;

inline std::vector<Buffer> buffers(max_cluster_blocks);

inline void place_buffer(Buffer& buffer, u32 slot) {
  buffer.base = first_slot + (u64(slot) << slot_bits) + slot_middle;
  allocate_zeroed<u8>(buffer.shared ? shared_capacity : buffer.size, buffer.base);
}

/// The shared memory of a block of the cluster, there from the first use on.
inline Buffer& shared_memory(u32 rank) {
  Buffer& shared = buffers[rank];
  if (shared.base) return shared;
  shared.name = "shared memory";
  shared.type = "i8";
  shared.shared = shared.writable = true;
  shared.rank = rank;
  place_buffer(shared, rank);
  shared.state = allocate_zeroed<u8>(shared_capacity);
  shared.history.cover(shared_capacity, 1);
  return shared;
}

inline Buffer* find_buffer(u64 address) {
  const u64 slot = (address - first_slot) >> slot_bits;
  return slot < buffers.size() ? &buffers[slot] : nullptr;
}

/// What the request says of shared memory. Tiles that do not live at the same time may share bytes.
struct SharedTile {
  std::string name;
  i64 offset;
  i64 bytes;
};
inline std::vector<SharedTile> shared_tiles;

/// Rank in its cluster of the block that a report is about.
u32 running_block();
/// `block (1, 0, 0)`.
std::string block_text(u32 rank);
/// Where a block of this launch is that ran, or runs, as part of a cluster with this serial number.
std::string block_text_of(const Stamp& stamp);
/// `thread 5`, and of which block if that is not the one that a report is about.
std::string thread_text(u32 number);
u32 number_in_block(u32 number);
bool runs_in_this_block(const Stamp& stamp);

inline std::string place_in(const Buffer& buffer, i64 offset) {
  if (buffer.shared) {
    std::string tiles;
    for (const SharedTile& tile : shared_tiles) {
      if (offset < tile.offset || offset >= tile.offset + tile.bytes) continue;
      tiles += format_text("%sbyte %lld of '%s'", tiles.empty() ? "" : " or ", printable(offset - tile.offset),
                           tile.name.c_str());
    }
    if (tiles.empty()) tiles = format_text("%llu bytes", printable(buffer.size));
    const std::string owner = buffer.rank == running_block() ? "" : " of " + block_text(buffer.rank);
    return format_text("byte %lld of shared memory%s (%s)", printable(offset), owner.c_str(), tiles.c_str());
  }
  const i64 element = offset >= 0 ? offset / buffer.element_bytes : -((-offset + buffer.element_bytes - 1) / buffer.element_bytes);
  return format_text("element %lld of '%s' (%llu elements of %s)", printable(element), buffer.name.c_str(),
                     printable(buffer.size / buffer.element_bytes), buffer.type.c_str());
}

/// The first element of an access that is none of the tensor's, or -1.
inline i64 first_gap(const Buffer& buffer, i64 offset, unsigned bytes) {
  if (buffer.has_element.empty()) return -1;
  const i64 end = (offset + bytes + buffer.element_bytes - 1) / buffer.element_bytes;
  for (i64 element = offset / buffer.element_bytes; element < end; ++element) {
    if (!buffer.has_element[static_cast<size_t>(element)]) return element;
  }
  return -1;
}

/// Whether the access lies inside a buffer, aligned and permitted. Reports it otherwise and returns null.
inline Buffer* check_place(u64 address, unsigned bytes, Action action, Site site) {
  const bool writes = action != Action::read;
  const char* verb = action == Action::atomic ? "atomic update" : writes ? "write" : "read";
  Buffer* buffer = find_buffer(address);
  if (!buffer || buffer->size == 0) {
    report("wild-pointer", site, "",
           format_text("%s of %u bytes at address 0x%llx, which is in no argument's buffer and not in shared memory", verb,
                       bytes, printable(address)));
    return nullptr;
  }
  const i64 offset = static_cast<i64>(address - buffer->base);
  if (offset < 0 || offset + bytes > static_cast<i64>(buffer->size)) {
    report("out-of-bounds", site, buffer->name,
           format_text("out-of-bounds %s of %u bytes at %s", verb, bytes, place_in(*buffer, offset).c_str()),
           {{format_text("a guard that keeps the access within 0 to %llu is missing or lets too much through",
                         printable(buffer->size / buffer->element_bytes - 1))}});
    return nullptr;
  }
  if (const i64 gap = first_gap(*buffer, offset, bytes); gap >= 0) {
    report("out-of-bounds", site, buffer->name,
           format_text("out-of-bounds %s of %u bytes at %s, which lies between the elements of the tensor", verb, bytes,
                       place_in(*buffer, gap * buffer->element_bytes).c_str()));
    return nullptr;
  }
  if (address % bytes != 0) {
    report("misaligned", site, buffer->name,
           format_text("misaligned %s of %u bytes at byte offset %lld, %s", verb, bytes,
                       printable(offset), place_in(*buffer, offset).c_str()),
           {{format_text("an access of %u bytes needs an offset that is a multiple of %u; this one is %lld too far", bytes,
                         bytes, printable(static_cast<i64>(address % bytes)))}});
    return nullptr;
  }
  if (writes && !buffer->writable) {
    report("write-to-readonly", site, buffer->name,
           format_text("%s to %s, which is read-only", verb, place_in(*buffer, offset).c_str()));
    return nullptr;
  }
  return buffer;
}

/// `times`: how many elements, or bytes of shared memory, from `offset` on it concerns alike.
inline void report_race(const Buffer& buffer, u64 offset, u32 times, const Stamp& before, bool before_wrote, Action action,
    const Stamp& now, Site site) {
  const char* earlier = before.atomic ? "atomic update" : before_wrote ? "write" : "read";
  const char* verb = action == Action::atomic ? "atomic update" : action == Action::read ? "read" : "write";
  const Site other = site_entries[before.site].site;
  const bool same_cluster = before.cluster == clocks.cluster;
  const std::string who = same_cluster ? thread_text(before.thread)
                                       : format_text("thread %u of %s", number_in_block(before.thread), block_text_of(before).c_str());
  const bool mixed = before.agent != no_agent;
  const char* cure =
      mixed ? (site_entries[before.site].action == Action::bulk_load
                   ? "a wait for the phase of the copy's mbarrier, by this thread, would order them"
                   : "a wait by the thread that started it (bulk_wait_read(), wgmma_wait()), then a barrier, would order them")
      : !same_cluster ? "nothing orders the blocks of one launch: let each write elements of its own, or update atomically"
      : !runs_in_this_block(before) ? "cluster_arrive() and cluster_wait() by both blocks between the two would order them"
      : before.thread / TILEWRIGHT_WARP_SIZE == now.thread / TILEWRIGHT_WARP_SIZE
          ? "sync_warp() or sync_threads() between the two would order them"
          : "a barrier that both pass between the two, such as sync_threads(), would order them";
  report("race", site, buffer.name,
         format_text("data race at %s: this %s is not ordered after the %s by %s at %s", place_in(buffer,
             static_cast<i64>(offset)).c_str(), verb, earlier, who.c_str(), site_text(other).c_str()),
         {{format_text("the %s by %s is here", earlier, who.c_str()), other}, {cure}}, true, times);
}

/// Off only where a measurement wants to know what it costs.
inline bool race_detection = true;

/// Remembers an access to the shared memory of another block of the cluster, which must not have ended.
void note_remote_access(const Buffer& buffer, u64 offset, Action action, Site site);

/// Keeps the history of an access and reports races. `now` is the access's stamp.
inline void check_order(Buffer& buffer, u64 offset, unsigned bytes, Action action, const Stamp& now, Site site) {
  if (clocks.clustered && buffer.shared && buffer.rank != running_block()) note_remote_access(buffer, offset, action, site);
  if (!buffer.history || !race_detection) return;
  if (action == Action::read) {
    buffer.history.visit<false>(offset, bytes, [&](History& history, u64 place, u32 piece) {
      if (const Stamp* race = note_read(history, now, buffer.shared)) {
        report_race(buffer, place, piece / buffer.history.smallest(), *race, true, action, now, site);
      }
    });
    return;
  }
  buffer.history.visit<true>(offset, bytes, [&](History& history, u64 place, u32 piece) {
    bool wrote;
    Stamp found;
    if (const Stamp* race = note_write(history, now, buffer.shared, found, wrote)) {
      report_race(buffer, place, piece / buffer.history.smallest(), *race, wrote, action, now, site);
    }
  });
}

inline bool all_defined(const u8* state, unsigned bytes) {
  bool all = true;
  for (unsigned i = 0; i < bytes; ++i) all &= state[i] == defined;
  return all;
}

/// Reports bytes that nobody has written, or whose asynchronous copy nobody has waited for; true if all are defined.
inline bool check_defined(const Buffer& buffer, u64 offset, unsigned bytes, Site site) {
  if (!buffer.state || all_defined(buffer.state + offset, bytes)) return true;
  for (unsigned i = 0; i < bytes; ++i) {
    const u8 state = buffer.state[offset + i];
    if (state == defined) continue;
    const std::string place = place_in(buffer, static_cast<i64>(offset + i));
    if (state == in_flight && site_entries[buffer.history.at(offset + i).write.site].action == Action::bulk_load) {
      const Stamp& copy = buffer.history.at(offset + i).write;
      report("pending-read", site, buffer.name,
             format_text("read of %s while the bulk copy to it, started by %s at %s, has not been waited for",
                         place.c_str(), thread_text(copy.thread).c_str(), site_text(site_entries[copy.site].site).c_str()),
             {{thread_text(copy.thread) + " starts the copy here", site_entries[copy.site].site},
              {"mbarrier_wait() for the phase of the copy's mbarrier, by the thread that reads, would order them"}});
    } else if (state == in_flight) {
      const Stamp& copy = buffer.history.at(offset + i).write;
      report("pending-read", site, buffer.name,
             format_text("read of %s while the asynchronous copy to it by %s at %s has not been waited for",
                         place.c_str(), thread_text(copy.thread).c_str(), site_text(site_entries[copy.site].site).c_str()),
             {{thread_text(copy.thread) + " starts the copy here", site_entries[copy.site].site},
              {"cp_async_commit() and cp_async_wait() by the thread that copies, then a barrier, would order them"}});
    } else {
      report("uninitialized-read", site, buffer.name, format_text("read of %s, which was never written",
          place.c_str()));
    }
    return false;
  }
  return true;
}

/// Reports a write to bytes that an asynchronous copy is still going to write, and defines them.
inline void define_bytes(Buffer& buffer, u64 offset, unsigned bytes, Site site) {
  if (!buffer.state) return;
  u8* state = buffer.state + offset;
  bool flies = false;
  for (unsigned i = 0; i < bytes; ++i) flies |= state[i] == in_flight;
  for (unsigned i = 0; flies && i < bytes; ++i) {
    if (state[i] != in_flight) continue;
    const Stamp& copy = buffer.history.at(offset + i).write;
    report("pending-write", site, buffer.name,
           format_text("write of %s while an asynchronous copy to it has not been waited for",
                       place_in(buffer, static_cast<i64>(offset + i)).c_str()),
           {{thread_text(copy.thread) + " starts the copy here", site_entries[copy.site].site}});
    break;
  }
  memset(state, defined, bytes);
}

}  // namespace tilewright::simulator
