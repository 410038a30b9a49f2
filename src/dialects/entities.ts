/** Which operands and results of an operation belong to which declared entity. */

import {
  DenseArrayAttr,
  type Attribute,
  type Operation,
  type Region,
  type Value,
} from '../ir/index.js';
import type { EntityData, OperationData } from './schema.js';

export const OPERAND_SEGMENTS = 'operandSegmentSizes';
export const RESULT_SEGMENTS = 'resultSegmentSizes';

/** A stretch of a flat list. */
export interface Range {
  readonly start: number;
  readonly count: number;
}

export function hasTrait(data: OperationData, name: string): boolean {
  return data.traits.some((trait) => trait.name === name);
}

/** Divides a flat list of `total` between entities; undefined where the numbers don't fit together. */
export function divide(
  entities: readonly EntityData[],
  total: number,
  segments: Attribute | undefined,
): Range[] | undefined {
  const ranges: Range[] = [];
  let start = 0;
  if (segments instanceof DenseArrayAttr) {
    if (segments.values.length !== entities.length) return undefined;
    for (const count of segments.values) {
      ranges.push({ start, count });
      start += count;
    }
    return start === total ? ranges : undefined;
  }
  const variable = entities.filter((entity) => entity.arity !== 'single').length;
  const rest = total - (entities.length - variable);
  // One variable-length entity takes what is left; several share it evenly (SameVariadicOperandSize).
  const each = variable === 0 ? 0 : rest / variable;
  if (rest < 0 || !Number.isInteger(each) || (variable === 0 && rest !== 0)) return undefined;
  for (const entity of entities) {
    const count = entity.arity === 'single' ? 1 : each;
    ranges.push({ start, count });
    start += count;
  }
  return ranges;
}

const EMPTY: Range = { start: 0, count: 0 };

/** The stretch of `op.operands` that belongs to the operand entity of that position. */
export function operandRange(op: Operation, data: OperationData, index: number): Range {
  const segments = op.properties.get(OPERAND_SEGMENTS);
  return divide(data.operands, op.operandCount, segments)?.[index] ?? EMPTY;
}

/** The stretch of `op.results` that belongs to the result entity of that position. */
export function resultRange(op: Operation, data: OperationData, index: number): Range {
  const segments = op.properties.get(RESULT_SEGMENTS);
  return divide(data.results, op.results.length, segments)?.[index] ?? EMPTY;
}

export function operandValues(op: Operation, data: OperationData, index: number): Value[] {
  const { start, count } = operandRange(op, data, index);
  const values: Value[] = [];
  for (let i = start; i < start + count; i++) values.push(op.operand(i));
  return values;
}

/** The lists of an operand entity that is a list of lists. */
export function operandLists(op: Operation, data: OperationData, index: number): Value[][] {
  const values = operandValues(op, data, index);
  const sizes = op.properties.get(data.operands[index].segments ?? '');
  let start = 0;
  return (sizes instanceof DenseArrayAttr ? sizes.values : []).map((count) =>
    values.slice(start, (start += count)),
  );
}

export function resultValues(op: Operation, data: OperationData, index: number): Value[] {
  const { start, count } = resultRange(op, data, index);
  return op.results.slice(start, start + count);
}

/** The regions of the entity of that position; only the last entity may be variadic. */
export function entityRegions(op: Operation, data: OperationData, index: number): Region[] {
  return data.regions[index].arity === 'single'
    ? op.regions.slice(index, index + 1)
    : op.regions.slice(index, op.regions.length - (data.regions.length - index - 1));
}
