/** `tile.reduce`: the elements along one dimension combined, sums exactly enough and rounded once. */

import type { IntegerAttr, StringAttr } from '../../ir/index.js';
import { failUndefined } from './access.js';
import type { Evaluator } from './compilation.js';

type Combine = (a: number, b: number) => number;

/** A number that is not NaN wins over one that is. */
function ignoringNaN(combine: Combine): Combine {
  return (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : combine(a, b));
}

/** Kind -> how two elements are combined, and whether elements count by their magnitude. */
interface Kind {
  readonly combine: Combine;
  readonly isAbsolute: boolean;
  readonly isExtremum: boolean;
}

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['sum', { combine: (a, b) => a + b, isAbsolute: false, isExtremum: false }],
  ['abssum', { combine: (a, b) => a + b, isAbsolute: true, isExtremum: false }],
  ['max', { combine: Math.max, isAbsolute: false, isExtremum: true }],
  ['absmax', { combine: Math.max, isAbsolute: true, isExtremum: true }],
  ['min', { combine: Math.min, isAbsolute: false, isExtremum: true }],
]);

export const reduce: Evaluator = (op, scope) => {
  const [source, destination] = op.operands.map((value) => scope.view(value));
  const { round } = scope.elementFormat(op.operand(1).type, op);
  const dim = (op.getAttribute('dim') as IntegerAttr).number;
  const kind = KINDS.get((op.getAttribute('kind') as StringAttr).value)!;
  const isCleared = op.hasAttribute('clear');
  const isPropagating = !kind.isExtremum || op.hasAttribute('nan_propagate');
  const combine = isPropagating ? kind.combine : ignoringNaN(kind.combine);
  const shape = scope.shape(op.operand(0).type, op);
  const count = shape[dim];
  const inner = shape.slice(dim + 1).reduce((product, extent) => product * extent, 1);
  const outer = shape.slice(0, dim).reduce((product, extent) => product * extent, 1);
  return () => {
    const [from, to] = [source(), destination()];
    for (const [index, view] of [from, to].entries()) {
      if (index === 1 && isCleared) continue;
      const hole = view.buffer.findUndefined(view.offset, view.size);
      if (hole !== -1) failUndefined(op, op.operand(index), view, hole);
    }
    const elements = from.buffer.data as Float64Array;
    const results = to.buffer.data as Float64Array;
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < inner; j++) {
        const place = to.offset + i * inner + j;
        let total = isCleared ? undefined : results[place];
        for (let k = 0; k < count; k++) {
          const element = elements[from.offset + (i * count + k) * inner + j];
          const value = kind.isAbsolute ? Math.abs(element) : element;
          total = total === undefined ? value : combine(total, value);
        }
        results[place] = round(total!);
      }
    }
    to.buffer.defineRange(to.offset, to.size);
  };
};
