/** Finds the tests under the paths given. */

import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ConfigTree, type SuiteConfig } from './config.js';

/** One test file; plain data, since it travels to workers. */
export interface LitTest {
  readonly config: SuiteConfig;
  /** Absolute path. */
  readonly path: string;
  /** Path within the suite, with '/'. */
  readonly name: string;
}

export class DiscoveryError extends Error {}

export function fullName(test: LitTest): string {
  return `${test.config.name} :: ${test.name}`;
}

/** @throws DiscoveryError, LitConfigError */
export function discoverTests(
  paths: readonly string[],
  cwd: string,
  execRoot: string | undefined,
  parameters: ReadonlyMap<string, string> = new Map(),
): LitTest[] {
  const configs = new ConfigTree(execRoot, parameters);
  const tests = new Map<string, LitTest>();
  const addFile = (path: string): void => {
    const config = configs.get(dirname(path));
    if (config === undefined) {
      throw new DiscoveryError(`'${path}': no lit.config.yaml in its folder or above`);
    }
    tests.set(path, { config, path, name: relative(config.sourceRoot, path) });
  };
  const addFolder = (folder: string): void => {
    const config = configs.get(folder);
    const entries = readdirSync(folder, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'Output') continue;
      if (config?.excludes.includes(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) addFolder(path);
      else if (config?.suffixes.some((suffix) => entry.name.endsWith(suffix))) addFile(path);
    }
  };
  for (const given of paths) {
    const path = resolve(cwd, given);
    let isFolder: boolean;
    try {
      isFolder = statSync(path).isDirectory();
    } catch {
      throw new DiscoveryError(`'${given}': no such file or directory`);
    }
    if (isFolder) addFolder(path);
    else addFile(path);
  }
  return [...tests.values()];
}
