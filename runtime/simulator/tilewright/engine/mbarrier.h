// Named barriers and mbarriers, with the bulk loads that the phases of mbarriers wait for. A load arrives at the last moment that
// its phase allows: when somebody who waits for the phase could not go on otherwise.
#pragma once
#include <map>

#include "tilewright/engine/tensor_box.h"

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

/// What a block of the cluster has of its own.
struct BlockAsyncState {
  NamedBarrier named[16];
  /// By 16 bytes of shared memory: 1 + swizzle / 32 of the bulk copy that wrote them, 0 if another write did.
  std::vector<u8> swizzles;
};

struct AsyncState {
  std::vector<BlockAsyncState> blocks;
  std::map<u64, Mbarrier> mbarriers;
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
  std::vector<u32> met;
  for (const u32 thread : barrier.waiting) {
    clocks.acquire(thread, barrier.knowledge);
    const u32 warp = thread / TILEWRIGHT_WARP_SIZE;
    if (++lanes[warp] < TILEWRIGHT_WARP_SIZE) continue;
    clocks.meet(warp);
    met.push_back(warp);
  }
  if (trace.enabled) trace.group_barrier(met);
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

}  // namespace tilewright::simulator
