// The engine's side of interface.h: every operation of a kernel ends up in one of these functions.
#pragma once
#include "tilewright/engine/multiply.h"
#include "tilewright/engine/scheduler.h"

namespace tilewright::simulator {

const Indices* indices = nullptr;
u8 register_epoch = first_register_epoch;
inline u32 slot_of(const Buffer& buffer) { return static_cast<u32>(&buffer - buffers.data()); }

/// True once floats were updated atomically: then results may differ between schedules by rounding.
inline bool float_atomics_used = false;

/// What an access of the running thread goes to.
struct AccessPlace {
  /// Null where there is no such place: that was reported.
  Buffer* buffer;
  u64 offset;
  u32 site_number;
};

[[gnu::always_inline]] inline AccessPlace begin_access(const void* place, unsigned bytes, Action action, Site site) {
  begin_operation(site);
  const u64 address = reinterpret_cast<u64>(place);
  Buffer* buffer = check_place(address, bytes, action, site);
  if (!buffer) return {nullptr, 0, 0};
  return {buffer, address - buffer->base, intern_site(site, action)};
}

void read_memory(void* destination, const void* source, unsigned bytes, Site site) {
  memset(destination, 0xdb, bytes);
  const auto [buffer, offset, site_number] = begin_access(source, bytes, Action::read, site);
  if (!buffer) return;
  if (check_defined(*buffer, offset, bytes, site)) {
    check_order(*buffer, offset, bytes, Action::read, stamp(site_number), site);
  }
  count_access(site_number, *buffer, buffer->base + offset, bytes);
  if (trace.enabled) trace.read(scheduler.current->number, slot_of(*buffer), offset, bytes);
  memcpy(destination, source, bytes);
}

void write_memory(void* destination, const void* source, unsigned bytes, Site site) {
  const auto [buffer, offset, site_number] = begin_access(destination, bytes, Action::write, site);
  if (!buffer) return;
  define_bytes(*buffer, offset, bytes, site);
  check_order(*buffer, offset, bytes, Action::write, stamp(site_number), site);
  count_access(site_number, *buffer, buffer->base + offset, bytes);
  if (trace.enabled) trace.write(scheduler.current->number, slot_of(*buffer), offset, bytes);
  memcpy(destination, source, bytes);
}

bool begin_atomic(void* destination, unsigned bytes, bool is_float, Site site) {
  const auto [buffer, offset, site_number] = begin_access(destination, bytes, Action::atomic, site);
  if (!buffer) return false;
  check_defined(*buffer, offset, bytes, site);
  check_order(*buffer, offset, bytes, Action::atomic, stamp(site_number, true), site);
  count_access(site_number, *buffer, buffer->base + offset, bytes);
  float_atomics_used |= is_float;
  return true;
}

bool begin_packed_load(const void* source, Site site) {
  const auto [buffer, offset, site_number] = begin_access(source, 1, Action::read, site);
  if (!buffer) return false;
  if (check_defined(*buffer, offset, 1, site)) {
    check_order(*buffer, offset, 1, Action::read, stamp(site_number, true), site);
  }
  count_access(site_number, *buffer, buffer->base + offset, 1);
  if (trace.enabled) trace.read(scheduler.current->number, slot_of(*buffer), offset, 1);
  return true;
}

bool begin_packed_store(void* destination, Site site) {
  const auto [buffer, offset, site_number] = begin_access(destination, 1, Action::atomic, site);
  if (!buffer) return false;
  define_bytes(*buffer, offset, 1, site);
  check_order(*buffer, offset, 1, Action::atomic, stamp(site_number, true), site);
  count_access(site_number, *buffer, buffer->base + offset, 1);
  return true;
}

/// The destination is lost at once and the data arrives at the wait: the two ends of what the hardware may do.
void copy_async(void* shared, const void* global, unsigned bytes, bool in_bounds, Site site) {
  begin_operation(site);
  const u64 to = reinterpret_cast<u64>(shared);
  const u64 from = reinterpret_cast<u64>(global);
  const u32 site_number = intern_site(site, Action::async_copy);
  if (in_bounds) {
    Buffer* source = check_place(from, bytes, Action::read, site);
    if (!source) return;
    if (check_defined(*source, from - source->base, bytes, site)) {
      check_order(*source, from - source->base, bytes, Action::read, stamp(site_number), site);
    }
    count_access(site_number, *source, from, bytes);
    if (trace.enabled) trace.read(scheduler.current->number, slot_of(*source), from - source->base, bytes);
  }
  Buffer* target = check_place(to, bytes, Action::write, site);
  if (!target) return;
  if (target != &own_shared_memory()) {
    report("wild-pointer", site, target->name, target->shared
        ? "asynchronous copy to the shared memory of " + block_text(target->rank) + ": the destination must be the block's own"
        : "asynchronous copy to global memory: the destination must be shared");
    return;
  }
  const u64 offset = to - target->base;
  define_bytes(*target, offset, bytes, site);
  check_order(*target, offset, bytes, Action::write, stamp(site_number), site);
  count_access(site_number, *target, to, bytes, in_bounds);
  if (trace.enabled) trace.start_copy(scheduler.current->number, slot_of(*target), offset, bytes, in_bounds);
  memset(shared, 0xdb, bytes);
  memset(target->state + offset, in_flight, bytes);
  scheduler.current->copies.push_back({to, from, bytes, site_number, in_bounds, scheduler.current->operations});
}

void copy_async_commit(Site site) {
  begin_operation(site);
  Thread& self = *scheduler.current;
  self.groups.push_back(static_cast<u32>(self.copies.size()) - self.committed);
  self.committed = static_cast<u32>(self.copies.size());
}

void copy_async_wait(unsigned groups, Site site) {
  begin_operation(site);
  Thread& self = *scheduler.current;
  if (self.groups.size() <= groups) return;
  const u32 landing = static_cast<u32>(self.groups.size()) - groups;
  u32 copies = 0;
  for (u32 i = 0; i < landing; ++i) copies += self.groups[i];
  Buffer& target = own_shared_memory();
  for (u32 i = 0; i < copies; ++i) {
    const AsyncCopy& copy = self.copies[i];
    const u64 offset = copy.shared - target.base;
    if (copy.in_bounds) {
      memcpy(reinterpret_cast<void*>(copy.shared), reinterpret_cast<void*>(copy.global), copy.bytes);
    } else {
      memset(reinterpret_cast<void*>(copy.shared), 0, copy.bytes);
    }
    memset(target.state + offset, defined, copy.bytes);
    if (profile.enabled) {
      ++site_entries[copy.site].counters.copies;
      site_entries[copy.site].counters.copy_distance += self.operations - copy.started;
    }
    if (trace.enabled) trace.land_copy(self.number, slot_of(target), offset, copy.bytes);
    check_order(target, offset, copy.bytes, Action::write, stamp(copy.site), site_entries[copy.site].site);
  }
  self.copies.erase(self.copies.begin(), self.copies.begin() + copies);
  self.groups.erase(self.groups.begin(), self.groups.begin() + landing);
  self.committed -= copies;
}

void block_barrier(Site site) {
  begin_operation(site);
  Thread& self = *scheduler.current;
  self.state = ThreadState::at_barrier;
  if (number_in_block(self.number) == 0) ++site_entries[intern_site(site, Action::barrier)].counters.requests;
  if (++own_block().at_barrier == scheduler.thread_count) release_barrier();
  wait_for_turn();
}

/// Lane 8j + i gives row i of matrix j; each lane gets two neighbours of a row (or, transposed, of a column) of each matrix.
inline void execute_matrix_load(Warp& warp, u32 site_number, Site site) {
  const auto argument = [&](u32 lane) { return static_cast<MatrixLoadArguments*>(warp.arguments[lane]); };
  const int matrices = argument(0)->matrices;
  const bool transposed = argument(0)->transposed;
  Counters& counters = site_entries[site_number].counters;
  Thread* const caller = scheduler.current;
  for (int j = 0; j < matrices; ++j) {
    u16 matrix[8][8];
    memset(matrix, 0xdb, sizeof matrix);
    u64 addresses[8];
    for (u32 row = 0; row < 8; ++row) {
      const u32 lane = static_cast<u32>(j) * 8 + row;
      const u64 address = addresses[row] = reinterpret_cast<u64>(argument(lane)->row);
      // The lane that gives the address is the one that a report should name.
      scheduler.current = &scheduler.threads[warp.first + lane];
      Buffer* buffer = check_place(address, 16, Action::read, site);
      if (!buffer) continue;
      if (buffer != &own_shared_memory()) {
        report("wild-pointer", site, buffer->name, buffer->shared
            ? "ldmatrix from the shared memory of " + block_text(buffer->rank) + ": rows must be in the block's own"
            : "ldmatrix from global memory: rows must be in shared memory");
        continue;
      }
      if (check_defined(*buffer, address - buffer->base, 16, site)) {
        check_order(*buffer, address - buffer->base, 16, Action::read, stamp(site_number), site);
      }
      if (trace.enabled) trace.read(warp.first + lane, slot_of(*buffer), address - buffer->base, 16);
      memcpy(matrix[row], reinterpret_cast<void*>(address), 16);
    }
    const u32 cycles = bank_cycles(addresses, 8, 16);
    counters.shared_wavefronts += cycles;
    counters.shared_conflicts += cycles - 1;
    counters.shared_bytes += 128;
    for (u32 lane = 0; lane < warp.lanes; ++lane) {
      const u32 row = lane / 4;
      const u32 column = lane % 4 * 2;
      u32& result = argument(lane)->result[j];
      if (transposed) result = matrix[column][row] | u32(matrix[column + 1][row]) << 16;
      else memcpy(&result, &matrix[row][column], sizeof result);
    }
  }
  scheduler.current = caller;
}

inline void execute_warp_operation(Warp& warp, WarpOperation operation, Site site) {
  const u32 site_number = intern_site(site, Action::warp, operation);
  Counters& counters = site_entries[site_number].counters;
  ++counters.requests;
  switch (operation) {
    case WarpOperation::sync_warp: {
      const u32 number = warp.first / TILEWRIGHT_WARP_SIZE;
      clocks.meet(number);
      if (trace.enabled) trace.group_barrier({number});
      return;
    }
    case WarpOperation::shuffle:
      for (u32 lane = 0; lane < warp.lanes; ++lane) {
        auto* arguments = static_cast<ShuffleArguments*>(warp.arguments[lane]);
        const u32 source = static_cast<u32>(arguments->source_lane);
        if (source >= warp.lanes) {
          report("shuffle-lane", site, "", format_text("lane %u reads lane %d, which does not exist", lane,
              arguments->source_lane), {}, false);
          arguments->result = 0xdbdbdbdbdbdbdbdb;
          continue;
        }
        arguments->result = static_cast<ShuffleArguments*>(warp.arguments[source])->value;
      }
      return;
    case WarpOperation::vote: {
      u64 ballot = 0;
      for (u32 lane = 0; lane < warp.lanes; ++lane) {
        ballot |= u64(static_cast<VoteArguments*>(warp.arguments[lane])->predicate) << lane;
      }
      for (u32 lane = 0; lane < warp.lanes; ++lane) static_cast<VoteArguments*>(warp.arguments[lane])->ballot = ballot;
      return;
    }
    case WarpOperation::cluster_arrive:
    case WarpOperation::cluster_arrive_relaxed:
    case WarpOperation::cluster_wait: return;
    case WarpOperation::ldmatrix:
      if (warp.lanes == TILEWRIGHT_WARP_SIZE) execute_matrix_load(warp, site_number, site);
      break;
    default: {
      const MultiplyEntry multiply = find_multiply(operation);
      if (warp.lanes == TILEWRIGHT_WARP_SIZE) {
        multiply.execute(reinterpret_cast<MatrixMultiplyArguments* const*>(warp.arguments));
      }
      counters.flop += 2ull * multiply.shape->m * multiply.shape->n * multiply.shape->k;
      break;
    }
  }
  if (warp.lanes != TILEWRIGHT_WARP_SIZE) {
    report("warp-divergence", site, "", format_text("%s in a warp of %u lanes",
        operation_names[static_cast<u32>(operation)], warp.lanes));
  }
}

void warp_operation(WarpOperation operation, void* arguments, Site site) {
  begin_operation(site);
  Thread& self = *scheduler.current;
  Warp& warp = scheduler.warps[self.warp()];
  self.operation = operation;
  self.state = ThreadState::at_warp_operation;
  if (trace.enabled) trace.operation(self.number, static_cast<u64>(operation));
  warp.arguments[self.lane()] = arguments;
  if (warp.arrived == 0) {
    warp.operation = operation;
    warp.site = site;
  } else if (warp.operation != operation || warp.site.line != site.line || warp.site.file != site.file) {
    warp.differ = true;
  }
  if (++warp.arrived < warp.lanes) {
    wait_for_turn();
    return;
  }
  if (warp.differ) {
    report_and_finish("warp-divergence", site,
        "lanes of a warp meet in different operations: " + describe_threads(), thread_notes());
  }
  execute_warp_operation(warp, operation, site);
  warp.arrived = 0;
  for (u32 lane = 0; lane < warp.lanes; ++lane) {
    scheduler.threads[warp.first + lane].state = ThreadState::runnable;
    if (lane != self.lane()) scheduler.runnable.push_back(warp.first + lane);
  }
}

int lane_number() {
  return static_cast<int>(scheduler.current->lane());
}

void* shared_memory_base() {
  return reinterpret_cast<void*>(own_shared_memory().base);
}

void undefined_register(Site site) {
  if (scheduler.current) scheduler.current->site = site;
  report("uninitialized-register", site, "", "read of a register element that was never written");
}

void pending_register(Site site, bool writes) {
  if (scheduler.current) scheduler.current->site = site;
  report("pending-register", site, "",
         writes ? "write of a register that a warpgroup's product in flight still uses"
                : "read of an accumulator that a warpgroup's product in flight has yet to write",
         {{"wgmma_commit() and wgmma_wait<0>() before it would let the product end"}});
}

void assertion_failed(const char* message, Site site) {
  begin_operation(site);
  report_and_finish("assertion", site, std::string("assertion failed: ") + message);
}

void register_out_of_range(int index, int extent, Site site) {
  if (scheduler.current) scheduler.current->site = site;
  report("register-index", site, "", format_text("index %d into a register array of %d", index, extent));
}

struct LaunchBounds {
  void (*kernel)();
  const char* name;
  unsigned threads;
};

/// What a kernel's `__cluster_dims__` say.
struct ClusterDimensions {
  void (*kernel)();
  const char* name;
  Extent3 extents;
};

/// Filled before main, by static initializers of the emitted text.
inline std::vector<LaunchBounds>& launch_bounds() {
  static std::vector<LaunchBounds> list;
  return list;
}

/// Filled before main, by static initializers of the emitted text.
inline std::vector<ClusterDimensions>& cluster_dimensions() {
  static std::vector<ClusterDimensions> list;
  return list;
}

/// The cluster of a launch, which its kernel's attribute or the launch or both may give; false after a report.
inline bool choose_cluster(void (*kernel)(), Extent3 grid, const Extent3* given) {
  const Site nowhere{nullptr, 0};
  Extent3 cluster = given ? *given : Extent3();
  for (const ClusterDimensions& fixed : cluster_dimensions()) {
    if (fixed.kernel != kernel) continue;
    const Extent3& own = fixed.extents;
    if (given && (own.x != given->x || own.y != given->y || own.z != given->z)) {
      report("launch", nowhere, "", format_text("'%s' is launched in clusters of %ux%ux%u, but its __cluster_dims__ say %ux%ux%u",
          fixed.name, given->x, given->y, given->z, own.x, own.y, own.z));
      return false;
    }
    cluster = own;
  }
  const u64 blocks = u64(cluster.x) * cluster.y * cluster.z;
  // More than 8 have to be asked for at the launch.
  const u32 most = given ? max_cluster_blocks : 8;
  if (blocks == 0 || blocks > most) {
    report("launch", nowhere, "", format_text("clusters of %ux%ux%u blocks: expected 1 to %u", cluster.x, cluster.y, cluster.z, most));
    return false;
  }
  if (grid.x % cluster.x != 0 || grid.y % cluster.y != 0 || grid.z % cluster.z != 0) {
    report("launch", nowhere, "", format_text("a grid of %ux%ux%u blocks is no whole number of clusters of %ux%ux%u",
        grid.x, grid.y, grid.z, cluster.x, cluster.y, cluster.z));
    return false;
  }
  scheduler.cluster = cluster;
  return true;
}

int launch(void (*kernel)(), void (*invoke)(void* context), void* context, Extent3 grid, Extent3 block,
           const Extent3* cluster, unsigned shared_bytes) {
  const u64 threads = u64(block.x) * block.y * block.z;
  const Site nowhere{nullptr, 0};
  for (const LaunchBounds& bounds : launch_bounds()) {
    if (bounds.kernel != kernel || bounds.threads == threads) continue;
    report("launch", nowhere, "", format_text("'%s' is launched with %llu threads per block, but its __launch_bounds__ say %u",
        bounds.name, printable(threads), bounds.threads));
    if (threads > bounds.threads) return 1;
  }
  if (threads == 0 || threads > 1024) {
    report("launch", nowhere, "", format_text("%llu threads per block: expected 1 to 1024", printable(threads)));
    return 1;
  }
  if (u64(grid.x) * grid.y * grid.z == 0) {
    report("launch", nowhere, "", format_text("empty grid %ux%ux%u", grid.x, grid.y, grid.z));
    return 1;
  }
  if (shared_bytes > scheduler.limits.shared_bytes) {
    report("launch", nowhere, "", format_text("%u bytes of shared memory: the limit is %u", shared_bytes,
        scheduler.limits.shared_bytes));
    return 1;
  }
  if (!choose_cluster(kernel, grid, cluster)) return 1;
  scheduler.invoke = invoke;
  scheduler.context = context;
  clocks.start_launch();
  ++profile.launches;
  // Clusters, which are blocks mostly, in any order: nothing may depend on it.
  const Extent3& size = scheduler.cluster;
  const Extent3 extents(grid.x / size.x, grid.y / size.y, grid.z / size.z);
  const u64 clusters = u64(extents.x) * extents.y * extents.z;
  const u64 first = scheduler.random() % clusters;
  for (u64 i = 0; i < clusters; ++i) {
    const u64 c = (first + i) % clusters;
    const Extent3 index(static_cast<u32>(c % extents.x) * size.x, static_cast<u32>(c / extents.x % extents.y) * size.y,
        static_cast<u32>(c / extents.x / extents.y) * size.z);
    run_cluster(grid, block, index, shared_bytes);
  }
  indices = nullptr;
  return 0;
}

}  // namespace tilewright::simulator
