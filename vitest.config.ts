import { defineConfig } from 'vitest/config';

// eslint-disable-next-line import-x/no-default-export -- vitest reads the default export
export default defineConfig({
  test: { include: ['tests/**/*.test.ts'], testTimeout: 120_000, pool: 'threads' },
});
