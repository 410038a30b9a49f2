/** Checks an input against the directives of a check file. */

import type { SourceFile } from '../support/index.js';
import { createDiagnostic, type Diagnostic } from '../support/index.js';
import { CanonicalText } from './canonical-text.js';
import { CheckFileReader, checkPrefixes } from './check-file.js';
import { Checker, type Annotation } from './checker.js';
import { defineVariables } from './global-definitions.js';
import type { FileCheckOptions } from './options.js';
import { Declarations, Variables } from './pattern.js';

export interface FileCheckResult {
  /** 0: the input satisfies the directives; 1: it does not; 2: the directives or options are in error. */
  readonly status: 0 | 1 | 2;
  /** Errors with their notes, and remarks where `verbosity` asks for them. */
  readonly diagnostics: readonly Diagnostic[];
  /** Marks for a dump of `canonicalInput`. */
  readonly annotations: readonly Annotation[];
  /** The input as it was matched: blanks made one blank unless `strictWhitespace`. */
  readonly canonicalInput: string;
  /** Whether the error is that there is no input. */
  readonly isInputEmpty?: boolean;
}

/** Checks `input` against the directives in `checkSource`. Never throws for bad input. */
export function filecheck(
  checkSource: SourceFile,
  input: SourceFile,
  options: FileCheckOptions,
): FileCheckResult {
  const canonical = new CanonicalText(input, options.strictWhitespace === true);
  const refuse = (diagnostics: readonly Diagnostic[]): FileCheckResult => ({
    status: 2,
    diagnostics,
    annotations: [],
    canonicalInput: canonical.text,
  });
  const prefixError = checkPrefixes(options);
  if (prefixError !== undefined) {
    return refuse([createDiagnostic('error', undefined, prefixError)]);
  }
  const declarations = new Declarations();
  const variables = new Variables();
  const definitionErrors = defineVariables(options.definitions ?? [], declarations, variables);
  if (definitionErrors.length > 0) return refuse(definitionErrors);
  const reader = new CheckFileReader(checkSource, options, declarations);
  const checks = reader.read();
  if (checks === undefined) return refuse(reader.diagnostics);
  if (input.text === '' && options.allowEmpty !== true) {
    return {
      ...refuse([createDiagnostic('error', undefined, `'${input.name}' is empty`)]),
      isInputEmpty: true,
    };
  }
  const checker = new Checker(canonical, options, variables);
  const succeeded = checker.run(checks);
  return {
    status: succeeded ? 0 : 1,
    diagnostics: checker.diagnostics,
    annotations: checker.annotations,
    canonicalInput: canonical.text,
  };
}
