/** Structured control flow as branches between blocks. */

import { CfBrOp, CfCondBrOp, CfSwitchOp } from '../../dialects/generated/cf.js';
import {
  type DenseArrayAttr,
  DenseElementsAttr,
  i1,
  i32,
  i64,
  IntegerAttr,
  Region,
  VectorType,
  type Block,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { definePass } from '../../passes/index.js';
import { Rewriter } from '../../rewrite/index.js';

export const convertScfToCf = definePass({
  name: 'convert-scf-to-cf',
  title: 'SCFToControlFlow',
  summary:
    'Convert SCF dialect to ControlFlow dialect, replacing structured control flow with a CFG',
  description:
    'Loops, conditions, switches and regions become blocks with branches. Only where the region around may have several blocks: a function can, the body of a `gpu.launch` can, one of `affine.for` cannot. A parallel loop becomes a nest of loops first.',
  requires: ['cf', 'arith'],
  run(root, { context }) {
    const rewriter = new Rewriter(context);
    const ops: Operation[] = [];
    root.walk((op) => {
      if (Object.hasOwn(LOWERINGS, op.name.text)) ops.push(op);
    }, 'pre');
    // Outer ones first: what is inside then lies between blocks already.
    for (let next = 0; next < ops.length; next++) {
      const op = ops[next];
      if (ONE_BLOCK.some((trait) => op.parentOp?.name.hasTrait(trait)))
        return op.emitOpError(
          `cannot become blocks inside '${op.parentOp!.name}', whose regions have one block`,
        );
      rewriter.setInsertionPointBefore(op);
      rewriter.location = op.location;
      const added = LOWERINGS[op.name.text](op, rewriter);
      if (added === false) return false;
      if (Array.isArray(added)) ops.splice(next + 1, 0, ...(added as Operation[]));
    }
    return true;
  },
});

/** Traits of operations whose regions have one block. */
const ONE_BLOCK = ['SingleBlock', 'SingleBlockImplicitTerminator'];

/** Lowers an operation; returns operations that it made of it and that are lowered next, or false where it failed. */
type Lowering = (op: Operation, rewriter: Rewriter) => readonly Operation[] | boolean | void;

function branch(rewriter: Rewriter, block: Block, dest: Block, values: readonly Value[]): void {
  rewriter.setInsertionPointToEnd(block);
  CfBrOp.build(rewriter, { dest, destOperands: values });
}

/** Replaces a terminator by a branch that hands on its operands, or others. */
function branchInstead(
  rewriter: Rewriter,
  terminator: Operation,
  dest: Block,
  values: readonly Value[] = terminator.operands,
): void {
  rewriter.setInsertionPointBefore(terminator);
  CfBrOp.build(rewriter, { dest, destOperands: values });
  rewriter.erase(terminator);
}

const lowerFor: Lowering = (op, rewriter) => {
  const [lower, upper, step, ...initial] = op.operands;
  const before = op.parentBlock!;
  const after = rewriter.splitBlock(before, op);
  const [region] = op.regions;
  const condition = region.entryBlock;
  const last = region.lastBlock!;
  const body = rewriter.splitBlock(condition, condition.firstOp!);
  const end = last === condition ? body : last;
  rewriter.inlineRegion(region, before.parentRegion!, after);
  const [induction, ...carried] = condition.arguments;
  const terminator = end.lastOp!;
  rewriter.setInsertionPointBefore(terminator);
  const next = rewriter.create('arith.addi', {
    operands: [induction, step],
    resultTypes: [induction.type],
  }).result;
  branchInstead(rewriter, terminator, condition, [next, ...terminator.operands]);
  branch(rewriter, before, condition, [lower, ...initial]);
  rewriter.setInsertionPointToEnd(condition);
  const runs = rewriter.create('arith.cmpi', {
    operands: [induction, upper],
    resultTypes: [i1],
    attributes: { predicate: IntegerAttr.get(2, i64) },
  }).result;
  CfCondBrOp.build(rewriter, {
    condition: runs,
    trueDest: body,
    trueDestOperands: [],
    falseDest: after,
    falseDestOperands: [],
  });
  rewriter.replaceOp(op, carried);
};

const lowerIf: Lowering = (op, rewriter) => {
  const [then, otherwise] = op.regions;
  const before = op.parentBlock!;
  const rest = rewriter.splitBlock(before, op);
  const after = op.results.length === 0 ? rest : joinBlock(rewriter, op, rest);
  const thenBlock = enter(rewriter, then, after);
  const elseBlock = otherwise.isEmpty ? after : enter(rewriter, otherwise, after);
  rewriter.setInsertionPointToEnd(before);
  CfCondBrOp.build(rewriter, {
    condition: op.operand(0),
    trueDest: thenBlock,
    trueDestOperands: [],
    falseDest: elseBlock,
    falseDestOperands: [],
  });
  rewriter.replaceOp(op, op.results.length === 0 ? [] : after.arguments);
};

/** A block that takes an operation's results and goes on to `rest`. */
function joinBlock(rewriter: Rewriter, op: Operation, rest: Block): Block {
  const join = rewriter.splitBlock(rest, rest.firstOp!);
  // The part in front of the split takes the arguments; what was behind it goes on.
  for (const result of op.results) rewriter.addBlockArgument(rest, result.type, op.location);
  branch(rewriter, rest, join, []);
  return rest;
}

/** Moves a region's blocks in front of `after`, its end branching there with what it yields; returns its entry. */
function enter(rewriter: Rewriter, region: Region, after: Block): Block {
  const entry = region.entryBlock;
  const ends = [...region.blocks()].map((block) => block.lastOp!);
  rewriter.inlineRegion(region, after.parentRegion!, after);
  for (const end of ends) if (end.name.text === 'scf.yield') branchInstead(rewriter, end, after);
  return entry;
}

const lowerWhile: Lowering = (op, rewriter) => {
  const block = op.parentBlock!;
  const after = rewriter.splitBlock(block, op);
  const [beforeRegion, bodyRegion] = op.regions;
  const [head, body] = [beforeRegion.entryBlock, bodyRegion.entryBlock];
  const condition = beforeRegion.lastBlock!.lastOp!;
  const yielded = bodyRegion.lastBlock!.lastOp!;
  rewriter.inlineRegion(beforeRegion, block.parentRegion!, after);
  rewriter.inlineRegion(bodyRegion, block.parentRegion!, after);
  branch(rewriter, block, head, op.operands);
  const [decides, ...values] = condition.operands;
  rewriter.setInsertionPointBefore(condition);
  CfCondBrOp.build(rewriter, {
    condition: decides,
    trueDest: body,
    trueDestOperands: values,
    falseDest: after,
    falseDestOperands: [],
  });
  rewriter.erase(condition);
  branchInstead(rewriter, yielded, head);
  rewriter.replaceOp(op, values);
};

const lowerExecuteRegion: Lowering = (op, rewriter) => {
  const block = op.parentBlock!;
  const after = rewriter.splitBlock(block, op);
  for (const result of op.results) rewriter.addBlockArgument(after, result.type, op.location);
  branch(rewriter, block, enter(rewriter, op.regions[0], after), []);
  rewriter.replaceOp(op, after.arguments);
};

const lowerIndexSwitch: Lowering = (op, rewriter) => {
  const block = op.parentBlock!;
  const after = rewriter.splitBlock(block, op);
  for (const result of op.results) rewriter.addBlockArgument(after, result.type, op.location);
  const [fallback, ...cases] = op.regions;
  const caseDestinations = cases.map((region) => enter(rewriter, region, after));
  const defaultDestination = enter(rewriter, fallback, after);
  rewriter.setInsertionPointToEnd(block);
  const flag = rewriter.create('arith.index_cast', {
    operands: [op.operand(0)],
    resultTypes: [i32],
  }).result;
  const values = (op.getAttribute('cases') as DenseArrayAttr).values;
  CfSwitchOp.build(rewriter, {
    flag,
    defaultDestination,
    defaultOperands: [],
    caseDestinations,
    caseOperands: caseDestinations.map(() => []),
    caseValues:
      values.length === 0
        ? undefined
        : DenseElementsAttr.get(VectorType.get([values.length], i32), values.map(BigInt)),
  });
  rewriter.replaceOp(op, after.arguments);
};

/** A nest of loops, the first dimension outside; reductions become carried values. */
const lowerParallel: Lowering = (op, rewriter) => {
  const block = op.regions[0].entryBlock;
  const rank = block.arguments.length;
  const operands = op.operands;
  const bounds = [0, 1, 2].map((part) => operands.slice(part * rank, (part + 1) * rank));
  const loops: Operation[] = [];
  let carried: readonly Value[] = operands.slice(3 * rank);
  const types = op.resultTypes;
  for (let dim = 0; dim < rank; dim++) {
    const body = new Region();
    const loop = rewriter.create('scf.for', {
      operands: [...bounds.map((part) => part[dim]), ...carried],
      resultTypes: types,
      regions: [body],
    });
    const inner = rewriter.createBlock(body, [block.arguments[dim].type, ...types], op.location);
    if (loops.length > 0) {
      rewriter.setInsertionPointToEnd(loop.parentBlock!);
      rewriter.create('scf.yield', { operands: loop.results });
    }
    loops.push(loop);
    carried = inner.arguments.slice(1);
    rewriter.setInsertionPointToEnd(inner);
  }
  const innermost = loops[loops.length - 1].regions[0].entryBlock;
  const reduce = block.lastOp!;
  const values = loops.map((loop) => loop.regions[0].entryBlock.arguments[0]);
  rewriter.mergeBlocks(block, innermost, values);
  const results = reduce.regions.map((region, index) => {
    const combine = region.entryBlock;
    const end = combine.lastOp!;
    rewriter.inlineBlockBefore(combine, reduce, [carried[index], reduce.operand(index)]);
    const [value] = end.operands;
    rewriter.erase(end);
    return value;
  });
  rewriter.erase(reduce);
  rewriter.setInsertionPointToEnd(innermost);
  rewriter.create('scf.yield', { operands: results });
  rewriter.replaceOp(op, loops[0].results);
  return loops;
};

const LOWERINGS: Readonly<Record<string, Lowering>> = {
  'scf.for': lowerFor,
  'scf.if': lowerIf,
  'scf.while': lowerWhile,
  'scf.execute_region': lowerExecuteRegion,
  'scf.index_switch': lowerIndexSwitch,
  'scf.parallel': lowerParallel,
};
