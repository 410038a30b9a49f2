/** How a matrix product reads an operand in shared memory: what the tile's layout is chosen for and lowering carries out. */

import type { MatrixInstruction, SharedAccess } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { fmaRead, type FmaGrid } from './fma-plan.js';
import { operandFragment, type GemmPlan, type GemmProblem } from './gemm-plan.js';

/** Widest access of one lane, and row of a matrix that ldmatrix loads, in bits. */
const WIDEST = 128;

/** One product's use of a shared tile. */
export interface OperandUse {
  readonly problem: GemmProblem;
  readonly operand: 'A' | 'B';
  /** The plan for matrix instructions, or that for scalar code (undefined where elements are dealt one by one). */
  readonly plan: GemmPlan | undefined;
  readonly grid: FmaGrid | undefined;
  /** Whether the tile has K along its rows. */
  readonly isKContiguous: boolean;
  /** Whether one read may serve several instructions; not where the other operand's order of K is settled. */
  readonly isPacked: boolean;
}

/**
 * Whether ldmatrix brings an operand of mma.sync: it hands out rows of 16 bytes in words of 32 bits, so that elements of
 * other than 16 bits come right only along K, and 64-bit ones not at all.
 */
export function isReadByLdmatrix(elementBits: number, isKContiguous: boolean): boolean {
  return elementBits === 16 || (elementBits < 64 && isKContiguous);
}

/**
 * Instructions along K whose operands a lane reads at once on AMD: as many as 16 bytes hold and K has. The order of k is
 * then permuted, equally in A and B.
 */
export function packedInstructions(
  { m, k, lanes }: Pick<MatrixInstruction, 'm' | 'k' | 'lanes'>,
  extent: number,
  elementBits: number,
  isPacked: boolean,
): number {
  if (!isPacked) return 1;
  const bits = ((k * m) / lanes) * elementBits;
  let count = 1;
  while (2 * count * bits <= WIDEST && extent % (2 * count * k) === 0) count *= 2;
  return count;
}

/**
 * The access to be kept free of bank conflicts; undefined where there is no pattern.
 *
 * @param isKeptTransposed - the tile lies in memory with K along its rows although the program has it otherwise.
 */
export function operandAccess(
  use: OperandUse,
  elementBits: number,
  target: Target,
  isKeptTransposed: boolean,
): SharedAccess | undefined {
  const { plan, problem, operand, isKContiguous } = use;
  const name = 'tile.gemm';
  if (plan === undefined) {
    return use.grid && fmaRead(problem, use.grid, operand, isKContiguous, elementBits);
  }
  if (target.vendor === 'nvidia' && isReadByLdmatrix(elementBits, isKContiguous))
    return { kind: 'ldmatrix', name };
  if (target.vendor === 'amd' && (isKContiguous || isKeptTransposed)) {
    const { instruction } = plan;
    const count = packedInstructions(instruction, problem.k, elementBits, use.isPacked);
    const perLane = (instruction.m * instruction.k) / instruction.lanes;
    const bytes = ((perLane * elementBits) / 8) * count;
    return { kind: 'operand', edge: instruction.m as 16 | 32, bytes: bytes as 4 | 8 | 16, name };
  }
  const isTransposed = isKContiguous === (operand === 'B');
  const fragment = operandFragment(plan, problem, operand, isTransposed);
  return { kind: 'fragment', fragment, width: 1, name };
}
