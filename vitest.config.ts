import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Long enough for a busy machine: what never ends has limits of its own.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'threads',
    // Files share the modules of their worker, which need to be loaded and optimized once.
    isolate: false,
    // Workers often wait for compilers, so no core is left without one.
    maxWorkers: availableParallelism(),
  },
});
