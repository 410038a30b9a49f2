/** How the warps of a block divide one matrix product, and with which instruction they compute it. */

import {
  findMatrixInstruction,
  Fragment,
  gemmFragment,
  Layout,
  mmaFragment,
  type IntTuple,
  type MatrixInstruction,
  type MatrixOperand,
} from '../../layout/index.js';
import type { TileGemmOp } from '../../dialects/generated/tile.js';
import type { TileType } from '../support/tiles.js';
import { instructionsFor, type Target, type TargetInstruction } from '../../targets/target.js';

export type WarpPolicy = 'square' | 'rows' | 'cols';

/** A matrix product on tiles: C[m, n] += A[m, k] * B[k, n]. */
export interface GemmProblem {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Element types as the IR spells them; operands of f32 that may be rounded are tf32. */
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly threads: number;
  readonly policy: WarpPolicy;
  /** Products that must use the same instruction, because one's accumulator is another's operand. */
  readonly companions?: readonly GemmProblem[];
}

export interface GemmPlan {
  readonly target: TargetInstruction;
  readonly instruction: MatrixInstruction;
  /** Warps along M and along N. */
  readonly warps: readonly [number, number];
  /** Instruction tiles that one warp computes, along M and along N. */
  readonly repeats: readonly [number, number];
  /** Whether B goes first, so that an AMD lane holds consecutive columns of a row of C. */
  readonly isSwapped: boolean;
}

/** Why no plan exists: what the target lacks, or which extents it would need. */
export type GemmRefusal = string;

/** The problem that a product is, in the author's division among warps or else in this one. */
export function problemOf(gemm: TileGemmOp, threads: number, policy: WarpPolicy): GemmProblem {
  const [a, b, c] = [gemm.a, gemm.b, gemm.c].map((value) => value.type as TileType);
  const read = (type: TileType): string =>
    gemm.precision === 'tf32' ? 'tf32' : `${type.elementType}`;
  return {
    m: c.shape[0],
    n: c.shape[1],
    k: a.shape[gemm.transposeA ? 0 : 1],
    a: read(a),
    b: read(b),
    c: `${c.elementType}`,
    threads,
    policy: gemm.policy ?? policy,
  };
}

export function planGemm(problem: GemmProblem, target: Target): GemmPlan | GemmRefusal {
  const candidates = candidatesFor(problem, target);
  if (candidates.length === 0) {
    const supported = target.matrix_instructions.map(({ a, b, c }) => `${a} x ${b} -> ${c}`);
    return (
      `${target.name} has no matrix instruction for ${problem.a} x ${problem.b} -> ${problem.c}, only ` +
      `for ${[...new Set(supported)].join(', ')}`
    );
  }
  const warpCount = problem.threads / target.warp_size;
  for (const candidate of candidates) {
    const instruction = findMatrixInstruction(candidate.name);
    const warps = divideWarps(problem, instruction, warpCount);
    if (warps === undefined) continue;
    const fitsAll = (problem.companions ?? []).every(
      (other) => divideWarps(other, instruction, warpCount) !== undefined,
    );
    if (!fitsAll) continue;
    return {
      target: candidate,
      instruction,
      warps,
      repeats: [problem.m / warps[0] / instruction.m, problem.n / warps[1] / instruction.n],
      isSwapped: target.vendor === 'amd',
    };
  }
  const units = candidates.map((candidate) => {
    const { m, n, k } = findMatrixInstruction(candidate.name);
    return `M by ${m}, N by ${n} and K by ${k} (${candidate.name})`;
  });
  return (
    `${warpCount} warps cannot divide ${problem.m}x${problem.n}x${problem.k} into instructions: ` +
    `the part of one warp must be divisible in ${units.join(' or ')}`
  );
}

/**
 * Instructions that give the product: the ones for its types; else ones that sum f16 and bf16 in f32; where operands may
 * be rounded to tf32 and no instruction does, ones that take them as they are.
 */
function candidatesFor({ a, b, c }: GemmProblem, target: Target): TargetInstruction[] {
  const own = instructionsFor(target, a, b, c);
  if (own.length > 0) return own;
  if (c === 'f16' || c === 'bf16') return instructionsFor(target, a, b, 'f32');
  return a === 'tf32' && b === 'tf32' ? instructionsFor(target, 'f32', 'f32', c) : [];
}

/**
 * The division that reads the fewest operand elements: each warp reads M/wm rows of A and N/wn columns of B. An equal
 * number of either is broken in favour of an even number of instruction tiles along N, which one ldmatrix.x4 fills.
 */
function divideWarps(
  problem: GemmProblem,
  instruction: MatrixInstruction,
  warpCount: number,
): readonly [number, number] | undefined {
  if (problem.k % instruction.k !== 0) return undefined;
  let best: readonly [number, number] | undefined;
  let bestCost = Infinity;
  for (let rows = 1; rows <= warpCount; rows++) {
    if (warpCount % rows !== 0) continue;
    const columns = warpCount / rows;
    if (problem.m % (rows * instruction.m) !== 0 || problem.n % (columns * instruction.n) !== 0)
      continue;
    const isOdd = (problem.n / columns / instruction.n) % 2 === 1;
    let cost = problem.m / rows + problem.n / columns + (isOdd ? 0.5 : 0);
    if (problem.policy === 'rows') cost = columns;
    if (problem.policy === 'cols') cost = rows;
    if (cost < bestCost) {
      bestCost = cost;
      best = [rows, columns];
    }
  }
  return best;
}

/**
 * The fragment of an operand or of the accumulator. Its value modes are, fastest first: the registers of one
 * instruction (nested), instruction tiles along the inner axis (N of C, K of A and B), tiles along the outer one. So
 * the register array of C is [M tiles][N tiles][registers], that of A [M tiles][K tiles][registers], that of B
 * [N tiles][K tiles][registers].
 *
 * @param isTransposed - the tile is stored in the other order: A as [K, M], B as [N, K].
 */
export function operandFragment(
  plan: GemmPlan,
  problem: GemmProblem,
  operand: MatrixOperand,
  isTransposed = false,
): Fragment {
  const { instruction, warps, repeats, isSwapped: swapped } = plan;
  const form = { swapped, transposed: isTransposed };
  const flat = gemmFragment({
    instruction,
    operand,
    tile: [problem.m, problem.n, problem.k],
    warps,
    ...form,
  });
  const atom = mmaFragment(instruction, operand, form).value.shapes;
  const atomModes = atom.filter((extent) => extent > 1).length;
  const { shapes, strides } = flat.value;
  const inner = operand === 'C' ? repeats[1] : problem.k / instruction.k;
  const outer = [inner, repeats[operand === 'B' ? 1 : 0]];
  let next = atomModes;
  const outerStrides = outer.map((count) => (count > 1 ? strides[next++] : 0));
  const nest = (leaves: readonly number[], none: number): IntTuple =>
    leaves.length === 0 ? none : leaves.length === 1 ? leaves[0] : leaves;
  const value = new Layout(
    [nest(shapes.slice(0, atomModes), 1), ...outer],
    [nest(strides.slice(0, atomModes), 0), ...outerStrides],
  );
  return new Fragment(flat.shape, flat.thread, value);
}
