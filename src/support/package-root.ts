// Where files that are not TypeScript live: the package's root folder, from source and from the bundled tools alike.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let root: string | undefined;

/** The folder of this package: the nearest one above this module that holds `runtime/` and `package.json`. */
export function packageRoot(): string {
  if (root !== undefined) return root;
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'runtime'))) {
      return (root = folder);
    }
    if (dirname(folder) === folder) {
      throw new Error(
        `no folder with package.json and runtime/ above ${fileURLToPath(import.meta.url)}`,
      );
    }
  }
}

/**
 * The folder for compiled things: `TILEWRIGHT_CACHE` if set, else `.tilewright-cache` beside the nearest package.json
 * above the working directory, else in the working directory.
 */
export function cacheRoot(): string {
  const chosen = process.env.TILEWRIGHT_CACHE;
  if (chosen) return chosen;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, '.tilewright-cache');
    if (dirname(folder) === folder) return join(process.cwd(), '.tilewright-cache');
  }
}
