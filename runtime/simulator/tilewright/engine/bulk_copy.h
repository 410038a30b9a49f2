// Bulk copies between tensors and shared memory. A store reads shared memory at the last moment, when it is waited for.
#pragma once
#include "tilewright/engine/mbarrier.h"

namespace tilewright::simulator {

struct BulkStore {
  u64 shared;
  TensorMap map;
  int coordinates[5];
  bool adds;
  u32 site;
  std::vector<u8> data;
};

struct BulkStores {
  u16 agent = no_agent;
  u32 time = 0;
  std::vector<BulkStore> open;
  std::vector<std::vector<BulkStore>> groups;
};
inline std::map<u32, BulkStores> bulk_stores;

/// Reports bytes that a thread wrote without a fence before the asynchronous proxy uses them.
inline bool check_fenced(Buffer& buffer, u64 offset, unsigned bytes, Site site, const char* user) {
  if (!buffer.history) return true;
  const u32 warp = scheduler.current->warp();
  bool fenced = true;
  buffer.history.visit<false>(offset, bytes, [&](const History& history, u64 place, u32) {
    const Stamp& write = history.write;
    if (!fenced || write.time == 0 || write.cluster != clocks.cluster || write.agent != no_agent) return;
    if (scheduler.threads[write.thread].fences != write.fences) return;
    if (write.time <= clocks.proxied[warp][write.thread / TILEWRIGHT_WARP_SIZE] && write.thread != scheduler.current->number) return;
    fenced = false;
    report("missing-proxy-fence", site, buffer.name,
           format_text("%s uses %s, which %s wrote at %s without a fence for the asynchronous proxy", user,
                       place_in(buffer, static_cast<i64>(place)).c_str(), thread_text(write.thread).c_str(),
                       site_text(site_entries[write.site].site).c_str()),
           {{thread_text(write.thread) + " writes it here", site_entries[write.site].site},
            {"fence_proxy_async() by the thread that wrote, before the barrier between the two, is missing"}});
  });
  return fenced;
}

inline Stamp agent_stamp(u32 site, u16 agent, u32 time) {
  Stamp now = stamp(site);
  now.agent = agent;
  now.time = time;
  return now;
}

/// Starts the copy of a box to one block's shared memory; its bytes count for an mbarrier there.
inline void start_load(u64 to, const TensorMap& map, void* pointer, const int* coordinates, u32 site_number, Site site) {
  Mbarrier& barrier = find_mbarrier(pointer, site, "bulk copy", true);
  if (scheduler.threads[barrier.initializer].fences == barrier.initializer_fences) {
    report("missing-proxy-fence", site, "shared memory",
           mbarrier_text(reinterpret_cast<u64>(pointer)) + " was initialized without a fence for the asynchronous proxy",
           {{"it was initialized here", barrier.site}, {"fence_mbarrier_init() by the same thread is missing"}});
  }
  Buffer& target = *find_buffer(to);
  Buffer& source = *find_buffer(reinterpret_cast<u64>(map.base));
  const Stamp now = agent_stamp(site_number, barrier.agent, barrier.phase + 1);
  bool fenced = true;
  std::vector<u8>& swizzles = async_state.blocks[target.rank].swizzles;
  if (swizzles.empty()) swizzles.resize(shared_capacity / 16);
  visit_box(map, coordinates, [&](u64 global, i64 first, bool inside, u64 offset) {
    const u64 at = swizzle_address(to + offset, map.swizzle) - target.base;
    fenced = fenced && check_fenced(target, at, 16, site, "a bulk copy");
    define_bytes(target, at, 16, site);
    check_order(target, at, 16, Action::write, now, site);
    if (source.history && inside && first >= 0 && first < map.extents[0]) {
      const u64 bytes = static_cast<u64>(std::min<i64>(16, (map.extents[0] - first) * map.element_bytes));
      check_order(source, global - source.base, static_cast<unsigned>(bytes), Action::read, now, site);
    }
    memset(reinterpret_cast<void*>(target.base + at), 0xdb, 16);
    memset(target.state + at, in_flight, 16);
    swizzles[at / 16] = static_cast<u8>(1 + map.swizzle / 32);
  });
  const u32 warp = scheduler.current->warp();
  BulkLoad load{to, map, {}, box_bytes(map), site_number, warp, clocks.times[warp][warp]};
  for (int i = 0; i < map.rank; ++i) load.coordinates[i] = coordinates[i];
  barrier.loads.push_back(load);
  try_complete(barrier, !barrier.waiting.empty());
}

void bulk_tensor_load(void* shared, const TensorMap& map, void* pointer, const int* coordinates, int rank, bool multicast,
                      unsigned mask, Site site) {
  begin_operation(site);
  check_box(map, reinterpret_cast<u64>(shared), rank, site);
  const u32 blocks = static_cast<u32>(scheduler.blocks.size());
  if (multicast && (mask == 0 || mask >> blocks != 0)) {
    report_and_finish("multicast-mask", site,
        format_text("multicast with mask 0x%x in a cluster of %u blocks: expected bits of 0 to %u, at least one", mask, blocks, blocks - 1));
  }
  const u32 site_number = intern_site(site, Action::bulk_load);
  const u32 targets = multicast ? mask : 1u << scheduler.current->rank;
  count_box(site_number, map, coordinates, static_cast<u32>(__builtin_popcount(targets)));
  for (u32 target = 0; target < blocks; ++target) {
    if (!(targets >> target & 1)) continue;
    const u64 to = reinterpret_cast<u64>(place_in_block(shared, static_cast<int>(target), site));
    start_load(to, map, place_in_block(pointer, static_cast<int>(target), site), coordinates, site_number, site);
  }
}

void bulk_tensor_store(const TensorMap& map, const void* shared, const int* coordinates, int rank, bool adds, Site site) {
  begin_operation(site);
  const u64 from = reinterpret_cast<u64>(shared);
  check_box(map, from, rank, site);
  const u32 site_number = intern_site(site, Action::bulk_store);
  BulkStores& stores = bulk_stores[scheduler.current->number];
  if (stores.agent == no_agent) stores.agent = clocks.new_agent();
  Buffer& source = own_shared_memory();
  Buffer& target = *find_buffer(reinterpret_cast<u64>(map.base));
  Stamp now = agent_stamp(site_number, stores.agent, stores.time + 1);
  bool fine = true;
  visit_box(map, coordinates, [&](u64 global, i64 first, bool inside, u64 offset) {
    const u64 at = swizzle_address(from + offset, map.swizzle) - source.base;
    fine = fine && check_defined(source, at, 16, site) && check_fenced(source, at, 16, site, "a bulk store");
    check_order(source, at, 16, Action::read, now, site);
    if (!inside || first < 0 || first >= map.extents[0]) return;
    const unsigned bytes = static_cast<unsigned>(std::min<i64>(16, (map.extents[0] - first) * map.element_bytes));
    Stamp write = now;
    write.atomic = adds;
    check_order(target, global - target.base, bytes, adds ? Action::atomic : Action::write, write, site);
    define_bytes(target, global - target.base, bytes, site);
  });
  count_box(site_number, map, coordinates);
  float_atomics_used |= adds;
  BulkStore store{from, map, {}, adds, site_number, {}};
  for (int i = 0; i < rank; ++i) store.coordinates[i] = coordinates[i];
  stores.open.push_back(store);
}

/// Reads what a store is to write, if that has not been done.
inline void read_store(BulkStore& store) {
  if (!store.data.empty()) return;
  store.data.resize(box_bytes(store.map));
  visit_box(store.map, store.coordinates, [&](u64, i64, bool, u64 offset) {
    memcpy(store.data.data() + offset, reinterpret_cast<void*>(swizzle_address(store.shared + offset, store.map.swizzle)), 16);
  });
}

inline void write_store(BulkStore& store) {
  read_store(store);
  visit_box(store.map, store.coordinates, [&](u64 global, i64 first, bool inside, u64 offset) {
    u8* unit = store.data.data() + offset;
    if (store.adds) {
      for (int i = 0; i < 4; ++i) {
        if (!inside || first + i < 0 || first + i >= store.map.extents[0]) continue;
        f32 before, added;
        memcpy(&before, reinterpret_cast<f32*>(global) + i, 4);
        memcpy(&added, unit + 4 * i, 4);
        before += added;
        memcpy(reinterpret_cast<f32*>(global) + i, &before, 4);
      }
    } else {
      copy_unit<true>(store.map, global, first, inside, unit);
    }
  });
}

void bulk_store_commit(Site site) {
  begin_operation(site);
  BulkStores& stores = bulk_stores[scheduler.current->number];
  stores.groups.push_back(std::move(stores.open));
  stores.open.clear();
  ++stores.time;
}

void bulk_store_wait(unsigned groups, bool reads_only, Site site) {
  begin_operation(site);
  BulkStores& stores = bulk_stores[scheduler.current->number];
  if (stores.groups.size() <= groups) return;
  const size_t done = stores.groups.size() - groups;
  for (size_t i = 0; i < done; ++i) {
    for (BulkStore& store : stores.groups[i]) {
      if (reads_only) read_store(store);
      else write_store(store);
    }
  }
  if (!reads_only) stores.groups.erase(stores.groups.begin(), stores.groups.begin() + static_cast<i64>(done));
  if (stores.agent != no_agent) clocks.learn_agent(scheduler.current->number, stores.agent, stores.time - groups);
}

void end_stores(Thread& thread) {
  const auto found = bulk_stores.find(thread.number);
  if (found == bulk_stores.end()) return;
  BulkStores& stores = found->second;
  bool unread = !stores.open.empty();
  u32 site = unread ? stores.open[0].site : 0;
  for (auto& group : stores.groups) {
    for (BulkStore& store : group) {
      if (store.data.empty()) unread = true, site = store.site;
      write_store(store);
    }
  }
  if (unread) {
    report("pending-store", site_entries[site].site, "shared memory",
           "a thread ends before its bulk stores have read shared memory",
           {{"bulk_commit() and bulk_wait_read<0>() or bulk_wait<0>() by the same thread are missing"}});
  }
  bulk_stores.erase(found);
}

}  // namespace tilewright::simulator
