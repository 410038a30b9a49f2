/** The table of features is honest in form: every state is known, tests exist, and what is missing is said. */

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Row {
  readonly id: string;
  readonly state: string;
  readonly test: string | undefined;
  readonly note: string;
}

const text = readFileSync('docs/feature-matrix.md', 'utf8');
const rows: Row[] = text.split('\n').flatMap((line) => {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  if (!/^\d+\.\d+$/.test(cells[1] ?? '')) return [];
  const path = /\]\(\.\.\/([^)]+)\)/.exec(cells[4])?.[1];
  return [{ id: cells[1], state: cells[3], test: path, note: cells[5] }];
});

test.each(rows)('row $id: $state', ({ state, test: path, note }) => {
  expect(['done', 'partly', 'not yet', 'not planned']).toContain(state);
  if (state === 'done' || state === 'partly') expect(path).toBeDefined();
  if (state !== 'done') expect(note).not.toBe('');
  if (path !== undefined) expect(existsSync(path), path).toBe(true);
  for (const [, named] of note.matchAll(/`((?:lit-tests|tests)\/[^`]+)`/g))
    expect(existsSync(named), named).toBe(true);
});

test('every row has its own number and the totals are right', () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  const counts = ['done', 'partly', 'not yet', 'not planned'].map(
    (state) => rows.filter((row) => row.state === state).length,
  );
  expect(text).toContain(`| ${counts.join(' | ')} |`);
});
