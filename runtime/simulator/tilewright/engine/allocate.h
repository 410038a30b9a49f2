// Memory from the operating system.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "tilewright/types.h"

namespace tilewright::simulator {

/// Zeros that take memory only where they are touched; at `address` if one is given. Never freed.
template <typename T>
T* allocate_zeroed(u64 count, u64 address = 0) {
  const u64 bytes = (count * sizeof(T) + 4095) / 4096 * 4096 + 4096;
  const int fixed = address ? MAP_FIXED_NOREPLACE : 0;
  void* memory = mmap(reinterpret_cast<void*>(address), bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | fixed, -1, 0);
  if (memory == MAP_FAILED) {
    fprintf(stderr, "cannot allocate %llu bytes\n", static_cast<unsigned long long>(bytes));
    exit(3);
  }
  return static_cast<T*>(memory);
}

}  // namespace tilewright::simulator
