/** The form of `suite.json`, which the runners read, and of the results that they write. */

import type { KernelMetadata } from '../../src/pipelines/compile.js';
import type { Vendor } from '../../src/runtime/hardware/index.js';

/** A computation that other libraries have; the Python runner times theirs where they are installed. */
export type Peer =
  | {
      readonly kind: 'matmul';
      readonly m: number;
      readonly n: number;
      readonly k: number;
      readonly input: string;
      readonly output: string;
      readonly order: string;
    }
  | {
      readonly kind: 'attention';
      readonly heads: number;
      readonly rows: number;
      readonly depth: number;
      readonly isCausal: boolean;
    }
  | { readonly kind: 'softmax'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'add'; readonly count: number; readonly type: string };

export interface SuiteInput {
  /** Element type as the kernel's metadata has it. */
  readonly elementType: string;
  /** Extents; empty for a scalar. */
  readonly shape: readonly number[];
  /** A tensor's element i is element (offset + i) mod length of the pool of its type; absent for an output. */
  readonly offset?: number;
  /** A scalar's bytes in hexadecimal. */
  readonly bytes?: string;
}

export interface SuiteOutput {
  readonly argument: string;
  /** Where the case's file holds `count` offsets of 4 bytes, then as many values of 8 (f64), little endian. */
  readonly start: number;
  readonly count: number;
  /** See compareTensors: an element may be off by this times (its size + the root mean square of the sample). */
  readonly tolerance: number;
}

export interface SuiteCase {
  readonly name: string;
  readonly group: string;
  readonly language: Vendor;
  /** What the kernel was lowered for; where several variants run on a device, the latest counts. */
  readonly arch: string;
  readonly kernel: KernelMetadata;
  /** The grid's extents for the case's scalars. */
  readonly grid: readonly number[];
  /** Files below `code/` and `text/`. */
  readonly code: string;
  readonly text: string;
  readonly inputs: Readonly<Record<string, SuiteInput>>;
  /** File below `expected/`. */
  readonly expected: string;
  readonly outputs: readonly SuiteOutput[];
  readonly work: { readonly flop: number; readonly bytes: number };
  /** Least seconds at peak rates, by the architecture of the device. */
  readonly rooflines: Readonly<
    Record<string, { readonly seconds: number; readonly boundBy: string }>
  >;
  readonly peer?: Peer;
}

export interface Suite {
  readonly version: 1;
  readonly created: string;
  /** Of the compilers and of this package. */
  readonly versions: Readonly<Record<string, string>>;
  readonly poolLength: number;
  /** The tables of src/runtime/hardware/api.ts. */
  readonly api: object;
  readonly cases: readonly SuiteCase[];
}

export interface CaseResult {
  readonly name: string;
  readonly group: string;
  readonly arch: string;
  readonly status: 'passed' | 'failed';
  readonly message?: string;
  /** The largest error norm of the outputs. */
  readonly errorNorm?: number;
  readonly registers?: number;
  readonly localBytes?: number;
  /** Seconds, as BenchResult has them. */
  readonly time?: object;
}
