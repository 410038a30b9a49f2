/** What is known of integer values: bounds and a common divisor. Answers whether guards and narrow accesses are needed. */

import { gridExtents, tensorExtents, tensorStrides } from '../dialects/tile/kernel-extents.js';
import {
  AffineMapAttr,
  BlockArgument,
  DenseArrayAttr,
  evaluateAffine,
  IntegerAttr,
  IntegerSetAttr,
  type AffineExpr,
  type Operation,
  type Value,
} from '../ir/index.js';

/** Bounds are inclusive; `divisor` divides every value, 0 for the constant 0. */
export interface IntegerFacts {
  readonly min: number;
  readonly max: number;
  readonly divisor: number;
}

const UNKNOWN: IntegerFacts = { min: -Infinity, max: Infinity, divisor: 1 };

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : greatestCommonDivisor(b, a % b);
}

export function constantFacts(value: number): IntegerFacts {
  return { min: value, max: value, divisor: Math.abs(value) };
}

/** `0 * Infinity` is 0 here: an unbounded value times a known zero. */
function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/** How facts of operands become facts of a result, by operator. */
const RULES = {
  add: (a: IntegerFacts, b: IntegerFacts): IntegerFacts => ({
    min: a.min + b.min,
    max: a.max + b.max,
    divisor: greatestCommonDivisor(a.divisor, b.divisor),
  }),
  subtract: (a: IntegerFacts, b: IntegerFacts): IntegerFacts => ({
    min: a.min - b.max,
    max: a.max - b.min,
    divisor: greatestCommonDivisor(a.divisor, b.divisor),
  }),
  multiply: (a: IntegerFacts, b: IntegerFacts): IntegerFacts => {
    const corners = [
      product(a.min, b.min),
      product(a.min, b.max),
      product(a.max, b.min),
      product(a.max, b.max),
    ];
    return { min: Math.min(...corners), max: Math.max(...corners), divisor: a.divisor * b.divisor };
  },
  divide: (a: IntegerFacts, b: IntegerFacts): IntegerFacts => {
    if (b.min !== b.max || b.min <= 0) return UNKNOWN;
    const by = b.min;
    return {
      min: Math.floor(a.min / by),
      max: Math.floor(a.max / by),
      divisor: a.divisor % by === 0 ? a.divisor / by : 1,
    };
  },
  remainder: (a: IntegerFacts, b: IntegerFacts): IntegerFacts => {
    if (b.min !== b.max || b.min <= 0) return UNKNOWN;
    const by = b.min;
    const divisor = greatestCommonDivisor(a.divisor, by);
    if (a.min >= 0 && a.max < by) return a;
    return {
      min: a.min >= 0 ? 0 : 1 - by,
      max: Math.max(0, by - (divisor === 0 ? 1 : divisor)),
      divisor,
    };
  },
  minimum: (a: IntegerFacts, b: IntegerFacts): IntegerFacts => ({
    min: Math.min(a.min, b.min),
    max: Math.min(a.max, b.max),
    divisor: greatestCommonDivisor(a.divisor, b.divisor),
  }),
  maximum: (a: IntegerFacts, b: IntegerFacts): IntegerFacts => ({
    min: Math.max(a.min, b.min),
    max: Math.max(a.max, b.max),
    divisor: greatestCommonDivisor(a.divisor, b.divisor),
  }),
  either: (a: IntegerFacts, b: IntegerFacts): IntegerFacts => ({
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    divisor: greatestCommonDivisor(a.divisor, b.divisor),
  }),
};

const BINARY_OPERATIONS: ReadonlyMap<string, keyof typeof RULES> = new Map([
  ['arith.addi', 'add'],
  ['arith.subi', 'subtract'],
  ['arith.muli', 'multiply'],
  ['arith.divsi', 'divide'],
  ['arith.divui', 'divide'],
  ['arith.floordivsi', 'divide'],
  ['arith.remsi', 'remainder'],
  ['arith.remui', 'remainder'],
  ['arith.minsi', 'minimum'],
  ['arith.minui', 'minimum'],
  ['arith.maxsi', 'maximum'],
  ['arith.maxui', 'maximum'],
]);

