/** A kernel on its way to closures: where its values live, how its blocks run, and how its errors are reported. */

import {
  createDiagnostic,
  DiagnosticError,
  InternalError,
  type Diagnostic,
} from '../../support/index.js';
import {
  DenseArrayAttr,
  isShapedType,
  type Block,
  type Operation,
  type ShapedType,
  type Type,
  type Value,
} from '../../ir/index.js';
import { elementCount, elementFormat, type ElementFormat } from '../numerics/index.js';
import { Buffer, viewOf, type AccessConflict, type View } from './buffer.js';

/** Does what an operation means, once. */
export type Step = () => void;

/** Turns an operation into what it does; reports an error where it means nothing. */
export type Evaluator = (op: Operation, scope: Compilation) => Step;
export type EvaluatorTable = ReadonlyMap<string, Evaluator>;

/** Bounds on what a program may take, so that a wrong one ends with a message. */
export interface Limits {
  /** Iterations of all loops together. */
  readonly steps: number;
  /** Bytes of tiles and arguments, as the interpreter holds them. */
  readonly memoryBytes: number;
}

/** Depth of nested regions beyond which a program is refused rather than overflowing the stack. */
const MAX_NESTING = 500;

/** The body of a block without its terminator. */
export interface CompiledBlock {
  readonly run: Step;
  readonly terminator: Operation | undefined;
}

/** Reports an error at an operation and abandons the program. */
export function fail(op: Operation, message: string, notes: readonly Diagnostic[] = []): never {
  throw new DiagnosticError(createDiagnostic('error', op.location.position(), message, notes));
}

/** `'%name'`, or the operand's type where it has no name. */
export function describe(value: Value): string {
  return value.name === undefined ? `a value of type '${value.type}'` : `'%${value.name}'`;
}

export class Compilation {
  /** Floats, integers of up to 32 bits and indices, by slot. */
  readonly numbers: Float64Array;
  /** Views of buffers and bigints, by slot. */
  readonly objects: unknown[];
  /** Iterations run so far. */
  steps = 0;
  /** Number of the running `tile.parallel` iteration, counted over the whole program; 0 outside. */
  iteration = 0;
  /** Number of the next iteration of any `tile.parallel`. */
  nextIteration = 1;
  /** The running `tile.parallel`; the numbers of its iterations begin after `parallelBase`. */
  parallelOp: Operation | undefined;
  parallelBase = 0;
  parallelExtents: readonly number[] = [];

  private readonly slots: Map<Value, number>;
  /** Bytes by the operation or argument that takes them. */
  private readonly allocated = new Map<Operation | Value, number>();
  private usedBytes = 0;
  private depth = 0;

  constructor(
    private readonly root: Operation,
    private readonly evaluators: EvaluatorTable,
    readonly limits: Limits,
    /** Called with what the program prints, a line each. */
    readonly print: (line: string) => void = () => {},
    slots?: Map<Value, number>,
  ) {
    this.slots = slots ?? new Map<Value, number>();
    if (slots === undefined) this.numberValues();
    this.numbers = new Float64Array(this.slots.size);
    this.objects = new Array<unknown>(this.slots.size);
  }

  private numberValues(): void {
    this.root.walk((op) => {
      for (const result of op.results) this.slots.set(result, this.slots.size);
      for (const region of op.regions) {
        for (const block of region.blocks()) {
          for (const argument of block.arguments) this.slots.set(argument, this.slots.size);
        }
      }
    });
  }

  /** The same root for another thread, with the values that this one has now. */
  forThread(): Compilation {
    const { root, evaluators, limits, print, slots } = this;
    const scope = new Compilation(root, evaluators, limits, print, slots);
    scope.numbers.set(this.numbers);
    this.objects.forEach((object, slot) => (scope.objects[slot] = object));
    return scope;
  }

  /** An empty compilation of another root, under the same limits. */
  nested(root: Operation): Compilation {
    return new Compilation(root, this.evaluators, this.limits, this.print);
  }

  // Values

  slot(value: Value): number {
    const slot = this.slots.get(value);
    if (slot === undefined) throw new InternalError('a value from outside the kernel');
    return slot;
  }

  /** The element format of a scalar type; an error at `op` for other types. */
  format(type: Type, op: Operation): ElementFormat {
    return (
      elementFormat(type) ??
      fail(op, `values of type '${type}' cannot be interpreted at this level`)
    );
  }

  /** The format of a memref's or tile's elements. */
  elementFormat(type: Type, op: Operation): ElementFormat {
    this.shape(type, op);
    return this.format((type as ShapedType).elementType, op);
  }

  /** The shape of a memref or tile; run-time extents are in the view. */
  shape(type: Type, op: Operation): readonly number[] {
    if (!isShapedType(type)) fail(op, `expected a memref or a tile, found '${type}'`);
    return type.shape;
  }

  view(value: Value): () => View {
    const { objects } = this;
    const slot = this.slot(value);
    return () => objects[slot] as View;
  }

  /** Reads a scalar of an integer type or `index` as a number. */
  integer(value: Value, op: Operation): () => number {
    const slot = this.slot(value);
    const { numbers, objects } = this;
    if (this.format(value.type, op).isBig) return () => Number(objects[slot] as bigint);
    return () => numbers[slot];
  }

