// What both compilers' results have in common.

/** The tool is not there; `reason` is one line for the user. */
export interface Unavailable {
  readonly available: false;
  readonly reason: string;
}
