/** What structured control flow must agree with beyond its declaration. */

import type { DenseArrayAttr, Operation, Type, Value } from '../../ir/index.js';

const typesOf = (values: readonly Value[]): Type[] => values.map((value) => value.type);

/** Counts and types of two lists must agree; `message` says which differ at which position. */
function agree(
  op: Operation,
  found: readonly Type[],
  expected: readonly Type[],
  count: (found: number, expected: number) => string,
  type: (index: number, found: Type, expected: Type) => string,
): boolean {
  if (found.length !== expected.length) return op.emitOpError(count(found.length, expected.length));
  return found.every(
    (it, index) => it === expected[index] || op.emitOpError(type(index, it, expected[index])),
  );
}

function terminatorOperands(op: Operation, region: number): Type[] {
  const last = op.regions[region].lastBlock?.lastOp;
  return last === null || last === undefined ? [] : typesOf(last.operands);
}

export function verifyFor(op: Operation): boolean {
  const [, , , ...inits] = op.operands;
  if (inits.length !== op.results.length)
    return op.emitOpError('mismatch in number of loop-carried values and defined values');
  const args = op.regions[0].entryBlock.arguments;
  const type = op.operand(0).type;
  if (args.length === 0 || args[0].type !== type)
    return op.emitOpError('expected induction variable to be same type as bounds and step');
  return (
    agree(
      op,
      typesOf(inits),
      typesOf(args.slice(1)),
      (found, expected) =>
        `different number of inits and region iter_args: ${found} != ${expected}`,
      (index, found, expected) =>
        `${index}-th init and ${index}-th region iter_arg have different type: '${found}' != '${expected}'`,
    ) &&
    agree(
      op,
      typesOf(args.slice(1)),
      op.resultTypes,
      (found, expected) =>
        `different number of region iter_args and results: ${found} != ${expected}`,
      (index, found, expected) =>
        `${index}-th region iter_arg and ${index}-th result have different type: '${found}' != '${expected}'`,
    )
  );
}

export function verifyForRegions(op: Operation): boolean {
  return agree(
    op,
    typesOf(op.regions[0].entryBlock.arguments.slice(1)),
    terminatorOperands(op, 0),
    (found, expected) =>
      `different number of region iter_args and yielded values: ${found} != ${expected}`,
    (index, found, expected) =>
      `${index}-th region iter_arg and ${index}-th yielded value have different type: '${found}' != '${expected}'`,
  );
}

export function verifyIf(op: Operation): boolean {
  if (op.results.length > 0 && op.regions[1].isEmpty)
    return op.emitOpError('must have an else block if defining values');
  return true;
}

export function verifyIfRegions(op: Operation): boolean {
  return op.regions.every(
    (region, index) =>
      region.isEmpty ||
      agree(
        op,
        terminatorOperands(op, index),
        op.resultTypes,
        (found, expected) =>
          `region control flow edge from Region #${index} to parent results: source has ${found} operands, but target successor needs ${expected}`,
        (i, found, expected) =>
          `along control flow edge from Region #${index} to parent results: source type #${i} '${found}' should match input type #${i} '${expected}'`,
      ),
  );
}

export function verifyWhileRegions(op: Operation): boolean {
  const [before, after] = op.regions;
  const condition = before.lastBlock?.lastOp;
  if (condition?.name.text !== 'scf.condition')
    return op.emitOpError(`expects the 'before' region to terminate with 'scf.condition'`);
  const end = after.lastBlock?.lastOp;
  if (end?.name.text !== 'scf.yield')
    return op.emitOpError(`expects the 'after' region to terminate with 'scf.yield'`);
  const edge =
    (from: string, to: string) =>
    (found: number, expected: number): string =>
      `region control flow edge from ${from} to ${to}: source has ${found} operands, but target successor needs ${expected}`;
  const mismatch =
    (from: string, to: string) =>
    (index: number, found: Type, expected: Type): string =>
      `along control flow edge from ${from} to ${to}: source type #${index} '${found}' should match input type #${index} '${expected}'`;
  const check = (found: Type[], expected: Type[], from: string, to: string): boolean =>
    agree(op, found, expected, edge(from, to), mismatch(from, to));
  const forwarded = typesOf(condition.operands.slice(1));
  return (
    check(
      typesOf(op.operands),
      typesOf(before.entryBlock.arguments),
      'parent operands',
      'Region #0',
    ) &&
    check(forwarded, typesOf(after.entryBlock.arguments), 'Region #0', 'Region #1') &&
    check(forwarded, op.resultTypes, 'Region #0', 'parent results') &&
    check(typesOf(end.operands), typesOf(before.entryBlock.arguments), 'Region #1', 'Region #0')
  );
}

export function verifyParallel(op: Operation): boolean {
  const segments = (op.properties.get('operandSegmentSizes') as DenseArrayAttr).values;
  const [lower, upper, step, inits] = segments;
  if (step === 0)
    return op.emitOpError('needs at least one tuple element for lowerBound, upperBound and step');
  if (lower !== step || upper !== step)
    return op.emitOpError('expects the same number of lower bounds, upper bounds and steps');
  if (op.regions[0].entryBlock.arguments.length !== step)
    return op.emitOpError('expects the same number of induction variables and step values');
  if (inits !== op.results.length)
    return op.emitOpError(
      `expects number of results: ${op.results.length} to be the same as number of initial values: ${inits}`,
    );
  return true;
}

export function verifyIndexSwitch(op: Operation): boolean {
  const { values } = op.properties.get('cases') as DenseArrayAttr;
  if (values.length !== op.regions.length - 1)
    return op.emitOpError(
      `has ${op.regions.length - 1} case regions but ${values.length} case values`,
    );
  const seen = new Set<number>();
  for (const value of values) {
    if (seen.has(value)) return op.emitOpError(`has duplicate case value: ${value}`);
    seen.add(value);
  }
  return true;
}
