/**
 * What a caller must know to launch emitted kernels: written as JSON into the text's second line and by
 * `tile-translate --metadata`, and what every executor goes by.
 */

import {
  DYNAMIC,
  StridedLayoutAttr,
  type AffineOperator,
  type MemRefType,
} from '../../ir/index.js';
import type { EmitKind } from './instructions.js';

/** A number, the name of a scalar argument, or an operation on two of these. */
export type SizeExpression =
  number | string | readonly [operator: AffineOperator, lhs: SizeExpression, rhs: SizeExpression];

/** A size; `?` where nothing is known of it. */
export type Extent = SizeExpression;

/** A condition on a launch: the expression is 0, or at least 0. */
export interface LaunchCondition {
  readonly expression: SizeExpression;
  readonly relation: '== 0' | '>= 0';
}

export interface KernelArgument {
  readonly name: string;
  readonly kind: 'tensor' | 'scalar';
  /** As the IR spells it; a scalar `index` is an `i32` to the caller. */
  readonly elementType: string;
  /** Extents of a tensor; empty for a scalar. */
  readonly shape: readonly Extent[];
  /** Distance of neighbours in each dimension, in elements; empty for a scalar. */
  readonly strides: readonly Extent[];
  /** Bytes of which a tensor's start must be a multiple; 0 for a scalar. */
  readonly alignment: number;
  /** A tensor that is only written has no contents before. */
  readonly access: 'read' | 'write' | 'readwrite';
}

/** A tile in shared memory. Tiles that do not live at the same time may share bytes. */
export interface SharedTile {
  readonly name: string;
  /** First byte in the block's shared memory, and bytes with all of its versions. */
  readonly offset: number;
  readonly bytes: number;
}

export interface KernelMetadata {
  /** The kernel's own name, without mangling. */
  readonly name: string;
  /** The host function that launches it. */
  readonly entry: string;
  /** Blocks in x, y and z; where one is less than 1, nothing is to be launched. */
  readonly grid: readonly SizeExpression[];
  /** What must hold of arguments; absent where there is nothing. */
  readonly conditions?: readonly LaunchCondition[];
  /** Threads of one block in x, y and z. */
  readonly block: readonly number[];
  /** Dynamic shared memory of one block. */
  readonly sharedBytes: number;
  /** What lies where in it; absent where there is nothing. */
  readonly sharedTiles?: readonly SharedTile[];
  /** What `__launch_bounds__` promises the compiler. */
  readonly launchBounds: { readonly threads: number };
  /** In the order of the kernel's parameters: a pointer for each tensor, a value for each scalar. */
  readonly arguments: readonly KernelArgument[];
}

/** One launch by a host function. */
export interface LaunchStep {
  readonly kernel: string;
  /** Names of the function's arguments that the kernel gets, in the order of its parameters. */
  readonly operands: readonly string[];
}

/** A function on the host that launches kernels; its entry takes the arguments and a stream. */
export interface FunctionMetadata {
  readonly name: string;
  readonly entry: string;
  readonly arguments: readonly KernelArgument[];
  /** What it launches, in order; absent where it computes something or decides anything in between. */
  readonly launches?: readonly LaunchStep[];
}

export interface LaunchMetadata {
  /** Of this form; raised by changes that a reader must know of. */
  readonly version: 1;
  readonly language: EmitKind;
  /** The architecture that the text was lowered for. */
  readonly arch: string;
  /** In the order in which they are launched. */
  readonly kernels: readonly KernelMetadata[];
  /** Functions that launch several of them; absent where there are none. */
  readonly functions?: readonly FunctionMetadata[];
}

const extentOf = (value: number): Extent => (value === DYNAMIC ? '?' : value);

function product(a: Extent, b: Extent): Extent {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === '?' || b === '?') return '?';
  return a === 1 ? b : ['*', a, b];
}

/** Names of arguments by dimension. */
type Names = readonly (string | undefined)[];

/**
 * Extents and strides of a tensor; dense and row-major where its type says nothing else.
 * @param names of the arguments that are its run-time extents
 * @param strideNames of those that are its run-time strides
 */
export function describeShape(
  { shape, layout }: MemRefType,
  names: Names,
  strideNames: Names,
): {
  readonly shape: readonly Extent[];
  readonly strides: readonly Extent[];
} {
  const extents = shape.map((extent, dimension) => names[dimension] ?? extentOf(extent));
  const strides =
    layout instanceof StridedLayoutAttr
      ? layout.strides.map((stride, dimension) => strideNames[dimension] ?? extentOf(stride))
      : denseStrides(extents);
  return { shape: extents, strides };
}

/** Strides of a dense row-major tensor. */
function denseStrides(extents: readonly Extent[]): Extent[] {
  const strides: Extent[] = [];
  let stride: Extent = 1;
  for (const extent of [...extents].reverse()) {
    strides.unshift(stride);
    stride = product(stride, extent);
  }
  return strides;
}

/** Whether a tensor is dense and row-major for all values of the arguments. */
export function isDense({ shape, strides }: Pick<KernelArgument, 'shape' | 'strides'>): boolean {
  return JSON.stringify(strides) === JSON.stringify(denseStrides(shape));
}

/** The value of an expression for given values of arguments. */
export function evaluateSize(
  expression: SizeExpression,
  values: ReadonlyMap<string, number>,
): number {
  if (typeof expression === 'number') return expression;
  if (typeof expression === 'string') return values.get(expression) ?? NaN;
  const [operator, lhs, rhs] = expression;
  const [a, b] = [evaluateSize(lhs, values), evaluateSize(rhs, values)];
  switch (operator) {
    case '+':
      return a + b;
    case '*':
      return a * b;
    case 'mod':
      return a - b * Math.floor(a / b);
    case 'floordiv':
      return Math.floor(a / b);
    case 'ceildiv':
      return Math.ceil(a / b);
  }
}
