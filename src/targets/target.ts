/** What a GPU can do: limits, matrix instructions and rates, read from the target descriptions. */

import { createDiagnostic, DiagnosticError, nearestName, SourceFile } from '../support/index.js';
import { descriptions } from './generated/descriptions.js';

export interface TargetInstruction {
  /** Name in the layout algebra's table of matrix instructions. */
  readonly name: string;
  /** Element types of A, B and the accumulator, as the IR spells them. */
  readonly a: string;
  readonly b: string;
  readonly c: string;
  /** The wrapper that executes it. */
  readonly wrapper: string;
}

/** What one multiprocessor holds at once, and in which portions it hands that out. */
export interface MultiprocessorLimits {
  /** Parts with their own registers; a warp lives in one of them. */
  readonly partitions: number;
  /** 32-bit registers of all lanes and partitions. */
  readonly registers: number;
  /** Registers of a warp (all lanes together) are a multiple of this. */
  readonly register_unit: number;
  readonly warps: number;
  readonly blocks: number;
  /** Barriers of all its blocks together, where blocks can have others than the one of all threads. */
  readonly barriers?: number;
  readonly shared_bytes: number;
  /** Shared memory of a block is a multiple of this. */
  readonly shared_unit: number;
  /** Bytes of shared memory that the system takes for each block. */
  readonly shared_reserved: number;
}

export interface Target {
  /** As given to `arch=`: `sm_80`, `gfx942`. */
  readonly name: string;
  readonly summary: string;
  readonly vendor: 'nvidia' | 'amd';
  /** Threads that execute together. */
  readonly warp_size: 32 | 64;
  readonly threads_per_block: number;
  readonly shared_bytes_per_block: number;
  /** 32-bit registers that one thread can have. */
  readonly registers_per_thread: number;
  readonly multiprocessors: number;
  readonly multiprocessor: MultiprocessorLimits;
  /** Widths of copies from global to shared memory that bypass registers; empty where there are none. */
  readonly async_copy_bytes: readonly number[];
  /** Float element types of 8 bits that the target converts and stores; wider ones are everywhere. */
  readonly float8_types: readonly string[];
  readonly matrix_instructions: readonly TargetInstruction[];
  /** Of one multiprocessor, except memory. A multiply-add counts two. */
  readonly rates: {
    readonly f16_flop_per_clock: number;
    /** Scalar code. */
    readonly f32_flop_per_clock: number;
    /** Dense matrix instructions by operand type, `f8` for all formats of 8 bits. */
    readonly matrix_flop_per_clock: Readonly<Record<string, number>>;
    readonly clock_ghz: number;
    readonly memory_tb_per_second: number;
  };
}

const targets: ReadonlyMap<string, Target> = new Map(
  Object.entries(descriptions).map(([name, description]) => [
    name,
    { name, ...description } as Target,
  ]),
);

export function targetNames(): string[] {
  return [...targets.keys()];
}

export function findTarget(name: string): Target | undefined {
  return targets.get(name);
}

/** Why a name is no target, with what there is. */
export function unknownTargetMessage(name: string): string {
  const nearest = nearestName(name, targets.keys());
  const hint = nearest === undefined ? '' : ` (did you mean '${nearest}'?)`;
  return `unknown target architecture '${name}'${hint}, expected one of ${targetNames().join(', ')}`;
}

/** The target of that name, of a vendor's; throws a `DiagnosticError` that says what there is. */
export function requireTarget(name: string, vendor: Target['vendor']): Target {
  const target = targets.get(name);
  const fail = (message: string): never => {
    const source = new SourceFile('<Pass-Options-Parser>', `arch=${name}`);
    const position = { source, start: 'arch='.length, end: source.text.length };
    throw new DiagnosticError(createDiagnostic('error', position, message));
  };
  if (target === undefined) return fail(unknownTargetMessage(name));
  if (target.vendor !== vendor) {
    const names = [...targets.values()]
      .filter((other) => other.vendor === vendor)
      .map((other) => other.name);
    return fail(
      `target architecture '${name}' is of another vendor, expected one of ${names.join(', ')}`,
    );
  }
  return target;
}

/** Matrix instructions for given element types, preferred ones first. */
export function instructionsFor(
  target: Target,
  a: string,
  b: string,
  c: string,
): TargetInstruction[] {
  return target.matrix_instructions.filter(
    (instruction) => instruction.a === a && instruction.b === b && instruction.c === c,
  );
}

/** 32-bit registers that one thread can have: a block's threads share those of a multiprocessor. */
export function registerLimit(threads: number, target: Target): number {
  const { registers, partitions, register_unit } = target.multiprocessor;
  const warps = Math.max(1, Math.ceil(threads / target.warp_size));
  const perPartition = Math.ceil(warps / partitions);
  const perWarp = Math.floor(registers / partitions / perPartition / register_unit) * register_unit;
  return Math.min(target.registers_per_thread, Math.floor(perWarp / target.warp_size));
}
