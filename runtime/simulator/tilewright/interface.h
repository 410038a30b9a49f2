// What the wrappers ask of the engine. Kept free of standard headers: it is compiled with every kernel.
#pragma once

namespace tilewright::simulator {

/// The place in the emitted text (or, by #line, in the program it came from) that a report names.
struct Site {
  const char* file;
  int line;
  static constexpr Site here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return {file, line};
  }
};

struct Extent3 {
  unsigned x, y, z;
  constexpr Extent3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

/// The built-in index variables of the running thread.
struct Indices {
  Extent3 thread, block, block_extent, grid_extent;
  /// The block's place in its cluster, and the cluster's extents in blocks.
  Extent3 block_in_cluster, cluster_extent;
};
extern const Indices* indices;

/// Copies `bytes` from memory of the device to `destination` after checking the access; a refused one gives poison.
void read_memory(void* destination, const void* source, unsigned bytes, Site site);
/// Copies `bytes` to memory of the device after checking the access; a refused one is dropped.
void write_memory(void* destination, const void* source, unsigned bytes, Site site);
/// Checks an atomic update of one element; false if it must not be done. No thread runs until it is.
bool begin_atomic(void* destination, unsigned bytes, bool is_float, Site site);
/// Checks a read of some bits of a byte, whose other bits other threads may write; false if there is nothing to read.
bool begin_packed_load(const void* source, Site site);
/// Checks a write of some bits of a byte, whose other bits other threads may write; false if it must not be done.
bool begin_packed_store(void* destination, Site site);

void copy_async(void* shared, const void* global, unsigned bytes, bool in_bounds, Site site);
void copy_async_commit(Site site);
void copy_async_wait(unsigned groups, Site site);

/// Operations that all lanes of a warp execute together.
enum class WarpOperation : u8 {
  sync_warp,
  shuffle,
  vote,
  ldmatrix,
  cluster_arrive,
  cluster_arrive_relaxed,
  cluster_wait,
  mma_m16n8k16_f32_f16,
  mma_m16n8k16_f32_bf16,
  mma_m16n8k16_f16_f16,
  mma_m16n8k8_f32_tf32,
  mma_m16n8k32_i32_i8,
  mma_m16n8k8_f32_f16,
  mma_m16n8k8_f16_f16,
  mma_m8n8k16_i32_i8,
  mma_m16n8k64_i32_i4,
  mma_m16n8k32_i32_i4,
  mma_m8n8k32_i32_i4,
  mma_m8n8k4_f64_f64,
  mma_m16n8k32_f32_f8E4M3FN,
  mma_m16n8k32_f32_f8E5M2,
  mfma_32x32x8_f32_f16,
  mfma_16x16x16_f32_f16,
  mfma_32x32x8_f32_bf16,
  mfma_16x16x16_f32_bf16,
  mfma_32x32x2_f32_f32,
  mfma_16x16x4_f32_f32,
  mfma_16x16x4_f64_f64,
  mfma_32x32x8_i32_i8,
  mfma_16x16x16_i32_i8,
  mfma_32x32x16_i32_i8,
  mfma_16x16x32_i32_i8,
  mfma_32x32x16_f32_f8E4M3FNUZ,
  mfma_32x32x16_f32_f8E5M2FNUZ,
  mfma_16x16x32_f32_f8E4M3FNUZ,
  mfma_16x16x32_f32_f8E5M2FNUZ,
};

struct ShuffleArguments {
  u64 value;
  int source_lane;
  u64 result;
};

struct VoteArguments {
  bool predicate;
  u64 ballot;
};

struct MatrixLoadArguments {
  const void* row;
  int matrices;
  bool transposed;
  u32 result[4];
};

/// The registers of one lane: `d` is read and written.
struct MatrixMultiplyArguments {
  void* d;
  const void* a;
  const void* b;
};

/// Waits until every lane of the warp has come to the same operation, and executes it for all.
void warp_operation(WarpOperation operation, void* arguments, Site site);
void block_barrier(Site site);

// Barriers with numbers, for some of a block's warps.
void named_barrier(unsigned number, unsigned threads, bool waits, Site site);

// The barrier of all threads of a cluster, in whole warps.
void cluster_arrive(bool relaxed, Site site);
void cluster_wait(Site site);
/// The place in the shared memory of another block that corresponds to one in the block's own.
void* map_to_block(const void* shared, int rank, Site site);
/// Ends the run unless an access of the cluster's shared memory goes there.
void check_cluster_address(const void* address, Site site);

// mbarriers: 8 bytes of shared memory.
void mbarrier_initialize(void* barrier, unsigned count, Site site);
void mbarrier_arrival(void* barrier, unsigned count, unsigned bytes, bool arrives, Site site);
/// An arrival at the mbarrier at the same place in another block of the cluster; `releases` to the whole cluster.
void mbarrier_remote_arrival(void* barrier, int rank, unsigned bytes, bool releases, Site site);
/// True once the phase of this parity has completed; where it `waits`, only returns then. `of_cluster` acquires what other
/// blocks released.
bool mbarrier_test(void* barrier, unsigned parity, bool waits, bool of_cluster, Site site);
void mbarrier_invalidate(void* barrier, Site site);
/// Orders what the thread did to memory before what the asynchronous proxy does to it.
void fence_proxy(Site site);

/// A tensor in global memory as bulk copies see it; dimension 0 is the one whose elements are neighbours.
struct TensorMap {
  const void* base = nullptr;
  int rank = 0;
  int element_bytes = 0;
  /// 0, 32, 64 or 128.
  int swizzle = 0;
  i64 extents[5] = {};
  /// Bytes.
  i64 strides[5] = {};
  int box[5] = {};
};
/// 0, or an error after a report.
int check_tensor_map(const TensorMap& map, bool is_const, Site site);
/// A `multicast` goes to every block of the cluster that has a bit in `mask`, to the same place as in this block.
void bulk_tensor_load(void* shared, const TensorMap& map, void* barrier, const int* coordinates, int rank, bool multicast,
                      unsigned mask, Site site);
void bulk_tensor_store(const TensorMap& map, const void* shared, const int* coordinates, int rank, bool adds_f32, Site site);
void bulk_store_commit(Site site);
void bulk_store_wait(unsigned groups, bool reads_only, Site site);

enum class WarpgroupElement : u8 { f16, bf16, tf32, f8E4M3FN, f8E5M2, i8 };

/// One lane's part of a product of a warpgroup. `a` is null where the left operand lies in shared memory.
struct WarpgroupProduct {
  WarpgroupElement element;
  bool f16_sums;
  int n;
  void* d;
  u8* d_states;
  const void* a;
  u8* a_states;
  int a_bytes;
  int a_count;
  u64 a_descriptor, b_descriptor;
  bool a_transposed, b_transposed;
  bool accumulates;
};
void warpgroup_product(const WarpgroupProduct& product, Site site);
void warpgroup_fence(Site site);
void warpgroup_commit(Site site);
void warpgroup_wait(unsigned groups, Site site);
void set_registers(unsigned count, Site site);

int lane_number();
void* shared_memory_base();
/// State of a register element. What a thread writes is marked with a number that its next wgmma_fence changes, so that a
/// product can tell whether it was fenced.
inline constexpr u8 register_undefined = 0;
inline constexpr u8 register_in_flight = 1;
inline constexpr u8 register_being_read = 2;
inline constexpr u8 register_settled = 3;
inline constexpr u8 first_register_epoch = 4;
extern u8 register_epoch;
void undefined_register(Site site);
/// Use of a register element that an asynchronous product reads or writes until it has been waited for.
void pending_register(Site site, bool writes);
/// Reports an assertion that does not hold and ends the run.
void assertion_failed(const char* message, Site site);
void register_out_of_range(int index, int extent, Site site);

/// `cluster` is null where the launch leaves it to the kernel.
int launch(void (*kernel)(), void (*invoke)(void* context), void* context, Extent3 grid, Extent3 block,
           const Extent3* cluster, unsigned shared_bytes);
/// What a kernel's __launch_bounds__ promise.
void register_launch_bounds(void (*kernel)(), const char* name, unsigned threads);
/// What a kernel's __cluster_dims__ say.
void register_cluster_dimensions(void (*kernel)(), const char* name, Extent3 extents);

/// One parameter of a launcher: the type's size, and for pointers whether they may be written through.
struct Parameter {
  unsigned bytes;
  bool is_pointer;
  bool is_const;
};
/// `call` gets the addresses of the parameters' values.
void register_entry(const char* name, const Parameter* parameters, int count, int (*call)(void** values));

}  // namespace tilewright::simulator
