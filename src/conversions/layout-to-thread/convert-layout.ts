/** `layout.convert` without shared memory: registers renamed, or exchanged between the lanes of a warp. */

import { GpuShuffleOp } from '../../dialects/generated/gpu.js';
import { LayoutConvertOp } from '../../dialects/generated/layout.js';
import type { TileFragmentType } from '../../dialects/generated/tile.js';
import { i32, IntegerAttr, type ShapedType, type Type, type Value } from '../../ir/index.js';
import {
  layoutOfValues,
  planConversion,
  type Fragment,
  type RegisterChoice,
  type ShufflePlan,
  type ShuffleSource,
} from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import type { Index } from '../support/index-builder.js';
import { fragmentOf } from '../support/tiles.js';
import { threadBuilderAt } from './copy.js';
import { zeroOf } from './elements.js';
import { isInLanes, laneTable } from './lanes.js';
import type { ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import { loadElement, storeElement } from './transfer.js';

export function convertLayoutPatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      LayoutConvertOp,
      {
        name: 'layout-convert-to-thread',
        law: 'a conversion is each thread taking what it shall hold from the registers of its warp',
      },
      ({ op, source, destination }, rewriter) => {
        const from = fragmentOf(source.type as TileFragmentType);
        const to = fragmentOf(destination.type as TileFragmentType);
        const conversion = planConversion(from, to, warpSize);
        if (conversion.kind === 'shared')
          return rewriter.notifyMatchFailure(op, 'elements cross warps and there is no staging');
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const move = new RegisterMove(thread, [from, to], memoryOf(source), memoryOf(destination));
        if (conversion.kind === 'identity')
          move.permute(Array.from({ length: to.registers }, (_, register) => register));
        else if (conversion.kind === 'registers') move.permute([...conversion.permutation]);
        else move.exchange(conversion.plan);
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

/** Moves between two register arrays, addressed by flat register numbers. */
class RegisterMove {
  private readonly type: Type;
  private readonly fromShape: readonly number[];
  private readonly toShape: readonly number[];

  constructor(
    private readonly thread: ThreadBuilder,
    private readonly fragments: readonly [from: Fragment, to: Fragment],
    private readonly from: Value,
    private readonly to: Value,
  ) {
    const [source, destination] = [from.type as ShapedType, to.type as ShapedType];
    this.type = source.elementType;
    this.fromShape = source.shape;
    this.toShape = destination.shape;
  }

  /** Register `r` of the destination is register `permutation[r]` of the source; -1 where it holds nothing. */
  permute(permutation: readonly number[]): void {
    const { thread } = this;
    const layout = permutation.includes(-1) ? undefined : layoutOfValues(permutation);
    if (layout === undefined) {
      permutation.forEach((register, into) => {
        if (register !== -1) this.copy(into, register);
      });
      return;
    }
    const names = layout.shapes.map((count, leaf) => ({ name: 'ijklmn'[leaf] ?? 'r', count }));
    thread.loops([...names].reverse(), (variables) => {
      const digits = [...variables].reverse();
      let stride = 1;
      const into = digits.map((digit, leaf) => {
        const term = thread.index.multiply(digit, stride);
        stride *= layout.shapes[leaf];
        return term;
      });
      const source = digits.map((digit, leaf) =>
        thread.index.multiply(digit, layout.strides[leaf]),
      );
      this.copy(thread.index.sum(into), thread.index.sum(source));
    });
  }

  /** Copies a register where the destination holds an element in it: only that was ever written. */
  private copy(into: Index, from: Index): void {
    const { thread, fragments } = this;
    const isHeld = thread.isHeld(fragments[1], [into], [fragments[1].registers]);
    thread.conditional(isHeld, () => this.write(into, this.read(from)));
  }

  /** Carries out the rounds of an exchange; a register that several rounds fill takes each in its lanes. */
  exchange(plan: ShufflePlan): void {
    const { thread } = this;
    const filled = new Map<number, Value>();
    for (const { source, send, receive } of plan.rounds) {
      const sent = this.choose(send);
      const received = this.shuffle(sent, source);
      for (const { register, lanes } of receive) {
        const before = filled.get(register);
        filled.set(
          register,
          before === undefined ? received : this.select(isInLanes(thread, lanes), received, before),
        );
      }
    }
    for (const [register, value] of filled) this.write(register, value);
  }

  /** The register that the thread's lane sends. */
  private choose([first, ...others]: readonly RegisterChoice[]): Value {
    return others.reduce(
      (value, { register, lanes }) =>
        this.select(isInLanes(this.thread, lanes), this.readHeld(register), value),
      this.readHeld(first.register),
    );
  }

  /** A register, or zero where the thread's lane holds nothing in it. */
  private readHeld(register: number): Value {
    const { thread, fragments } = this;
    return thread.conditionalValue(
      thread.isHeld(fragments[0], [register], [fragments[0].registers]),
      this.type,
      () => this.read(register),
      () => zeroOf(thread.builder, this.type),
    );
  }

  private select(condition: Value | undefined, then: Value, otherwise: Value): Value {
    if (condition === undefined) return then;
    return this.thread.builder.create('arith.select', {
      operands: [condition, then, otherwise],
      resultTypes: [this.type],
    }).result;
  }

  private shuffle(value: Value, source: ShuffleSource): Value {
    if (source.kind === 'own') return value;
    const { builder, index } = this.thread;
    const constant = (number: number): Value =>
      builder.create('arith.constant', {
        resultTypes: [i32],
        attributes: { value: IntegerAttr.get(number, i32) },
      }).result;
    const offset =
      source.kind === 'xor'
        ? constant(source.mask)
        : builder.create('arith.index_cast', {
            operands: [index.value(laneTable(this.thread, source.lanes))],
            resultTypes: [i32],
          }).result;
    return GpuShuffleOp.build(builder, {
      value,
      offset,
      width: constant(this.thread.warpSize),
      mode: source.kind === 'xor' ? 'xor' : 'idx',
    }).op.results[0];
  }

  private read(register: Index): Value {
    const size = this.fromShape.reduce((product, extent) => product * extent, 1);
    return loadElement(
      this.thread,
      this.from,
      this.thread.regroup([register], [size], this.fromShape),
    );
  }

  private write(register: Index, value: Value): void {
    const size = this.toShape.reduce((product, extent) => product * extent, 1);
    storeElement(
      this.thread,
      value,
      this.to,
      this.thread.regroup([register], [size], this.toShape),
    );
  }
}
