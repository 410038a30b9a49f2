/** What ends a run with one line. */

/** Something is wrong with what was asked for: lower case, for one line. */
export class RunError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RunError';
  }
}