const AFFINE_OPERATORS = {
  '+': 'add',
  '*': 'multiply',
  mod: 'remainder',
  floordiv: 'divide',
  ceildiv: undefined,
} as const;

/** What holds for a value where both facts hold. */
function both(a: IntegerFacts, b: IntegerFacts): IntegerFacts {
  const common = greatestCommonDivisor(a.divisor, b.divisor);
  const divisor = common === 0 ? 0 : (a.divisor * b.divisor) / common;
  return { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max), divisor };
}

const NON_NEGATIVE: IntegerFacts = { min: 0, max: Infinity, divisor: 1 };

/** What one constraint of a set says about a dimension that it is about alone; nothing where it has another form. */
function constraintFacts(expr: AffineExpr, isEquality: boolean, position: number): IntegerFacts {
  if (isEquality && expr.kind === 'binary' && expr.operator === 'mod') {
    const { lhs, rhs } = expr;
    const isDivisor = lhs.kind === 'dim' && lhs.position === position && rhs.kind === 'constant';
    return isDivisor ? { ...UNKNOWN, divisor: Math.max(1, rhs.value) } : UNKNOWN;
  }
  const at = (value: number): number => {
    const dims = Array.from({ length: position + 1 }, (_, i) => (i === position ? value : NaN));
    return evaluateAffine(expr, dims, []) ?? NaN;
  };
  // A linear function of the dimension alone: slope from two points, and a third on the line.
  const [start, next, far] = [at(0), at(1), at(1000)];
  const slope = next - start;
  if (!Number.isFinite(start) || (slope !== 1 && slope !== -1)) return UNKNOWN;
  if (far !== start + 1000 * slope) return UNKNOWN;
  const root = slope === 1 ? -start : start;
  if (isEquality) return constantFacts(root);
  return slope === 1 ? { ...UNKNOWN, min: root } : { ...UNKNOWN, max: root };
}

/** Whether an argument is an extent or a stride of a tensor. */
function isTensorSize(kernel: Operation, argument: BlockArgument): boolean {
  return [...tensorExtents(kernel).values(), ...tensorStrides(kernel).values()].some((sizes) =>
    sizes.includes(argument),
  );
}

/** What the author assumes of a value, in the kernel itself rather than under a condition. */
function assumedFacts(value: Value): IntegerFacts {
  let facts = UNKNOWN;
  for (const use of value.uses()) {
    const { owner } = use;
    if (owner.name.text !== 'tile.assume' || owner.parentOp?.name.text !== 'tile.kernel') continue;
    const condition = owner.getAttribute('condition');
    if (!(condition instanceof IntegerSetAttr)) continue;
    const { constraints, isEquality } = condition.set;
    constraints.forEach((constraint, i) => {
      facts = both(facts, constraintFacts(constraint, isEquality[i], use.index));
    });
  }
  return facts;
}

/** Remembers what it finds out; valid until the program changes. */
export class IntegerAnalysis {
  private readonly facts = new Map<Value, IntegerFacts>();

  /** The one value that `value` can have; undefined where there may be several. */
  constantOf(value: Value): number | undefined {
    const { min, max } = this.of(value);
    return min === max ? min : undefined;
  }

  /** The facts known of a value of integer or index type. */
  of(value: Value): IntegerFacts {
    let facts = this.facts.get(value);
    if (facts === undefined) {
      // A value that depends on itself through a loop is unknown while it is computed.
      this.facts.set(value, UNKNOWN);
      facts = value instanceof BlockArgument ? this.ofArgument(value) : this.ofResult(value);
      facts = both(facts, assumedFacts(value));
      this.facts.set(value, facts);
    }
    return facts;
  }

