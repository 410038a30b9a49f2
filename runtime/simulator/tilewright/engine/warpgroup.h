// Products of warpgroups (four warps): operands in shared memory by descriptors, which are decoded and checked. Operands are
// read, and accumulators written, when the product is waited for.
#pragma once
#include "tilewright/engine/bulk_copy.h"

namespace tilewright::simulator {

inline constexpr u32 warpgroup_size = 128;

/// A matrix in shared memory as a descriptor tells it: bits 0-13 address, 16-29 leading and 32-45 stride byte offset, all
/// divided by 16; 49-51 base offset; 62-63 swizzle mode.
struct Descriptor {
  u64 address, leading, stride;
  int base_offset;
  int swizzle;

  explicit Descriptor(u64 bits)
      : address((bits & 0x3fff) << 4), leading((bits >> 16 & 0x3fff) << 4), stride((bits >> 32 & 0x3fff) << 4),
        base_offset(static_cast<int>(bits >> 49 & 7)), swizzle(swizzle_of(static_cast<int>(bits >> 62))) {}

  static int swizzle_of(int mode) { return mode == 0 ? 0 : 256 >> mode; }

  /// Byte offset in shared memory of element (outer, k): `outer` is the row of A, the column of B.
  u64 place(int outer, int k, int bytes, bool transposed) const {
    const u64 o = static_cast<u64>(outer);
    const u64 kk = static_cast<u64>(k);
    const u64 size = static_cast<u64>(bytes);
    u64 at = address;
    if (!transposed) {
      const u64 byte = kk * size;
      at += swizzle == 0 ? o / 8 * stride + o % 8 * 16 + byte / 16 * leading + byte % 16
                         : o / 8 * stride + o % 8 * static_cast<u64>(swizzle) + byte;
    } else if (swizzle == 0) {
      at += o / 8 * stride + kk / 8 * leading + kk % 8 * 16 + o % 8 * size;
    } else {
      const u64 per_row = static_cast<u64>(swizzle) / size;
      at += o / per_row * leading + kk / 8 * stride + kk % 8 * static_cast<u64>(swizzle) + o % per_row * size;
    }
    return swizzle_address(at, swizzle);
  }
};

struct Product {
  WarpgroupProduct shape;
  WarpgroupProduct lanes[warpgroup_size];
  Site site;
  u32 site_number;
};

struct Warpgroup {
  u32 arrived = 0;
  const char* what = nullptr;
  Site site{nullptr, 0};
  WarpgroupProduct lanes[warpgroup_size];
  std::vector<u32> waiting;
  u16 agent = no_agent;
  u32 time = 0;
  std::vector<Product> open;
  std::vector<std::vector<Product>> groups;
};
inline std::vector<Warpgroup> warpgroups;

/// Waits for all threads of the warpgroup at the same operation; true in the one that comes last.
inline bool meet_warpgroup(const char* what, Site site) {
  Thread& self = *scheduler.current;
  Warpgroup& group = warpgroups[self.number / warpgroup_size];
  if (number_in_block(self.number) / warpgroup_size * warpgroup_size + warpgroup_size > scheduler.thread_count) {
    report_and_finish("warp-divergence", site, format_text("%s outside of a whole warpgroup of 128 threads", what));
  }
  if (group.arrived > 0 && (group.what != what || group.site.line != site.line || group.site.file != site.file)) {
    report_and_finish("warp-divergence", site,
        format_text("threads of a warpgroup meet in different operations: %s and %s", what, group.what), {{"others are here", group.site}});
  }
  group.what = what;
  group.site = site;
  if (++group.arrived == warpgroup_size) {
    group.arrived = 0;
    wake(group.waiting);
    return true;
  }
  group.waiting.push_back(self.number);
  wait_for_event([what] { return format_text("%s by the whole warpgroup", what); });
  return false;
}

inline Warpgroup& own_warpgroup() { return warpgroups[scheduler.current->number / warpgroup_size]; }

void warpgroup_fence(Site site) {
  begin_operation(site);
  Thread& self = *scheduler.current;
  self.register_epoch = self.register_epoch == 255 ? first_register_epoch : self.register_epoch + 1;
  register_epoch = self.register_epoch;
  meet_warpgroup("wgmma_fence", site);
}

inline int element_bytes_of(WarpgroupElement element) {
  switch (element) {
    case WarpgroupElement::f16: case WarpgroupElement::bf16: return 2;
    case WarpgroupElement::tf32: return 4;
    default: return 1;
  }
}

inline f64 element_value(WarpgroupElement element, const u8* bytes) {
  u16 half;
  u32 word;
  switch (element) {
    case WarpgroupElement::f16: memcpy(&half, bytes, 2); return f16_value(half);
    case WarpgroupElement::bf16: memcpy(&half, bytes, 2); return bf16_value(half);
    case WarpgroupElement::tf32: memcpy(&word, bytes, 4); return TF32Bits{word};
#if TILEWRIGHT_WARP_SIZE == 32
    case WarpgroupElement::f8E4M3FN: return static_cast<f32>(*reinterpret_cast<const f8E4M3FN*>(bytes));
    case WarpgroupElement::f8E5M2: return static_cast<f32>(*reinterpret_cast<const f8E5M2*>(bytes));
#endif
    default: return *reinterpret_cast<const i8*>(bytes);
  }
}

/// What is wrong with a descriptor, whatever lies in shared memory.
inline void check_descriptor(u64 bits, char name, int outer, int k, int bytes, bool transposed, Site site) {
  const Descriptor d(bits);
  const auto refuse = [&](const std::string& message) {
    report_and_finish("descriptor", site, format_text("descriptor of %c (0x%llx): ", name, printable(bits)) + message,
        {{format_text("it says: address %llu, leading %llu, stride %llu bytes, swizzle %d", printable(d.address), printable(d.leading),
                      printable(d.stride), d.swizzle)}});
  };
  if (bits & ~0xc00e3fff3fff3fffull) refuse("bits are set that must be 0");
  if (transposed && bytes != 2) refuse("only 16-bit elements can be transposed");
  if (d.base_offset != 0) refuse("a base offset, which no layout of this kind needs");
  const u64 pattern = d.swizzle == 0 ? 16 : static_cast<u64>(d.swizzle) * 8;
  const u64 rest = d.address % pattern;
  if (d.swizzle != 0 && rest >= static_cast<u64>(d.swizzle)) {
    refuse(format_text("the matrix begins %llu bytes after a multiple of %llu: expected less than %d, a step along its first row",
                       printable(rest), printable(pattern), d.swizzle));
  }
  const u64 groups = static_cast<u64>(transposed && d.swizzle != 0 ? (k + 7) / 8 : (outer + 7) / 8);
  const u64 rows = d.swizzle == 0 ? 128 : pattern;
  if (groups > 1 && d.stride < rows) {
    refuse(format_text("a stride of %llu bytes lets groups of 8 rows overlap: expected at least %llu", printable(d.stride), printable(rows)));
  }
}

/// Checks every 16 bytes of an operand as the asynchronous proxy reads them; false after a report.
inline bool check_operand(u64 bits, char name, int outer_first, int outer_end, int k, int bytes, bool transposed, const Stamp& now,
    Site site) {
  const Descriptor d(bits);
  Buffer& shared = own_shared_memory();
  const std::vector<u8>& swizzles = async_state.blocks[shared.rank].swizzles;
  const int unit = 16 / bytes;
  const int outer_step = transposed ? unit : 1;
  const int k_step = transposed ? 1 : unit;
  for (int outer = outer_first; outer < outer_end; outer += outer_step) {
    for (int kk = 0; kk < k; kk += k_step) {
      const u64 at = d.place(outer, kk, bytes, transposed);
      if (at + 16 > shared.size) {
        report("out-of-bounds", site, shared.name,
            format_text("descriptor of %c (0x%llx): element (%d, %d) lies at %s", name, printable(bits), outer, kk,
                        place_in(shared, static_cast<i64>(at)).c_str()));
        return false;
      }
      if (!swizzles.empty() && swizzles[at / 16] != 0 && shared.state[at] != in_flight) {
        const int written = (swizzles[at / 16] - 1) * 32;
        // Only a bulk copy knows its swizzle: what threads wrote since has none.
        if (written != d.swizzle && shared.history.at(at).write.agent != no_agent) {
          report("descriptor", site, shared.name,
              format_text("descriptor of %c (0x%llx) has a swizzle of %d bytes, but the bulk copy wrote %s with %d", name, printable(bits),
                          d.swizzle, place_in(shared, static_cast<i64>(at)).c_str(), written),
              {{"the copy is here", site_entries[shared.history.at(at).write.site].site}});
          return false;
        }
      }
      if (!check_defined(shared, at, 16, site)) return false;
      if (!check_fenced(shared, at, 16, site, "a warpgroup's product")) return false;
      check_order(shared, at, 16, Action::read, now, site);
    }
  }
  return true;
}

void warpgroup_product(const WarpgroupProduct& lane, Site site) {
  begin_operation(site);
  Thread& self = *scheduler.current;
  const int accumulators = lane.n / 2;
  if (lane.accumulates) {
    bool undefined_element = false, unfenced = false;
    for (int i = 0; i < accumulators; ++i) {
      undefined_element |= lane.d_states[i] == register_undefined;
      unfenced |= lane.d_states[i] == self.register_epoch;
    }
    if (undefined_element) undefined_register(site);
    if (unfenced) {
      report("missing-wgmma-fence", site, "", "a warpgroup's product uses accumulators that were written since the last wgmma_fence",
             {{"wgmma_fence() between the write and the product is missing"}});
    }
  }
  if (lane.a) {
    bool undefined_element = false, unfenced = false;
    for (int i = 0; i < lane.a_count; ++i) {
      undefined_element |= lane.a_states[i] == register_undefined;
      unfenced |= lane.a_states[i] == self.register_epoch;
      lane.a_states[i] = register_being_read;
    }
    if (undefined_element) undefined_register(site);
    if (unfenced) {
      report("missing-wgmma-fence", site, "", "a warpgroup's product uses registers of A that were written since the last wgmma_fence",
             {{"wgmma_fence() between the write and the product is missing"}});
    }
  }
  memset(lane.d_states, register_in_flight, static_cast<size_t>(accumulators));
  Warpgroup& group = own_warpgroup();
  group.lanes[self.number % warpgroup_size] = lane;
  if (!meet_warpgroup("wgmma", site)) return;
  if (group.agent == no_agent) group.agent = clocks.new_agent();
  const int bytes = element_bytes_of(lane.element);
  const int k = 32 / bytes;
  for (const WarpgroupProduct& other : group.lanes) {
    if (other.b_descriptor != lane.b_descriptor || (!lane.a && other.a_descriptor != lane.a_descriptor) ||
        other.accumulates != lane.accumulates) {
      report_and_finish("warp-divergence", site, "threads of a warpgroup give different descriptors for one product");
    }
  }
  const u32 site_number = intern_site(site, Action::wgmma);
  const Stamp now = agent_stamp(site_number, group.agent, group.time + 1);
  check_descriptor(lane.b_descriptor, 'B', lane.n, k, bytes, lane.b_transposed, site);
  if (!lane.a) check_descriptor(lane.a_descriptor, 'A', 64, k, bytes, lane.a_transposed, site);
  // Each warp reads all of B and its own 16 rows of A.
  Thread* const caller = scheduler.current;
  bool fine = true;
  for (u32 warp = 0; warp < 4 && fine; ++warp) {
    scheduler.current = &scheduler.threads[self.number / warpgroup_size * warpgroup_size + warp * TILEWRIGHT_WARP_SIZE];
    Stamp own = now;
    own.thread = static_cast<u16>(scheduler.current->number);
    fine = check_operand(lane.b_descriptor, 'B', 0, lane.n, k, bytes, lane.b_transposed, own, site);
    const int row = static_cast<int>(warp) * 16;
    if (!lane.a) fine = fine && check_operand(lane.a_descriptor, 'A', row, row + 16, k, bytes, lane.a_transposed, own, site);
  }
  scheduler.current = caller;
  Counters& counters = site_entries[site_number].counters;
  ++counters.requests;
  counters.flop += 2ull * 64 * static_cast<u64>(lane.n) * static_cast<u64>(k);
  counters.shared_bytes += static_cast<u64>((lane.a ? 0 : 64) + lane.n) * 32;
  counters.shared_wavefronts += static_cast<u64>((lane.a ? 0 : 64) + lane.n) / 4;
  Product product;
  product.shape = lane;
  memcpy(product.lanes, group.lanes, sizeof product.lanes);
  product.site = site;
  product.site_number = site_number;
  group.open.push_back(product);
}

/// Row of accumulator register `i` of thread `t`, and its column.
inline Coordinate accumulator_place(int t, int i) {
  return {16 * (t / 32) + t % 32 / 4 + 8 * (i / 2 % 2), 8 * (i / 4) + 2 * (t % 4) + i % 2};
}

inline Coordinate left_place(int t, int i, int bytes) {
  const int row = 16 * (t / 32) + t % 32 / 4;
  if (bytes == 2) return {row + 8 * (i / 2 % 2), 2 * (t % 4) + i % 2 + 8 * (i / 4)};
  if (bytes == 4) return {row + 8 * (i % 2), t % 4 + 4 * (i / 2)};
  return {row + 8 * (i / 4 % 2), 4 * (t % 4) + i % 4 + 16 * (i / 8)};
}

inline void execute_product(const Product& product) {
  const WarpgroupProduct& shape = product.shape;
  const int bytes = element_bytes_of(shape.element);
  const int k = 32 / bytes;
  static f64 a[64][32];
  static f64 b[32][256];
  const Buffer& memory = own_shared_memory();
  const u8* shared = reinterpret_cast<const u8*>(memory.base);
  const auto value_at = [&](const Descriptor& d, int outer, int kk, bool transposed) {
    const u64 at = d.place(outer, kk, bytes, transposed);
    return at + static_cast<u64>(bytes) > memory.size ? 0.0 : element_value(shape.element, shared + at);
  };
  const Descriptor right(shape.b_descriptor);
  for (int n = 0; n < shape.n; ++n) for (int kk = 0; kk < k; ++kk) b[kk][n] = value_at(right, n, kk, shape.b_transposed);
  if (shape.a) {
    for (u32 t = 0; t < warpgroup_size; ++t) {
      for (int i = 0; i < shape.a_count; ++i) {
        const Coordinate at = left_place(static_cast<int>(t), i, bytes);
        a[at.row][at.column] = element_value(shape.element, static_cast<const u8*>(product.lanes[t].a) + i * bytes);
        product.lanes[t].a_states[i] = register_settled;
      }
    }
  } else {
    const Descriptor left(shape.a_descriptor);
    for (int m = 0; m < 64; ++m) for (int kk = 0; kk < k; ++kk) a[m][kk] = value_at(left, m, kk, shape.a_transposed);
  }
  static f64 sums[64][256];
  for (int m = 0; m < 64; ++m) {
    memset(sums[m], 0, sizeof(f64) * static_cast<size_t>(shape.n));
    for (int kk = 0; kk < k; ++kk) {
      const f64 left = a[m][kk];
      for (int n = 0; n < shape.n; ++n) sums[m][n] += left * b[kk][n];
    }
  }
  for (u32 t = 0; t < warpgroup_size; ++t) {
    const WarpgroupProduct& lane = product.lanes[t];
    for (int i = 0; i < shape.n / 2; ++i) {
      const Coordinate at = accumulator_place(static_cast<int>(t), i);
      const f64 sum = sums[at.row][at.column];
      if (shape.element == WarpgroupElement::i8) {
        i32* d = static_cast<i32*>(lane.d) + i;
        *d = static_cast<i32>(static_cast<u32>(shape.accumulates ? *d : 0) + static_cast<u32>(static_cast<i64>(sum)));
      } else if (shape.f16_sums) {
        f16* d = static_cast<f16*>(lane.d) + i;
        *d = f16((shape.accumulates ? static_cast<f64>(static_cast<f32>(*d)) : 0.0) + sum);
      } else {
        f32* d = static_cast<f32*>(lane.d) + i;
        *d = static_cast<f32>((shape.accumulates ? static_cast<f64>(*d) : 0.0) + sum);
      }
      lane.d_states[i] = register_settled;
    }
  }
}

void warpgroup_commit(Site site) {
  begin_operation(site);
  if (!meet_warpgroup("wgmma_commit", site)) return;
  Warpgroup& group = own_warpgroup();
  group.groups.push_back(std::move(group.open));
  group.open.clear();
  ++group.time;
}

void warpgroup_wait(unsigned groups, Site site) {
  begin_operation(site);
  if (!meet_warpgroup("wgmma_wait", site)) return;
  Warpgroup& group = own_warpgroup();
  if (group.groups.size() <= groups) return;
  const size_t done = group.groups.size() - groups;
  for (size_t i = 0; i < done; ++i) {
    for (const Product& product : group.groups[i]) execute_product(product);
  }
  group.groups.erase(group.groups.begin(), group.groups.begin() + static_cast<i64>(done));
  // Accumulators that a later product still adds to stay in flight.
  for (const auto* list : {&group.open}) {
    for (const Product& product : *list) for (const WarpgroupProduct& lane : product.lanes) memset(lane.d_states, register_in_flight, static_cast<size_t>(product.shape.n / 2));
  }
  for (const auto& list : group.groups) {
    for (const Product& product : list) for (const WarpgroupProduct& lane : product.lanes) memset(lane.d_states, register_in_flight, static_cast<size_t>(product.shape.n / 2));
  }
  if (group.agent == no_agent) return;
  const u32 first = scheduler.current->number / warpgroup_size * warpgroup_size;
  for (u32 t = 0; t < warpgroup_size; ++t) clocks.learn_agent(first + t, group.agent, group.time - groups);
}

void set_registers(unsigned count, Site site) {
  begin_operation(site);
  if (count < 24 || count > 256 || count % 8 != 0) {
    report("launch", site, "", format_text("setmaxnreg %u: expected a multiple of 8 from 24 to 256", count));
  }
  meet_warpgroup("setmaxnreg", site);
}

void start_async(u32 threads) {
  cluster_barrier = ClusterBarrier();
  async_state = AsyncState();
  bulk_stores.clear();
  async_state.blocks.resize(scheduler.blocks.size());
  warpgroups.assign((threads + warpgroup_size - 1) / warpgroup_size, Warpgroup());
}

void end_thread(Thread& thread) {
  leave_cluster_barrier(thread);
  end_stores(thread);
  Warpgroup& group = warpgroups[thread.number / warpgroup_size];
  if (group.open.empty() && group.groups.empty()) return;
  const Product& product = group.open.empty() ? group.groups[0][0] : group.open[0];
  report_and_finish("pending-register", product.site, "a thread ends before its warpgroup's product",
      {{"wgmma_commit() and wgmma_wait<0>() are missing"}});
}

void end_async() {
  for (const auto& [address, barrier] : async_state.mbarriers) {
    if (barrier.loads.empty()) continue;
    indices = &scheduler.threads[find_buffer(address)->rank * scheduler.block_numbers].indices;
    report("pending-copy", site_entries[barrier.loads[0].site].site, "shared memory",
           "the block ends before this bulk copy has arrived: nobody waits for " + mbarrier_text(address), {}, false);
  }
}

}  // namespace tilewright::simulator
