/** Plugins: JavaScript modules that add passes, pipelines, patterns and dialects to a tool. */

import { pathToFileURL } from 'node:url';
import type { Context } from '../ir/index.js';
import { ToolError } from './tool-session.js';
import { registerTranslation } from './translations.js';

/**
 * Imports a module at run time. Code that V8 took from its bytecode cache cannot import by itself (Node 20 and 22), so the
 * launcher of the tools leaves a function that can.
 */
function importModule(url: string): Promise<unknown> {
  const shared = globalThis as { tilewrightImport?: (url: string) => Promise<unknown> };
  return shared.tilewrightImport?.(url) ?? import(url);
}

/** The modules of this very tool, since classes must be the same for it and for a plugin. */
async function loadToolkit() {
  const [analysis, dialects, ir, passes, pipelines, rewrite] = await Promise.all([
    import('../analysis/index.js'),
    import('../dialects/index.js'),
    import('../ir/index.js'),
    import('../passes/index.js'),
    import('../pipelines/index.js'),
    import('../rewrite/index.js'),
  ]);
  return { analysis, dialects, ir, passes, pipelines, rewrite, registerTranslation };
}

/** What a plugin is given. */
export type Toolkit = Awaited<ReturnType<typeof loadToolkit>>;

/** What a plugin exports. */
export interface Plugin {
  readonly register: (toolkit: Toolkit, context: Context) => void | Promise<void>;
}

/** Loads a plugin and lets it register what it brings. Throws a `ToolError` that says what went wrong. */
export async function loadPlugin(path: string, shownPath: string, context: Context): Promise<void> {
  let plugin: Partial<Plugin> & { readonly default?: Partial<Plugin> };
  try {
    plugin = (await importModule(pathToFileURL(path).href)) as typeof plugin;
  } catch (error) {
    throw new ToolError(
      `cannot load plugin '${shownPath}': ${(error as Error).message.split('\n')[0]}`,
    );
  }
  // A CommonJS module's exports arrive as its default export.
  const register = plugin.register ?? plugin.default?.register;
  if (typeof register !== 'function')
    throw new ToolError(`plugin '${shownPath}' exports no function 'register'`);
  await register(await loadToolkit(), context);
}
