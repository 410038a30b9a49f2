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
};
extern const Indices* indices;

/// Copies `bytes` from memory of the device to `destination` after checking the access; a refused one gives poison.
void read_memory(void* destination, const void* source, unsigned bytes, Site site);
/// Copies `bytes` to memory of the device after checking the access; a refused one is dropped.
void write_memory(void* destination, const void* source, unsigned bytes, Site site);
/// Checks an atomic update of one element; false if it must not be done. No thread runs until it is.
bool begin_atomic(void* destination, unsigned bytes, bool is_float, Site site);

void copy_async(void* shared, const void* global, unsigned bytes, bool in_bounds, Site site);
void copy_async_commit(Site site);
void copy_async_wait(unsigned groups, Site site);

/// Operations that all lanes of a warp execute together.
enum class WarpOperation : u8 {
  sync_warp,
  shuffle,
  vote,
  ldmatrix,
  mma_m16n8k16_f32_f16,
  mma_m16n8k16_f32_bf16,
  mma_m16n8k16_f16_f16,
  mma_m16n8k8_f32_tf32,
  mma_m16n8k32_i32_i8,
  mma_m16n8k8_f32_f16,
  mma_m16n8k8_f16_f16,
  mma_m8n8k16_i32_i8,
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

int lane_number();
void* shared_memory_base();
void undefined_register(Site site);
void register_out_of_range(int index, int extent, Site site);

int launch(void (*kernel)(), void (*invoke)(void* context), void* context, Extent3 grid, Extent3 block,
           unsigned shared_bytes);
/// What a kernel's __launch_bounds__ promise.
void register_launch_bounds(void (*kernel)(), const char* name, unsigned threads);

/// One parameter of a launcher: the type's size, and for pointers whether they may be written through.
struct Parameter {
  unsigned bytes;
  bool is_pointer;
  bool is_const;
};
/// `call` gets the addresses of the parameters' values.
void register_entry(const char* name, const Parameter* parameters, int count, int (*call)(void** values));

}  // namespace tilewright::simulator
