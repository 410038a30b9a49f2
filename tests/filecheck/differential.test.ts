import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { filecheckMain } from '../../src/filecheck/index.js';
import { CASES, type Case } from './cases.js';

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
  return [check, `--input-file=${input}`, '--dump-input=never', ...(each.args ?? [])];
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

/** Positions and messages of the errors, without notes and excerpts. */
function errorsOf(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => /^[^ ]+:\d+:\d+: error: |^command line:\d+:\d+: error: /.test(line))
    .map((line) => line.replace(/; did you mean .*/, ''));
}

describe('statuses', () => {
  test.each(CASES.map((each, index) => [index, each] as const))(
    'case %i: %j',
    async (index, each) => {
      expect((await runOurs(write(each, index))).status).toBe(each.status);
    },
  );
});

/** Misspelled headers are reported at their directive, where the reference reports the pattern or a part of it. */
const OWN_PLACES: readonly RegExp[] = [/^CHECK-COUNT-[0x]/, /^CHECK-DAG-NOT/];

describe.skipIf(!isPresent)(
  `against ${REFERENCE}${isPresent ? '' : ' (skipped: it is not on the PATH)'}`,
  () => {
    test.each(CASES.map((each, index) => [index, each] as const))(
      'case %i: %j',
      async (index, each) => {
        const args = write(each, index);
        const reference = spawnSync(REFERENCE, args, {
          encoding: 'utf8',
          env: { PATH: process.env.PATH },
        });
        const ours = await runOurs(args);
        expect(ours.status).toBe(reference.status);
        if (!OWN_PLACES.some((pattern) => pattern.test(each.check))) {
          expect(errorsOf(ours.stderr)).toEqual(errorsOf(reference.stderr));
        }
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
        const args = write({ check, input, status: 0 }, CASES.length);
        const reference = spawnSync(REFERENCE, args, {
          encoding: 'utf8',
          env: { PATH: process.env.PATH },
        });
        const ours = await runOurs(args);
        expect({ check, input, status: ours.status, errors: errorsOf(ours.stderr) }).toEqual({
          check,
          input,
          status: reference.status,
          errors: errorsOf(reference.stderr),
        });
      }
    });
  },
);
