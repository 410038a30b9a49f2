// Happens-before by vector clocks of warps.
//
// A warp's clock ticks at every barrier that it takes part in. An access is stamped with its thread and its warp's
// time; it is ordered before a later one by another warp if that warp's clock knows the time, and before one by another lane
// of the same warp if the warp's lanes have met since.
//
// What the asynchronous engines do (bulk copies, warpgroup products) belongs to agents, each with a time of its own that
// threads learn of by waiting: one agent per mbarrier, per thread with bulk stores, per warpgroup.
//
// Between the blocks of a cluster some barriers order what is executed, but make no writes visible (relaxed ones, and mbarriers of
// block scope). That is enough for a write after a read, so there is a second set of clocks, of what has been executed.
#pragma once
#include <algorithm>
#include <vector>

#include "tilewright/engine/report.h"

namespace tilewright::simulator {

inline constexpr u32 max_agents = 128;
inline constexpr u16 no_agent = 0xffff;

struct Stamp {
  /// 0: no access.
  u32 time = 0;
  /// The serial number of the cluster, from 1.
  u32 cluster = 0;
  u16 thread = 0;
  u16 site : 15 = 0;
  u16 atomic : 1 = 0;
  /// Who did it where no thread did.
  u16 agent = no_agent;
  /// How many fences to the asynchronous proxy the thread had executed.
  u16 fences = 0;
};

inline void raise_all(std::vector<u32>& times, const u32* others, u32 count) {
  if (times.size() < count) times.resize(count);
  for (u32 i = 0; i < count; ++i) times[i] = std::max(times[i], others[i]);
}

/// What somebody knows: a time of every warp and of every agent.
struct Knowledge {
  std::vector<u32> warps;
  std::vector<u32> agents;
  /// In clusters of several blocks: what those learn who wait with block scope, and what has been executed.
  std::vector<u32> block_warps;
  std::vector<u32> executed;
};

/// How far a release or an acquire reaches. `none` orders execution alone.
enum class Scope : u8 { none, block, cluster };

/// A time of every warp for every warp.
struct WarpTimes {
  std::vector<u32> cells;
  u32 warps = 0;

  void start(u32 count, u32 time) {
    warps = count;
    cells.assign(u64(count) * count, time);
  }
  u32* operator[](u32 warp) { return &cells[u64(warp) * warps]; }
  const u32* operator[](u32 warp) const { return &cells[u64(warp) * warps]; }
};

/// Of the cluster that runs: its blocks run at the same time, and warps and threads are numbered through all of them. A block
/// that is launched without a cluster is one of its own.
struct Clocks {
  u32 warps = 0;
  WarpTimes times;
  /// Since when the lanes of a warp know of each other.
  std::vector<u32> met;
  /// What other warps did that a thread of this one has fenced for the asynchronous proxy.
  WarpTimes proxied;
  /// Whether several blocks run together; then also what each warp knows to have been executed.
  bool clustered = false;
  WarpTimes executed;
  u32 agents = 0;
  /// By thread.
  std::vector<u32> known;
  std::vector<u32> joined;
  /// Serial numbers over all launches; clusters of earlier launches are ordered before all of this one.
  u32 cluster = 0;
  u32 first_cluster_of_launch = 0;
  u32 latest = 1;
  /// Where the clusters of this launch begin in the grid, in the order in which they run.
  std::vector<Extent3> places;

  void start_launch() {
    first_cluster_of_launch = cluster + 1;
    places.clear();
  }

  void start_cluster(u32 warp_count, Extent3 place, bool is_clustered) {
    ++cluster;
    places.push_back(place);
    warps = warp_count;
    times.start(warps, latest);
    proxied.start(warps, 0);
    met.assign(warps, ++latest);
    for (u32 a = 0; a < warps; ++a) times[a][a] = latest;
    clustered = is_clustered;
    if (clustered) executed = times;
    agents = 0;
    known.clear();
  }

  void tick(u32 warp) {
    if (++times[warp][warp] > latest) latest = times[warp][warp];
    if (clustered) executed[warp][warp] = times[warp][warp];
  }

  /// The lanes of a warp learn what any of them knows.
  void meet(u32 warp) {
    tick(warp);
    met[warp] = times[warp][warp];
    join_agents(warp * TILEWRIGHT_WARP_SIZE, (warp + 1) * TILEWRIGHT_WARP_SIZE);
  }

