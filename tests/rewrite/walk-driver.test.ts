import { expect, test } from 'vitest';
import { i32, type Operation } from '../../src/ir/index.js';
import { pattern, walkAndApplyPatterns } from '../../src/rewrite/index.js';
import { binary, show, toyContext, toyModule } from './toy-dialect.js';

const add = pattern('toy.a', { name: 'a-to-a' }, (op, rewriter) => {
  rewriter.replaceOpWithNew(op, 'toy.a', { operands: op.operands, resultTypes: [i32] });
});

test('each operation is tried once, inner ones first, and nothing is folded or looked at again', () => {
  const seen: string[] = [];
  const module = toyModule(toyContext(), 2, (builder, [a, b]) => {
    const sum = binary(builder, 'toy.a', a, b);
    binary(builder, 'toy.a', sum, b);
    builder.create('toy.return');
  });
  const trace = pattern('any', { name: 'trace' }, (op, rewriter) => {
    seen.push(op.name.text);
    return rewriter.notifyMatchFailure(op, 'it only looks');
  });
  // The greedy driver would never end with a pattern that builds what it matches, and remove the dead operation.
  expect(walkAndApplyPatterns(module, [add, trace])).toBe(true);
  expect(show(module).match(/toy\.a\(/g)).toHaveLength(2);
  expect(seen).toEqual(['toy.return', 'toy.func']);
  expect(walkAndApplyPatterns(module, [trace])).toBe(false);
});

test('operations that a pattern erased are left out', () => {
  const module = toyModule(toyContext(), 2, (builder, [a, b]) => {
    binary(builder, 'toy.a', a, b);
    binary(builder, 'toy.b', a, b);
    builder.create('toy.return');
  });
  let visited = 0;
  const eraseNext = pattern('toy.a', { name: 'erase-next' }, (op: Operation, rewriter) => {
    rewriter.erase(op.nextOp!);
  });
  const count = pattern('toy.b', { name: 'count' }, (op, rewriter) => {
    visited++;
    return rewriter.notifyMatchFailure(op, 'it only counts');
  });
  walkAndApplyPatterns(module, [eraseNext, count]);
  expect(visited).toBe(0);
});

test('a pattern that says something else than it does is named', () => {
  const module = toyModule(toyContext(), 2, (builder, [a, b]) => {
    binary(builder, 'toy.a', a, b);
    builder.create('toy.return');
  });
  const nothing = pattern('toy.a', { name: 'nothing' }, () => undefined);
  expect(() => walkAndApplyPatterns(module, [nothing])).toThrow(
    "pattern 'nothing' succeeded on 'toy.a' but changed nothing",
  );
});
