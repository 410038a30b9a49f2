/** Structured control flow as passes see it: loops, regions that branch, terminators that hand values on. */

import {
  IntegerAttr,
  type Attribute,
  type DenseArrayAttr,
  type Operation,
  type OpOperand,
  type Region,
} from '../../ir/index.js';
import { constantInteger } from '../speculation.js';
import type {
  ConditionallySpeculatable,
  LoopLike,
  RegionBranch,
  RegionBranchTerminator,
  RegionSuccessor,
} from '../interfaces.js';

const integer = (constant: Attribute | undefined): bigint | undefined =>
  constant instanceof IntegerAttr ? constant.value : undefined;
const parent = (op: Operation): RegionSuccessor => ({ kind: 'parent', inputs: op.results });
const into = (region: Region, skip = 0): RegionSuccessor => ({
  kind: 'region',
  region,
  inputs: region.isEmpty ? [] : region.entryBlock.arguments.slice(skip),
});

export const forLoop: LoopLike = {
  loopRegions: (op) => op.regions,
  inductionVariables: (op) => op.regions[0].entryBlock.arguments.slice(0, 1),
  bounds: (op) => ({ lower: [op.operand(0)], upper: [op.operand(1)], step: [op.operand(2)] }),
  initialValues: (op) => op.operands.slice(3),
  iterationArguments: (op) => op.regions[0].entryBlock.arguments.slice(1),
};

/** With a step of one the loop ends; any other might make the counter wrap around for ever. */
export const forSpeculation: ConditionallySpeculatable = {
  speculatability: (op) => (constantInteger(op.operand(2)) === 1n ? 'recursively' : 'never'),
};

export const forBranch: RegionBranch = {
  // The body may run no time at all, or again.
  successors: (op) => [into(op.regions[0], 1), parent(op)],
  entryOperands: (op) => op.opOperands.slice(3),
};

export const ifBranch: RegionBranch = {
  successors: (op, from, constants) => {
    if (from !== undefined) return [parent(op)];
    const ways = op.regions.map((region) => (region.isEmpty ? parent(op) : into(region)));
    const condition = integer(constants?.[0]);
    return condition === undefined ? ways : [ways[condition === 0n ? 1 : 0]];
  },
  entryOperands: () => [],
};

export const whileLoop: LoopLike = {
  loopRegions: (op) => op.regions,
  inductionVariables: () => [],
  initialValues: (op) => op.operands,
  iterationArguments: (op) => op.regions[0].entryBlock.arguments,
};

export const whileBranch: RegionBranch = {
  successors: (op, from) => {
    const [before, after] = op.regions;
    return from === before ? [into(after), parent(op)] : [into(before)];
  },
  entryOperands: (op) => op.opOperands,
};

export const parallelLoop: LoopLike = {
  loopRegions: (op) => op.regions,
  inductionVariables: (op) => op.regions[0].entryBlock.arguments,
  bounds: (op) => {
    const count = op.regions[0].entryBlock.arguments.length;
    const { operands } = op;
    return {
      lower: operands.slice(0, count),
      upper: operands.slice(count, 2 * count),
      step: operands.slice(2 * count, 3 * count),
    };
  },
  initialValues: (op) => op.operands.slice(3 * op.regions[0].entryBlock.arguments.length),
  iterationArguments: () => [],
};

/** One of the cases runs, or the default, which is the first region. */
export const switchBranch: RegionBranch = {
  successors: (op, from, constants) => {
    if (from !== undefined) return [parent(op)];
    const ways = op.regions.map((region) => into(region));
    const value = integer(constants?.[0]);
    if (value === undefined) return ways;
    const cases = (op.getAttribute('cases') as DenseArrayAttr).values;
    return [ways[cases.findIndex((one) => BigInt(one) === value) + 1]];
  },
  entryOperands: () => [],
};

/** Every region runs at most once and then leaves. */
export const onceBranch: RegionBranch = {
  successors: (op, from) =>
    from === undefined ? op.regions.map((region) => into(region)) : [parent(op)],
  entryOperands: () => [],
};

export const yieldTerminator: RegionBranchTerminator = {
  forwarded: (op): readonly OpOperand[] => op.opOperands,
};

/** The condition itself stays behind. */
export const conditionTerminator: RegionBranchTerminator = {
  forwarded: (op) => op.opOperands.slice(1),
  successors: (_, all, constants) => {
    const condition = integer(constants?.[0]);
    if (condition === undefined) return all;
    return all.filter(({ kind }) => (kind === 'region') === (condition !== 0n));
  },
};
