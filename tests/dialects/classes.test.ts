import { expect, test } from 'vitest';
import {
  ArithAddiOp,
  ArithCmpiOp,
  ArithConstantOp,
  CfBrOp,
  CfSwitchOp,
  createContext,
  FuncFuncOp,
  GpuAddressSpaceAttr,
  GpuThreadIdOp,
  MemrefAllocOp,
  MemrefLoadOp,
  ScfForOp,
  TileSharedType,
  VectorShuffleOp,
} from '../../src/dialects/index.js';
import {
  Block,
  Builder,
  DialectType,
  f16,
  f32,
  FunctionType,
  i1,
  i32,
  indexType,
  IntegerAttr,
  isOp,
  MemRefType,
  printOperation,
  Region,
  VectorType,
  verifyOperation,
  viewAs,
} from '../../src/ir/index.js';

const context = createContext();

test('build, read and change operations through their classes', () => {
  const block = new Block([indexType]);
  const builder = Builder.atEnd(block, context);
  const c = ArithConstantOp.build(builder, { value: IntegerAttr.get(3, i32) });
  expect(c.result.type).toBe(i32);
  const sum = ArithAddiOp.build(builder, { lhs: c.result, rhs: c.result });
  expect(sum.overflowFlags).toBe('none');
  sum.overflowFlags = 'nsw, nuw';
  expect(sum.overflowFlags).toBe('nsw, nuw');
  expect(sum.op.properties.get('overflowFlags')!.toString()).toBe('#arith.overflow<nsw, nuw>');
  const compare = ArithCmpiOp.build(builder, { lhs: sum.result, rhs: c.result, predicate: 'slt' });
  expect(compare.result.type).toBe(i1);
  expect(compare.predicate).toBe('slt');
  expect(compare.op.properties.get('predicate')).toBe(IntegerAttr.get(2));
  expect(isOp(sum.op, ArithAddiOp)).toBe(true);
  expect(viewAs(sum.op, ArithCmpiOp)).toBeUndefined();
});

test('operands of variable length, segments and inferred types', () => {
  const block = new Block([indexType]);
  const builder = Builder.atEnd(block, context);
  const [i] = block.arguments;
  const type = MemRefType.get([-1, 4], f32);
  const alloc = MemrefAllocOp.build(builder, {
    dynamicSizes: [i],
    symbolOperands: [],
    memrefType: type,
    alignment: 16,
  });
  expect(alloc.dynamicSizes).toEqual([i]);
  expect(alloc.symbolOperands).toEqual([]);
  expect(alloc.alignment?.value).toBe(16n);
  const load = MemrefLoadOp.build(builder, { memref: alloc.memref, indices: [i, i] });
  expect(load.result.type).toBe(f32);
  expect(load.indices).toEqual([i, i]);
  expect(load.nontemporal).toBeUndefined();
  const vector = builder.create('test.vector', { resultTypes: [VectorType.get([4], f32)] }).result;
  const mask = [0, 5].map((value) => IntegerAttr.get(value));
  expect(VectorShuffleOp.build(builder, { v1: vector, v2: vector, mask }).vector.type).toBe(
    VectorType.get([2], f32),
  );
});

test('regions and symbols', () => {
  const block = new Block();
  const builder = Builder.atEnd(block, context);
  const func = FuncFuncOp.build(builder, {
    symName: 'f',
    functionType: FunctionType.get([indexType], []),
  });
  expect(func.symName).toBe('f');
  expect(func.functionType.inputs).toEqual([indexType]);
  expect(func.symVisibility).toBeUndefined();
  const [n] = func.body.append(new Block([indexType])).arguments;
  const inside = Builder.atEnd(func.body.entryBlock, context);
  const region = new Region();
  region.append(new Block([indexType]));
  const loop = ScfForOp.build(inside, {
    lowerBound: n,
    upperBound: n,
    step: n,
    initArgs: [],
    resultTypes: [],
    region,
  });
  Builder.atEnd(loop.region.entryBlock, context).create('scf.yield');
  inside.create('func.return');
  expect(verifyOperation(func.op)).toBe(true);
  expect(printOperation(func.op)).toContain('scf.for %arg1 = %arg0 to %arg0 step %arg0 {');
});

test('declared types and attributes are unique and typed', () => {
  const type = TileSharedType.get([128, 32], f16);
  expect(type).toBeInstanceOf(TileSharedType);
  expect(type).toBeInstanceOf(DialectType);
  expect(TileSharedType.get([128, 32], f16)).toBe(type);
  expect([type.shape, type.elementType, type.layout]).toEqual([[128, 32], f16, undefined]);
  expect(type.toString()).toBe('!tile.shared<128x32xf16>');
  expect(GpuAddressSpaceAttr.get('workgroup').toString()).toBe('#gpu.address_space<workgroup>');
  const block = new Block();
  const id = GpuThreadIdOp.build(Builder.atEnd(block, context), { dimension: 'y' });
  expect(id.op.properties.get('dimension')!.toString()).toBe('#gpu<dim y>');
  expect(id.result.type).toBe(indexType);
});

test('an operand that is a list of lists', () => {
  const region = new Region();
  const blocks = [new Block([i32]), new Block(), new Block([i32, i32]), new Block([i32])];
  for (const block of blocks) region.append(block);
  const builder = Builder.atEnd(blocks[0], context);
  const [flag] = blocks[0].arguments;
  const view = CfSwitchOp.build(builder, {
    flag,
    defaultOperands: [],
    caseOperands: [[flag, flag], [flag]],
    defaultDestination: blocks[1],
    caseDestinations: [blocks[2], blocks[3]],
  });
  expect(view.caseOperands).toEqual([[flag, flag], [flag]]);
  expect(view.caseOperandSegments).toEqual([2, 1]);
  expect(CfBrOp.build(builder, { destOperands: [], dest: blocks[1] }).destOperands).toEqual([]);
});
