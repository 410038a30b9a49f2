/**
 * Places in global and shared memory as C++ text: a pointer, what is added to it for the whole block, for the thread, and
 * by unrolled loops.
 */

import {
  BlockArgument,
  IntegerAttr,
  StridedLayoutAttr,
  type MemRefType,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { tensorExtent, tensorStride } from '../../dialects/tile/kernel-extents.js';
import { InternalError } from '../../support/index.js';
import { binary, offsetPointer, PRECEDENCE, primary, type Expression } from './expression.js';

/** The attribute of loops that the compiler of the text unrolls, so that their variables become constants. */
export const UNROLL = 'tile.unroll';

/** Where a memref lives, which decides how its elements are reached. */
export function memorySpace(type: MemRefType): 'global' | 'workgroup' | 'private' {
  const text = type.memorySpace?.toString() ?? '';
  if (text.includes('workgroup')) return 'workgroup';
  return text.includes('private') ? 'private' : 'global';
}

/** What is known of values that have text already. */
export interface KnownValues {
  expression(value: Value): Expression;
  /** Whether the operation has no variable of its own and is spelled out where it is used. */
  isInline(op: Operation): boolean;
  /** Whether all threads of the block have the same value. */
  isUniform(value: Value): boolean;
}

/** `variable * factor`, with the variable of an unrolled loop. */
interface UnrolledTerm {
  readonly variable: Expression;
  readonly factor: number;
}

/** An index as a sum of three parts; undefined for zero. */
interface SplitIndex {
  /** The part that is the same for all threads of the block. */
  readonly uniform: Expression | undefined;
  /** The thread's own part. */
  readonly own: Expression | undefined;
  /** What unrolling makes constants of. */
  readonly unrolled: readonly UnrolledTerm[];
}

const { additive, multiplicative } = PRECEDENCE;

/**
 * `pointer + block * 4096 + (thread * 8 + column) + i * 1024`. The parts are added to the pointer one after the other, and
 * not to each other first, since the sum of two `int` could wrap around and compilers may not take it apart. What is
 * constant after unrolling thus goes into the instruction's offset, and what the block shares into a base pointer that needs
 * no registers of each thread. Addresses of shared memory have 32 bits and no such base; there both are one part.
 */
export function addressText(
  pointer: Expression,
  memref: Value,
  indices: readonly Value[],
  known: KnownValues,
): Expression {
  const strides = stridesOf(memref, known);
  const isGlobal = memorySpace(memref.type as MemRefType) === 'global';
  const isUniform = (value: Value): boolean => isGlobal && known.isUniform(value);
  let uniform = offsetOf(memref.type as MemRefType);
  let own: Expression | undefined;
  const unrolled: Expression[] = [];
  for (let dimension = indices.length - 1; dimension >= 0; dimension--) {
    const stride = strides[dimension];
    const index = split(indices[dimension], known, isUniform);
    uniform = sum(strided(index.uniform, stride), uniform);
    own = sum(strided(index.own, stride), own);
    unrolled.unshift(
      ...index.unrolled.map(({ variable, factor }) =>
        typeof stride === 'number'
          ? scaled(variable, factor * stride)!
          : strided(scaled(variable, factor), stride)!,
      ),
    );
  }
  return [uniform, own, ...unrolled].reduce<Expression>(
    (place, part) => (part === undefined ? place : offsetPointer(place, part)),
    pointer,
  );
}

/** Where the first element lies, counted from the pointer. */
function offsetOf({ layout }: MemRefType): Expression | undefined {
  return layout instanceof StridedLayoutAttr ? nonZero(primary(`${layout.offset}`)) : undefined;
}

/** Elements between neighbours along each dimension, some of them parameters of the kernel; of dense tensors products of extents. */
function stridesOf(memref: Value, known: KnownValues): (number | Expression)[] {
  const { shape, layout } = memref.type as MemRefType;
  if (layout instanceof StridedLayoutAttr) {
    return layout.strides.map((_, dimension) => {
      const stride = tensorStride(memref, dimension);
      if (stride === undefined)
        throw new InternalError(`'${memref.type}' has a stride without a value`);
      return typeof stride === 'number' ? stride : known.expression(stride);
    });
  }
  let constant = 1;
  let parameters: Expression | undefined;
  const strides: (number | Expression)[] = [];
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    strides.unshift(parameters === undefined ? constant : scaled(parameters, constant)!);
    const extent = dimension === 0 ? 1 : tensorExtent(memref, dimension);
    if (typeof extent === 'number') constant *= extent;
    else if (extent === undefined)
      throw new InternalError(`'${memref.type}' has an extent without a value`);
    else parameters = strided(known.expression(extent), parameters ?? 1);
  }
  return strides;
}

