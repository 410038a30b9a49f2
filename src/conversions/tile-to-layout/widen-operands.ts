/**
 * Widens operands of products that no matrix instruction takes, where one takes a wider type that holds every number of
 * theirs: the conversion happens in registers, and the product is the same.
 */

import { TileCopyOp, TileFragmentType, TileGemmOp } from '../../dialects/generated/tile.js';
import {
  Builder,
  FloatType,
  IntegerType,
  isOp,
  type IntegerAttr,
  type Operation,
  type ShapedType,
  type Type,
} from '../../ir/index.js';
import { instructionsFor, type Target } from '../../targets/target.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { remark } from '../support/remark.js';
import { planGemm, problemOf, type GemmProblem } from './gemm-plan.js';

const SMALL_FLOATS = ['f16', 'bf16', 'f32', 'f64'];

/** The types that hold every number of a type, narrowest first. */
const EXACT_IN: Readonly<Record<string, readonly string[]>> = {
  i4: ['i8'],
  f4E2M1FN: SMALL_FLOATS,
  f8E4M3FN: SMALL_FLOATS,
  f8E5M2: SMALL_FLOATS,
  f8E4M3FNUZ: SMALL_FLOATS,
  f8E5M2FNUZ: SMALL_FLOATS,
  f16: ['f32', 'f64'],
  bf16: ['f32', 'f64'],
  f32: ['f64'],
};

function widenOperands(kernel: Operation, target: Target): void {
  const gemms: TileGemmOp[] = [];
  kernel.walk((op) => {
    if (isOp(op, TileGemmOp)) gemms.push(new TileGemmOp(op));
  });
  const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  for (const gemm of gemms) {
    const problem = problemOf(gemm, threads, 'square');
    const type = widerType(problem, target);
    if (type === undefined) continue;
    const { a, b, c } = problem;
    const reason = `${target.name} has no matrix instruction for ${a} x ${b} -> ${c}`;
    if (a !== type) widen(gemm.op, 'A', type, reason);
    if (b !== type) widen(gemm.op, 'B', type, reason);
  }
}

/** The type that both operands are to have; undefined where theirs will do or none does. */
function widerType(problem: GemmProblem, target: Target): string | undefined {
  const { a, b, c } = problem;
  const isTaken = (type: string, other: string): boolean =>
    instructionsFor(target, type, other, c).length > 0 ||
    instructionsFor(target, type, other, 'f32').length > 0;
  if (isTaken(a, b)) return undefined;
  const typesOf = (type: string): readonly string[] => [type, ...(EXACT_IN[type] ?? [])];
  return typesOf(a)
    .filter((type) => typesOf(b).includes(type))
    .find((type) => typeof planGemm({ ...problem, a: type, b: type }, target) !== 'string');
}

/** Copies an operand to a fragment of a wider type in front of the product. */
function widen(op: Operation, operand: 'A' | 'B', type: string, reason: string): void {
  const number = operand === 'A' ? 0 : 1;
  const source = op.operand(number);
  const builder = Builder.before(op);
  const { shape } = source.type as ShapedType;
  const wide = builder.create('tile.alloc', {
    resultTypes: [TileFragmentType.get(shape, typeNamed(type))],
  }).result;
  wide.name = source.name === undefined ? 'wide' : `${source.name}_wide`;
  TileCopyOp.build(builder, {
    source,
    sourceIndices: [],
    destination: wide,
    destinationIndices: [],
  });
  op.setOperand(number, wide);
  remark(op, 'gemm', `operand ${operand} is converted to ${type} in registers: ${reason}`);
}

function typeNamed(name: string): Type {
  return name.startsWith('i')
    ? IntegerType.get(Number(name.slice(1)))
    : FloatType.get(name as FloatType['kind']);
}

export const tileWidenOperands = defineKernelPass({
  name: 'tile-widen-operands',
  summary: 'convert operands of products to the types that matrix instructions take',
  run: widenOperands,
});
