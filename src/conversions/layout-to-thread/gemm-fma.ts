/** `tile.gemm` without matrix instructions: each thread multiplies and adds for the elements of C that it holds. */

import { TileGemmOp, type TileFragmentType } from '../../dialects/generated/tile.js';
import {
  FloatType,
  StringAttr,
  type Operation,
  type ShapedType,
  type Type,
  type Value,
} from '../../ir/index.js';
import { splitModes, type Fragment } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import { operandOffset } from '../support/gemm.js';
import type { Index } from '../support/index-builder.js';
import type { IndexSum } from '../support/index-sum.js';
import { fragmentOf } from '../support/tiles.js';
import { FMA, fmaStep } from '../tile-to-layout/fma-plan.js';
import { convertRegisters, withAccumulator } from './accumulator.js';
import { threadBuilderAt } from './copy.js';
import { convertElement, signless } from './elements.js';
import { loadRun, sharedWidth } from './operand-loads.js';
import type { ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import { loadElement, moveVector, storeElement } from './transfer.js';

export function fmaPatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileGemmOp,
      {
        name: 'tile-gemm-to-fma',
        law: 'C += A * B is each thread adding to its elements of C the products of their rows and columns',
      },
      ({ op, c }, rewriter) => {
        if (op.getAttribute('instruction') !== StringAttr.get(FMA))
          return rewriter.notifyMatchFailure(op, 'the product is computed by matrix instructions');
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const product = new ScalarProduct(thread, op);
        const tile = rectangleOf(fragmentOf(c.type as TileFragmentType));
        if (tile === undefined) product.buildByElement();
        else product.buildByRectangle(tile);
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

/** The top-level value modes of C that run along M and along N, fastest first. */
interface Rectangle {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** The modes of a thread's rectangle of C; undefined where its elements form none, or not all exist. */
function rectangleOf(fragment: Fragment): Rectangle | undefined {
  const modes = splitModes(fragment.value, fragment.shape);
  if (typeof modes === 'string' || fragment.isMasked) return undefined;
  const tile = { rows: [] as number[], columns: [] as number[] };
  let leaf = 0;
  for (const [number, mode] of fragment.value.modes.entries()) {
    const own = modes.filter(
      (split) => split.leaf >= leaf && split.leaf < leaf + mode.shapes.length,
    );
    leaf += mode.shapes.length;
    const [alongM, alongN] = [0, 1].map((d) => own.some((split) => split.steps[d] !== 0));
    if (alongM && alongN) return undefined;
    if (mode.size > 1) (alongM ? tile.rows : tile.columns).push(number);
  }
  return tile;
}

/** One product of a thread. */
class ScalarProduct {
  private readonly a: Value;
  private readonly b: Value;
  private readonly c: Value;
  private readonly fragment: Fragment;
  private readonly k: number;
  /** The type in which products are formed and summed, no narrower than any of the three. */
  private readonly type: Type;
  private readonly isATransposed: boolean;
  private readonly isBTransposed: boolean;

  constructor(
    private readonly thread: ThreadBuilder,
    op: Operation,
  ) {
    [this.a, this.b, this.c] = op.operands;
    this.fragment = fragmentOf(this.c.type as TileFragmentType);
    this.isATransposed = op.hasAttribute('transpose_a');
    this.isBTransposed = op.hasAttribute('transpose_b');
    this.k = (this.a.type as ShapedType).shape[this.isATransposed ? 0 : 1];
    this.type = signless(
      sumType(op.operands.map((operand) => (operand.type as ShapedType).elementType)),
    );
  }

  /** Element by element, each reading its row and its column. */
  buildByElement(): void {
    const { thread, c, fragment } = this;
    const registers = memoryOf(c);
    const { shape, elementType } = registers.type as ShapedType;
    thread.loops(
      shape.map((count, i) => ({ name: 'ijklmn'[i], count })),
      (indices) => {
        const { sums, isHeld } = thread.coordinates(fragment, [...indices].reverse());
        thread.conditional(isHeld, () => {
          const before = convertElement(
            thread.builder,
            loadElement(thread, registers, indices),
            this.type,
          );
          const total = thread.sum('k', this.k, before, (k, sum) => {
            const along: IndexSum = [{ value: k, coefficient: 1, extent: this.k }];
            const left = this.element(this.a, sums[0], along, this.isATransposed);
            const right = this.element(this.b, sums[1], along, !this.isBTransposed);
            return this.multiplyAdd(left, right, sum);
          });
          const after = convertElement(thread.builder, total, elementType);
          storeElement(thread, after, registers, indices);
        });
      },
    );
  }

  /** Rows and columns of the thread's rectangle go to registers, then all their products are added. */
  buildByRectangle(rectangle: Rectangle): void {
    withAccumulator(this.thread, memoryOf(this.c), this.type, (sums) =>
      this.addProducts(rectangle, sums),
    );
  }

  private addProducts({ rows, columns }: Rectangle, sums: Value): void {
    const { thread, k } = this;
    const step = fmaStep(k);
    const { modes } = this.fragment.value;
    const counts = [...columns, ...rows].map((mode, i) => ({
      name: 'jqip'[i] ?? 'r',
      count: modes[mode].size,
    }));
    const body = (variable: Index): void => {
      const from: IndexSum = [{ value: variable, coefficient: step, extent: k / step }];
      const left = this.loadSide(this.a, 0, rows, from, step, this.isATransposed, 'a');
      const right = this.loadSide(this.b, 1, columns, from, step, !this.isBTransposed, 'b');
      thread.loop('s', step, (inner) =>
        thread.loops([...counts].reverse(), (variables) => {
          const digits = [...variables].reverse();
          const position = modes.map((): Index => 0);
          [...columns, ...rows].forEach((mode, i) => (position[mode] = digits[i]));
          const place = [...position].reverse();
          const total = this.multiplyAdd(
            left(digits.slice(columns.length), inner),
            right(digits.slice(0, columns.length), inner),
            loadElement(thread, sums, place),
          );
          storeElement(thread, total, sums, place);
        }),
      );
    };
    thread.loop('k', k / step, body, { isUnrolled: false });
  }

  /**
   * Loads a thread's rows of A or columns of B for `step` k from `from` on; gives access to the loaded elements by their
   * positions in `modes` and along k.
   */
  private loadSide(
    tile: Value,
    dimension: 0 | 1,
    modes: readonly number[],
    from: IndexSum,
    step: number,
    isKFirst: boolean,
    name: string,
  ): (digits: readonly Index[], k: Index) => Value {
    const { thread, fragment } = this;
    const { elementType } = tile.type as ShapedType;
    const sizes = modes.map((mode) => fragment.value.modes[mode].size);
    const place = (digits: readonly Index[]): IndexSum => {
      const position = fragment.value.modes.map((): Index => 0);
      modes.forEach((mode, i) => (position[mode] = digits[i]));
      return thread.coordinates(fragment, position).sums[dimension];
    };
    const counts = sizes.map((count, i) => ({ name: 'wi'[i] ?? 'r', count }));
    if (!isKFirst) {
      const loaded = thread.registers([...[...sizes].reverse(), step], elementType, name);
      thread.loops([...counts].reverse(), (variables) => {
        const outer = place([...variables].reverse());
        loadRun(thread, { tile, outer, k: from, isKFirst }, loaded, variables);
      });
      const converted = this.converted(loaded, name);
      return (digits, k) => loadElement(thread, converted, [...[...digits].reverse(), k]);
    }
    // Neighbouring rows or columns lie next to each other in memory and are read together.
    const isVector =
      this.isNeighbourly(modes[0], dimension) && sharedWidth(tile, 1) % sizes[0] === 0;
    const width = isVector ? sizes[0] : 1;
    const loaded = thread.registers([step, ...[...sizes].reverse()], elementType, name);
    const outerCounts = isVector ? counts.slice(1) : counts;
    thread.loop('s', step, (s) =>
      thread.loops([...outerCounts].reverse(), (variables) => {
        const digits = [...(isVector ? [0] : []), ...[...variables].reverse()];
        const k = [...from, { value: s, coefficient: 1, extent: step }];
        const offset = operandOffset(thread, tile, place(digits), k, true);
        const at = [s, ...[...digits].reverse()];
        if (width > 1) moveVector(thread, memoryOf(tile), [offset], loaded, at, width);
        else storeElement(thread, loadElement(thread, memoryOf(tile), [offset]), loaded, at);
      }),
    );
    const converted = this.converted(loaded, name);
    return (digits, k) => loadElement(thread, converted, [k, ...[...digits].reverse()]);
  }

  /** The same registers in the type of the sum. */
  private converted(registers: Value, name: string): Value {
    const { shape, elementType } = registers.type as ShapedType;
    if (elementType === this.type) return registers;
    const converted = this.thread.registers(shape, this.type, name);
    convertRegisters(this.thread, registers, converted);
    return converted;
  }

  /** Whether a value mode steps by one, and all else by multiples of its extent. */
  private isNeighbourly(mode: number | undefined, dimension: number): boolean {
    if (mode === undefined) return false;
    const { value, thread, shape } = this.fragment;
    const { size, shapes, strides } = value.modes[mode];
    const split = [splitModes(value, shape), splitModes(thread, shape)];
    if (split.some((modes) => typeof modes === 'string') || shapes.length !== 1) return false;
    const unit = dimension === 1 ? 1 : shape[1];
    const steps = split.flatMap((modes) =>
      (modes as { steps: readonly number[] }[]).map((m) => m.steps[dimension]),
    );
    return strides[0] === unit && steps.filter((other) => other % size !== 0).length === 1;
  }

  /** One element of an operand, in the type of the sum. */
  private element(tile: Value, outer: IndexSum, k: IndexSum, isKFirst: boolean): Value {
    const { thread } = this;
    const offset = operandOffset(thread, tile, outer, k, isKFirst);
    return convertElement(thread.builder, loadElement(thread, memoryOf(tile), [offset]), this.type);
  }

  private multiplyAdd(left: Value, right: Value, sum: Value): Value {
    const { builder } = this.thread;
    const resultTypes = [this.type];
    if (this.type instanceof FloatType)
      return builder.create('math.fma', { operands: [left, right, sum], resultTypes }).result;
    const { result } = builder.create('arith.muli', { operands: [left, right], resultTypes });
    return builder.create('arith.addi', { operands: [sum, result], resultTypes }).result;
  }
}

/** f64 where one of them is, else f32; for integers the type of C. */
function sumType(types: readonly Type[]): Type {
  const c = types[2];
  if (!(c instanceof FloatType)) return c;
  const isWide = types.some((type) => type instanceof FloatType && type.width === 64);
  return FloatType.get(isWide ? 'f64' : 'f32');
}
