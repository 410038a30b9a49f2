/**
 * What a caller must know to launch emitted kernels: written as JSON into the text's second line and by
 * `tile-translate --metadata`, and what every executor goes by.
 */

import { DYNAMIC, StridedLayoutAttr, type MemRefType } from '../../ir/index.js';
import type { EmitKind } from './instructions.js';

/** A number, or `?` where it is known only when the kernel runs. */
export type Extent = number | '?';

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

export interface KernelMetadata {
  /** The kernel's own name, without mangling. */
  readonly name: string;
  /** The host function that launches it. */
  readonly entry: string;
  /** Blocks in x, y and z. */
  readonly grid: readonly number[];
  /** Threads of one block in x, y and z. */
  readonly block: readonly number[];
  /** Dynamic shared memory of one block. */
  readonly sharedBytes: number;
  /** What `__launch_bounds__` promises the compiler. */
  readonly launchBounds: { readonly threads: number };
  /** In the order of the kernel's parameters: a pointer for each tensor, a value for each scalar. */
  readonly arguments: readonly KernelArgument[];
}

export interface LaunchMetadata {
  /** Of this form; raised by changes that a reader must know of. */
  readonly version: 1;
  readonly language: EmitKind;
  /** The architecture that the text was lowered for. */
  readonly arch: string;
  /** In the order in which they are launched. */
  readonly kernels: readonly KernelMetadata[];
}

const extentOf = (value: number): Extent => (value === DYNAMIC ? '?' : value);

/** Extents and strides of a tensor; dense and row-major where its type says nothing else. */
export function tensorExtents({ shape, layout }: MemRefType): {
  readonly shape: readonly Extent[];
  readonly strides: readonly Extent[];
} {
  const extents = shape.map(extentOf);
  if (layout instanceof StridedLayoutAttr)
    return { shape: extents, strides: layout.strides.map(extentOf) };
  const strides: Extent[] = [];
  let stride: Extent = 1;
  for (const extent of [...extents].reverse()) {
    strides.unshift(stride);
    stride = stride === '?' || extent === '?' ? '?' : stride * extent;
  }
  return { shape: extents, strides };
}
