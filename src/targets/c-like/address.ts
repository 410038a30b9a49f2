/** Places in global and shared memory as C++ text: a pointer, what a thread adds to it, and what unrolled loops add. */

import {
  BlockArgument,
  IntegerAttr,
  StridedLayoutAttr,
  type MemRefType,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { tensorExtent } from '../../dialects/tile/kernel-extents.js';
import { InternalError } from '../../support/index.js';
import { binary, offsetPointer, PRECEDENCE, primary, type Expression } from './expression.js';

/** The attribute of loops that the compiler of the text unrolls, so that their variables become constants. */
export const UNROLL = 'tile.unroll';

/** What is known of values that have text already. */
export interface KnownValues {
  expression(value: Value): Expression;
  /** Whether the operation has no variable of its own and is spelled out where it is used. */
  isInline(op: Operation): boolean;
}

/** `variable * factor`, with the variable of an unrolled loop. */
interface UnrolledTerm {
  readonly variable: Expression;
  readonly factor: number;
}

/** An index as a sum of two parts. */
interface SplitIndex {
  /** The part that unrolling leaves; undefined where it is zero. */
  readonly rest: Expression | undefined;
  readonly unrolled: readonly UnrolledTerm[];
}

const { additive, multiplicative } = PRECEDENCE;

/**
 * `pointer + rest + i * 1024`. Adding the parts to the pointer one after the other, and not to each other first, lets
 * compilers put what is constant after unrolling into the instruction's offset: the sum of two `int` could wrap around.
 */
export function addressText(
  pointer: Expression,
  memref: Value,
  indices: readonly Value[],
  known: KnownValues,
): Expression {
  const strides = stridesOf(memref, known);
  let rest = offsetOf(memref.type as MemRefType);
  const unrolled: Expression[] = [];
  for (let dimension = indices.length - 1; dimension >= 0; dimension--) {
    const stride = strides[dimension];
    const index = split(indices[dimension], known);
    rest = sum(strided(index.rest, stride), rest);
    unrolled.unshift(
      ...index.unrolled.map(({ variable, factor }) =>
        typeof stride === 'number'
          ? scaled(variable, factor * stride)!
          : strided(scaled(variable, factor), stride)!,
      ),
    );
  }
  const start = rest === undefined ? pointer : offsetPointer(pointer, rest);
  return unrolled.reduce(offsetPointer, start);
}

/** Where the first element lies, counted from the pointer. */
function offsetOf({ layout }: MemRefType): Expression | undefined {
  return layout instanceof StridedLayoutAttr ? nonZero(primary(`${layout.offset}`)) : undefined;
}

/** Elements between neighbours along each dimension: products of extents, some of them parameters of the kernel. */
function stridesOf(memref: Value, known: KnownValues): (number | Expression)[] {
  const { shape, layout } = memref.type as MemRefType;
  if (layout instanceof StridedLayoutAttr) return [...layout.strides];
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
function split(index: Value, known: KnownValues): SplitIndex {
  if (isUnrolledVariable(index)) {
    return { rest: undefined, unrolled: [{ variable: known.expression(index), factor: 1 }] };
  }
  const whole: SplitIndex = { rest: nonZero(known.expression(index)), unrolled: [] };
  const op = index.definingOp;
  if (op === undefined || !known.isInline(op)) return whole;
  if (op.name.text === 'arith.addi') {
    const [lhs, rhs] = op.operands.map((operand) => split(operand, known));
    const unrolled = [...lhs.unrolled, ...rhs.unrolled];
    return unrolled.length === 0 ? whole : { rest: sum(lhs.rest, rhs.rest), unrolled };
  }
  const factor = op.name.text === 'arith.muli' ? constantOf(op.operand(1)) : undefined;
  if (factor === undefined) return whole;
  const { rest, unrolled } = split(op.operand(0), known);
  return unrolled.length === 0
    ? whole
    : { rest: scaled(rest, factor), unrolled: scaledTerms(unrolled, factor) };
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
