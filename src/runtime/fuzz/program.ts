/** Tile programs as data that can be generated, made smaller and printed. */

/** A sum of variables times constants: `4 * bx + k - 1`. */
export interface IndexExpression {
  readonly terms: readonly { readonly variable: string; readonly coefficient: number }[];
  readonly constant: number;
}

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: string;
  /** Of run-time extents, the argument that the extent is; an empty name is one without an argument. */
  readonly sizes?: readonly (string | undefined)[];
}

/** Local tiles are arrays of each thread. */
export type Scope = 'shared' | 'fragment' | 'local';

export interface Tile extends Omit<Tensor, 'sizes'> {
  readonly scope: Scope;
  /** The storage of another tile under this shape, or also under this element type. */
  readonly alias?: { readonly form: 'reshape' | 'view'; readonly of: string };
  /** Where the author wants its elements: the text behind the tile of an annotation. */
  readonly layout?: string;
}

/** A tile or a tensor by name; indices for tensors only. */
export interface Place {
  readonly of: string;
  readonly indices?: readonly IndexExpression[];
}

/** One operation of a parallel loop's body. */
export interface ScalarOperation {
  readonly result?: string;
  /** Type of the result, `index` included. */
  readonly type?: string;
  /** The line without the result: values as `%name`. */
  readonly text: string;
  /** Names of tiles and tensors that it accesses. */
  readonly accesses?: readonly string[];
}

/** Words of an operation that are printed as they are: attributes without or with a value. */
type Attributes = readonly string[];

/** Where a pipeline by hand puts an operation: the iterations it works behind, and its rank within one iteration. */
export interface Placement {
  readonly stage: number;
  /** Only which of two numbers is smaller counts. */
  readonly order: number;
}

/** A statement; in a pipeline by hand with the places of the operations that it is printed as. */
export type Statement = PlainStatement & { readonly placements?: readonly Placement[] };

type PlainStatement =
  | {
      readonly kind: 'copy';
      readonly from: Place;
      readonly to: Place;
      /** The tensor's dimension for each of the tile's; the last ones where it is left out. */
      readonly dims?: readonly number[];
      readonly attributes?: Attributes;
    }
  | { readonly kind: 'clear'; readonly tile: string }
  | { readonly kind: 'fill'; readonly tile: string; readonly value: number }
  | {
      readonly kind: 'gemm';
      readonly a: string;
      readonly b: string;
      readonly c: string;
      readonly attributes: Attributes;
    }
  /** A reduction or a scan. */
  | {
      readonly kind: 'combine';
      readonly form: 'reduce' | 'scan';
      readonly operation: string;
      readonly from: string;
      readonly to: string;
      readonly dim: number;
      readonly attributes: Attributes;
    }
  | {
      readonly kind: 'transpose';
      readonly from: string;
      readonly to: string;
      readonly permutation?: readonly number[];
    }
  | {
      readonly kind: 'atomic';
      readonly operation: string;
      readonly from: string;
      readonly to: Place;
      readonly attributes: Attributes;
    }
  /** One element read and written outside of parallel loops, or a number added to it. */
  | {
      readonly kind: 'element';
      readonly from: Place;
      readonly to: Place;
      readonly form: 'store' | 'atomic';
    }
  | {
      readonly kind: 'parallel';
      readonly extents: readonly number[];
      readonly body: readonly ScalarOperation[];
    }
  | {
      readonly kind: 'loop';
      readonly form: 'pipelined' | 'for' | 'while';
      readonly variable: string;
      readonly from: number;
      readonly to: number;
      readonly step: number;
      readonly stages: number;
      /** The argument that is the upper bound. */
      readonly size?: string;
      readonly body: readonly Statement[];
    }
  /** Runs its body where `variable < bound`, else the other one. */
  | {
      readonly kind: 'if';
      readonly variable: string;
      readonly bound: number;
      readonly body: readonly Statement[];
      readonly otherwise?: readonly Statement[];
    }
  | { readonly kind: 'assert' }
  /** What is left of a loop that was unwrapped. */
  | { readonly kind: 'let'; readonly variable: string; readonly value: number }
  | { readonly kind: 'rasterize'; readonly order: 'row' | 'column'; readonly panel: number }
  /** Without a number as many blocks as the target has multiprocessors. */
  | { readonly kind: 'persistent'; readonly blocks?: number };

/** A run-time extent that is an argument. */
export interface Size {
  readonly name: string;
  readonly value: number;
  /** What `tile.assume` says of it: constraints on `d0`. */
  readonly facts: readonly string[];
}

export interface Kernel {
  readonly name: string;
  /** Extents of the grid; its indices are called bx, by, bz. */
  readonly grid: readonly number[];
  /** Those that are computed from an argument: its rounded-up quotient. */
  readonly gridSizes?: readonly ({ readonly size: string; readonly divisor: number } | undefined)[];
  readonly threads: number;
  readonly sizes: readonly Size[];
  readonly tensors: readonly Tensor[];
  readonly tiles: readonly Tile[];
  readonly body: readonly Statement[];
}

export interface Program {
  /** A function on the host launches them in order where there are several. */
  readonly kernels: readonly Kernel[];
  /** Whether all sums of the program are exact in any order, so that executors must agree to the last bit. */
  readonly isExact: boolean;
  /** Settings of a schedule as `tile-run --schedule-set` takes them; the simulator runs the program with them. */
  readonly schedule: readonly string[];
}

export const BLOCK_INDICES = ['bx', 'by', 'bz'];

/** The bodies of a statement. */
export function bodiesOf(statement: Statement): (readonly Statement[])[] {
  if (statement.kind === 'loop') return [statement.body];
  if (statement.kind !== 'if') return [];
  return statement.otherwise === undefined
    ? [statement.body]
    : [statement.body, statement.otherwise];
}

/** Every statement, the outer ones first. */
export function* allStatements(body: readonly Statement[]): Generator<Statement> {
  for (const statement of body) {
    yield statement;
    for (const inner of bodiesOf(statement)) yield* allStatements(inner);
  }
}

/** Names of the tiles and tensors that a statement itself names. */
export function namesIn(statement: Statement): string[] {
  switch (statement.kind) {
    case 'copy':
    case 'element':
      return [statement.from.of, statement.to.of];
    case 'clear':
    case 'fill':
      return [statement.tile];
    case 'gemm':
      return [statement.a, statement.b, statement.c];
    case 'combine':
    case 'transpose':
      return [statement.from, statement.to];
    case 'atomic':
      return [statement.from, statement.to.of];
    case 'parallel':
      return statement.body.flatMap((op) => op.accesses ?? []);
    default:
      return [];
  }
}

/** The run-time extents of the kernels' tensors by name, for the launch that a test makes. */
export function sizeValues({ kernels }: Program): Map<string, number> {
  return new Map(kernels.flatMap(({ sizes }) => sizes.map(({ name, value }) => [name, value])));
}

/** The shapes of tensors of which an extent has no name. */
export function unnamedShapes({ kernels }: Program): Map<string, readonly number[]> {
  const tensors = kernels.flatMap((kernel) => kernel.tensors);
  return new Map(
    tensors.filter(({ sizes }) => sizes?.includes('')).map(({ name, shape }) => [name, shape]),
  );
}
