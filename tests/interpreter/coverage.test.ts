// Every operation of every dialect is interpreted, or stands in the table of docs/execution.md with the reason why not.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createContext } from '../../src/dialects/index.js';
import { isInterpreted } from '../../src/runtime/interpreter/index.js';
import { packageRoot } from '../../src/support/package-root.js';

const path = join(packageRoot(), 'docs', 'execution.md');
const page = readFileSync(path, 'utf8');

/** Operations and whole dialects of the table without a meaning. */
const excused = new Set(
  [
    ...page
      .split('### Operations without')[1]
      .split('\n## ')[0]
      .matchAll(/^\| (`.*`) \|/gm),
  ].flatMap(([, names]) => [...names.matchAll(/`([\w.]+)`/g)].map(([, name]) => name)),
);

it('evaluates every operation or says why not', () => {
  const context = createContext();
  const unexplained: string[] = [];
  const needless = new Set(excused);
  for (const [dialect, { operations }] of context.dialects) {
    for (const name of operations.keys()) {
      const isExcused = excused.has(name) || excused.has(dialect);
      if (isInterpreted(name, true) || isTerminator(name)) continue;
      needless.delete(name);
      needless.delete(dialect);
      if (!isExcused) unexplained.push(name);
    }
  }
  expect(unexplained).toEqual([]);
  expect([...needless]).toEqual([]);

  function isTerminator(name: string): boolean {
    return context.getOperationName(name).isTerminator;
  }
});

it('links tests that exist', () => {
  const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target);
  expect(links.length).toBeGreaterThan(15);
  expect(links.filter((target) => !existsSync(join(dirname(path), target)))).toEqual([]);
});
