/** The version of the tools: that of the package they came in. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function toolVersion(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'tilewright' && version !== undefined) return version;
    } catch {
      // Not in this folder.
    }
    if (folder === dirname(folder)) return 'unknown version';
  }
}
