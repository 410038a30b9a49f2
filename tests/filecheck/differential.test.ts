import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { filecheckMain } from '../../src/filecheck/index.js';
import { CASES, type Case } from './cases.js';

/** Differences that are meant: see "Where filecheck differs" in docs/tools.md. */
const OWN_TEXTS =
  /possible intended match|expected against found:|note: matched (once|\d+ times), last here|implicit format conflict|^error: /;

const REFERENCE = 'FileCheck-19';
const isPresent = spawnSync(REFERENCE, ['--version']).error === undefined;
const folder = mkdtempSync(join(tmpdir(), 'filecheck-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly status: number | null;
  readonly stderr: string;
}

function write(each: Case, index: number): string[] {
  const check = join(folder, `${index}.check`);
  const input = join(folder, `${index}.in`);
  writeFileSync(check, each.check);
  writeFileSync(input, each.input);
  return [check, `--input-file=${input}`, ...(each.args ?? [])];
}

async function runOurs(args: readonly string[]): Promise<Outcome> {
  let stderr = '';
  const status = await filecheckMain(args, {
    readStdin: () => '',
    writeStdout: () => undefined,
    writeStderr: (text) => (stderr += text),
    cwd: folder,
    env: {},
    isTerminal: false,
  });
  return { status, stderr };
}

function runReference(args: readonly string[]): Outcome {
  const options = { encoding: 'utf8', env: { PATH: process.env.PATH } } as const;
  const { status, stderr } = spawnSync(REFERENCE, args, options);
  return { status, stderr };
}

/**
 * Positions and messages of everything reported, without excerpts. Columns are left out where blanks or line ends
 * are made one, because the reference counts them after that; values are shown without the escapes of a regex.
 */
function reportsOf({ stderr }: Outcome, { check, input }: Case): string[] {
  const isCanonical = !/[ \t]{2}|\t|\r/.test(check + input);
  return stderr
    .split('\n')
    .filter((line) => /^[^ ]+:\d+:\d+: |^(command line|Global defines):\d+:\d+: /.test(line))
    .filter((line) => !OWN_TEXTS.test(line))
    .map((line) => line.replace(/; did you mean .*/, '').replace(/\\\\(.)/g, '$1'))
    .map((line) => (isCanonical ? line : line.replace(/(:\d+):\d+: /, '$1: ')));
}

/** The marked input. Numbers of results count our own marks too, and go with those. */
function dumpOf(stderr: string): string[] {
  const lines = stderr.split('\n');
  const start = lines.indexOf('<<<<<<');
  return start === -1
    ? []
    : lines
        .slice(start)
        .filter((line) => !OWN_TEXTS.test(line))
        .map((line) =>
          line
            .replace(/^(\S+?)'\d+/, '$1')
            .trim()
            .replace(/ +/g, ' '),
        );
}

describe('statuses', () => {
  test.each(CASES.map((each, index) => [index, each] as const))(
    'case %i: %j',
    async (index, each) => {
      expect((await runOurs([...write(each, index), '--dump-input=never'])).status).toBe(
        each.status,
      );
    },
  );
});

describe.skipIf(!isPresent)(
  `against ${REFERENCE}${isPresent ? '' : ' (skipped: it is not on the PATH)'}`,
  () => {
    test.each(CASES.map((each, index) => [index, each] as const))(
      'case %i: %j',
      async (index, each) => {
        const args = write(each, index);
        const reports = [...args, '--dump-input=never', '-vv'];
        const reference = runReference(reports);
        const ours = await runOurs(reports);
        expect(ours.status).toBe(reference.status);
        expect(reportsOf(ours, each)).toEqual(reportsOf(reference, each));
        const dump = [...args, '--dump-input=always'];
        expect(dumpOf((await runOurs(dump)).stderr)).toEqual(dumpOf(runReference(dump).stderr));
      },
    );

    test('random programs of directives', async () => {
      let state = 99;
      const random = (limit: number): number => {
        state = (state * 1103515245 + 12345) & 0x7fffffff;
        return (state >> 8) % limit;
      };
      const pick = <T>(list: readonly T[]): T => list[random(list.length)];
      const kinds = ['', '', '-NEXT', '-SAME', '-NOT', '-DAG', '-DAG', '-LABEL', '-COUNT-2'];
      const patterns = [
        'a',
        'b',
        'c',
        'a b',
        '{{a|b}}',
        '{{[ab]+}}',
        '[[X:[abc]]]',
        '[[X]]',
        '{{^}}a',
        'b{{$}}',
      ];
      for (let round = 0; round < 300; round++) {
        const check =
          'CHECK: {{.}}\n' +
          Array.from({ length: 1 + random(5) }, () => {
            const kind = pick(kinds);
            const pattern = kind === '-LABEL' ? pick(patterns.slice(0, 6)) : pick(patterns);
            return `CHECK${kind}: ${pattern}\n`;
          }).join('');
        const input = `${Array.from({ length: 2 + random(14) }, () => pick(['a', 'b', 'c', ' ', '\n'])).join('')}\n`;
        const each: Case = { check, input, status: 0 };
        const args = [...write(each, CASES.length), '--dump-input=never'];
        const reference = runReference(args);
        const ours = await runOurs(args);
        expect({ check, input, status: ours.status, reports: reportsOf(ours, each) }).toEqual({
          check,
          input,
          status: reference.status,
          reports: reportsOf(reference, each),
        });
      }
    });
  },
);
