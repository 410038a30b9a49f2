// Named barriers, mbarriers and bulk copies. A copy arrives at the last moment that its mbarrier's phase allows: when somebody
// who waits for the phase could not go on otherwise. A store reads shared memory at the last moment, when it is waited for.
#pragma once
#include <map>

#include "tilewright/engine/cluster.h"

namespace tilewright::simulator {

struct NamedBarrier {
  u32 count = 0;
  u32 arrived = 0;
  std::vector<u32> waiting;
  Knowledge knowledge;
  Site first{nullptr, 0};
};

struct BulkLoad {
  u64 shared;
  TensorMap map;
  int coordinates[5];
  u32 bytes;
  u32 site;
  /// Who started it, and when.
  u32 warp;
  u32 time;
};

struct Mbarrier {
  u32 count = 0;
  u32 pending = 0;
  i64 bytes = 0;
  /// Phases completed.
  u32 phase = 0;
  u16 agent = no_agent;
  u32 initializer = 0;
  u16 initializer_fences = 0;
  Site site{nullptr, 0};
  Knowledge knowledge;
  /// What the last completed phase made known.
  Knowledge released;
  std::vector<BulkLoad> loads;
  std::vector<u32> waiting;
};

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

/// What a block of the cluster has of its own.
struct BlockAsyncState {
  NamedBarrier named[16];
  /// By 16 bytes of shared memory: 1 + swizzle / 32 of the bulk copy that wrote them, 0 if another write did.
  std::vector<u8> swizzles;
};

struct AsyncState {
  std::vector<BlockAsyncState> blocks;
  std::map<u64, Mbarrier> mbarriers;
  std::map<u32, BulkStores> stores;
};
inline AsyncState async_state;

void named_barrier(unsigned number, unsigned threads, bool waits, Site site) {
  begin_operation(site);
  Thread& self = *scheduler.current;
  if (self.lane() == 0) ++site_entries[intern_site(site, Action::named_barrier)].counters.requests;
  if (number == 0 || number > 15) {
    report_and_finish("barrier-misuse", site, format_text("named barrier %u: expected 1 to 15 (0 is sync_threads)", number));
  }
  if (threads == 0 || threads % TILEWRIGHT_WARP_SIZE != 0 || threads > scheduler.thread_count) {
    report_and_finish("barrier-misuse", site,
        format_text("named barrier %u for %u threads: expected a multiple of %d, at most the block's %u", number, threads,
                    TILEWRIGHT_WARP_SIZE, scheduler.thread_count));
  }
  NamedBarrier& barrier = async_state.blocks[self.rank].named[number];
  if (barrier.arrived == 0) {
    barrier.count = threads;
    barrier.first = site;
  } else if (barrier.count != threads) {
    report_and_finish("barrier-misuse", site,
        format_text("named barrier %u for %u threads, but others came to it for %u", number, threads, barrier.count),
        {{"the first came here", barrier.first}});
  }
  clocks.release(self.number, barrier.knowledge);
  ++barrier.arrived;
  if (waits) barrier.waiting.push_back(self.number);
  if (barrier.arrived < barrier.count) {
    if (!waits) return;
    wait_for_event([number, &barrier] {
      return format_text("named barrier %u, to which %u of %u threads have come", number, barrier.arrived, barrier.count);
    });
    return;
  }
  std::vector<u32> lanes(clocks.warps);
  for (const u32 thread : barrier.waiting) {
    clocks.acquire(thread, barrier.knowledge);
    if (++lanes[thread / TILEWRIGHT_WARP_SIZE] == TILEWRIGHT_WARP_SIZE) clocks.meet(thread / TILEWRIGHT_WARP_SIZE);
  }
  for (u32& thread : barrier.waiting) {
    if (thread != self.number) continue;
    thread = barrier.waiting.back();
    barrier.waiting.pop_back();
    break;
  }
  wake(barrier.waiting);
  barrier.arrived = 0;
  barrier.knowledge = Knowledge();
}

inline std::string mbarrier_text(u64 address) {
  const Buffer& shared = *find_buffer(address);
  return "the mbarrier at " + place_in(shared, static_cast<i64>(address - shared.base));
}

/// The mbarrier at an address in shared memory; ends the run where there is none. `now` is the thread's own access to it.
inline Mbarrier& find_mbarrier(void* pointer, Site site, const char* what, bool remote = false) {
  const u64 address = reinterpret_cast<u64>(pointer);
  Buffer* buffer = check_place(address, 8, Action::atomic, site);
  if (!buffer) finish_run();
  const auto found = async_state.mbarriers.find(address);
  if (buffer->shared && buffer->rank != scheduler.current->rank && !remote) {
    report_and_finish("mbarrier-misuse", site,
        format_text("%s at %s: expected an mbarrier of the block's own", what,
                    place_in(*buffer, static_cast<i64>(address - buffer->base)).c_str()),
        {{"only mbarrier_arrive_cluster() and mbarrier_arrive_expect_cluster() reach the mbarriers of other blocks"}});
  }
  if (!buffer->shared || found == async_state.mbarriers.end()) {
    report_and_finish("mbarrier-misuse", site,
        format_text("%s at %s, where no mbarrier was initialized", what,
                    place_in(*buffer, static_cast<i64>(address - buffer->base)).c_str()),
        {{"mbarrier_init() by one thread, then a barrier, must come first"}});
  }
  const u32 site_number = intern_site(site, Action::mbarrier);
  ++site_entries[site_number].counters.requests;
  check_order(*buffer, address - buffer->base, 8, Action::atomic, stamp(site_number, true), site);
  return found->second;
}

void mbarrier_initialize(void* pointer, unsigned count, Site site) {
  begin_operation(site);
  const u64 address = reinterpret_cast<u64>(pointer);
  Buffer* buffer = check_place(address, 8, Action::write, site);
  if (!buffer) return;
  if (buffer != &own_shared_memory() || count == 0 || count >= 1u << 20) {
    const std::string owner = buffer->shared && buffer->rank != scheduler.current->rank ? " of " + block_text(buffer->rank) : "";
    report_and_finish("mbarrier-misuse", site,
        format_text("mbarrier for %u arrivals in %s%s: expected 1 to %u, in the block's shared memory", count, buffer->name.c_str(),
                    owner.c_str(), (1u << 20) - 1));
  }
  define_bytes(*buffer, address - buffer->base, 8, site);
  check_order(*buffer, address - buffer->base, 8, Action::write, stamp(intern_site(site, Action::mbarrier)), site);
  Mbarrier& barrier = async_state.mbarriers[address];
  if (!barrier.waiting.empty() || !barrier.loads.empty()) {
    report_and_finish("mbarrier-misuse", site, mbarrier_text(address) + " is initialized again while it is in use");
  }
  barrier = Mbarrier();
  barrier.count = barrier.pending = count;
  barrier.agent = clocks.new_agent();
  barrier.initializer = scheduler.current->number;
  barrier.initializer_fences = scheduler.current->fences;
  barrier.site = site;
}

void mbarrier_invalidate(void* pointer, Site site) {
  begin_operation(site);
  find_mbarrier(pointer, site, "mbarrier_invalidate");
  async_state.mbarriers.erase(reinterpret_cast<u64>(pointer));
}

/// Calls `visit(global address, elements inside, shared offset, bytes)` for each 16 bytes of a box's row. Rows outside of the
/// tensor have no elements inside.
template <typename Visit>
void visit_box(const TensorMap& map, const int* coordinates, Visit visit) {
  const int row_bytes = map.box[0] * map.element_bytes;
  int rows = 1;
  for (int i = 1; i < map.rank; ++i) rows *= map.box[i];
  for (int row = 0; row < rows; ++row) {
    i64 place = 0;
    bool inside = true;
    for (int i = 1, rest = row; i < map.rank; ++i) {
      const i64 at = i64(coordinates[i]) + rest % map.box[i];
      rest /= map.box[i];
      inside &= at >= 0 && at < map.extents[i];
      place += at * map.strides[i];
    }
    for (int byte = 0; byte < row_bytes; byte += 16) {
      const i64 first = coordinates[0] + byte / map.element_bytes;
      visit(reinterpret_cast<u64>(map.base) + static_cast<u64>(place + first * map.element_bytes), first, inside,
            static_cast<u64>(row) * static_cast<u64>(row_bytes) + static_cast<u64>(byte));
    }
  }
}

/// The swizzle of bulk copies and of warpgroup products: the 16-byte unit within 128 bytes, mixed with the bits above.
inline u64 swizzle_address(u64 address, int swizzle) {
  if (swizzle == 0) return address;
  return address ^ (address >> 7 & static_cast<u64>(swizzle / 16 - 1)) << 4;
}

inline u32 box_bytes(const TensorMap& map) {
  u32 bytes = static_cast<u32>(map.element_bytes);
  for (int i = 0; i < map.rank; ++i) bytes *= static_cast<u32>(map.box[i]);
  return bytes;
}

/// Copies the elements of 16 bytes that lie inside the tensor; `to_tensor` tells the direction.
template <bool ToTensor>
void copy_unit(const TensorMap& map, u64 global, i64 first, bool inside, u8* unit) {
  for (int i = 0; i < 16 / map.element_bytes; ++i) {
    const bool exists = inside && first + i >= 0 && first + i < map.extents[0];
    u8* element = unit + i * map.element_bytes;
    void* other = reinterpret_cast<void*>(global + static_cast<u64>(i * map.element_bytes));
    if (ToTensor) {
      if (exists) memcpy(other, element, static_cast<size_t>(map.element_bytes));
    } else if (exists) {
      memcpy(element, other, static_cast<size_t>(map.element_bytes));
    } else {
      memset(element, 0, static_cast<size_t>(map.element_bytes));
    }
  }
}

inline i64 bytes_in_flight(const Mbarrier& barrier) {
  i64 bytes = 0;
  for (const BulkLoad& load : barrier.loads) bytes += load.bytes;
  return bytes;
}

inline void land_loads(Mbarrier& barrier) {
  for (const BulkLoad& load : barrier.loads) {
    Buffer& target = *find_buffer(load.shared);
    visit_box(load.map, load.coordinates, [&](u64 global, i64 first, bool inside, u64 offset) {
      const u64 address = swizzle_address(load.shared + offset, load.map.swizzle);
      copy_unit<false>(load.map, global, first, inside, reinterpret_cast<u8*>(address));
      memset(target.state + (address - target.base), defined, 16);
    });
    barrier.bytes -= load.bytes;
    if (clocks.clustered) {
      std::vector<u32>& executed = barrier.knowledge.executed;
      executed.resize(clocks.warps);
      executed[load.warp] = std::max(executed[load.warp], load.time);
    }
  }
  barrier.loads.clear();
}

/// Ends the phase if all have arrived; what is in flight lands only if it is then complete and `may_land`.
inline void try_complete(Mbarrier& barrier, bool may_land) {
  if (barrier.pending > 0) return;
  const i64 flying = bytes_in_flight(barrier);
  if (barrier.bytes != flying || (flying > 0 && !may_land)) return;
  land_loads(barrier);
  ++barrier.phase;
  barrier.pending = barrier.count;
  if (barrier.knowledge.agents.size() <= barrier.agent) barrier.knowledge.agents.resize(barrier.agent + 1u);
  barrier.knowledge.agents[barrier.agent] = barrier.phase;
  barrier.released = barrier.knowledge;
  wake(barrier.waiting);
}

inline void count_arrival(Mbarrier& barrier, void* pointer, unsigned count, unsigned bytes, Scope scope, Site site) {
  barrier.bytes += bytes;
  if (barrier.pending < count) {
    report_and_finish("mbarrier-misuse", site,
        format_text("%u more arrivals at %s than the %u of its phase", count - barrier.pending,
                    mbarrier_text(reinterpret_cast<u64>(pointer)).c_str(), barrier.count),
        {{"it was initialized here", barrier.site}});
  }
  clocks.release(scheduler.current->number, barrier.knowledge, scope);
  barrier.pending -= count;
  try_complete(barrier, !barrier.waiting.empty());
}

void mbarrier_arrival(void* pointer, unsigned count, unsigned bytes, bool arrives, Site site) {
  begin_operation(site);
  Mbarrier& barrier = find_mbarrier(pointer, site, "arrival");
  if (arrives) count_arrival(barrier, pointer, count, bytes, Scope::block, site);
  else barrier.bytes += bytes;
}

void mbarrier_remote_arrival(void* pointer, int rank, unsigned bytes, bool releases, Site site) {
  begin_operation(site);
  void* const remote = place_in_block(pointer, rank, site);
  Mbarrier& barrier = find_mbarrier(remote, site, "arrival", true);
  count_arrival(barrier, remote, 1, bytes, static_cast<u32>(rank) == scheduler.current->rank ? Scope::block : releases ? Scope::cluster : Scope::none, site);
}

bool mbarrier_test(void* pointer, unsigned parity, bool waits, bool of_cluster, Site site) {
  begin_operation(site);
  const u64 address = reinterpret_cast<u64>(pointer);
  if (parity > 1) report_and_finish("mbarrier-misuse", site, format_text("parity %u: expected 0 or 1", parity));
  Mbarrier& barrier = find_mbarrier(pointer, site, "wait");
  const u32 self = scheduler.current->number;
  if ((barrier.phase & 1) == parity) {
    try_complete(barrier, waits || scheduler.random_below(4) == 0);
    if ((barrier.phase & 1) == parity && !waits) {
      scheduler.runnable.push_back(self);
      wait_for_turn();
    }
  }
  while ((barrier.phase & 1) == parity) {
    if (!waits) return false;
    barrier.waiting.push_back(self);
    wait_for_event([address, parity, &barrier] {
      return format_text("phase %u (parity %u) of ", barrier.phase, parity) + mbarrier_text(address) +
             format_text(": %u of %u arrivals are missing, and %lld bytes that it was told to expect", barrier.pending, barrier.count,
                         printable(barrier.bytes - bytes_in_flight(barrier)));
    });
  }
  clocks.acquire(self, barrier.released, of_cluster ? Scope::cluster : Scope::block);
  return true;
}

void fence_proxy(Site site) {
  begin_operation(site);
  ++scheduler.current->fences;
  clocks.fence_proxy(scheduler.current->number);
}

/// Reports bytes that a thread wrote without a fence before the asynchronous proxy uses them.
inline bool check_fenced(Buffer& buffer, u64 offset, unsigned bytes, Site site, const char* user) {
  if (!buffer.history) return true;
  const u32 warp = scheduler.current->warp();
  bool fenced = true;
  buffer.history.visit<false>(offset, bytes, [&](const History& history, u64 place, u32) {
    const Stamp& write = history.write;
    if (!fenced || write.time == 0 || write.block != clocks.block || write.agent != no_agent) return;
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

/// Ends the run unless a tensor map fits an instruction and the place in shared memory.
inline void check_box(const TensorMap& map, u64 shared, int rank, Site site) {
  if (map.rank == 0 || map.rank != rank) {
    report_and_finish("tensor-map", site, format_text("bulk copy of rank %d with a tensor map of rank %d", rank, map.rank));
  }
  Buffer* buffer = find_buffer(shared);
  const u32 bytes = box_bytes(map);
  if (!buffer || buffer != &own_shared_memory() || shared - buffer->base + bytes > buffer->size) {
    report_and_finish("out-of-bounds", site,
        format_text("bulk copy of a box of %u bytes at 0x%llx, which is not all in the block's shared memory", bytes, printable(shared)));
  }
  const u32 alignment = map.swizzle == 0 ? 128 : static_cast<u32>(map.swizzle) * 8;
  if (shared % alignment != 0) {
    report_and_finish("misaligned", site,
        format_text("bulk copy at %s: expected a multiple of %u bytes for a swizzle of %d",
                    place_in(*buffer, static_cast<i64>(shared - buffer->base)).c_str(), alignment, map.swizzle));
  }
}

int check_tensor_map(const TensorMap& map, bool is_const, Site site) {
  const auto refuse = [&](const std::string& message) {
    report("tensor-map", site, "", message, {}, false);
    return 1;
  };
  const u64 base = reinterpret_cast<u64>(map.base);
  const Buffer* buffer = find_buffer(base);
  if (!buffer || buffer->shared) return refuse("the base of a tensor map must be an argument's buffer");
  if (base % 16 != 0) return refuse(format_text("the base of the tensor map of '%s' is not a multiple of 16 bytes", buffer->name.c_str()));
  if (!is_const && !buffer->writable) return refuse(format_text("a tensor map to store to '%s', which is read-only", buffer->name.c_str()));
  i64 last = 0;
  for (int i = 0; i < map.rank; ++i) {
    const char* name = buffer->name.c_str();
    if (map.extents[i] < 1 || map.extents[i] > i64(1) << 32) return refuse(format_text("extent %d of the tensor map of '%s' is %lld", i, name, printable(map.extents[i])));
    if (map.box[i] < 1 || map.box[i] > 256) return refuse(format_text("extent %d of the box of '%s' is %d: expected 1 to 256", i, name, map.box[i]));
    if (i == 0 && map.strides[0] != map.element_bytes) return refuse(format_text("stride 0 of the tensor map of '%s' is not 1", name));
    if (i > 0 && (map.strides[i] % 16 != 0 || map.strides[i] <= 0 || map.strides[i] >= i64(1) << 40)) {
      return refuse(format_text("stride %d of the tensor map of '%s' is %lld bytes: expected a multiple of 16", i, name, printable(map.strides[i])));
    }
    last += (map.extents[i] - 1) * map.strides[i];
  }
  if (base - buffer->base + static_cast<u64>(last + map.element_bytes) > buffer->size) {
    return refuse(format_text("the tensor map of '%s' reaches %lld bytes, but the buffer has %llu", buffer->name.c_str(),
                              printable(last + map.element_bytes), printable(buffer->size)));
  }
  const int row = map.box[0] * map.element_bytes;
  if (row % 16 != 0) return refuse(format_text("rows of the box of '%s' have %d bytes: expected a multiple of 16", buffer->name.c_str(), row));
  if (map.swizzle != 0 && map.swizzle != 32 && map.swizzle != 64 && map.swizzle != 128) return refuse(format_text("a swizzle of %d bytes: expected 0, 32, 64 or 128", map.swizzle));
  if (map.swizzle != 0 && row != map.swizzle) {
    return refuse(format_text("rows of the box of '%s' have %d bytes: expected those of the swizzle, %d", buffer->name.c_str(), row, map.swizzle));
  }
  return 0;
}

/// `copies` of it are written to shared memory.
inline void count_box(u32 site_number, const TensorMap& map, const int* coordinates, u32 copies = 1) {
  if (!profile.enabled) return;
  Counters& counters = site_entries[site_number].counters;
  ++counters.requests;
  u64 sector = 0;
  visit_box(map, coordinates, [&](u64 global, i64 first, bool inside, u64) {
    counters.shared_bytes += 16 * copies;
    if (!inside || first >= map.extents[0] || first < 0) return;
    const u64 bytes = static_cast<u64>(std::min<i64>(16, (map.extents[0] - first) * map.element_bytes));
    counters.global_bytes += bytes;
    counters.global_useful_bytes += bytes;
    if (global / 32 != sector) ++counters.global_sectors, sector = global / 32;
  });
  counters.shared_wavefronts += (box_bytes(map) + 127) / 128 * copies;
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
  BulkStores& stores = async_state.stores[scheduler.current->number];
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
  BulkStores& stores = async_state.stores[scheduler.current->number];
  stores.groups.push_back(std::move(stores.open));
  stores.open.clear();
  ++stores.time;
}

void bulk_store_wait(unsigned groups, bool reads_only, Site site) {
  begin_operation(site);
  BulkStores& stores = async_state.stores[scheduler.current->number];
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
  const auto found = async_state.stores.find(thread.number);
  if (found == async_state.stores.end()) return;
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
  async_state.stores.erase(found);
}

}  // namespace tilewright::simulator