  private ofResult(value: Value): IntegerFacts {
    const op = value.definingOp!;
    const name = op.name.text;
    const rule = BINARY_OPERATIONS.get(name);
    if (rule !== undefined) return RULES[rule](this.of(op.operand(0)), this.of(op.operand(1)));
    switch (name) {
      case 'arith.constant': {
        const constant = op.getAttribute('value');
        return constant instanceof IntegerAttr ? constantFacts(constant.number) : UNKNOWN;
      }
      case 'arith.index_cast':
      case 'arith.extsi':
        return this.of(op.operand(0));
      case 'arith.select':
        return RULES.either(this.of(op.operand(1)), this.of(op.operand(2)));
      case 'affine.apply':
      case 'affine.min':
      case 'affine.max':
        return this.ofAffine(op);
      case 'memref.dim':
        return NON_NEGATIVE;
      default:
        return UNKNOWN;
    }
  }

  private ofAffine(op: Operation): IntegerFacts {
    const attribute = op.getAttribute('map');
    if (!(attribute instanceof AffineMapAttr)) return UNKNOWN;
    const { map } = attribute;
    const operands = op.operands.map((operand) => this.of(operand));
    const evaluate = (expr: AffineExpr): IntegerFacts => {
      switch (expr.kind) {
        case 'constant':
          return constantFacts(expr.value);
        case 'dim':
          return operands[expr.position];
        case 'symbol':
          return operands[map.dimCount + expr.position];
        case 'binary': {
          const rule = AFFINE_OPERATORS[expr.operator];
          return rule === undefined ? UNKNOWN : RULES[rule](evaluate(expr.lhs), evaluate(expr.rhs));
        }
      }
    };
    const results = map.results.map(evaluate);
    if (op.name.text === 'affine.apply') return results[0];
    return results.reduce(op.name.text === 'affine.min' ? RULES.minimum : RULES.maximum);
  }

  private ofArgument(argument: BlockArgument): IntegerFacts {
    const parent = argument.owner.parentOp;
    switch (parent?.name.text) {
      case 'tile.kernel': {
        const grid = gridExtents(parent);
        const dimension = argument.index - (argument.owner.arguments.length - grid.length);
        if (dimension < 0) return isTensorSize(parent, argument) ? NON_NEGATIVE : UNKNOWN;
        const extent = grid[dimension];
        return typeof extent === 'number' ? { min: 0, max: extent - 1, divisor: 1 } : NON_NEGATIVE;
      }
      case 'tile.parallel': {
        const extents = parent.getAttribute('extents');
        if (!(extents instanceof DenseArrayAttr)) return UNKNOWN;
        return { min: 0, max: extents.values[argument.index] - 1, divisor: 1 };
      }
      case 'tile.pipelined':
        return this.ofInduction(...pipelinedBounds(parent, (value) => this.of(value)));
      case 'scf.for':
        return argument.index > 0
          ? UNKNOWN
          : this.ofInduction(
              this.of(parent.operand(0)),
              this.of(parent.operand(1)),
              this.of(parent.operand(2)),
            );
      default:
        return UNKNOWN;
    }
  }

  private ofInduction(lower: IntegerFacts, upper: IntegerFacts, step: IntegerFacts): IntegerFacts {
    const divisor = greatestCommonDivisor(lower.divisor, step.divisor);
    let max = upper.max - 1;
    if (lower.min === lower.max && step.min === step.max && step.min > 0) {
      // The last value that the loop takes.
      max = lower.min + Math.floor((max - lower.min) / step.min) * step.min;
    }
    return { min: lower.min, max: Math.max(max, lower.min), divisor };
  }
}

/** Facts of a pipelined loop's lower bound, upper bound and step, each a constant or a value. */
function pipelinedBounds(
  loop: Operation,
  of: (value: Value) => IntegerFacts,
): [IntegerFacts, IntegerFacts, IntegerFacts] {
  let operand = 0;
  const bound = (name: string): IntegerFacts => {
    const constant = loop.getAttribute(name);
    if (constant instanceof IntegerAttr) return constantFacts(constant.number);
    return of(loop.operand(operand++));
  };
  return [bound('lower_bound'), bound('upper_bound'), bound('step')];
}
