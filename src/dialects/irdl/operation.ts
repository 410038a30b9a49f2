/** An operation that an IRDL program declares, as the IR sees it. */

import {
  DenseArrayAttr,
  type InterfaceKey,
  type Operation,
  type OperationDefinition,
  type TraitArguments,
} from '../../ir/index.js';
import { ConstraintVerifier, type IrdlConstraint } from './constraints.js';
import type { Variadicity } from './index.js';

/** An operand or result: how often it may occur, and its constraint's position. */
export interface IrdlValue {
  readonly variadicity: Variadicity;
  readonly constraint: number;
}

export interface IrdlRegion {
  readonly blockCount: number | undefined;
  /** Constraints of the entry block's arguments; undefined where any will do. */
  readonly arguments: readonly number[] | undefined;
}

export interface IrdlOperationData {
  readonly name: string;
  readonly constraints: readonly IrdlConstraint[];
  readonly operands: readonly IrdlValue[];
  readonly results: readonly IrdlValue[];
  readonly attributes: readonly { readonly name: string; readonly constraint: number }[];
  /** Undefined where nothing is said of regions: there are none then. */
  readonly regions: readonly IrdlRegion[];
}

type Kind = 'operand' | 'result';

/** Older and newer tools spell the sizes of segments differently. */
const SEGMENTS: Readonly<Record<Kind, readonly string[]>> = {
  operand: ['operand_segment_sizes', 'operandSegmentSizes'],
  result: ['result_segment_sizes', 'resultSegmentSizes'],
};

/** The number of values for each declared one; undefined after a report. */
function segmentSizes(
  op: Operation,
  kind: Kind,
  values: readonly IrdlValue[],
  total: number,
): readonly number[] | undefined {
  const fail = (message: string): undefined => void op.emitError(message);
  const variable = values.filter(({ variadicity }) => variadicity !== 'single');
  const fixed = values.length - variable.length;
  if (variable.length === 0) {
    if (total !== fixed) return fail(`op expects exactly ${fixed} ${kind}s, but got ${total}`);
    return values.map(() => 1);
  }
  if (variable.length === 1) {
    if (total < fixed) return fail(`op expects at least ${fixed} ${kind}s, but got ${total}`);
    if (variable[0].variadicity === 'optional' && total > fixed + 1)
      return fail(`op expects at most ${fixed + 1} ${kind}s, but got ${total}`);
    return values.map(({ variadicity }) => (variadicity === 'single' ? 1 : total - fixed));
  }
  const name = SEGMENTS[kind].find((it) => op.getAttribute(it) !== undefined) ?? SEGMENTS[kind][0];
  const attribute = op.getAttribute(name);
  if (attribute === undefined) return fail(`'${name}' attribute is expected but not provided`);
  if (!(attribute instanceof DenseArrayAttr) || attribute.elementType.toString() !== 'i32')
    return fail(`'${name}' attribute is expected to be a dense i32 array`);
  const sizes = attribute.values;
  if (sizes.length !== values.length)
    return fail(
      `'${name}' attribute for specifying ${kind} segments must have ${values.length} elements, but got ${sizes.length}`,
    );
  for (const [i, { variadicity }] of values.entries()) {
    if (sizes[i] < 0)
      return fail(
        `'${name}' attribute for specifying ${kind} segments must have non-negative values`,
      );
    if (variadicity === 'single' && sizes[i] !== 1)
      return fail(`element ${i} in '${name}' attribute must be equal to 1`);
    if (variadicity === 'optional' && sizes[i] > 1)
      return fail(`element ${i} in '${name}' attribute must be equal to 0 or 1`);
  }
  if (sizes.reduce((a, b) => a + b, 0) !== total)
    return fail(`sum of elements in '${name}' attribute must be equal to the number of ${kind}s`);
  return sizes;
}

export class IrdlOperation implements OperationDefinition {
  readonly summary = '';
  readonly traits: ReadonlyMap<string, TraitArguments> = new Map();
  // All attributes stay in the attribute dictionary, as in the reference tool.
  readonly inherentAttributes: ReadonlySet<string> = new Set();
  readonly regionCount = 'variadic';
  readonly regionKind = 'ssacfg';
  readonly interfaces: ReadonlyMap<InterfaceKey<unknown>, unknown> = new Map();

  constructor(private readonly data: IrdlOperationData) {}

  get name(): string {
    return this.data.name;
  }

  readonly verifyInvariants = (op: Operation): boolean => {
    const verifier = new ConstraintVerifier(this.data.constraints);
    const areValuesRight = this.verifyValues(op, verifier);
    return this.verifyRegionShapes(op, verifier) && areValuesRight;
  };

  private verifyValues(op: Operation, verifier: ConstraintVerifier): boolean {
    const { operands, results, attributes } = this.data;
    const operandSizes = segmentSizes(op, 'operand', operands, op.operandCount);
    if (operandSizes === undefined) return false;
    const resultSizes = segmentSizes(op, 'result', results, op.results.length);
    if (resultSizes === undefined) return false;
    for (const { name } of attributes)
      if (op.getAttribute(name) === undefined)
        return op.emitOpError(`attribute "${name}" is expected but not provided`);
    for (const { name, constraint } of attributes) {
      const problem = verifier.verify(constraint, op.getAttribute(name)!);
      if (problem !== undefined) return op.emitError(problem);
    }
    const values = [
      { declared: operands, sizes: operandSizes, types: op.operands.map(({ type }) => type) },
      { declared: results, sizes: resultSizes, types: op.resultTypes },
    ];
    for (const { declared, sizes, types } of values) {
      let at = 0;
      for (const [i, { constraint }] of declared.entries()) {
        for (let end = at + sizes[i]; at < end; at++) {
          const problem = verifier.verifyType(constraint, types[at]);
          if (problem !== undefined) return op.emitError(problem);
        }
      }
    }
    return true;
  }

  private verifyRegionShapes(op: Operation, verifier: ConstraintVerifier): boolean {
    const { regions } = this.data;
    if (op.regions.length !== regions.length)
      return op.emitOpError(
        `unexpected number of regions: expected ${regions.length} but got ${op.regions.length}`,
      );
    const fail = (message: string): boolean =>
      op.emitError(message, [op.note('see the operation')]);
    for (const [i, region] of op.regions.entries()) {
      const { blockCount, arguments: constraints } = regions[i];
      if (constraints !== undefined) {
        const args = region.firstBlock?.arguments ?? [];
        if (args.length !== constraints.length)
          return fail(
            `expected region ${i} to have ${constraints.length} arguments but got ${args.length}`,
          );
        for (const [at, constraint] of constraints.entries()) {
          const problem = verifier.verifyType(constraint, args[at].type);
          if (problem !== undefined) return fail(problem);
        }
      }
      const found = [...region.blocks()].length;
      if (blockCount !== undefined && found !== blockCount)
        return op.emitError(`expected region ${i} to have ${blockCount} block(s) but got ${found}`);
    }
    return true;
  }
}
