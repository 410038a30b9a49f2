/** What all tests of a run share. */

import type { ProbedFeatures } from './features.js';
import type { Substitution } from './substitutions.js';

/** What is the same for all tests of a run; plain data. */
export interface RunSettings {
  /** Features found on this machine or given on the command line, besides those of the configuration. */
  readonly features: readonly string[];
  readonly substitutions: readonly Substitution[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Features whose absence is a failure. */
  readonly requiredFeatures: readonly string[];
  readonly noExecute: boolean;
  /** Whether each RUN line has its own `LLVM_PROFILE_FILE`, which clang's coverage runtime writes. */
  readonly perTestCoverage: boolean;
  /** Names of tests expected to fail, or not, whatever they say. */
  readonly xfail: readonly string[];
  readonly xfailNot: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Tests see little of the environment, so that they behave alike everywhere. */
const PASSED_ON =
  /^(HOME|USER|LOGNAME|TMPDIR|TMP|TEMP|LD_LIBRARY_PATH|CUDA_.*|NVIDIA_.*|ROCM_.*|HIP_.*|LLVM_SYMBOLIZER_PATH|FILECHECK_OPTS|TILEWRIGHT_(?!REQUIRE_FEATURES).*)$/;

/** The settings of a plain run on this machine. */
export function makeRunSettings(
  probed: ProbedFeatures,
  environment: Environment,
  searchPath: string,
): RunSettings {
  const kept = Object.entries(environment).filter(([name]) => PASSED_ON.test(name));
  return {
    features: [...probed.available],
    substitutions: probed.substitutions,
    environment: {
      ...Object.fromEntries(kept),
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      PATH: searchPath,
    },
    requiredFeatures: [],
    noExecute: false,
    perTestCoverage: false,
    xfail: [],
    xfailNot: [],
  };
}
