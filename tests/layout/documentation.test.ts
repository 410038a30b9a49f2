import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as layout from '../../src/layout/index.js';

const text = readFileSync(new URL('../../docs/layouts.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].flatMap((block) =>
  block[1]
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, expression, result] = /^(.*); \/\/ (.*)$/.exec(line) ?? [];
      return [expression ?? line, result] as const;
    }),
);

it('has examples', () => {
  expect(examples.length).toBeGreaterThan(30);
});

it.each(examples)('%s', (expression, result) => {
  const names = Object.keys(layout);
  const evaluate = new Function(...names, `return (${expression});`) as (
    ...args: unknown[]
  ) => unknown;
  expect(String(evaluate(...Object.values(layout)))).toBe(result);
});

it('shows the picture that is drawn', () => {
  const fragment = layout.parseFragment('[2, 4], thread = (2,2,2):(2,4,0), value = 2:1');
  expect(text).toContain(layout.showFragment(fragment));
});
