export { registerDialectTranslation, registerTranslation } from './translations.js';
export type { DialectTranslation, TranslationDefinition } from './translations.js';
export type { Plugin, Toolkit } from './plugin.js';
export { tileOptMain } from './tile-opt.js';
export { tileTranslateMain } from './tile-translate.js';
