/** The options of one check, as FileCheck names them. */

export interface FileCheckOptions {
  /** Prefixes of check directives; `CHECK` when empty. */
  readonly prefixes: readonly string[];
  /** Prefixes of comments, in which directives are not looked for; `COM` and `RUN` when undefined. */
  readonly commentPrefixes?: readonly string[];
  readonly allowUnusedPrefixes?: boolean;
  readonly matchFullLines?: boolean;
  readonly strictWhitespace?: boolean;
  readonly ignoreCase?: boolean;
  readonly implicitCheckNot?: readonly string[];
  readonly allowEmpty?: boolean;
  readonly enableVariableScope?: boolean;
  readonly allowDeprecatedDagOverlap?: boolean;
  /** `NAME=value`, or `#%format,NAME=expression` of a numeric variable; in order. */
  readonly definitions?: readonly string[];
  /** Whether to report each match (1), and also what was discarded or found absent (2). */
  readonly verbosity?: 0 | 1 | 2;
}

export const DEFAULT_PREFIXES: readonly string[] = ['CHECK'];
export const DEFAULT_COMMENT_PREFIXES: readonly string[] = ['COM', 'RUN'];