  /** Reads several scalars of integer types. */
  integers(values: readonly Value[], op: Operation): () => number[] {
    const readers = values.map((value) => this.integer(value, op));
    return () => readers.map((read) => read());
  }

  /** Sets a scalar of an integer type or `index`. */
  setInteger(value: Value, op: Operation): (number: number) => void {
    const slot = this.slot(value);
    const { numbers, objects } = this;
    if (this.format(value.type, op).isBig) return (number) => void (objects[slot] = BigInt(number));
    return (number) => void (numbers[slot] = number);
  }

  /** Copies values to where others live, all at once: a value may be among both. */
  moves(sources: readonly Value[], destinations: readonly Value[]): Step {
    const { numbers, objects } = this;
    const from = sources.map((value) => this.slot(value));
    const to = destinations.map((value) => this.slot(value));
    if (from.length === 0) return () => {};
    if (from.length === 1) {
      const [source] = from;
      const [destination] = to;
      return () => {
        numbers[destination] = numbers[source];
        objects[destination] = objects[source];
      };
    }
    const heldNumbers = new Float64Array(from.length);
    const heldObjects = new Array<unknown>(from.length);
    return () => {
      for (let i = 0; i < from.length; i++) {
        heldNumbers[i] = numbers[from[i]];
        heldObjects[i] = objects[from[i]];
      }
      for (let i = 0; i < to.length; i++) {
        numbers[to[i]] = heldNumbers[i];
        objects[to[i]] = heldObjects[i];
      }
    };
  }

  // Code

  compile(op: Operation): Step {
    const evaluator = this.evaluators.get(op.name.text);
    if (evaluator === undefined) {
      fail(op, `'${op.name}' has no meaning to the interpreter, which runs tile-level programs`);
    }
    return evaluator(op, this);
  }

  /** Compiles a block's operations; its terminator is left to the caller, who knows where its operands go. */
  block(block: Block): CompiledBlock {
    const owner = block.parentOp!;
    if (block.parentRegion!.hasOneBlock === false) {
      fail(
        owner,
        'regions of several blocks cannot be interpreted; expected structured control flow',
      );
    }
    if (++this.depth > MAX_NESTING) fail(owner, `regions are nested more than ${MAX_NESTING} deep`);
    const steps: Step[] = [];
    let terminator: Operation | undefined;
    for (const op of block.operations()) {
      if (op.isTerminator) terminator = op;
      else steps.push(this.compile(op));
    }
    this.depth--;
    const count = steps.length;
    if (count === 1) return { run: steps[0], terminator };
    const run = (): void => {
      for (let i = 0; i < count; i++) steps[i]();
    };
    return { run, terminator };
  }

  /** Counts `count` iterations of the loop `op` against the limit. */
  countSteps(op: Operation, count: number): void {
    this.steps += count;
    if (this.steps > this.limits.steps) {
      fail(op, `the program did not end within ${this.limits.steps} loop iterations`);
    }
  }

  // Memory

  /** Counts a buffer against the limit, once per place in the program that allocates; errors are reported at `op`. */
  reserve(
    op: Operation,
    owner: Operation | Value,
    shape: readonly number[],
    format: ElementFormat,
    what: string,
  ): void {
    // A value, and its byte of `defined`.
    const bytes = elementCount(shape) * ((format.storageBits === 64 ? 8 : 4) + 1);
    const known = this.allocated.get(owner) ?? 0;
    if (bytes > known) {
      this.usedBytes += bytes - known;
      this.allocated.set(owner, bytes);
    }
    const limit = this.limits.memoryBytes;
    if (this.usedBytes > limit) {
      fail(
        op,
        `${what} takes ${bytes} bytes, which goes beyond the interpreter's limit of ${limit}`,
      );
    }
  }

  /** A new tile, undefined throughout. */
  allocate(op: Operation, shape: readonly number[], format: ElementFormat): View {
    this.reserve(op, op, shape, format, 'the tile');
    return viewOf(
      new Buffer(format, shape, () =>
        op.note('the tile is allocated here; its contents are undefined until written'),
      ),
    );
  }

  /** Reports a conflict between two iterations of the running `tile.parallel`. */
  failConflict(
    op: Operation,
    conflict: AccessConflict,
    element: string,
    origin: Diagnostic,
  ): never {
    const loop = this.parallelOp!;
    const name = (iteration: number): string => {
      if (iteration === 0) return 'another one';
      let rest = iteration - this.parallelBase - 1;
      const indices = this.parallelExtents.map(() => 0);
      for (let dim = indices.length - 1; dim >= 0; dim--) {
        indices[dim] = rest % this.parallelExtents[dim];
        rest = Math.floor(rest / this.parallelExtents[dim]);
      }
      return `(${indices.join(', ')})`;
    };
    const what =
      conflict.kind === 'write-write' ? 'both write' : 'conflict: one writes, the other reads';
    fail(op, `iterations ${name(this.iteration)} and ${name(conflict.other)} ${what} ${element}`, [
      loop.note('iterations of this loop run in no particular order'),
      origin,
    ]);
  }
}

/** The operands of an operation by segment, as `operandSegmentSizes` divides them. */
export function operandSegments(op: Operation): Value[][] {
  const sizes = op.getAttribute('operandSegmentSizes');
  if (!(sizes instanceof DenseArrayAttr)) return [op.operands];
  let at = 0;
  return sizes.values.map((size) => op.operands.slice(at, (at += size)));
}
