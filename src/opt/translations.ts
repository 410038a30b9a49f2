/** The translations that tile-translate knows: from IR to text of another kind. */

import type { Context, Operation } from '../ir/index.js';
import type { OptionDefinitions, OptionValues } from '../passes/index.js';

/** What a translation makes of a program. */
export interface Translated {
  readonly text: string;
  /** What the text's callers must know, for `--metadata`; absent where there is no such thing. */
  readonly metadata?: object;
}

/** A translation of a whole program. */
export interface TranslationDefinition<Options extends OptionDefinitions = OptionDefinitions> {
  /** The flag, without dashes: `mlir-to-cuda`. */
  readonly name: string;
  readonly summary: string;
  readonly options?: Options;
  /** Undefined where it failed, having reported why. */
  readonly run: (module: Operation, options: OptionValues<Options>) => Translated | undefined;
}

/** A translation that reads no program but describes a dialect that is loaded. */
export interface DialectTranslation {
  readonly name: string;
  readonly summary: string;
  readonly runOnDialect: (dialect: string, context: Context) => string | undefined;
}

const translations = new Map<string, TranslationDefinition>();
const dialectTranslations = new Map<string, DialectTranslation>();

/** Makes a translation known. */
export function registerTranslation<
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- no options at all
  const Options extends OptionDefinitions = {},
>(definition: TranslationDefinition<Options>): void {
  translations.set(definition.name, definition as unknown as TranslationDefinition);
}

export function registerDialectTranslation(definition: DialectTranslation): void {
  dialectTranslations.set(definition.name, definition);
}

export function allTranslations(): readonly TranslationDefinition[] {
  return [...translations.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function allDialectTranslations(): readonly DialectTranslation[] {
  return [...dialectTranslations.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
