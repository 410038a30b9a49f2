/** Runs folders of lit tests under vitest: one vitest test for each file. */

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, describe, test as vitestTest } from 'vitest';
import { discoverTests, fullName } from './discovery.js';
import { probeFeatures, wantedByText } from './features.js';
import { LitPool } from './pool.js';
import { isFailure } from './result.js';
import { makeRunSettings } from './run-settings.js';

export interface LitSuiteOptions {
  /** Bundle of `tile-lit`, which the worker threads run; see `bundleTool`. */
  readonly workerFile: string;
  /** Seconds a test may take. */
  readonly timeout?: number;
  /** Features whose absence is a failure; those of TILEWRIGHT_REQUIRE_FEATURES when undefined. */
  readonly requiredFeatures?: readonly string[];
}

/** Bundles a tool of this project to `<folder>/<name>.cjs`, as the build does; its path. */
export async function bundleTool(entry: string, folder: string, name: string): Promise<string> {
  const { build } = await import('esbuild');
  const outfile = resolve(folder, `${name}.cjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    logLevel: 'warning',
    define: { 'import.meta.url': '__tilewright_file_url' },
    banner: {
      js: "const __tilewright_file_url = require('node:url').pathToFileURL(__filename).href;",
    },
  });
  return outfile;
}

/** Declares a vitest test for each lit test under `paths`. */
export function defineLitTests(paths: readonly string[], options: LitSuiteOptions): void {
  const { workerFile, timeout = 120 } = options;
  const litTests = discoverTests(paths, process.cwd(), undefined);
  const isWanted = wantedByText(litTests.map(({ path }) => readFileSync(path, 'utf8')));
  const probed = probeFeatures(process.cwd(), process.env.PATH, isWanted);
  const required =
    options.requiredFeatures ??
    (process.env.TILEWRIGHT_REQUIRE_FEATURES ?? '').split(',').filter((name) => name !== '');
  const pool = new LitPool({
    workerFile,
    tools: new Map(),
    settings: {
      ...makeRunSettings(probed, process.env, process.env.PATH ?? ''),
      requiredFeatures: required,
    },
    workers: availableParallelism(),
    timeoutOf: () => timeout,
  });
  afterAll(() => pool.close());
  describe.concurrent('lit', () => {
    for (const litTest of litTests) {
      // The pool's own limit ends a test first and says what hung.
      vitestTest(fullName(litTest), { timeout: (timeout + 30) * 1000 * 4 }, async (context) => {
        const result = await pool.run(litTest);
        if (result.code === 'UNSUPPORTED') context.skip(result.output);
        if (isFailure(result.code)) {
          const error = new Error(`${result.code}: ${fullName(litTest)}\n${result.output}`);
          error.stack = error.message;
          throw error;
        }
      });
    }
  });
}
