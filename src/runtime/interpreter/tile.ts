/** The `tile` dialect: what each operation means, without threads and layouts. */

import {
  DenseArrayAttr,
  evaluateAffine,
  formatAffine,
  IntegerAttr,
  type IntegerSetAttr,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { TileLocalType } from '../../dialects/generated/tile.js';
import { failUndefined, loadStep, storeStep } from './access.js';
import { viewOf } from './buffer.js';
import { fail, operandSegments, type Evaluator } from './compilation.js';
import { serialLoop } from './control-flow.js';
import { clear, convertLayout, copy, fill, transpose } from './tile-copy.js';
import { launch } from './run-kernel.js';
import { atomic } from './tile-atomic.js';
import { assert, print } from './tile-debug.js';
import { gemm } from './tile-gemm.js';
import { reduce, scan } from './tile-reduce.js';

const allocate: Evaluator = (op, scope) => {
  const format = scope.elementFormat(op.result.type, op);
  const shape = scope.shape(op.result.type, op);
  const slot = scope.slot(op.result);
  return () => void (scope.objects[slot] = scope.allocate(op, shape, format));
};

const load: Evaluator = (op, scope) => {
  const [tile, ...indices] = op.operands;
  return loadStep(op, scope, tile, indices, 'guarded');
};

const store: Evaluator = (op, scope) => {
  const [value, tile, ...indices] = op.operands;
  return storeStep(op, scope, value, tile, indices, 'guarded');
};

const slice: Evaluator = (op, scope) => {
  const tiles = scope.view(op.operand(0));
  const index = scope.integer(op.operand(1), op);
  const slot = scope.slot(op.result);
  return () => {
    const { buffer, offset, shape, strides } = tiles();
    const at = index();
    if (!(at >= 0 && at < shape[0])) {
      fail(op, `slice ${at} does not exist; there are ${shape[0]}`, [buffer.origin()]);
    }
    scope.objects[slot] = viewOf(buffer, offset + at * strides[0], shape.slice(1));
  };
};

/** A view of the same elements, or of the same bits as elements of another type. */
const view: Evaluator = (op, scope) => {
  const source = scope.view(op.operand(0));
  const format = scope.elementFormat(op.result.type, op);
  const shape = scope.shape(op.result.type, op);
  const slot = scope.slot(op.result);
  return () => {
    const { buffer, offset } = source();
    const first = (offset * buffer.format.storageBits) / format.storageBits;
    scope.objects[slot] = viewOf(buffer.readAs(format), first, shape);
  };
};

const pipelined: Evaluator = (op, scope) => {
  const segments = operandSegments(op);
  const bound = (segment: number, name: string): (() => number) => {
    const [value] = segments[segment] ?? [];
    if (value !== undefined) return scope.integer(value, op);
    const constant = op.getAttribute(name);
    if (!(constant instanceof IntegerAttr))
      fail(op, `expected the loop's ${name} as a number or an operand`);
    const { number } = constant;
    return () => number;
  };
  return serialLoop(op, scope, {
    lower: bound(0, 'lower_bound'),
    upper: bound(1, 'upper_bound'),
    step: bound(2, 'step'),
  });
};

/** The values that a loop's body stores to and that come from outside of it: what its iterations could fight over. */
function storedOutside(loop: Operation): Value[] {
  const stored = new Set<Value>();
  loop.walk((op) => {
    const operand = STORES.get(op.name.text);
    if (operand === undefined) return;
    let value = op.operand(operand);
    while (value.definingOp?.name.text === 'tile.slice') value = value.definingOp.operand(0);
    const owner = value.definingOp ?? value.parentBlock?.parentOp;
    if (owner && owner !== loop && !loop.isProperAncestorOf(owner)) stored.add(value);
  });
  return [...stored];
}

/** What a loop over elements may change, and with which operand. */
const STORES = new Map([
  ['tile.store', 1],
  ['memref.store', 1],
  ['tile.clear', 0],
  ['tile.fill', 0],
]);

const parallel: Evaluator = (op, scope) => {
  const attribute = op.getAttribute('extents');
  if (!(attribute instanceof DenseArrayAttr)) fail(op, `expected attribute 'extents'`);
  const extents = attribute.values;
  const count = extents.reduce((a, b) => a * b, 1);
  const body = op.regions[0].entryBlock;
  const slots = body.arguments.map((argument) => scope.slot(argument));
  const isLocal = (value: Value): boolean => value.type instanceof TileLocalType;
  const outside = storedOutside(op);
  const stored = outside.filter((value) => !isLocal(value)).map((value) => scope.view(value));
  const locals = outside.filter(isLocal).map((value) => ({ value, view: scope.view(value) }));
  /** Copies local arrays. Returns what gives an iteration its copy. */
  const copyLocals = (): (() => void)[] =>
    locals.map(({ value, view }) => {
      const array = view();
      const at = array.buffer.findUndefined(array.offset, array.size);
      if (at !== -1) failUndefined(op, value, array, at);
      return array.buffer.save();
    });
  const { run } = scope.block(body);
  const { numbers } = scope;
  /** Runs all iterations under the numbers `first`, `first + step`, ... */
  const iterate = (first: number, step: number): void => {
    for (const slot of slots) numbers[slot] = 0;
    const restore = copyLocals();
    for (let number = 0; number < count; number++) {
      scope.iteration = first + number * step;
      run();
      for (const undo of restore) undo();
      for (let dim = slots.length - 1; dim >= 0; dim--) {
        if (++numbers[slots[dim]] < extents[dim]) break;
        numbers[slots[dim]] = 0;
      }
    }
  };
  return () => {
    scope.countSteps(op, count);
    // A loop inside an iteration belongs to that iteration.
    if (scope.parallelOp !== undefined) return iterate(scope.iteration, 0);
    scope.parallelOp = op;
    scope.parallelExtents = extents;
    scope.parallelBase = scope.nextIteration - 1;
    const buffers = stored.map((view) => view().buffer);
    for (const buffer of buffers) buffer.track(scope.parallelBase);
    const first = scope.nextIteration;
    scope.nextIteration += count;
    iterate(first, 1);
    for (const buffer of buffers) buffer.isTracked = false;
    scope.parallelOp = undefined;
    scope.iteration = 0;
  };
};

/** What the author assumes must hold wherever the program gets to it. */
const assume: Evaluator = (op, scope) => {
  const { set } = op.getAttribute('condition') as IntegerSetAttr;
  const read = scope.integers(op.operands, op);
  return () => {
    const values = read();
    const [dims, symbols] = [values.slice(0, set.dimCount), values.slice(set.dimCount)];
    set.constraints.forEach((constraint, i) => {
      const value = evaluateAffine(constraint, dims, symbols) ?? NaN;
      if (set.isEquality[i] ? value === 0 : value >= 0) return;
      const relation = set.isEquality[i] ? '==' : '>=';
      fail(
        op,
        `the assumption ${formatAffine(constraint)} ${relation} 0 does not hold for (${values.join(', ')})`,
      );
    });
  };
};

/** Blocks walk the grid in an order that no result depends on, nor does any on where elements lie. */
const nothing: Evaluator = () => () => {};

export const tileEvaluators: readonly (readonly [string, Evaluator])[] = [
  ['layout.convert', convertLayout],
  ['tile.alloc', allocate],
  ['tile.assert', assert],
  ['tile.assume', assume],
  ['tile.annotate_layout', nothing],
  ['tile.atomic', atomic],
  ['tile.clear', clear],
  ['tile.copy', copy],
  ['tile.fill', fill],
  ['tile.gemm', gemm],
  ['tile.launch', launch],
  ['tile.load', load],
  ['tile.parallel', parallel],
  ['tile.pipelined', pipelined],
  ['tile.persistent', nothing],
  ['tile.rasterize', nothing],
  ['tile.reshape', view],
  ['tile.print', print],
  ['tile.reduce', reduce],
  ['tile.scan', scan],
  ['tile.slice', slice],
  ['tile.store', store],
  ['tile.transpose', transpose],
  ['tile.view', view],
];
