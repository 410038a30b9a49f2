/** Index values as sums of coefficient times variable: what tells how a tile's place follows from block and loop. */

import {
  AffineMapAttr,
  BlockArgument,
  IntegerAttr,
  type AffineExpr,
  type Operation,
  type Value,
} from '../ir/index.js';

/** `constant + sum of coefficient * variable`; a variable is a block argument or a value of unknown form. */
export interface IndexForm {
  readonly constant: number;
  readonly terms: ReadonlyMap<Value, number>;
}

function constantForm(constant: number): IndexForm {
  return { constant, terms: new Map() };
}

function combine(a: IndexForm, b: IndexForm, factor = 1): IndexForm {
  const terms = new Map(a.terms);
  for (const [variable, coefficient] of b.terms) {
    const sum = (terms.get(variable) ?? 0) + factor * coefficient;
    if (sum === 0) terms.delete(variable);
    else terms.set(variable, sum);
  }
  return { constant: a.constant + factor * b.constant, terms };
}

function product(a: IndexForm, b: IndexForm): IndexForm | undefined {
  if (a.terms.size > 0 && b.terms.size > 0) return undefined;
  const [scaled, { constant: factor }] = a.terms.size > 0 ? [a, b] : [b, a];
  return combine(constantForm(0), scaled, factor);
}

/** The form of an affine expression over operands; undefined where it is not linear. */
function affineForm(expr: AffineExpr, operand: (position: number) => IndexForm, dims: number) {
  const visit = (node: AffineExpr): IndexForm | undefined => {
    switch (node.kind) {
      case 'constant':
        return constantForm(node.value);
      case 'dim':
        return operand(node.position);
      case 'symbol':
        return operand(dims + node.position);
      case 'binary': {
        const [lhs, rhs] = [visit(node.lhs), visit(node.rhs)];
        if (lhs === undefined || rhs === undefined) return undefined;
        if (node.operator === '+') return combine(lhs, rhs);
        return node.operator === '*' ? product(lhs, rhs) : undefined;
      }
    }
  };
  return visit(expr);
}

/** Remembers forms, so that chains of arithmetic are read once. */
export class IndexForms {
  private readonly known = new Map<Value, IndexForm>();

  of(value: Value): IndexForm {
    let form = this.known.get(value);
    if (form === undefined) {
      form = this.derive(value) ?? { constant: 0, terms: new Map([[value, 1]]) };
      this.known.set(value, form);
    }
    return form;
  }

  /** Whether the operation only adds and scales indices, so that its result is seen through. */
  isLinear(op: Operation): boolean {
    return op.results.length === 1 && this.derive(op.result) !== undefined;
  }

  private derive(value: Value): IndexForm | undefined {
    const op = value.definingOp;
    if (op === undefined || value instanceof BlockArgument) return undefined;
    switch (op.name.text) {
      case 'arith.constant': {
        const constant = op.getAttribute('value');
        return constant instanceof IntegerAttr ? constantForm(constant.number) : undefined;
      }
      case 'arith.addi':
        return combine(this.of(op.operand(0)), this.of(op.operand(1)));
      case 'arith.subi':
        return combine(this.of(op.operand(0)), this.of(op.operand(1)), -1);
      case 'arith.muli':
        return product(this.of(op.operand(0)), this.of(op.operand(1)));
      case 'affine.apply': {
        const map = op.getAttribute('map');
        if (!(map instanceof AffineMapAttr) || map.map.results.length !== 1) return undefined;
        const operand = (position: number): IndexForm => this.of(op.operand(position));
        return affineForm(map.map.results[0], operand, map.map.dimCount);
      }
      default:
        return undefined;
    }
  }
}

/** The coefficient of a variable in an affine expression that is linear in it; undefined where it is not. */
export function coefficientOf(expr: AffineExpr, dim: number): number | undefined {
  switch (expr.kind) {
    case 'constant':
    case 'symbol':
      return 0;
    case 'dim':
      return expr.position === dim ? 1 : 0;
    case 'binary': {
      const [lhs, rhs] = [coefficientOf(expr.lhs, dim), coefficientOf(expr.rhs, dim)];
      if (lhs === undefined || rhs === undefined) return undefined;
      if (expr.operator === '+') return lhs + rhs;
      if (lhs === 0 && rhs === 0) return 0;
      if (expr.operator !== '*') return undefined;
      if (expr.rhs.kind === 'constant') return lhs * expr.rhs.value;
      return expr.lhs.kind === 'constant' ? rhs * expr.lhs.value : undefined;
    }
  }
}
