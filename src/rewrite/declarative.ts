/**
 * Declarative patterns: a graph of operations to match and a graph to put in its place, as plain data that a builder
 * or a YAML file can hold. They compile to ordinary patterns.
 *
 *   value     ::= `$name` | `_` | { op, operands, attributes, bind, oneUse } | { constant, bind }
 *   attribute ::= `$name` | number | boolean | { is: predicate } | { equals: attribute }
 *
 * A name that occurs twice must stand for the same value or attribute.
 */

import {
  FloatAttr,
  IntegerAttr,
  type Attribute,
  type Operation,
  type Type,
  type Value,
} from '../ir/index.js';
import { InternalError } from '../support/index.js';
import { constantValue, materializeConstant } from './fold.js';
import { pattern, type PatternInfo, type RewritePattern } from './pattern.js';
import type { Rewriter } from './rewriter.js';

/** What an attribute must be: bound to a name, a number, or accepted by a named predicate. */
export type AttributeMatch =
  `$${string}` | number | boolean | { readonly is: string } | { readonly equals: Attribute };

/** What a value must be. */
export type ValueMatch = `$${string}` | '_' | OpMatch | ConstantMatch;

export interface OpMatch {
  /** Name of the operation, or several of which it may be one. */
  readonly op: string | readonly string[];
  /** Each operand in order; `either` matches two operands in either order. Absent: any operands. */
  readonly operands?:
    readonly ValueMatch[] | { readonly either: readonly [ValueMatch, ValueMatch] };
  readonly attributes?: Readonly<Record<string, AttributeMatch>>;
  /** A name for the operation's result. */
  readonly bind?: `$${string}`;
  /** Whether the result must have no other use. */
  readonly oneUse?: boolean;
}

/** A value that is known to be a constant. */
export interface ConstantMatch {
  readonly constant: AttributeMatch;
  readonly bind?: `$${string}`;
}

/** What an attribute of a new operation is: a bound one, a given one, or computed from others. */
export type AttributeRewrite =
  | `$${string}`
  | Attribute
  | { readonly call: string; readonly arguments: readonly AttributeRewrite[] };

/** What a value becomes: a bound value, a new operation, or a constant. */
export type ValueRewrite = `$${string}` | OpRewrite | ConstantRewrite;

/** A constant, built by the root's dialect. */
export interface ConstantRewrite {
  readonly constant: AttributeRewrite;
  /** The type of a bound value, or a given one. Default: the type of the root's first result. */
  readonly type?: `$${string}` | Type;
}

export interface OpRewrite {
  readonly op: string;
  readonly operands?: readonly ValueRewrite[];
  readonly attributes?: Readonly<Record<string, AttributeRewrite>>;
  /** Result types: those of a bound value, or given. Default: what the operation infers, else those of the root's results. */
  readonly types?: readonly (`$${string}` | Type)[];
}

/** A further condition on what was bound: the name of a predicate and the names it is given. */
export interface Condition {
  readonly if: string;
  readonly of: readonly `$${string}`[];
}

export interface DeclarativePattern extends PatternInfo {
  readonly match: OpMatch;
  readonly where?: readonly Condition[];
  /** One replacement for each result of the root; a single one may stand without a list. */
  readonly rewrite: ValueRewrite | readonly ValueRewrite[];
}

type Bound = Value | Attribute;

/** Functions that declarative patterns name. */
export interface DeclarativeFunctions {
  /** Conditions on bound values and attributes. */
  readonly predicates?: Readonly<Record<string, (...bound: Bound[]) => boolean>>;
  /** Attributes computed from attributes; undefined where that cannot be done. */
  readonly calls?: Readonly<
    Record<string, (...attributes: (Attribute | undefined)[]) => Attribute | undefined>
  >;
}

/** Numeric value of a constant, for comparison with numbers in patterns. */
function numberOf(attribute: Attribute): number | undefined {
  if (attribute instanceof IntegerAttr) return attribute.number;
  if (attribute instanceof FloatAttr) return attribute.value;
  return undefined;
}

