import { expect, test } from 'vitest';
import { Block, Region, StringAttr, i32, type Operation } from '../../src/ir/index.js';
import { fingerprint, Rewriter, type RewriteListener } from '../../src/rewrite/index.js';
import { binary, constant, show, toyContext, toyModule } from './toy-dialect.js';

function sample(): { module: Operation; func: Operation; add: Operation } {
  const context = toyContext();
  let func!: Operation;
  let add!: Operation;
  const module = toyModule(context, 2, (builder, [a, b], f) => {
    func = f;
    const one = constant(builder, 1);
    add = binary(builder, 'toy.add', a, one).definingOp!;
    const sum = binary(builder, 'toy.add', add.result, b);
    builder.create('toy.use', { operands: [sum] });
    builder.create('toy.return');
  });
  return { module, func, add };
}

test('a transaction that fails leaves the program exactly as it was', () => {
  const { module, func, add } = sample();
  const before = show(module);
  const print = fingerprint(module);
  const operandsBefore = add.operands;
  const rewriter = new Rewriter(module.context);
  const entry = func.regions[0].entryBlock;
  const isDone = rewriter.transaction(() => {
    rewriter.setInsertionPointBefore(add);
    const other = rewriter.create('toy.a', { operands: [entry.arguments[1]], resultTypes: [i32] });
    rewriter.replaceOp(add, other);
    rewriter.setAttribute(func, 'x', StringAttr.get('y'));
    const tail = rewriter.splitBlock(entry, other);
    const argument = rewriter.addBlockArgument(tail, i32);
    rewriter.setOperand(other, 0, argument);
    rewriter.setInsertionPointToEnd(entry);
    rewriter.create('toy.br', { operands: [entry.arguments[0]], successors: [tail] });
    rewriter.moveOpBefore(tail.lastOp!, other);
    const fresh = rewriter.insertBlock(func.regions[0], null, new Block([i32]));
    rewriter.eraseBlock(fresh);
    rewriter.cloneRegion(func.regions[0], func.regions[0]);
    expect(show(module)).not.toBe(before);
    return false;
  });
  expect(isDone).toBe(false);
  expect(show(module)).toBe(before);
  expect(fingerprint(module)).toBe(print);
  expect(add.operands).toEqual(operandsBefore);
  expect(add.parentBlock).toBe(entry);
});

test('undoing the erasure of an operation with regions brings its inside back', () => {
  const context = toyContext();
  let holder!: Operation;
  const module = toyModule(context, 1, (builder, [a]) => {
    const region = new Region();
    const block = region.append(new Block());
    holder = builder.create('toy.if', { operands: [a], regions: [region] });
    builder.create('toy.return');
    builder.setInsertionPointToEnd(block);
    builder.create('toy.use', { operands: [a] });
    builder.create('toy.yield');
  });
  const before = show(module);
  const rewriter = new Rewriter(context);
  rewriter.transaction(() => {
    rewriter.erase(holder);
    expect(show(module)).not.toContain('toy.if');
    return false;
  });
  expect(show(module)).toBe(before);
});

test('an inner transaction can fail while the outer one goes on', () => {
  const { module, add } = sample();
  const rewriter = new Rewriter(module.context);
  rewriter.transaction(() => {
    rewriter.setAttribute(add, 'kept', StringAttr.get('1'));
    rewriter.transaction(() => {
      rewriter.setAttribute(add, 'dropped', StringAttr.get('1'));
      return false;
    });
    return true;
  });
  expect(add.hasAttribute('kept')).toBe(true);
  expect(add.hasAttribute('dropped')).toBe(false);
});

test('listeners hear of each change once', () => {
  const { module, add } = sample();
  const counts = { inserted: 0, modified: 0, replaced: 0, erased: 0 };
  const listener: RewriteListener = {
    onInserted: () => void counts.inserted++,
    onModified: () => void counts.modified++,
    onReplaced: () => void counts.replaced++,
    onErased: () => void counts.erased++,
  };
  const rewriter = new Rewriter(module.context, listener);
  rewriter.replaceOpWithNew(add, 'toy.b', { operands: add.operands, resultTypes: [i32] });
  expect(counts).toEqual({ inserted: 1, modified: 1, replaced: 1, erased: 1 });
});

test('a replacement inherits the name that the author gave', () => {
  const { module, add } = sample();
  add.result.name = 'acc';
  const rewriter = new Rewriter(module.context);
  const { result } = rewriter.replaceOpWithNew(add, 'toy.b', { resultTypes: [i32] });
  expect(result.name).toBe('acc');
});
