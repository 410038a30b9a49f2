/** Transformations of `scf.for`: peeling off a partial last iteration, and unrolling. */

import type { AffineMapAttr } from '../ir/index.js';
import {
  cloneOperation,
  ValueMapping,
  IntegerAttr,
  type IndexType,
  type IntegerType,
  type Operation,
  type Value,
} from '../ir/index.js';
import { parseAttribute } from '../syntax/index.js';
import { constantValue, Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';
import { booleanOption, integerOption } from './pass-options.js';

export const scfForLoopPeelingPass = definePass({
  name: 'scf-for-loop-peeling',
  title: 'SCFForLoopPeeling',
  summary: 'Peel `for` loops at their upper bounds',
  description:
    'A loop whose step need not divide its range becomes a loop over full steps and one for what is left, so that the first needs no checks.',
  requires: ['affine'],
  statistics: { 'num-peeled': 'Number of loops peeled' },
  options: {
    'peel-front': booleanOption(
      false,
      'Peel the first iteration out of the loop. If unset, the last iteration is peeled.',
    ),
    'skip-partial': booleanOption(
      true,
      'Do not peel loops inside of the last, partial iteration of another already peeled loop.',
    ),
  },
  run(root, { context, options, statistics }) {
    const rewriter = new Rewriter(context);
    const map = parseAttribute(
      'affine_map<()[s0, s1, s2] -> (s1 - (s1 - s0) mod s2)>',
      context,
    ) as AffineMapAttr;
    const next = parseAttribute('affine_map<()[s0, s1] -> (s0 + s1)>', context) as AffineMapAttr;
    const partial = new Set<Operation>();
    const loops = loopsIn(root, 'pre');
    // Where they are wanted, the loops in what was peeled off join the list while it is walked.
    const addPeeled = (peeled: Operation): void => {
      partial.add(peeled);
      if (!options['skip-partial'])
        loops.push(...loopsIn(peeled, 'pre').filter((inner) => inner !== peeled));
    };
    for (const loop of loops) {
      const [lower, upper, step] = [0, 1, 2].map((index) => constantInteger(loop.operand(index)));
      if (loop.operand(0).type.toString() !== 'index') continue;
      if (options['skip-partial'] && hasAncestorIn(loop, partial)) continue;
      if (options['peel-front']) {
        const isShort =
          lower !== undefined && upper !== undefined && step !== undefined && upper - lower <= step;
        if (isShort) continue;
        addPeeled(peelFirst(loop, next, rewriter));
        statistics['num-peeled']++;
        continue;
      }
      if (step === 1n) continue;
      if (
        lower !== undefined &&
        upper !== undefined &&
        step !== undefined &&
        (upper - lower) % step === 0n
      )
        continue;
      rewriter.setInsertionPointBefore(loop);
      const split = rewriter.create('affine.apply', {
        operands: [loop.operand(0), loop.operand(1), loop.operand(2)],
        resultTypes: [loop.operand(1).type],
        attributes: { map },
        location: loop.location,
      }).result;
      const rest = cloneOperation(loop);
      rewriter.setInsertionPointAfter(loop);
      rewriter.insert(rest);
      loop.results.forEach((result, index) => {
        rewriter.replaceAllUsesWith(result, rest.results[index]);
        rewriter.setOperand(rest, index + 3, result);
      });
      rewriter.setOperand(rest, 0, split);
      rewriter.setOperand(loop, 1, split);
      addPeeled(rest);
      statistics['num-peeled']++;
    }
  },
});

/** Puts a loop of the first iteration in front of a loop, and returns it. */
function peelFirst(loop: Operation, next: AffineMapAttr, rewriter: Rewriter): Operation {
  rewriter.setInsertionPointBefore(loop);
  const split = rewriter.create('affine.apply', {
    operands: [loop.operand(0), loop.operand(2)],
    resultTypes: [loop.operand(0).type],
    attributes: { map: next },
    location: loop.location,
  }).result;
  const first = cloneOperation(loop);
  rewriter.insert(first);
  rewriter.setOperand(first, 1, split);
  first.results.forEach((result, index) => rewriter.setOperand(loop, index + 3, result));
  rewriter.setOperand(loop, 0, split);
  return first;
}

export const scfForLoopUnrollPass = definePass({
  name: 'scf-for-loop-unroll',
  title: 'SCFForLoopUnroll',
  summary: 'Unroll `for` loops',
  description:
    'Each loop without loops inside runs `factor` iterations at a time, and what is left in a loop behind it. Loops of at most `full-threshold` iterations disappear altogether.',
  requires: ['arith'],
  statistics: { 'num-unrolled': 'Number of loops unrolled' },
  options: {
    factor: integerOption(4, 'iterations that become one', { minimum: 1 }),
    'full-threshold': integerOption(
      0,
      'loops of at most so many iterations are unrolled completely',
      {
        minimum: 0,
      },
    ),
  },
  run(root, { context, options, statistics }) {
    const rewriter = new Rewriter(context);
    for (const loop of loopsIn(root, 'post')) {
      const trips = tripCount(loop);
      if (trips !== undefined && trips <= BigInt(options['full-threshold'])) {
        unrollFully(loop, Number(trips), rewriter);
        statistics['num-unrolled']++;
      } else if (options.factor > 1 && !containsLoop(loop)) {
        unrollBy(loop, options.factor, trips, rewriter);
        statistics['num-unrolled']++;
      }
    }
  },
});

function loopsIn(root: Operation, order: 'pre' | 'post'): Operation[] {
  const loops: Operation[] = [];
  root.walk((op) => {
    if (op.name.text === 'scf.for') loops.push(op);
  }, order);
  return loops;
}

function hasAncestorIn(op: Operation, set: ReadonlySet<Operation>): boolean {
  for (let above = op.parentOp; above !== null; above = above.parentOp)
    if (set.has(above)) return true;
  return false;
}

function containsLoop(loop: Operation): boolean {
  return !loop.walk((op) => (op !== loop && op.name.text === 'scf.for' ? 'interrupt' : 'advance'));
}

function constantInteger(value: Value): bigint | undefined {
  const constant = constantValue(value);
  return constant instanceof IntegerAttr ? constant.value : undefined;
}

function tripCount(loop: Operation): bigint | undefined {
  const [lower, upper, step] = [0, 1, 2].map((index) => constantInteger(loop.operand(index)));
  if (lower === undefined || upper === undefined || step === undefined || step <= 0n)
    return undefined;
  return upper <= lower ? 0n : (upper - lower + step - 1n) / step;
}

/** Copies the loop's body in front of an operation; returns what it yields. */
function copyBody(
  loop: Operation,
  induction: Value,
  carried: readonly Value[],
  before: Operation,
  rewriter: Rewriter,
): Value[] {
  const block = loop.regions[0].entryBlock;
  const mapping = new ValueMapping();
  mapping.map(block.arguments[0], induction);
  carried.forEach((value, index) => mapping.map(block.arguments[index + 1], value));
  rewriter.setInsertionPointBefore(before);
  const { lastOp } = block;
  for (const op of [...block.operations()]) if (op !== lastOp) rewriter.clone(op, mapping);
  return lastOp!.operands.map((value) => mapping.lookup(value));
}

function unrollFully(loop: Operation, trips: number, rewriter: Rewriter): void {
  let carried: readonly Value[] = loop.operands.slice(3);
  let induction = loop.operand(0);
  for (let trip = 0; trip < trips; trip++) {
    if (trip > 0) {
      rewriter.setInsertionPointBefore(loop);
      induction = binary('arith.addi', induction, loop.operand(2), loop, rewriter);
    }
    carried = copyBody(loop, induction, carried, loop, rewriter);
  }
  rewriter.replaceOp(loop, [...carried]);
}

function unrollBy(
  loop: Operation,
  factor: number,
  trips: bigint | undefined,
  rewriter: Rewriter,
): void {
  const [lower, upper, step] = loop.operands;
  rewriter.setInsertionPointBefore(loop);
  const many = constant(BigInt(factor), loop, rewriter);
  let end = upper;
  if (trips === undefined || trips % BigInt(factor) !== 0n) {
    // As many iterations as the factor divides, then the rest in a copy of the loop.
    const range = binary('arith.subi', upper, lower, loop, rewriter);
    const count = binary('arith.ceildivsi', range, step, loop, rewriter);
    const left = binary('arith.remsi', count, many, loop, rewriter);
    const main = binary('arith.subi', count, left, loop, rewriter);
    const length = binary('arith.muli', main, step, loop, rewriter);
    end = binary('arith.addi', lower, length, loop, rewriter);
    const rest = cloneOperation(loop);
    rewriter.setInsertionPointAfter(loop);
    rewriter.insert(rest);
    loop.results.forEach((result, index) => {
      rewriter.replaceAllUsesWith(result, rest.results[index]);
      rewriter.setOperand(rest, index + 3, result);
    });
    rewriter.setOperand(rest, 0, end);
  }
  rewriter.setInsertionPointBefore(loop);
  const stride = binary('arith.muli', step, many, loop, rewriter);
  rewriter.setOperand(loop, 1, end);
  const block = loop.regions[0].entryBlock;
  const terminator = block.lastOp!;
  const original = cloneOperation(loop);
  let carried: readonly Value[] = terminator.operands;
  for (let copy = 1; copy < factor; copy++) {
    rewriter.setInsertionPointBefore(terminator);
    const offset =
      copy === 1
        ? step
        : binary('arith.muli', step, constant(BigInt(copy), loop, rewriter), loop, rewriter);
    const induction = binary('arith.addi', block.arguments[0], offset, loop, rewriter);
    carried = copyBody(original, induction, carried, terminator, rewriter);
  }
  original.dropAllReferences();
  rewriter.modifyInPlace(terminator, () => terminator.setOperands(carried));
  rewriter.setOperand(loop, 2, stride);
}

function binary(name: string, lhs: Value, rhs: Value, at: Operation, rewriter: Rewriter): Value {
  return rewriter.create(name, {
    operands: [lhs, rhs],
    resultTypes: [lhs.type],
    location: at.location,
  }).result;
}

function constant(value: bigint, loop: Operation, rewriter: Rewriter): Value {
  const type = loop.operand(0).type as IndexType | IntegerType;
  return rewriter.create('arith.constant', {
    attributes: { value: IntegerAttr.get(value, type) },
    resultTypes: [type],
    location: loop.location,
  }).result;
}
