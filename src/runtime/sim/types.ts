// What the simulator is asked for and what it answers.

import type { SharedTile } from '../../targets/c-like/launch-metadata.js';

export { bytesOf } from '../../targets/element-bytes.js';

/** A global buffer. */
export interface SimulatorBuffer {
  readonly kind: 'buffer';
  /** As reports should call it. */
  readonly name: string;
  /** Element type, one that {@link bytesOf} knows. */
  readonly type: string;
  /** `write` buffers start poisoned, and elements left unwritten are reported. */
  readonly access: 'read' | 'write' | 'readwrite';
  /** Initial contents; for `write` only its length counts. */
  readonly data: Uint8Array;
  /** Where its elements lie, all in elements; absent where they lie everywhere. What lies between them may not be touched. */
  readonly place?: {
    readonly shape: readonly number[];
    readonly strides: readonly number[];
    readonly offset: number;
  };
}

/** A value passed by the launcher's parameter type. */
export interface SimulatorScalar {
  readonly kind: 'scalar';
  readonly name: string;
  /** Element type: integers, f16, bf16, f32 or f64. */
  readonly type: string;
  readonly value: number | bigint;
}

export type SimulatorArgument = SimulatorBuffer | SimulatorScalar;

export interface SimulatorLimits {
  /** Stop after this many distinct reports (20). */
  readonly reports?: number;
  /** Stop after this many operations of all threads together (2e9). */
  readonly steps?: number;
  /** Stop after this many seconds of processor time (60). */
  readonly seconds?: number;
  /** Shared memory that a launch may ask for, in bytes (232448; AMD 65536). */
  readonly sharedBytes?: number;
}

export interface SimulatorRequest {
  /** The emitted file's text. */
  readonly text: string;
  readonly target: 'cuda' | 'hip';
  readonly waveSize: 32 | 64;
  /** The launcher's name, as given to TILEWRIGHT_ENTRY. */
  readonly entry: string;
  /** In the order of the launcher's parameters, without the stream. */
  readonly arguments: readonly SimulatorArgument[];
  /** Decides the order in which threads, warps and blocks run. */
  readonly seed: number;
  /** How many orders to try (1): seeds `seed`, `seed + 1`, ... Results that differ are reported. */
  readonly schedules?: number;
  readonly limits?: SimulatorLimits;
  /** What lies where in shared memory, so that reports can name it. */
  readonly sharedTiles?: readonly SharedTile[];
  /**
   * Compiles the text without optimizing (false), in a fraction of the time; the run then takes about three times as long. For
   * texts that run once on little data.
   */
  readonly isQuickBuild?: boolean;
  /** Whether races are looked for (true); without, other faults are reported with less detail. */
  readonly races?: boolean;
  /** Whether the result has a {@link SimulatorTrace}, which makes runs several times slower. */
  readonly trace?: boolean;
  /** What reports call the text where it has no #line (`kernel.cu`, `kernel.hip`). */
  readonly fileName?: string;
}

/** The kinds of report. */
export type ReportKind =
  | 'out-of-bounds'
  | 'misaligned'
  | 'wild-pointer'
  | 'write-to-readonly'
  | 'uninitialized-read'
  | 'uninitialized-register'
  | 'pending-read'
  | 'pending-write'
  | 'race'
  | 'barrier-divergence'
  | 'warp-divergence'
  | 'shuffle-lane'
  | 'register-index'
  | 'unwritten-output'
  | 'schedule-dependent'
  | 'deadlock'
  | 'barrier-misuse'
  | 'mbarrier-misuse'
  | 'missing-proxy-fence'
  | 'missing-wgmma-fence'
  | 'pending-register'
  | 'pending-store'
  | 'pending-copy'
  | 'descriptor'
  | 'tensor-map'
  | 'ended-block'
  | 'cluster-rank'
  | 'multicast-mask'
  | 'launch'
  | 'step-limit'
  | 'time-limit'
  | 'assertion'
  | 'crash';

/** Another place that has to do with a report, or ('' and 0) what would help. */
export interface SimulatorNote {
  readonly message: string;
  readonly file: string;
  readonly line: number;
}

export interface SimulatorReport {
  readonly kind: ReportKind;
  readonly message: string;
  readonly notes: readonly SimulatorNote[];
  /** Place in the text or, by #line, in the program it came from; '' and 0 where no line is to blame. */
  readonly file: string;
  readonly line: number;
  readonly block: readonly [number, number, number];
  /** Linear number in the block; -1 where no single thread is to blame. */
  readonly thread: number;
  /** Name of the buffer, 'shared memory', or ''. */
  readonly buffer: string;
  /** How often the same happened at this place. */
  readonly count: number;
}

/** What was counted, in warp-wide requests; all blocks of the first schedule. */
export interface Counters {
  readonly requests: number;
  readonly sharedBytes: number;
  /** Cycles of shared memory, 128 bytes at best. */
  readonly sharedWavefronts: number;
  /** Wavefronts beyond what the request would take without bank conflicts. */
  readonly sharedConflicts: number;
  readonly globalBytes: number;
  /** 32-byte sectors touched. */
  readonly globalSectors: number;
  /** Different bytes asked for in those sectors. */
  readonly globalUsefulBytes: number;
  /** Floating-point or integer operations of matrix instructions. */
  readonly flop: number;
  /** Copies by `cp_async` that were waited for, by single threads. */
  readonly copies: number;
  /** Operations that those threads began between the start of the copies and the waits, together. */
  readonly copyDistance: number;
}

export interface LineProfile extends Counters {
  readonly file: string;
  readonly line: number;
  /** `load`, `store`, `atomic`, `cp_async`, `sync_threads`, or the name of the warp-wide wrapper. */
  readonly operation: string;
}

export interface SimulatorProfile {
  readonly launches: number;
  readonly blocks: number;
  /** Block barriers passed, once per block. */
  readonly barriers: number;
  readonly lines: readonly LineProfile[];
  readonly totals: Counters;
}

/** Useful bytes per byte of the sectors moved, 0 to 1; 1 where no global memory was touched. */
export function sectorEfficiency(counters: Counters): number {
  return counters.globalSectors === 0
    ? 1
    : counters.globalUsefulBytes / (32 * counters.globalSectors);
}

/** What the mutation test compares mutants by. */
export interface SimulatorTrace {
  /** One number for what every read found, by who wrote it: equal where the data flow is the same. */
  readonly dataflow: string;
  /** Accesses to shared memory by two threads, at least one a write, that no barrier and no wait orders. */
  readonly conflicts: number;
}

export type SimulatorResult =
  /** There is no host C++ compiler; `reason` is one line for the user. */
  | { readonly status: 'unavailable'; readonly reason: string }
  /** The text does not compile, or the arguments do not fit the launcher. */
  | { readonly status: 'rejected'; readonly diagnostics: string }
  | {
      readonly status: 'ran';
      /** What the launcher returned: 0 unless it refused to launch. */
      readonly launcherResult: number;
      /** Contents of the `write` and `readwrite` buffers after the last schedule, by name. */
      readonly outputs: ReadonlyMap<string, Uint8Array>;
      /** Empty if nothing is wrong. */
      readonly reports: readonly SimulatorReport[];
      /** Lines that the kernel printed, of all schedules. */
      readonly printed: readonly string[];
      readonly profile: SimulatorProfile;
      readonly trace?: SimulatorTrace;
      readonly schedules: number;
      readonly seconds: { readonly compile: number; readonly run: number; readonly total: number };
    };
