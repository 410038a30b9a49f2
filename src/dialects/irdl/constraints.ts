/** Constraints of IRDL: each is a variable that stands for one type or attribute wherever it is used. */

import {
  DialectAttr,
  DialectType,
  TypeAttr,
  type Attribute,
  type Parameter,
  type Type,
} from '../../ir/index.js';
import { registeredAttributeName, registeredTypeName } from './registered-names.js';

/** What a constraint accepts; others are referred to by their positions. */
export type IrdlConstraint =
  | { readonly kind: 'any' }
  | { readonly kind: 'is'; readonly expected: Attribute }
  | { readonly kind: 'anyOf' | 'allOf'; readonly of: readonly number[] }
  /** A type or attribute by the name under which it is registered: `builtin.integer`. */
  | { readonly kind: 'base'; readonly isType: boolean; readonly name: string }
  /** The same, with a constraint on each of its parameters. */
  | {
      readonly kind: 'parametric';
      readonly isType: boolean;
      readonly name: string;
      readonly of: readonly number[];
    };

/** Types are seen as the attributes that hold them. */
const asAttribute = (parameter: Parameter): Attribute => parameter as Attribute;

/** Checks the constraints of one operation, type or attribute and remembers what each was found to stand for. */
export class ConstraintVerifier {
  private values = new Map<number, Attribute>();

  constructor(private readonly constraints: readonly IrdlConstraint[]) {}

  /** What is wrong with a type at the place of a constraint, or undefined. */
  verifyType(index: number, type: Type): string | undefined {
    return this.verify(index, TypeAttr.get(type));
  }

  /** What is wrong with an attribute at the place of a constraint, or undefined. */
  verify(index: number, attribute: Attribute): string | undefined {
    const value = this.values.get(index);
    if (value !== undefined)
      return value === attribute ? undefined : `expected '${value}' but got '${attribute}'`;
    const problem = this.check(this.constraints[index], attribute);
    if (problem === undefined) this.values.set(index, attribute);
    return problem;
  }

  private check(constraint: IrdlConstraint, attribute: Attribute): string | undefined {
    switch (constraint.kind) {
      case 'any':
        return undefined;
      case 'is':
        return constraint.expected === attribute
          ? undefined
          : `expected '${constraint.expected}' but got '${attribute}'`;
      case 'anyOf':
        for (const choice of constraint.of) {
          // What a choice that fails assumed must not bind the next one.
          const before = new Map(this.values);
          if (this.verify(choice, attribute) === undefined) return undefined;
          this.values = before;
        }
        return `'${attribute}' does not satisfy the constraint`;
      case 'allOf':
        for (const part of constraint.of) {
          const problem = this.verify(part, attribute);
          if (problem !== undefined) return problem;
        }
        return undefined;
      case 'base':
        return checkBase(constraint, attribute);
      case 'parametric':
        return this.checkParametric(constraint, attribute);
    }
  }

  private checkParametric(
    { isType, name, of }: IrdlConstraint & { kind: 'parametric' },
    attribute: Attribute,
  ): string | undefined {
    const held = isType && attribute instanceof TypeAttr ? attribute.type : attribute;
    const isDeclared = held instanceof DialectType || held instanceof DialectAttr;
    if (!isDeclared || `${held.definition.dialect}.${held.definition.mnemonic}` !== name)
      return `expected base ${isType ? 'type' : 'attribute'} '${name}' but got '${attribute}'`;
    for (const [i, index] of of.entries()) {
      const problem = this.verify(index, asAttribute(held.parameters[i]));
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}

function checkBase(
  { isType, name }: { readonly isType: boolean; readonly name: string },
  attribute: Attribute,
): string | undefined {
  if (!isType) {
    const found = registeredAttributeName(attribute);
    return found === name ? undefined : `expected base attribute '${name}' but got '${found}'`;
  }
  if (!(attribute instanceof TypeAttr)) return `expected type, got attribute '${attribute}'`;
  const found = registeredTypeName(attribute.type);
  return found === name ? undefined : `expected base type '${name}' but got '${found}'`;
}
