/** `memref`: element accesses, where out of bounds is an error, and extents. */

import { loadStep, storeStep } from './access.js';
import { fail, type Evaluator } from './compilation.js';

const load: Evaluator = (op, scope) => {
  const [memref, ...indices] = op.operands;
  return loadStep(op, scope, memref, indices, 'error');
};

const store: Evaluator = (op, scope) => {
  const [value, memref, ...indices] = op.operands;
  return storeStep(op, scope, value, memref, indices, 'error');
};

const dim: Evaluator = (op, scope) => {
  const view = scope.view(op.operand(0));
  const index = scope.integer(op.operand(1), op);
  const set = scope.setInteger(op.result, op);
  return () => {
    const { shape } = view();
    const at = index();
    if (!(at >= 0 && at < shape.length)) {
      fail(op, `dimension ${at} does not exist; the rank is ${shape.length}`);
    }
    set(shape[at]);
  };
};

export const memrefEvaluators: readonly (readonly [string, Evaluator])[] = [
  ['memref.load', load],
  ['memref.store', store],
  ['memref.dim', dim],
];
