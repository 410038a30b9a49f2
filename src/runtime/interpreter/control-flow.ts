/** Structured control flow and index arithmetic: `scf`, `affine`. */

import { AffineMapAttr, type AffineExpr, type Operation, type Value } from '../../ir/index.js';
import { checkIndex } from './arith-integer.js';
import { fail, type Compilation, type Evaluator, type Step } from './compilation.js';

/** A serial loop: body once for each of `lower`, `lower + step`, ... below `upper`. */
export function serialLoop(
  op: Operation,
  scope: Compilation,
  bounds: { lower: () => number; upper: () => number; step: () => number },
  isUnsigned = false,
): Step {
  const body = op.regions[0].entryBlock;
  const [induction, ...carried] = body.arguments;
  const setInduction = scope.setInteger(induction, op);
  const { run, terminator } = scope.block(body);
  const initial = op.operands.slice(op.operandCount - carried.length);
  const enter = scope.moves(initial, carried);
  const next = scope.moves(terminator?.operands ?? [], terminator === undefined ? [] : carried);
  const leave = scope.moves(carried, op.results);
  const { lower, upper, step } = bounds;
  return () => {
    const stride = step();
    const first = lower();
    const end = upper();
    if (stride <= 0) fail(op, `the loop's step must be positive, but is ${stride}`);
    if (isUnsigned && (first < 0 || end < 0)) fail(op, `unsigned bounds beyond the signed range`);
    enter();
    for (let at = first; at < end; at += stride) {
      scope.countSteps(op, 1);
      setInduction(at);
      run();
      next();
    }
    leave();
  };
}

const forLoop: Evaluator = (op, scope) => {
  const [lower, upper, step] = op.operands.slice(0, 3).map((value) => scope.integer(value, op));
  return serialLoop(op, scope, { lower, upper, step }, op.hasAttribute('unsignedCmp'));
};

const branch: Evaluator = (op, scope) => {
  const condition = scope.slot(op.operand(0));
  const arms = op.regions.map((region): Step => {
    if (region.isEmpty) return () => {};
    const { run, terminator } = scope.block(region.entryBlock);
    const leave = scope.moves(terminator?.operands ?? [], op.results);
    return () => {
      run();
      leave();
    };
  });
  const [ifTrue, ifFalse = () => {}] = arms;
  const { numbers } = scope;
  return () => (numbers[condition] !== 0 ? ifTrue() : ifFalse());
};

const whileLoop: Evaluator = (op, scope) => {
  const [before, after] = op.regions.map((region) => region.entryBlock);
  const test = scope.block(before);
  const body = scope.block(after);
  const [condition, ...passed] = test.terminator!.operands;
  const flag = scope.slot(condition);
  const enter = scope.moves(op.operands, before.arguments);
  const goOn = scope.moves(passed, after.arguments);
  const again = scope.moves(body.terminator!.operands, before.arguments);
  const leave = scope.moves(passed, op.results);
  const { numbers } = scope;
  return () => {
    enter();
    for (;;) {
      scope.countSteps(op, 1);
      test.run();
      if (numbers[flag] === 0) break;
      goOn();
      body.run();
      again();
    }
    leave();
  };
};

/** An affine expression as a closure over its operands' slots; undefined stands for division by zero. */
function affine(
  expr: AffineExpr,
  op: Operation,
  slots: { dims: readonly (() => number)[]; symbols: readonly (() => number)[] },
): () => number {
  switch (expr.kind) {
    case 'dim':
      return slots.dims[expr.position];
    case 'symbol':
      return slots.symbols[expr.position];
    case 'constant': {
      const { value } = expr;
      return () => value;
    }
    case 'binary':
      break;
  }
  const lhs = affine(expr.lhs, op, slots);
  const rhs = affine(expr.rhs, op, slots);
  const divisor = (): number => {
    const value = rhs();
    if (value <= 0) fail(op, `affine '${expr.operator}' by ${value}; expected a positive divisor`);
    return value;
  };
  switch (expr.operator) {
    case '+':
      return () => lhs() + rhs();
    case '*':
      return () => lhs() * rhs();
    case 'mod':
      return () => {
        const by = divisor();
        const value = lhs();
        return value - by * Math.floor(value / by);
      };
    case 'floordiv':
      return () => Math.floor(lhs() / divisor());
    case 'ceildiv':
      return () => Math.ceil(lhs() / divisor());
  }
}

/** The results of an operation's affine map on its operands from number `first` on. */
function mapResults(
  op: Operation,
  scope: Compilation,
  operands: readonly Value[],
): (() => number)[] {
  const attribute = op.getAttribute('map');
  if (!(attribute instanceof AffineMapAttr)) fail(op, `expected an affine map in attribute 'map'`);
  const { map } = attribute;
  const readers = operands.map((value) => scope.integer(value, op));
  const slots = { dims: readers.slice(0, map.dimCount), symbols: readers.slice(map.dimCount) };
  return map.results.map((result) => affine(result, op, slots));
}

function affineEvaluator(combine: (values: number[]) => number): Evaluator {
  return (op, scope) => {
    const results = mapResults(op, scope, op.operands);
    const to = scope.slot(op.result);
    const { numbers } = scope;
    if (results.length === 1) {
      const [only] = results;
      return () => void (numbers[to] = checkIndex(op, only()));
    }
    return () => {
      numbers[to] = checkIndex(op, combine(results.map((result) => result())));
    };
  };
}

export const controlFlowEvaluators: readonly (readonly [string, Evaluator])[] = [
  ['scf.for', forLoop],
  ['scf.if', branch],
  ['scf.while', whileLoop],
  ['affine.apply', affineEvaluator(([value]) => value)],
  ['affine.min', affineEvaluator((values) => Math.min(...values))],
  ['affine.max', affineEvaluator((values) => Math.max(...values))],
];
