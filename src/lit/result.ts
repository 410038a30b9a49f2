/** How a test can end. */

export type ResultCode =
  | 'EXCLUDED'
  | 'SKIPPED'
  | 'UNSUPPORTED'
  | 'PASS'
  | 'FLAKYPASS'
  | 'XFAIL'
  | 'UNRESOLVED'
  | 'TIMEOUT'
  | 'FAIL'
  | 'XPASS';

export interface TestResult {
  readonly code: ResultCode;
  readonly output: string;
  /** Seconds. */
  readonly elapsed: number;
  /** When and where it ran; absent where it did not. */
  readonly run?: {
    /** Milliseconds since 1970. */
    readonly start: number;
    /** Which of the lanes that tests run in side by side, from 1. */
    readonly lane: number;
  };
  /** Features that the test requires and that are not there. */
  readonly missingFeatures?: readonly string[];
}

export interface ResultKind {
  readonly code: ResultCode;
  /** As the summary names it. */
  readonly label: string;
  readonly isFailure: boolean;
}

/** In the order of the summary. */
export const RESULT_KINDS: readonly ResultKind[] = [
  { code: 'EXCLUDED', label: 'Excluded', isFailure: false },
  { code: 'SKIPPED', label: 'Skipped', isFailure: false },
  { code: 'UNSUPPORTED', label: 'Unsupported', isFailure: false },
  { code: 'PASS', label: 'Passed', isFailure: false },
  { code: 'FLAKYPASS', label: 'Passed With Retry', isFailure: false },
  { code: 'XFAIL', label: 'Expectedly Failed', isFailure: false },
  { code: 'UNRESOLVED', label: 'Unresolved', isFailure: true },
  { code: 'TIMEOUT', label: 'Timed Out', isFailure: true },
  { code: 'FAIL', label: 'Failed', isFailure: true },
  { code: 'XPASS', label: 'Unexpectedly Passed', isFailure: true },
];

export function isFailure(code: ResultCode): boolean {
  return RESULT_KINDS.find((kind) => kind.code === code)!.isFailure;
}
