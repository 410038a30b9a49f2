/** What is known of integer values: bounds and a common divisor. Answers whether guards and narrow accesses are needed. */

import {
  AffineMapAttr,
  BlockArgument,
  DenseArrayAttr,
  IntegerAttr,
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

/** Remembers what it finds out; valid until the program changes. */
export class IntegerAnalysis {
  private readonly facts = new Map<Value, IntegerFacts>();

  /** The facts known of a value of integer or index type. */
  of(value: Value): IntegerFacts {
    let facts = this.facts.get(value);
    if (facts === undefined) {
      // A value that depends on itself through a loop is unknown while it is computed.
      this.facts.set(value, UNKNOWN);
      facts = value instanceof BlockArgument ? this.ofArgument(value) : this.ofResult(value);
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
        const grid = parent.getAttribute('grid');
        if (!(grid instanceof DenseArrayAttr)) return UNKNOWN;
        const dimension = argument.index - (argument.owner.arguments.length - grid.values.length);
        return dimension < 0 ? UNKNOWN : { min: 0, max: grid.values[dimension] - 1, divisor: 1 };
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
