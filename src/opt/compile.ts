/** From the text of a program to what a pipeline and a translation make of it, in one call. */

import { createContext } from '../dialects/index.js';
import { printOperation, verifyOperation, type Context } from '../ir/index.js';
import { defaultOptions } from '../passes/index.js';
import { parsePipeline, PassManager } from '../pipelines/index.js';
import { SourceFile, type Diagnostic } from '../support/index.js';
import { parseModule } from '../syntax/index.js';
import { allTranslations, type TranslationDefinition } from './translations.js';

export interface CompileOptions {
  /** Passes in the textual form: `builtin.module(tile-to-cuda{arch=sm_80})`. None: the program stays what it is. */
  readonly pipeline?: string;
  /** A translation, without dashes: `mlir-to-cuda`. None: the text of the IR. */
  readonly translation?: string;
  /** Values of the translation's options; others have their defaults. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The name that diagnostics give the program. Default `input.mlir`. */
  readonly fileName?: string;
  /** With dialects of your own loaded. Default: a new one. */
  readonly context?: Context;
}

export interface Compiled {
  /** Undefined where an error was reported. */
  readonly text: string | undefined;
  /** What a translation tells the text's callers, such as the shape of a launch. */
  readonly metadata: object | undefined;
  /** Errors, warnings and remarks in the order in which they were reported. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses a program, runs a pipeline and translates the result. What is wrong with the program is found in `diagnostics`;
 * throws a `DiagnosticError` for a pipeline, and a `RangeError` for a translation or an option of it that there is not.
 */
export function compile(program: string, options: CompileOptions = {}): Compiled {
  const { context = createContext(), fileName = 'input.mlir' } = options;
  const pipeline = options.pipeline === undefined ? undefined : parsePipeline(options.pipeline);
  const translation = options.translation === undefined ? undefined : find(options.translation);
  const values = translation && optionsOf(translation, options.options);
  const diagnostics: Diagnostic[] = [];
  const remove = context.addDiagnosticHandler((diagnostic) => diagnostics.push(diagnostic));
  const failed = { text: undefined, metadata: undefined, diagnostics };
  try {
    const module = parseModule(new SourceFile(fileName, program), context);
    if (module === undefined || !verifyOperation(module)) return failed;
    if (pipeline !== undefined && !new PassManager(context, pipeline).run(module)) return failed;
    if (translation === undefined)
      return { text: `${printOperation(module)}\n`, metadata: undefined, diagnostics };
    const translated = translation.run(module, values!);
    if (translated === undefined) return failed;
    return { text: translated.text, metadata: translated.metadata, diagnostics };
  } finally {
    remove();
  }
}

function find(name: string): TranslationDefinition {
  const known = allTranslations();
  const found = known.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = known.map((one) => `'${one.name}'`).join(', ');
  throw new RangeError(`unknown translation '${name}', expected one of ${names}`);
}

/** The values of all options of a translation; throws a `RangeError` for a name that there is not. */
function optionsOf(
  { name, options = {} }: TranslationDefinition,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  for (const option of Object.keys(given)) {
    if (option in options) continue;
    const names = Object.keys(options).map((one) => `'${one}'`);
    throw new RangeError(
      `unknown option '${option}' of '${name}', expected one of ${names.join(', ')}`,
    );
  }
  return { ...defaultOptions(options), ...given };
}
