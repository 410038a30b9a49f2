// Boxes of tensors, which bulk copies move: their rows, their swizzle, and what a tensor map may say.
#pragma once
#include "tilewright/engine/cluster.h"

namespace tilewright::simulator {

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

}  // namespace tilewright::simulator