/** Compiles a declarative pattern. Its benefit defaults to the number of operations that it matches. */
export function declarePattern(
  declaration: DeclarativePattern,
  functions: DeclarativeFunctions = {},
): RewritePattern {
  const { match } = declaration;
  const names = typeof match.op === 'string' ? [match.op] : match.op;
  const info = { ...declaration, benefit: declaration.benefit ?? countOps(match) };
  const root = names.length === 1 ? names[0] : 'any';
  const compiled = pattern(root, info, (op, rewriter) => {
    const matcher = new Matcher(functions);
    if (!matcher.matchOp(op, match))
      return rewriter.notifyMatchFailure(op, matcher.reason ?? 'the operations do not match');
    for (const condition of declaration.where ?? []) {
      if (!matcher.holds(condition))
        return rewriter.notifyMatchFailure(
          op,
          `condition '${condition.if}' does not hold for ${condition.of.join(', ')}`,
        );
    }
    const built = new Replacer(op, matcher.bound, functions, rewriter);
    const replacements = Array.isArray(declaration.rewrite)
      ? (declaration.rewrite as readonly ValueRewrite[])
      : [declaration.rewrite as ValueRewrite];
    // Attributes first: once an operation was built there is no way back.
    if (!replacements.every((replacement) => built.prepare(replacement)))
      return rewriter.notifyMatchFailure(op, 'an attribute of the result cannot be computed');
    rewriter.replaceOp(
      op,
      replacements.map((replacement) => built.build(replacement)),
    );
    return undefined;
  });
  return { ...compiled, mayMatch: shapeTest(match) };
}

/**
 * What can be told from the names of the operations alone. Nearly all attempts to match fail here, a hundred times as
 * fast as a matcher fails that says why.
 */
function shapeTest(match: OpMatch): (op: Operation) => boolean {
  const names = typeof match.op === 'string' ? [match.op] : match.op;
  const { operands = [] } = match;
  const isEither = 'either' in operands;
  const tests = (isEither ? operands.either : operands).map((one): ((value: Value) => boolean) => {
    if (typeof one === 'string') return () => true;
    if ('constant' in one) return (value) => value.definingOp?.name.isConstantLike === true;
    const test = shapeTest(one);
    return ({ definingOp }) => definingOp !== undefined && test(definingOp);
  });
  const passes = (op: Operation, isReversed: boolean): boolean => {
    const last = tests.length - 1;
    for (let index = 0; index <= last; index++)
      if (!tests[index](op.operand(isReversed ? last - index : index))) return false;
    return true;
  };
  const isNamed =
    names.length === 1
      ? (op: Operation) => op.name.text === names[0]
      : (op: Operation) => names.includes(op.name.text);
  return (op) =>
    isNamed(op) &&
    tests.length <= op.operandCount &&
    (passes(op, false) || (isEither && passes(op, true)));
}

function countOps(match: OpMatch): number {
  const operands = match.operands ?? [];
  const children = 'either' in operands ? operands.either : operands;
  let count = 1;
  for (const child of children)
    if (typeof child === 'object') count += 'op' in child ? countOps(child) : 1;
  return count;
}

class Matcher {
  bound = new Map<string, Bound>();
  reason: string | undefined;

  constructor(private readonly functions: DeclarativeFunctions) {}

  matchOp(op: Operation, match: OpMatch): boolean {
    const names = typeof match.op === 'string' ? [match.op] : match.op;
    if (!names.includes(op.name.text))
      return this.no(`'${op.name}' is not ${names.map((name) => `'${name}'`).join(' or ')}`);
    if (match.oneUse && !(op.results.length === 1 && op.results[0].hasOneUse))
      return this.no(`'${op.name}' has more than one use`);
    for (const [name, wanted] of Object.entries(match.attributes ?? {})) {
      const attribute = op.getAttribute(name);
      if (attribute === undefined || !this.matchAttribute(attribute, wanted))
        return this.no(`attribute '${name}' of '${op.name}' does not match`);
    }
    if (match.bind !== undefined && !this.bind(match.bind, op.results[0])) return false;
    return this.matchOperands(op, match.operands);
  }

  private matchOperands(op: Operation, operands: OpMatch['operands']): boolean {
    if (operands === undefined) return true;
    const wanted = 'either' in operands ? operands.either : operands;
    if (wanted.length !== op.operandCount)
      return this.no(`'${op.name}' has ${op.operandCount} operands, not ${wanted.length}`);
    const matchAll = (list: readonly ValueMatch[]): boolean =>
      list.every((one, index) => this.matchValue(op.operand(index), one));
    if (!('either' in operands)) return matchAll(operands);
    const before = new Map(this.bound);
    if (matchAll(operands.either)) return true;
    this.bound = before;
    return matchAll([operands.either[1], operands.either[0]]);
  }

  private matchValue(value: Value, match: ValueMatch): boolean {
    if (match === '_') return true;
    if (typeof match === 'string') return this.bind(match, value);
    if (match.bind !== undefined && !this.bind(match.bind, value)) return false;
    if ('constant' in match) {
      const constant = constantValue(value);
      if (constant === undefined) return this.no('an operand is not constant');
      return this.matchAttribute(constant, match.constant);
    }
    const op = value.definingOp;
    if (op === undefined) return this.no('an operand is a block argument');
    return this.matchOp(op, match);
  }

