/** Features that depend on the machine: what each means, how it is found, and what tests may call then. */

import { existsSync } from 'node:fs';
import { compileHip } from '../runtime/compile/hip.js';
import { GpuDriver } from '../runtime/hardware/driver.js';
import { HardwareError } from '../runtime/hardware/library.js';
import type { Vendor } from '../runtime/hardware/api.js';
import { findProgram } from './external-command.js';
import type { Substitution } from './substitutions.js';

export interface FeatureProbe {
  readonly name: string;
  /** What the machine lacks where the feature is absent. */
  readonly missing: string;
  /** Key of the substitution for the program found; absent where tests call it by name. */
  readonly substitution?: string;
  /** Path of the program, or undefined where the feature is absent. */
  find(which: (name: string) => string | undefined): string | undefined;
}

const firstOf =
  (...names: readonly string[]) =>
  (which: (name: string) => string | undefined): string | undefined => {
    for (const name of names) {
      const found = which(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };

/** A kernel that needs everything that compiling emitted HIP text needs. */
const HIP_PROBE = `#include <hip/hip_runtime.h>
extern "C" __global__ void probe(float *out) { out[threadIdx.x] = sqrtf(out[threadIdx.x]); }
`;

/** Asks the driver that runs the compiler for tests, so that both mean the same by it. */
function compilesForAmd(): string | undefined {
  const result = compileHip(HIP_PROBE, 'gfx90a');
  return result.available && result.ok ? 'clang++' : undefined;
}

export const PROBES: readonly FeatureProbe[] = [
  {
    name: 'host-cxx',
    missing: 'neither g++ nor clang++ is on the PATH',
    substitution: '%host-cxx',
    find: firstOf('g++', 'clang++', 'clang++-19'),
  },
  {
    name: 'nvcc',
    missing: 'nvcc is neither on the PATH nor in /usr/local/cuda/bin',
    substitution: '%nvcc',
    find: (which) =>
      which('nvcc') ?? ['/usr/local/cuda/bin/nvcc'].find((candidate) => existsSync(candidate)),
  },
  {
    name: 'clang-amdgpu',
    missing: "no clang++ that compiles HIP for gfx90a with AMD's device libraries",
    find: compilesForAmd,
  },
  {
    name: 'mlir-opt',
    missing: 'neither mlir-opt-19 nor mlir-opt is on the PATH',
    substitution: '%mlir-opt',
    find: firstOf('mlir-opt-19', 'mlir-opt'),
  },
  {
    name: 'FileCheck',
    missing: 'FileCheck-19 is not on the PATH',
    substitution: '%FileCheck',
    find: firstOf('FileCheck-19'),
  },
  {
    name: 'gpu-cuda',
    missing: 'there is no NVIDIA GPU that its driver opens',
    find: () => opensGpu('cuda'),
  },
  {
    name: 'gpu-hip',
    missing: 'there is no AMD GPU that its driver opens',
    find: () => opensGpu('hip'),
  },
];

/** Asks the driver that runs kernels for tests. */
function opensGpu(vendor: Vendor): string | undefined {
  try {
    const driver = new GpuDriver(vendor);
    const { name } = driver.facts;
    driver.close();
    return name;
  } catch (error) {
    if (error instanceof HardwareError) return undefined;
    throw error;
  }
}

export interface ProbedFeatures {
  readonly available: ReadonlySet<string>;
  readonly substitutions: readonly Substitution[];
  /** Why each absent feature is absent. */
  readonly missing: ReadonlyMap<string, string>;
}

/**
 * Probes this machine, once for a run.
 *
 * @param isWanted whether some test may ask for a feature: some probes run a compiler
 */
export function probeFeatures(
  cwd: string,
  path: string | undefined,
  isWanted: (probe: FeatureProbe) => boolean = () => true,
): ProbedFeatures {
  const which = (name: string): string | undefined => findProgram(name, cwd, path);
  const available = new Set<string>();
  const substitutions: Substitution[] = [];
  const missing = new Map<string, string>();
  for (const probe of PROBES.filter(isWanted)) {
    const found = probe.find(which);
    if (found === undefined) {
      missing.set(probe.name, probe.missing);
    } else {
      available.add(probe.name);
      if (probe.substitution !== undefined) substitutions.push([probe.substitution, found]);
    }
  }
  return { available, substitutions, missing };
}

/** Tells the probes that tests speak of from those that they do not, by the text of the tests. */
export function wantedByText(texts: readonly string[]): (probe: FeatureProbe) => boolean {
  // A regular expression over features may mean any of them.
  const hasPatterns = texts.some((text) =>
    /(REQUIRES|UNSUPPORTED|XFAIL):.*\{\{|%if[^%]*\{\{/.test(text),
  );
  return ({ name }) => hasPatterns || texts.some((text) => text.includes(name));
}