  /// Every warp of these learns what any of them knows.
  void join(u32 first, u32 end) {
    join_times(times, first, end);
    if (clustered) join_times(executed, first, end);
    for (u32 a = first; a < end; ++a) {
      tick(a);
      met[a] = times[a][a];
    }
    join_agents(first * TILEWRIGHT_WARP_SIZE, end * TILEWRIGHT_WARP_SIZE);
  }

  void join_times(WarpTimes& of, u32 first, u32 end) {
    joined.assign(warps, 0);
    for (u32 a = first; a < end; ++a) {
      for (u32 b = 0; b < warps; ++b) joined[b] = of[a][b] > joined[b] ? of[a][b] : joined[b];
    }
    for (u32 a = first; a < end; ++a) std::copy(joined.begin(), joined.end(), of[a]);
  }

  void join_agents(u32 first, u32 end) {
    for (u32 agent = 0; agent < agents; ++agent) {
      u32 most = 0;
      for (u32 t = first; t < end; ++t) most = std::max(most, known[t * max_agents + agent]);
      for (u32 t = first; t < end; ++t) known[t * max_agents + agent] = most;
    }
  }

  u16 new_agent() {
    if (known.empty()) known.assign(u64(warps) * TILEWRIGHT_WARP_SIZE * max_agents, 0);
    // Beyond the limit the last one serves for all: then some races are missed.
    if (agents < max_agents) ++agents;
    return static_cast<u16>(agents - 1);
  }

  /// What a thread makes known by arriving somewhere; what it does afterwards is not part of it.
  void release(u32 thread, Knowledge& to, Scope scope = Scope::block) {
    const u32 warp = thread / TILEWRIGHT_WARP_SIZE;
    if (scope != Scope::none) raise_all(to.warps, times[warp], warps);
    if (clustered) {
      if (scope == Scope::block) raise_all(to.block_warps, times[warp], warps);
      raise_all(to.executed, executed[warp], warps);
    }
    if (agents) raise_all(to.agents, &known[thread * max_agents], agents);
    tick(warp);
  }

  void acquire(u32 thread, const Knowledge& from, Scope scope = Scope::cluster) {
    const u32 warp = thread / TILEWRIGHT_WARP_SIZE;
    const std::vector<u32>& visible = clustered && scope == Scope::block ? from.block_warps : from.warps;
    for (u32 i = 0; i < visible.size(); ++i) if (i != warp) times[warp][i] = std::max(times[warp][i], visible[i]);
    for (u32 i = 0; i < from.executed.size(); ++i) if (i != warp) executed[warp][i] = std::max(executed[warp][i], from.executed[i]);
    for (u32 i = 0; i < from.agents.size(); ++i) learn_agent(thread, static_cast<u16>(i), from.agents[i]);
  }

  void learn_agent(u32 thread, u16 agent, u32 time) {
    u32& mine = known[thread * max_agents + agent];
    mine = std::max(mine, time);
  }

  void fence_proxy(u32 thread) {
    const u32 warp = thread / TILEWRIGHT_WARP_SIZE;
    for (u32 i = 0; i < warps; ++i) proxied[warp][i] = times[warp][i];
    proxied[warp][warp] = met[warp] - 1;
  }

  /// `per_block`: the memory is the block's own, so that no other block can have touched it.
  bool ordered(const Stamp& before, u32 thread, bool per_block) const {
    if (before.time == 0) return true;
    if (before.cluster != cluster) return per_block || before.cluster < first_cluster_of_launch;
    if (before.agent != no_agent) return before.time <= known[thread * max_agents + before.agent];
    if (before.thread == thread) return true;
    const u32 warp = thread / TILEWRIGHT_WARP_SIZE;
    const u32 other = before.thread / TILEWRIGHT_WARP_SIZE;
    return other == warp ? before.time < met[warp] : before.time <= times[warp][other];
  }

  /// Whether a read has been executed before what the thread does now, though nothing that others wrote need be visible.
  bool executed_before(const Stamp& read, u32 thread) const {
    const u32 warp = thread / TILEWRIGHT_WARP_SIZE;
    const u32 other = read.thread / TILEWRIGHT_WARP_SIZE;
    return clustered && read.agent == no_agent && read.cluster == cluster && other != warp && read.time <= executed[warp][other];
  }
};

inline Clocks clocks;

}  // namespace tilewright::simulator
