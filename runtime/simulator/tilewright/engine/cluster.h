// What the blocks of a cluster do together: their barrier, and each other's shared memory, which must not be touched when its
// block may have ended.
#pragma once
#include "tilewright/engine/operations.h"

namespace tilewright::simulator {

inline void wait_for_event(std::function<std::string()> event) {
  Thread& self = *scheduler.current;
  self.event = std::move(event);
  self.state = ThreadState::at_event;
  wait_for_turn();
}

inline void wake(std::vector<u32>& waiting) {
  for (const u32 thread : waiting) {
    scheduler.threads[thread].state = ThreadState::runnable;
    scheduler.runnable.push_back(thread);
  }
  waiting.clear();
}

/// Completes when every thread of the cluster that has not ended has come to it, and begins anew.
struct ClusterBarrier {
  u32 arrived = 0;
  /// Phases completed.
  u32 phase = 0;
  Knowledge knowledge;
  Knowledge released;
  /// Warps of which a lane came without releasing what it had done.
  std::vector<bool> relaxed;
  std::vector<u32> waiting;
};
inline ClusterBarrier cluster_barrier;

inline void try_complete_cluster_barrier() {
  ClusterBarrier& barrier = cluster_barrier;
  const u32 threads = scheduler.thread_count * static_cast<u32>(scheduler.blocks.size());
  if (barrier.arrived == 0 || barrier.arrived + scheduler.exited < threads) return;
  barrier.relaxed.resize(clocks.warps);
  for (u32 warp = 0; warp < clocks.warps; ++warp) if (!barrier.relaxed[warp]) clocks.meet(warp);
  barrier.relaxed.clear();
  barrier.arrived = 0;
  barrier.released = std::move(barrier.knowledge);
  barrier.knowledge = Knowledge();
  ++barrier.phase;
  wake(barrier.waiting);
}

void cluster_arrive(bool relaxed, Site site) {
  warp_operation(relaxed ? WarpOperation::cluster_arrive_relaxed : WarpOperation::cluster_arrive, nullptr, site);
  Thread& self = *scheduler.current;
  if (self.at_cluster_barrier) {
    report_and_finish("barrier-misuse", site, "a thread comes to the cluster's barrier again without having waited at it",
                      {{"cluster_wait() between the two is missing"}});
  }
  self.at_cluster_barrier = true;
  self.cluster_phase = cluster_barrier.phase;
  cluster_barrier.relaxed.resize(clocks.warps);
  if (relaxed) cluster_barrier.relaxed[self.warp()] = true;
  clocks.release(self.number, cluster_barrier.knowledge, relaxed ? Scope::none : Scope::cluster);
  ++cluster_barrier.arrived;
  try_complete_cluster_barrier();
}

void cluster_wait(Site site) {
  warp_operation(WarpOperation::cluster_wait, nullptr, site);
  Thread& self = *scheduler.current;
  if (!self.at_cluster_barrier) {
    report_and_finish("barrier-misuse", site, "a thread waits at the cluster's barrier without having come to it",
                      {{"cluster_arrive() before it is missing"}});
  }
  if (cluster_barrier.phase == self.cluster_phase) {
    cluster_barrier.waiting.push_back(self.number);
    wait_for_event([] {
      return format_text("the cluster's barrier, to which %u of %zu threads have come and %u have ended", cluster_barrier.arrived,
                         scheduler.thread_count * scheduler.blocks.size(), scheduler.exited);
    });
  }
  self.at_cluster_barrier = false;
  clocks.acquire(self.number, cluster_barrier.released);
}

/// A thread that ends counts as having come; called before it is counted among those that have ended.
inline void leave_cluster_barrier(Thread& thread) {
  if (thread.at_cluster_barrier && thread.cluster_phase == cluster_barrier.phase) --cluster_barrier.arrived;
  thread.at_cluster_barrier = false;
}

/// What corresponds in another block's shared memory to a place in the own; ends the run where there is none.
inline void* place_in_block(const void* shared, int rank, Site site) {
  const u64 address = reinterpret_cast<u64>(shared);
  const Buffer& own = own_shared_memory();
  if (find_buffer(address) != &own) {
    report_and_finish("wild-pointer", site,
        format_text("address 0x%llx, which is not in the block's shared memory, for another block of the cluster", printable(address)));
  }
  if (rank < 0 || static_cast<u32>(rank) >= scheduler.blocks.size()) {
    report_and_finish("cluster-rank", site,
        format_text("block %d of a cluster of %zu: expected 0 to %zu", rank, scheduler.blocks.size(), scheduler.blocks.size() - 1));
  }
  return reinterpret_cast<void*>(address - own.base + buffers[static_cast<u32>(rank)].base);
}

void* map_to_block(const void* shared, int rank, Site site) {
  begin_operation(site);
  return place_in_block(shared, rank, site);
}

void check_cluster_address(const void* address, Site site) {
  const Buffer* buffer = find_buffer(reinterpret_cast<u64>(address));
  if (buffer && buffer->shared) return;
  report_and_finish("wild-pointer", site,
      format_text("access to the cluster's shared memory at address 0x%llx, which is not in it", printable(reinterpret_cast<u64>(address))));
}

inline const char* verb_of(Action action) {
  return action == Action::read ? "read" : action == Action::atomic ? "atomic update" : "write";
}

inline void report_ended_block(u32 rank, Site site, const std::string& message) {
  report("ended-block", site, "shared memory", message,
         {{format_text("cluster_arrive() and cluster_wait() by both blocks, after the access and before %s ends, would order them",
                       block_text(rank).c_str())}});
}

void note_remote_access(const Buffer& buffer, u64 offset, Action action, Site site) {
  const Thread& self = *scheduler.current;
  BlockState& owner = scheduler.blocks[buffer.rank];
  if (owner.exited == scheduler.thread_count) {
    report_ended_block(buffer.rank, site, format_text("%s of %s, which has ended", verb_of(action),
                                                      place_in(buffer, static_cast<i64>(offset)).c_str()));
    return;
  }
  owner.remote[self.warp()] = {clocks.times[self.warp()][self.warp()], self.number, action, offset, site};
}

/// Every access by other blocks must be known to the block when it ends, or under another schedule it might come later.
inline void end_block(u32 rank) {
  const u32 first = rank * scheduler.block_numbers / TILEWRIGHT_WARP_SIZE;
  const u32 end = first + scheduler.block_numbers / TILEWRIGHT_WARP_SIZE;
  Thread* const ending = scheduler.current;
  for (const auto& [warp, access] : scheduler.blocks[rank].remote) {
    bool known = false;
    for (u32 own = first; own < end; ++own) known |= access.time <= clocks.executed[own][warp];
    if (known) continue;
    scheduler.current = &scheduler.threads[access.thread];
    indices = &scheduler.current->indices;
    report_ended_block(rank, access.site, format_text("%s of %s, which may have ended: nothing that it waits for comes after",
        verb_of(access.action), place_in(buffers[rank], static_cast<i64>(access.offset)).c_str()));
    scheduler.current = ending;
    indices = &ending->indices;
  }
}

void after_exit(u32 rank) {
  try_complete_cluster_barrier();
  if (scheduler.blocks[rank].exited == scheduler.thread_count) end_block(rank);
}

}  // namespace tilewright::simulator
