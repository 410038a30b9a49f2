/** What the matrix products of a kernel demand: how each is computed, and so where its operands and results lie. */

import { TileCopyOp, TileGemmOp, TileSharedType } from '../../dialects/generated/tile.js';
import {
  Builder,
  type IntegerAttr,
  type Operation,
  type ShapedType,
  type Value,
} from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';
import { remark } from '../support/remark.js';
import { elementBits, isShared, type TileType } from '../support/tiles.js';
import { FMA, fmaAccumulator, planFma, type FmaGrid } from './fma-plan.js';
import { GemmChains } from './gemm-chains.js';
import {
  operandFragment,
  planGemm,
  problemOf,
  type GemmPlan,
  type GemmProblem,
} from './gemm-plan.js';

/** How one product is computed. */
export interface PlannedProduct {
  readonly gemm: TileGemmOp;
  readonly problem: GemmProblem;
  /** With matrix instructions; undefined for scalar code. */
  readonly plan: GemmPlan | undefined;
  /** How scalar code divides C; undefined where it deals elements one by one. */
  readonly grid: FmaGrid | undefined;
  readonly accumulator: Fragment;
}

/** Plans every product of a kernel and writes the instructions down; a remark says where there is none for one. */
export function planProducts(kernel: Operation, target: Target): PlannedProduct[] {
  const gemms: TileGemmOp[] = [];
  kernel.walk((op) => {
    if (op.name.text === TileGemmOp.opName) gemms.push(new TileGemmOp(op));
  }, 'pre');
  const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  const chains = new GemmChains(kernel);
  const chained = chains.gemms.map((op) => problemOf(new TileGemmOp(op), threads, 'rows'));
  return gemms.map((gemm) => {
    const isChained = chains.gemms.includes(gemm.op);
    const problem: GemmProblem = {
      // Rows that stay in one warp are what lets an accumulator be the next product's operand as it lies.
      ...problemOf(gemm, threads, isChained ? 'rows' : 'square'),
      companions: isChained ? chained : [],
    };
    const plan = planGemm(problem, target);
    if (typeof plan === 'string') return planScalar(gemm, problem, plan);
    gemm.instruction = plan.target.name;
    gemm.warps = plan.warps;
    const accumulator = operandFragment(plan, problem, 'C');
    return { gemm, problem, plan, grid: undefined, accumulator };
  });
}

function planScalar(gemm: TileGemmOp, problem: GemmProblem, reason: string): PlannedProduct {
  remark(gemm.op, 'gemm', `product is computed by scalar multiply-adds: ${reason}`);
  gemm.instruction = FMA;
  const widest = (tile: Value, isKFirst: boolean): number =>
    isKFirst ? 128 / elementBits(tile.type as TileType) : 1;
  const grid = planFma(problem, [
    widest(gemm.a, gemm.transposeA),
    widest(gemm.b, !gemm.transposeB),
  ]);
  const accumulator = fmaAccumulator(problem, grid);
  return { gemm, problem, plan: undefined, grid, accumulator };
}

/** The fragment in which a product wants an operand that is not in shared memory; undefined where it must be there. */
export function wantedFragment(
  { gemm, plan, problem }: PlannedProduct,
  operand: 'A' | 'B',
): Fragment | undefined {
  const isTransposed = operand === 'A' ? gemm.transposeA : gemm.transposeB;
  return plan && operandFragment(plan, problem, operand, isTransposed);
}

/** Copies an operand from a fragment to shared memory in front of `anchor`; the product reads it there. */
export function stageOperand(
  product: PlannedProduct,
  operand: 'A' | 'B',
  reason: string,
  anchor: Operation,
): Value {
  const { gemm } = product;
  const number = operand === 'A' ? 0 : 1;
  const source = gemm.op.operand(number);
  const { shape, elementType } = source.type as ShapedType;
  const builder = Builder.before(anchor);
  const tile = builder.create('tile.alloc', {
    resultTypes: [TileSharedType.get(shape, elementType)],
  }).result;
  tile.name = source.name === undefined ? 'staged' : `${source.name}_staged`;
  TileCopyOp.build(builder, {
    source,
    sourceIndices: [],
    destination: tile,
    destinationIndices: [],
  });
  gemm.op.setOperand(number, tile);
  remark(gemm.op, 'gemm', `operand ${operand} goes through shared memory: ${reason}`);
  return tile;
}

/** Whether both operands are read from shared memory, in any order of k. */
export function hasSharedOperands({ gemm }: PlannedProduct): boolean {
  return isShared(gemm.a.type) && isShared(gemm.b.type);
}
