/**
 * The library: what the tools are made of and what plugins are given, for programs of your own. Importing it makes all
 * passes, pipelines and translations known. `docs/library.md` compiles a kernel with it.
 */

import { registerAll } from './opt/register-all.js';

registerAll();

export * as analysis from './analysis/index.js';
export * as dialects from './dialects/index.js';
export * as ir from './ir/index.js';
export * as layout from './layout/index.js';
export * as passes from './passes/index.js';
export * as pipelines from './pipelines/index.js';
export * as rewrite from './rewrite/index.js';
export * as support from './support/index.js';
export * as syntax from './syntax/index.js';
export { compile, type CompileOptions, type Compiled } from './opt/compile.js';
export { registerTranslation } from './opt/translations.js';
export type { Translated, TranslationDefinition } from './opt/translations.js';
export type { Plugin, Toolkit } from './opt/plugin.js';
