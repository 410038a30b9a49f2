import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Long enough for a busy machine: what never ends has limits of its own.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'threads',
    // Files share the modules of their worker, as the tools share theirs: loading them anew took a tenth of the time.
    isolate: false,
    // Half of the time goes to compilers that a worker waits for, so no core is left without one.
    maxWorkers: availableParallelism(),
  },
});
