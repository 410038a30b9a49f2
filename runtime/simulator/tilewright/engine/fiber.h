// A thread of the kernel as a fiber: its own stack, and a switch that saves what a call must preserve and nothing else.
#pragma once
#include <stdlib.h>
#include <sys/mman.h>

#include "tilewright/types.h"

#if !defined(__x86_64__) || defined(TILEWRIGHT_UCONTEXT)
#include <ucontext.h>
#endif

namespace tilewright::simulator {

inline constexpr size_t stack_bytes = 128 * 1024;
inline constexpr size_t guard_bytes = 4096;

/// Where a fiber's stack begins below its top. If all began at the same place of their pages, the lines in use of all stacks would
/// compete for a few sets of the caches.
inline constexpr size_t stack_skew(unsigned number) {
  return number * 1088 % 32768 / 64 * 64;
}

/// A stack whose lowest page traps.
inline char* allocate_stack() {
  void* stack = mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
      -1, 0);
  if (stack == MAP_FAILED) abort();
  mprotect(stack, guard_bytes, PROT_NONE);
  return static_cast<char*>(stack);
}

#if defined(__x86_64__) && !defined(TILEWRIGHT_UCONTEXT)

/// Pushes the callee-saved registers, stores the stack pointer to `*save`, and continues where `load` was saved.
extern "C" void tilewright_switch_stack(void** save, void* load);
asm(R"(
.text
.globl tilewright_switch_stack
.type tilewright_switch_stack, @function
tilewright_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size tilewright_switch_stack, .-tilewright_switch_stack
)");

struct Fiber {
  void* stack_pointer = nullptr;
  char* stack = nullptr;

  /// `number` of the fiber among those that run together.
  void start(void (*body)(), unsigned number) {
    if (!stack) stack = allocate_stack();
    void** top = reinterpret_cast<void**>(stack + stack_bytes - stack_skew(number));
    *--top = nullptr;
    *--top = reinterpret_cast<void*>(body);
    for (int i = 0; i < 6; ++i) *--top = nullptr;
    stack_pointer = top;
  }

  /// Begins to load what a switch to it reads.
  void prefetch() const {
    __builtin_prefetch(stack_pointer);
    __builtin_prefetch(static_cast<char*>(stack_pointer) + 64);
  }
};

inline void switch_fiber(Fiber& from, Fiber& to) {
  tilewright_switch_stack(&from.stack_pointer, to.stack_pointer);
}

#else

struct Fiber {
  ucontext_t context;
  char* stack = nullptr;

  void start(void (*body)(), unsigned number) {
    if (!stack) stack = allocate_stack();
    getcontext(&context);
    context.uc_stack.ss_sp = stack + guard_bytes;
    context.uc_stack.ss_size = stack_bytes - guard_bytes - stack_skew(number);
    context.uc_link = nullptr;
    makecontext(&context, body, 0);
  }

  void prefetch() const {}
};

inline void switch_fiber(Fiber& from, Fiber& to) {
  swapcontext(&from.context, &to.context);
}

#endif

}  // namespace tilewright::simulator
