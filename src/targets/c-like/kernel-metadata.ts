/** What a caller must know to launch an emitted kernel. */

export interface KernelArgument {
  readonly name: string;
  readonly kind: 'tensor' | 'scalar';
  /** As the IR spells it. */
  readonly elementType: string;
  /** Extents of a tensor; empty for a scalar. */
  readonly shape: readonly number[];
  readonly access: 'read' | 'write' | 'readwrite';
}

export interface KernelMetadata {
  /** The kernel's own name. */
  readonly name: string;
  /** The host function that launches it. */
  readonly entry: string;
  /** Blocks in x, y and z. */
  readonly grid: readonly number[];
  /** Threads of one block. */
  readonly threads: number;
  /** Dynamic shared memory of one block. */
  readonly sharedBytes: number;
  readonly arguments: readonly KernelArgument[];
}
