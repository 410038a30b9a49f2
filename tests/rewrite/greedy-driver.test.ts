import { expect, test } from 'vitest';
import { Block, i32, type Operation } from '../../src/ir/index.js';
import {
  applyPatternsGreedily,
  declarePattern,
  describeCycle,
  pattern,
  PatternSet,
  subscribeToActions,
  type ActionEvent,
} from '../../src/rewrite/index.js';
import { binary, constant, show, toyContext, toyModule } from './toy-dialect.js';

const swap = (from: string, to: string): ReturnType<typeof pattern> =>
  pattern(from, { name: `${from.slice(4)}-to-${to.slice(4)}` }, (op, rewriter) => {
    rewriter.replaceOpWithNew(op, to, { operands: op.operands, resultTypes: [i32] });
  });

test('folds constants, makes equal ones one, and drops dead operations', () => {
  const context = toyContext();
  const module = toyModule(context, 1, (builder, [a]) => {
    const sum = binary(builder, 'toy.add', constant(builder, 1), constant(builder, 2));
    const again = binary(builder, 'toy.add', constant(builder, 1), constant(builder, 2));
    const zero = binary(builder, 'toy.add', a, constant(builder, 0));
    binary(builder, 'toy.add', zero, sum);
    builder.create('toy.use', { operands: [sum, again, zero] });
    builder.create('toy.return');
  });
  expect(applyPatternsGreedily(module, [])).toEqual({ converged: true, changed: true });
  expect(show(module)).toBe(
    [
      'toy.module()',
      '^():',
      'toy.func()',
      '^(%0):',
      '%1 = toy.constant() 3 : i32',
      'toy.use(%1, %1, %0)',
      'toy.return()',
    ].join('\n'),
  );
});

test('tries patterns of higher benefit first and reports why others failed', () => {
  const context = toyContext();
  const events: ActionEvent[] = [];
  const module = toyModule(context, 1, (builder, [a]) => {
    const value = builder.create('toy.a', { operands: [a], resultTypes: [i32] });
    builder.create('toy.use', { operands: [value.result] });
    builder.create('toy.return');
  });
  const stop = subscribeToActions(context, (event) => events.push(event));
  const low = swap('toy.a', 'toy.b');
  const high = pattern('toy.a', { name: 'never', benefit: 5 }, (op, rewriter) =>
    rewriter.notifyMatchFailure(op, 'it never does'),
  );
  applyPatternsGreedily(module, [low, high]);
  stop();
  const tried = events.filter((event) => event.kind === 'apply-pattern' && event.phase === 'end');
  expect(tried).toMatchObject([
    { pattern: 'never', isSuccess: false, reason: 'it never does', opName: 'toy.a' },
    { pattern: 'a-to-b', isSuccess: true, opName: 'toy.a' },
  ]);
});

test('names the two patterns that undo each other', () => {
  const context = toyContext();
  const module = toyModule(context, 1, (builder, [a]) => {
    const value = builder.create('toy.a', { operands: [a], resultTypes: [i32] });
    builder.create('toy.use', { operands: [value.result] });
    builder.create('toy.return');
  });
  const result = applyPatternsGreedily(module, [swap('toy.a', 'toy.b'), swap('toy.b', 'toy.a')]);
  expect(result.converged).toBe(false);
  expect(result.cycle?.kind).toBe('repeats');
  expect([...result.cycle!.patterns].sort()).toEqual(['a-to-b', 'b-to-a']);
  expect(describeCycle(result.cycle!)).toMatch(/patterns '.-to-.' and '.-to-.' undo each other/);
});

test('stops a pattern that only ever adds operations, and names it', () => {
  const context = toyContext();
  const module = toyModule(context, 1, (builder, [a]) => {
    builder.create('toy.use', { operands: [a] });
    builder.create('toy.return');
  });
  const grow = pattern('toy.use', { name: 'use-twice' }, (op, rewriter) => {
    rewriter.create('toy.use', { operands: op.operands });
  });
  const { cycle } = applyPatternsGreedily(module, [grow], { maxNumRewrites: -1 });
  expect(cycle).toMatchObject({ kind: 'grows', patterns: ['use-twice'] });
});

test('a pattern that succeeds without a change is a bug that is named', () => {
  const context = toyContext();
  const module = toyModule(context, 1, (builder, [a]) => {
    builder.create('toy.use', { operands: [a] });
    builder.create('toy.return');
  });
  const idle = pattern('toy.use', { name: 'idle' }, () => true);
  expect(() => applyPatternsGreedily(module, [idle])).toThrow(
    "pattern 'idle' succeeded on 'toy.use' but changed nothing",
  );
});

test('joins blocks, erases unreachable ones and dead block arguments', () => {
  const context = toyContext();
  const module = toyModule(context, 1, (builder, [a], func) => {
    const region = func.regions[0];
    const next = region.append(new Block([i32, i32]));
    const loop = region.append(new Block([i32]));
    const dead = region.append(new Block());
    builder.create('toy.br', { operands: [a, a], successors: [next] });
    builder.setInsertionPointToEnd(next);
    builder.create('toy.use', { operands: [next.arguments[0]] });
    builder.create('toy.br', { operands: [next.arguments[1]], successors: [loop] });
    builder.setInsertionPointToEnd(loop);
    // The argument only feeds itself around the loop.
    const more = binary(builder, 'toy.add', loop.arguments[0], a);
    builder.create('toy.br', { operands: [more], successors: [loop] });
    builder.setInsertionPointToEnd(dead);
    builder.create('toy.br', { operands: [a], successors: [loop] });
  });
  applyPatternsGreedily(module, []);
  expect(show(module)).toBe(
    [
      'toy.module()',
      '^():',
      'toy.func()',
      '^(%0):',
      'toy.use(%0)',
      'toy.br()',
      '^():',
      'toy.br()',
    ].join('\n'),
  );
});

test('filters patterns by name and label', () => {
  const set = new PatternSet([
    swap('toy.a', 'toy.b'),
    { ...swap('toy.b', 'toy.a'), labels: ['back'] },
  ]);
  expect(set.filter({ disabled: ['back'] }).all()).toHaveLength(1);
  expect(set.filter({ enabled: ['back'] }).all()[0].name).toBe('b-to-a');
});

test('declarative patterns bind, compare, and match either order of operands', () => {
  const context = toyContext();
  const build = (left: boolean): Operation =>
    toyModule(context, 2, (builder, [a, b]) => {
      const inner = builder.create('toy.a', { operands: [a], resultTypes: [i32] }).result;
      const sum = binary(builder, 'toy.add', left ? inner : b, left ? b : inner);
      builder.create('toy.use', { operands: [sum] });
      builder.create('toy.return');
    });
  const declared = declarePattern({
    name: 'add-of-a',
    law: 'a(x) + y -> b(x, y)',
    match: {
      op: 'toy.add',
      operands: { either: [{ op: 'toy.a', operands: ['$x'], oneUse: true }, '$y'] },
    },
    rewrite: { op: 'toy.b', operands: ['$x', '$y'] },
  });
  expect(declared.benefit).toBe(2);
  for (const left of [true, false]) {
    const module = build(left);
    applyPatternsGreedily(module, [declared]);
    expect(show(module)).toContain('%2 = toy.b(%0, %1)');
    expect(show(module)).not.toContain('toy.add');
  }
});
