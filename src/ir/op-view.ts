/** Typed views of operations. A view adds named accessors; the operation stays one plain class, which keeps V8 fast. */

import type { Builder } from './builder.js';
import type { Location } from './location.js';
import type { Operation } from './operation.js';
import type { OpResult } from './value.js';

/** Base of the generated classes such as `ArithAddiOp`. */
export abstract class OpView {
  constructor(readonly op: Operation) {}

  get location(): Location {
    return this.op.location;
  }

  /** The only result. */
  get result(): OpResult {
    return this.op.result;
  }
}

/** A generated class: constructible from an operation of its name. */
export interface OpViewClass<View extends OpView> {
  readonly opName: string;
  new (op: Operation): View;
}

/** Whether `op` is an operation of that class. */
export function isOp<View extends OpView>(
  op: Operation | null | undefined,
  view: OpViewClass<View>,
): boolean {
  return op !== null && op !== undefined && op.name.text === view.opName;
}

/** The operation as that class, or undefined when it is another operation. */
export function viewAs<View extends OpView>(
  op: Operation | null | undefined,
  view: OpViewClass<View>,
): View | undefined {
  return isOp(op, view) ? new view(op!) : undefined;
}

/** Something that builds operations of one view: `ArithAddiOp.build(builder, ...)`. */
export type ViewBuilder<Arguments, View extends OpView> = (
  builder: Builder,
  values: Arguments,
) => View;