/** `x * stride` */
function strided(
  expression: Expression | undefined,
  stride: number | Expression,
): Expression | undefined {
  if (typeof stride === 'number') return scaled(expression, stride);
  return expression && binary('*', multiplicative, expression, stride);
}

/** Follows sums, and products with constants, that are spelled out in place. */
function split(index: Value, known: KnownValues, isUniform: (value: Value) => boolean): SplitIndex {
  if (isUnrolledVariable(index)) {
    const unrolled = [{ variable: known.expression(index), factor: 1 }];
    return { uniform: undefined, own: undefined, unrolled };
  }
  const op = index.definingOp;
  if (op !== undefined && known.isInline(op)) {
    const parts = splitOperation(op, (operand) => split(operand, known, isUniform));
    if (parts !== undefined && isMixed(parts)) return parts;
  }
  const whole = nonZero(known.expression(index));
  return isUniform(index)
    ? { uniform: whole, own: undefined, unrolled: [] }
    : { uniform: undefined, own: whole, unrolled: [] };
}

/** The parts of a sum, or of a product with a constant. */
function splitOperation(
  op: Operation,
  splitOperand: (operand: Value) => SplitIndex,
): SplitIndex | undefined {
  if (op.name.text === 'arith.addi') {
    const [lhs, rhs] = op.operands.map(splitOperand);
    return {
      uniform: sum(lhs.uniform, rhs.uniform),
      own: sum(lhs.own, rhs.own),
      unrolled: [...lhs.unrolled, ...rhs.unrolled],
    };
  }
  const factor = op.name.text === 'arith.muli' ? constantOf(op.operand(1)) : undefined;
  if (factor === undefined) return undefined;
  const { uniform, own, unrolled } = splitOperand(op.operand(0));
  return {
    uniform: scaled(uniform, factor),
    own: scaled(own, factor),
    unrolled: scaledTerms(unrolled, factor),
  };
}

/** Whether there is something to add to a pointer in parts. */
function isMixed({ uniform, own, unrolled }: SplitIndex): boolean {
  return unrolled.length > 0 || (uniform !== undefined && own !== undefined);
}

function isUnrolledVariable(value: Value): boolean {
  if (!(value instanceof BlockArgument) || value.index !== 0) return false;
  const loop = value.parentBlock.parentOp;
  return loop?.name.text === 'scf.for' && loop.hasAttribute(UNROLL);
}

function constantOf(value: Value): number | undefined {
  const attribute = value.definingOp?.getAttribute('value');
  return attribute instanceof IntegerAttr ? attribute.number : undefined;
}

function nonZero(expression: Expression): Expression | undefined {
  return expression.text === '0' ? undefined : expression;
}

/** `0 + x -> x` */
function sum(a: Expression | undefined, b: Expression | undefined): Expression | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return binary('+', additive, a, b);
}

/** `x * 1 -> x` */
function scaled(expression: Expression | undefined, factor: number): Expression | undefined {
  if (expression === undefined || factor === 1) return expression;
  return binary('*', multiplicative, expression, primary(`${factor}`));
}

function scaledTerms(terms: readonly UnrolledTerm[], factor: number): UnrolledTerm[] {
  return terms.map((term) => ({ ...term, factor: term.factor * factor }));
}
