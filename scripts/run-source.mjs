// Runs a tool of src/ that is for those who work on this project and not shipped: bundles it and calls its main function.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded, installIfNeeded, requireNode, root } from './checkout.mjs';

/** Bundles `entry` (below the root folder) and runs its export `name` on this process's arguments. */
export async function runSource(entry, name) {
  requireNode();
  installIfNeeded();
  buildIfNeeded();
  const { build } = await import('esbuild');
  const outfile = join(root, 'dist', 'build', `${name}.mjs`);
  mkdirSync(join(root, 'dist', 'build'), { recursive: true });
  await build({
    stdin: {
      contents: `import { runTool } from './src/support/index.js';\nimport { ${name} } from './${entry}';\nawait runTool(${name});\n`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  await import(pathToFileURL(outfile).href);
}
