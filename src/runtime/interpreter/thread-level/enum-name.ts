/** Attributes that name one of several cases. */

import { DialectAttr, type Operation } from '../../../ir/index.js';

export function enumName(op: Operation, attribute: string): string {
  const value = op.getAttribute(attribute);
  return value instanceof DialectAttr ? String(value.parameters[0]) : `${value}`;
}
