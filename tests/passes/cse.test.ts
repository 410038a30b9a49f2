import { expect, test } from 'vitest';
import {
  Block,
  Region,
  i32,
  type Builder,
  type Operation,
  type Value,
} from '../../src/ir/index.js';
import { csePass } from '../../src/passes/index.js';
import { PassManager, passElement } from '../../src/pipelines/index.js';
import { binary, show, toyContext, toyModule } from '../rewrite/toy-dialect.js';

function runCse(body: (builder: Builder, args: readonly Value[], func: Operation) => void): {
  text: string;
  counts: Readonly<Record<string, number>>;
} {
  const context = toyContext();
  const module = toyModule(context, 2, body);
  const element = passElement(csePass);
  const manager = new PassManager(context, { anchor: 'toy.module', elements: [element] });
  expect(manager.run(module)).toBe(true);
  return { text: show(module), counts: manager.statisticsOf(element) };
}

const count = (text: string, part: string): number => text.split(part).length - 1;

test('counts what it replaced and what was dead', () => {
  const { text, counts } = runCse((builder, [a, b]) => {
    const x = binary(builder, 'toy.add', a, b);
    const y = binary(builder, 'toy.add', b, a);
    binary(builder, 'toy.a', a, b);
    builder.create('toy.use', { operands: [x, y] });
    builder.create('toy.return');
  });
  expect(count(text, 'toy.add(')).toBe(1);
  expect(counts).toEqual({ "num-cse'd": 1, "num-dce'd": 1 });
});

test('reads are equal until something writes or may write', () => {
  const load = (builder: Builder, from: Value): Value =>
    builder.create('toy.load', { operands: [from], resultTypes: [i32] }).result;
  for (const [between, loads] of [
    ['toy.return-nothing', 1],
    ['toy.store', 2],
    ['toy.use', 2],
  ] as const) {
    const { text } = runCse((builder, [a]) => {
      const x = load(builder, a);
      if (between !== 'toy.return-nothing') builder.create(between, { operands: [a] });
      const y = load(builder, a);
      builder.create('toy.use', { operands: [x, y] });
      builder.create('toy.return');
    });
    expect(count(text, 'toy.load(')).toBe(loads);
  }
});

test('operations with regions are equal only when they use the same values inside', () => {
  const region = (builder: Builder, used: Value): Value => {
    const body = new Region();
    const block = body.append(new Block());
    const op = builder.create('toy.if', { regions: [body], resultTypes: [i32] });
    builder.at({ block, before: null }, () => {
      const inner = binary(builder, 'toy.a', used, used);
      builder.create('toy.yield', { operands: [inner] });
    });
    return op.result;
  };
  const { text } = runCse((builder, [a, b]) => {
    const values = [region(builder, a), region(builder, a), region(builder, b)];
    builder.create('toy.use', { operands: values });
    builder.create('toy.return');
  });
  expect(count(text, 'toy.if(')).toBe(2);
});
