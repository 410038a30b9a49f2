/** What a pattern returns when it does not apply. */

/** Comes from `Rewriter.notifyMatchFailure` only, so that every failure has a reason. */
export class MatchFailure {
  static readonly instance = new MatchFailure();

  private constructor() {}
}