  private matchAttribute(attribute: Attribute, match: AttributeMatch): boolean {
    if (typeof match === 'string') return this.bind(match, attribute);
    if (typeof match === 'number')
      return numberOf(attribute) === match || this.no(`a constant is not ${match}`);
    if (typeof match === 'boolean')
      return numberOf(attribute) === Number(match) || this.no(`a constant is not ${match}`);
    if ('equals' in match) return attribute === match.equals || this.no('an attribute differs');
    return this.predicate(match.is)(attribute) || this.no(`an attribute is not '${match.is}'`);
  }

  holds(condition: Condition): boolean {
    return this.predicate(condition.if)(...condition.of.map((name) => this.bound.get(name)!));
  }

  private predicate(name: string): (...bound: Bound[]) => boolean {
    const predicate = this.functions.predicates?.[name];
    if (predicate === undefined) throw new InternalError(`no predicate is called '${name}'`);
    return predicate;
  }

  private bind(name: string, value: Bound): boolean {
    const known = this.bound.get(name);
    if (known === undefined) {
      this.bound.set(name, value);
      return true;
    }
    return known === value || this.no(`${name} stands for two different values`);
  }

  private no(reason: string): false {
    this.reason = reason;
    return false;
  }
}

class Replacer {
  private readonly attributes = new Map<AttributeRewrite, Attribute>();
  private readonly constants = new Map<ConstantRewrite, Operation>();

  constructor(
    private readonly root: Operation,
    private readonly bound: ReadonlyMap<string, Bound>,
    private readonly functions: DeclarativeFunctions,
    private readonly rewriter: Rewriter,
  ) {}

  /** Computes all attributes; false where one cannot be. */
  prepare(rewrite: ValueRewrite): boolean {
    if (typeof rewrite === 'string') return true;
    if ('constant' in rewrite) return this.prepareConstant(rewrite);
    for (const attribute of Object.values(rewrite.attributes ?? {})) {
      const value = this.attribute(attribute);
      if (value === undefined) return false;
      this.attributes.set(attribute, value);
    }
    return (rewrite.operands ?? []).every((operand) => this.prepare(operand));
  }

  private prepareConstant(rewrite: ConstantRewrite): boolean {
    const value = this.attribute(rewrite.constant);
    if (value === undefined) return false;
    const { type = this.root.results[0].type } = rewrite;
    const wanted = typeof type === 'string' ? (this.lookup(type) as Value).type : type;
    const constant = materializeConstant(this.root, value, wanted, this.root.location);
    if (constant !== undefined) this.constants.set(rewrite, constant);
    return constant !== undefined;
  }

  private attribute(rewrite: AttributeRewrite): Attribute | undefined {
    if (typeof rewrite === 'string') return this.lookup(rewrite) as Attribute;
    if (!('call' in rewrite)) return rewrite;
    const call = this.functions.calls?.[rewrite.call];
    if (call === undefined) throw new InternalError(`no function is called '${rewrite.call}'`);
    return call(...rewrite.arguments.map((argument) => this.attribute(argument)));
  }

  build(rewrite: ValueRewrite): Value {
    if (typeof rewrite === 'string') return this.lookup(rewrite) as Value;
    if ('constant' in rewrite) return this.rewriter.insert(this.constants.get(rewrite)!).results[0];
    const operands = (rewrite.operands ?? []).map((operand) => this.build(operand));
    const attributes = Object.fromEntries(
      Object.entries(rewrite.attributes ?? {}).map(([name, value]) => [
        name,
        this.attributes.get(value),
      ]),
    );
    const resultTypes = rewrite.types?.map((type) =>
      typeof type === 'string' ? (this.lookup(type) as Value).type : type,
    );
    return this.rewriter.create(rewrite.op, {
      operands,
      attributes,
      resultTypes: resultTypes ?? this.inferredTypes(rewrite.op, operands) ?? this.root.resultTypes,
      location: this.root.location,
    }).results[0];
  }

  private inferredTypes(op: string, operands: readonly Value[]): readonly Type[] | undefined {
    const { definition } = this.root.context.getOperationName(op);
    return definition?.inferResultTypes?.({ operands, properties: new Map() });
  }

  private lookup(name: string): Bound {
    const value = this.bound.get(name);
    if (value === undefined) throw new InternalError(`the pattern binds no ${name}`);
    return value;
  }
}
