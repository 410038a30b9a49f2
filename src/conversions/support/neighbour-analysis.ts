/**
 * What iterations of a parallel loop that follow each other along one dimension have in common: whether a value is the same
 * in all of them, or grows by a constant. Accesses of such iterations to neighbours in memory can be one vector access.
 */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { ArithCmpiOp, type ArithCmpiPredicate } from '../../dialects/generated/arith.js';
import { isSpeculatable } from '../../dialects/speculation.js';
import { BlockArgument, ownEffects, type Operation, type Value } from '../../ir/index.js';
import { greatestCommonDivisor } from '../../layout/index.js';
import { storageOf } from './views.js';

/** The value `first + step * n` of the n-th of the iterations. */
export interface Progression {
  readonly step: number;
  /** Divides the first value; 0 for the constant 0. */
  readonly divisor: number;
}

/** What compares a growing value on the left, and on the right, with a multiple of the count. */
const BELOW_OR_NOT: ReadonlySet<ArithCmpiPredicate> = new Set(['slt', 'sge', 'ult', 'uge']);
const ABOVE_OR_NOT: ReadonlySet<ArithCmpiPredicate> = new Set(['sle', 'sgt', 'ule', 'ugt']);

/** Of groups of `count` iterations, each beginning at a multiple of `count`. */
export class NeighbourAnalysis {
  private readonly known = new Map<Value, Progression | undefined>();
  private readonly body;
  private written: ReadonlySet<Value> | undefined;

  constructor(
    private readonly loop: Operation,
    private readonly dimension: number,
    private readonly count: number,
    private readonly facts: IntegerAnalysis,
  ) {
    this.body = loop.regions[0].entryBlock;
  }

  /** How a value changes from one iteration to the next; undefined where that is not known. */
  of(value: Value): Progression | undefined {
    if (this.known.has(value)) return this.known.get(value);
    const found = this.find(value);
    // What is the same in a group is a multiple of all that divides it in any iteration.
    const divisor = this.facts.of(value).divisor;
    const progression =
      found?.step === 0 && isMoreThan(divisor, found.divisor) ? { step: 0, divisor } : found;
    this.known.set(value, progression);
    return progression;
  }

  isSame(value: Value): boolean {
    return this.of(value)?.step === 0;
  }

  private find(value: Value): Progression | undefined {
    if (value instanceof BlockArgument) {
      if (value.owner === this.body && value.index === this.dimension)
        return { step: 1, divisor: this.count };
      const { parentOp } = value.owner;
      const isInside = parentOp !== null && this.loop.isProperAncestorOf(parentOp);
      return isInside ? undefined : { step: 0, divisor: 1 };
    }
    const op = value.definingOp!;
    if (!this.loop.isProperAncestorOf(op)) return { step: 0, divisor: 1 };
    return this.ofResult(op);
  }

  private ofResult(op: Operation): Progression | undefined {
    if (op.regions.length > 0 || !(isSpeculatable(op) || this.isFixedLoad(op))) return undefined;
    if (op.name.text === 'tile.load') return { step: 0, divisor: 1 };
    const operands = op.operands.map((operand) => this.of(operand));
    if (operands.every((operand) => operand?.step === 0)) return this.ofSame(op, operands);
    const [a, b] = operands;
    if (a === undefined || b === undefined) return undefined;
    switch (op.name.text) {
      case 'arith.addi':
        return { step: a.step + b.step, divisor: greatestCommonDivisor(a.divisor, b.divisor) };
      case 'arith.subi':
        return { step: a.step - b.step, divisor: greatestCommonDivisor(a.divisor, b.divisor) };
      case 'arith.muli':
        return this.scaled(a, op.operand(1)) ?? this.scaled(b, op.operand(0));
      case 'arith.cmpi':
        return this.isSettled(op, a, b) ? { step: 0, divisor: 1 } : undefined;
      default:
        return this.divided(op, a);
    }
  }

  /** A load that every iteration makes, of what none of them changes. */
  private isFixedLoad(op: Operation): boolean {
    if (op.name.text !== 'tile.load' || op.parentOp !== this.loop) return false;
    this.written ??= writtenStorage(this.loop);
    return (
      !this.written.has(storageOf(op.operand(0))) &&
      op.operands.slice(1).every((index) => this.isSame(index))
    );
  }

  /** The result where all operands are the same in a group. */
  private ofSame(op: Operation, operands: readonly (Progression | undefined)[]): Progression {
    const [a, b] = operands;
    const isQuotient = op.name.text.startsWith('arith.div') || op.name.text === 'arith.floordivsi';
    const by = isQuotient ? this.facts.constantOf(op.operand(1)) : undefined;
    if (by !== undefined && a!.divisor % by === 0) return { step: 0, divisor: a!.divisor / by };
    const isSum = op.name.text === 'arith.addi' || op.name.text === 'arith.subi';
    if (isSum) return { step: 0, divisor: greatestCommonDivisor(a!.divisor, b!.divisor) };
    if (op.name.text === 'arith.muli') return { step: 0, divisor: a!.divisor * b!.divisor };
    return { step: 0, divisor: 1 };
  }

  /** `x * c` */
  private scaled({ step, divisor }: Progression, by: Value): Progression | undefined {
    const factor = this.facts.constantOf(by);
    if (factor === undefined) return undefined;
    return { step: step * factor, divisor: divisor * Math.abs(factor) };
  }

  /** Quotients and remainders by a constant of which no multiple lies within a group. */
  private divided(op: Operation, { step, divisor }: Progression): Progression | undefined {
    const by = op.operandCount === 2 ? this.facts.constantOf(op.operand(1)) : undefined;
    if (by === undefined || by < 1 || step < 0) return undefined;
    // A number is at least this much below the next multiple.
    const room = greatestCommonDivisor(divisor, by);
    if (step * (this.count - 1) >= room) return undefined;
    const isFloored = op.name.text === 'arith.floordivsi';
    if (!isFloored && this.facts.of(op.operand(0)).min < 0) return undefined;
    switch (op.name.text) {
      case 'arith.floordivsi':
      case 'arith.divsi':
      case 'arith.divui':
        return { step: 0, divisor: divisor % by === 0 ? divisor / by : 1 };
      case 'arith.remsi':
      case 'arith.remui':
        return { step, divisor: room };
      default:
        return undefined;
    }
  }

  /** A group that begins at a multiple of its count lies on one side of any other multiple. */
  private isSettled(op: Operation, a: Progression, b: Progression): boolean {
    const { predicate } = new ArithCmpiOp(op);
    const { count } = this;
    if (a.divisor % count !== 0 || b.divisor % count !== 0) return false;
    if (a.step === 1 && b.step === 0) return BELOW_OR_NOT.has(predicate);
    return a.step === 0 && b.step === 1 && ABOVE_OR_NOT.has(predicate);
  }
}

/** Tensors, and tiles that are storage, to which a loop writes. */
export function writtenStorage(loop: Operation): ReadonlySet<Value> {
  const written = new Set<Value>();
  loop.walk((op) => {
    for (const { kind, value } of ownEffects(op) ?? [])
      if (kind === 'write' && value !== undefined) written.add(storageOf(value));
  });
  return written;
}

function isMoreThan(a: number, b: number): boolean {
  return b !== 0 && (a === 0 || a > b);
}
