/** Converts types for dialect conversion, and says how to bridge values of the old and the new types. */

import type { Location, Operation, Type, Value } from '../ir/index.js';
import type { Rewriter } from './rewriter.js';

/**
 * One rule: the type or types that stand for a type (an empty list drops values of that type), `null` where the type
 * cannot be converted, or undefined where the rule does not apply.
 */
export type TypeConversion = (type: Type) => Type | readonly Type[] | null | undefined;

/** Builds a value of type `type` out of `inputs` at the rewriter's insertion point, or undefined where it cannot. */
export type Materialization = (
  rewriter: Rewriter,
  type: Type,
  inputs: readonly Value[],
  location: Location,
) => Value | undefined;

/** What a block's arguments become: for each old argument the range of new ones that stand for it. */
export interface SignatureConversion {
  readonly types: readonly Type[];
  readonly ranges: readonly { readonly start: number; readonly count: number }[];
}

export class TypeConverter {
  private readonly conversions: TypeConversion[] = [];
  private readonly cache = new Map<Type, readonly Type[] | null>();
  private readonly sources: Materialization[] = [];
  private readonly targets: Materialization[] = [];
  private readonly arguments: Materialization[] = [];

  /** Adds a rule; the rule added last is asked first. */
  addConversion(conversion: TypeConversion): this {
    this.conversions.unshift(conversion);
    this.cache.clear();
    return this;
  }

  /** Builds a value of an old type out of converted values, for users that still want it. */
  addSourceMaterialization(materialization: Materialization): this {
    this.sources.unshift(materialization);
    return this;
  }

  /** Builds a value of a converted type out of an old value. */
  addTargetMaterialization(materialization: Materialization): this {
    this.targets.unshift(materialization);
    return this;
  }

  /** Builds the old argument of a block out of its new arguments. */
  addArgumentMaterialization(materialization: Materialization): this {
    this.arguments.unshift(materialization);
    return this;
  }

  /** The types that stand for `type`, or null where no rule says so. */
  convert(type: Type): readonly Type[] | null {
    let converted = this.cache.get(type);
    if (converted === undefined) {
      converted = this.ask(type);
      this.cache.set(type, converted);
    }
    return converted;
  }

  private ask(type: Type): readonly Type[] | null {
    for (const conversion of this.conversions) {
      const answer = conversion(type);
      if (answer === undefined) continue;
      if (answer === null) return null;
      return Array.isArray(answer) ? (answer as readonly Type[]) : [answer as Type];
    }
    return null;
  }

  /** The one type that stands for `type`, or null where there is none or not exactly one. */
  convertType(type: Type): Type | null {
    const converted = this.convert(type);
    return converted?.length === 1 ? converted[0] : null;
  }

  /** All types converted, one after the other, or null where one cannot be. */
  convertTypes(types: readonly Type[]): readonly Type[] | null {
    const all: Type[] = [];
    for (const type of types) {
      const converted = this.convert(type);
      if (converted === null) return null;
      all.push(...converted);
    }
    return all;
  }

  isLegalType(type: Type): boolean {
    const converted = this.convert(type);
    return converted?.length === 1 && converted[0] === type;
  }

  /** Whether the types of all operands and results are legal. */
  isLegalOp(op: Operation): boolean {
    return (
      op.opOperands.every((operand) => this.isLegalType(operand.value.type)) &&
      op.results.every((result) => this.isLegalType(result.type))
    );
  }

  /** Whether all arguments of all blocks of the operation's regions are legal. */
  isLegalSignature(op: Operation): boolean {
    return op.regions.every((region) =>
      [...region.blocks()].every((block) =>
        block.arguments.every((argument) => this.isLegalType(argument.type)),
      ),
    );
  }

  convertSignature(types: readonly Type[]): SignatureConversion | null {
    const converted: Type[] = [];
    const ranges: { start: number; count: number }[] = [];
    for (const type of types) {
      const parts = this.convert(type);
      if (parts === null) return null;
      ranges.push({ start: converted.length, count: parts.length });
      converted.push(...parts);
    }
    return { types: converted, ranges };
  }

  materialize(
    kind: 'source' | 'target' | 'argument',
    rewriter: Rewriter,
    type: Type,
    inputs: readonly Value[],
    location: Location,
  ): Value | undefined {
    // An argument without rules of its own is a source like any other.
    const rules =
      kind === 'target'
        ? this.targets
        : kind === 'argument'
          ? [...this.arguments, ...this.sources]
          : this.sources;
    for (const rule of rules) {
      const value = rule(rewriter, type, inputs, location);
      if (value !== undefined) return value;
    }
    return undefined;
  }
}
