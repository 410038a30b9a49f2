/** `tile.assert` and `tile.print`: what helps to find mistakes. */

import type { StringAttr } from '../../ir/index.js';
import { fail, type Evaluator } from './compilation.js';

export const assert: Evaluator = (op, scope) => {
  const { value: message } = op.getAttribute('message') as StringAttr;
  const slot = scope.slot(op.operand(0));
  return () => {
    if (scope.numbers[slot] === 0) fail(op, `assertion failed: ${message}`);
  };
};

export const print: Evaluator = (op, scope) => {
  const { value: label } = op.getAttribute('label') as StringAttr;
  const value = op.operand(0);
  const slot = scope.slot(value);
  const { isBig } = scope.format(value.type, op);
  return () =>
    scope.print(`${label} = ${isBig ? String(scope.objects[slot]) : scope.numbers[slot]}`);
};
