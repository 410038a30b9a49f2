/** Reading and writing single elements: the bounds, definedness and iteration conflicts of `tile` and `memref`. */

import { createDiagnostic } from '../../support/index.js';
import { isShapedType, MemRefType, type Operation, type Value } from '../../ir/index.js';
import { formatCoordinates, type View } from './buffer.js';
import { describe, fail, type Compilation, type Step } from './compilation.js';

/** What an element outside a global tensor means: nothing is there, or the program is wrong. */
export type OutOfBounds = 'guarded' | 'error';

/** The offset in the buffer of an element of a view, or -1 where it is outside. */
function locator(
  indices: readonly Value[],
  scope: Compilation,
  op: Operation,
): (view: View) => number {
  const readers = indices.map((value) => scope.slot(value));
  for (const index of indices) {
    if (scope.format(index.type, op).isBig) fail(op, `expected indices of type 'index'`);
  }
  const { numbers } = scope;
  const rank = readers.length;
  if (rank === 1) {
    const [slot] = readers;
    return ({ shape, offset }) => {
      const i = numbers[slot];
      return i >= 0 && i < shape[0] ? offset + i : -1;
    };
  }
  if (rank === 2) {
    const [first, second] = readers;
    return ({ shape, strides, offset }) => {
      const i = numbers[first];
      const j = numbers[second];
      return i >= 0 && i < shape[0] && j >= 0 && j < shape[1] ? offset + i * strides[0] + j : -1;
    };
  }
  return ({ shape, strides, offset }) => {
    let at = offset;
    for (let dim = 0; dim < rank; dim++) {
      const index = numbers[readers[dim]];
      if (!(index >= 0 && index < shape[dim])) return -1;
      at += index * strides[dim];
    }
    return at;
  };
}

/** Reports an element outside of its tile or tensor. */
function failBounds(
  op: Operation,
  scope: Compilation,
  value: Value,
  indices: readonly Value[],
  view: View,
): never {
  const place = indices.map((index) => scope.numbers[scope.slot(index)]).join(', ');
  fail(
    op,
    `element [${place}] is outside of ${describe(value)}, whose shape is ${formatShape(view.shape)}`,
    [view.buffer.origin()],
  );
}

export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'that of one element' : shape.join('x');
}

/** Reports the reading of an element that nobody wrote. */
export function failUndefined(op: Operation, value: Value, view: View, offset: number): never {
  fail(
    op,
    `element ${formatCoordinates(view, offset)} of ${describe(value)} is read but was never written`,
    [view.buffer.origin()],
  );
}

/** What an out-of-bounds element means to an operation with guarded accesses: tiles have no outside. */
function boundsRule(value: Value, rule: OutOfBounds): OutOfBounds {
  return value.type instanceof MemRefType ? rule : 'error';
}

function checkRank(op: Operation, value: Value, indices: readonly Value[]): void {
  const { type } = value;
  if (isShapedType(type) && type.shape.length !== indices.length) {
    fail(op, `expected ${type.shape.length} indices for '${type}', found ${indices.length}`);
  }
}

/** `result = value[indices]`. */
export function loadStep(
  op: Operation,
  scope: Compilation,
  value: Value,
  indices: readonly Value[],
  outOfBounds: OutOfBounds,
): Step {
  checkRank(op, value, indices);
  const format = scope.elementFormat(value.type, op);
  const rule = boundsRule(value, outOfBounds);
  const locate = locator(indices, scope, op);
  const { numbers, objects } = scope;
  const from = scope.slot(value);
  const to = scope.slot(op.result);
  return () => {
    const view = objects[from] as View;
    const { buffer } = view;
    const at = locate(view);
    if (at < 0) {
      if (rule === 'error') failBounds(op, scope, value, indices, view);
      if (format.isBig) objects[to] = 0n;
      else numbers[to] = 0;
      return;
    }
    if (buffer.isUndefined(at)) failUndefined(op, value, view, at);
    if (buffer.isTracked) {
      const conflict = buffer.recordRead(at, scope.iteration);
      if (conflict !== undefined) {
        scope.failConflict(op, conflict, elementName(value, view, at), buffer.origin());
      }
    }
    if (format.isBig) objects[to] = buffer.data[at];
    else numbers[to] = buffer.data[at] as number;
  };
}

function elementName(value: Value, view: View, at: number): string {
  return `element ${formatCoordinates(view, at)} of ${describe(value)}`;
}

/** `value[indices] = stored`. */
export function storeStep(
  op: Operation,
  scope: Compilation,
  stored: Value,
  value: Value,
  indices: readonly Value[],
  outOfBounds: OutOfBounds,
): Step {
  checkRank(op, value, indices);
  const format = scope.elementFormat(value.type, op);
  const rule = boundsRule(value, outOfBounds);
  const locate = locator(indices, scope, op);
  const { numbers, objects } = scope;
  const from = scope.slot(stored);
  const to = scope.slot(value);
  return () => {
    const view = objects[to] as View;
    const { buffer } = view;
    const at = locate(view);
    if (at < 0) {
      if (rule === 'error') failBounds(op, scope, value, indices, view);
      return;
    }
    if (buffer.isTracked) {
      const conflict = buffer.recordWrite(at, scope.iteration);
      if (conflict !== undefined) {
        scope.failConflict(op, conflict, elementName(value, view, at), buffer.origin());
      }
    }
    buffer.data[at] = (format.isBig ? objects[from] : numbers[from]) as never;
    buffer.define(at);
  };
}

/** A note that points at a kernel's argument. */
export function argumentNote(argument: Value, what: string): ReturnType<typeof createDiagnostic> {
  return createDiagnostic('note', argument.location.position(), what);
}
