/** What filecheck says, in FileCheck's words. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filecheckMain } from '../../src/filecheck/index.js';

interface Text {
  readonly check: string;
  readonly input: string;
  readonly args?: readonly string[];
  /** Lines of the output, in order; `c` and `in` are the names of the files. */
  readonly says: readonly string[];
}

const TEXTS: readonly Text[] = [
  {
    check: 'CHECK: foo',
    input: 'bar',
    says: [
      'c:1:8: error: CHECK: expected string not found in input',
      'in:1:1: note: scanning from here',
    ],
  },
  {
    check: 'CHECK: [[#N:]]\nCHECK: x[[#N+1]]',
    input: '1\nx3',
    says: [
      'c:2:8: error: CHECK: expected string not found in input',
      'in:1:2: note: scanning from here',
      'in:1:2: note: with "N+1" equal to "2"',
      'in:2:1: note: possible intended match here',
    ],
  },
  {
    check: 'CHECK: a\nCHECK-NEXT: b',
    input: 'a\nx\nb',
    says: [
      'c:2:13: error: CHECK-NEXT: is not on the line after the previous match',
      "in:3:1: note: 'next' match was here",
      'in:1:2: note: previous match ended here',
      'in:2:1: note: non-matching line after previous match is here',
    ],
  },
  {
    check: 'CHECK: a\nCHECK-NEXT: b',
    input: 'a b',
    says: ['c:2:13: error: CHECK-NEXT: is on the same line as previous match'],
  },
  {
    check: 'CHECK: a\nCHECK-SAME: b',
    input: 'a\nb',
    says: ['c:2:13: error: CHECK-SAME: is not on the same line as the previous match'],
  },
  {
    check: 'CHECK: a\nCHECK-EMPTY:',
    input: 'a\nb\n\n',
    says: ['c:2:13: error: CHECK-EMPTY: is not on the line after the previous match'],
  },
  {
    check: 'CHECK-NOT: b\nCHECK: c',
    input: 'a\nb\nc',
    says: ['c:1:12: error: CHECK-NOT: excluded string found in input', 'in:2:1: note: found here'],
  },
  {
    check: 'CHECK: a',
    input: 'a\nb',
    args: ['--implicit-check-not=b'],
    says: ['command line:1:22: error: IMPLICIT-CHECK-NOT: excluded string found in input'],
  },
  {
    check: 'CHECK-COUNT-3: a',
    input: 'a\na\nb',
    says: ['c:1:16: error: CHECK-COUNT: expected string not found in input (3 out of 3)'],
  },
  {
    check: 'CHECK-NEXT: a',
    input: 'a',
    says: ["c:1:1: error: found 'CHECK-NEXT' without previous 'CHECK: line"],
  },
  {
    check: 'CHECK:',
    input: 'a',
    says: ["c:1:7: error: found empty check string with prefix 'CHECK:'"],
  },
  {
    check: 'CHECK: a\nCHECK-EMPTY: x',
    input: 'a',
    says: ["c:2:14: error: found non-empty check string for empty check with prefix 'CHECK:'"],
  },
  {
    check: 'CHECK-LABEL: [[X:a]]',
    input: 'a',
    says: ["c:1:1: error: found 'CHECK-LABEL:' with variable definition or use"],
  },
  {
    check: 'CHECK: [[X]]',
    input: 'a',
    says: ['c:1:10: error: undefined variable: X'],
  },
  {
    check: 'CHECK: [[X:a',
    input: 'a',
    says: ['c:1:8: error: Invalid substitution block, no ]] found'],
  },
  {
    check: 'CHECK: {{a',
    input: 'a',
    says: ["c:1:8: error: found start of regex string with no end '}}'"],
  },
  {
    check: 'CHECK: {{(a}}',
    input: 'a',
    says: ['c:1:10: error: invalid regex: parentheses not balanced'],
  },
  { check: 'CHECK: [[1X:a]]', input: 'a', says: ['c:1:10: error: invalid variable name'] },
  {
    check: 'CHECK: [[#A:]]\nCHECK: [[A:x]]',
    input: 'a',
    says: ["c:2:10: error: numeric variable with name 'A' already exists"],
  },
  {
    check: 'CHECK: [[#N:]] [[#N+1]]',
    input: '1 2',
    says: ["c:1:19: error: numeric variable 'N' defined earlier in the same CHECK directive"],
  },
  {
    check: 'CHECK: [[#%q,N:]]',
    input: '1',
    says: ['c:1:12: error: invalid format specifier in expression'],
  },
  {
    check: 'CHECK: [[#N:]]\nCHECK: [[#N*2]]',
    input: '1\n2',
    says: ["c:2:12: error: unsupported operation '*'"],
  },
  {
    check: 'CHECK: [[#N:]]\nCHECK: [[#foo(N)]]',
    input: '1\n2',
    says: ["c:2:11: error: call to undefined function 'foo'"],
  },
  {
    check: 'CHECK: [[#N:]]\nCHECK: [[#add(N)]]',
    input: '1\n2',
    says: ["c:2:11: error: function 'add' takes 2 arguments but 1 given"],
  },
  { check: 'nothing', input: 'a', says: ["error: no check strings found with prefix 'CHECK:'"] },
  {
    check: 'CHECK: a',
    input: 'a',
    args: ['--check-prefixes=CHECK,CHECK'],
    says: ["error: supplied check prefix must be unique among check and comment prefixes: 'CHECK'"],
  },
  {
    check: 'CHECK: a',
    input: 'a',
    args: ['--check-prefix=F!'],
    says: [
      "error: supplied check prefix must start with a letter and contain only alphanumeric characters, hyphens, and underscores: 'F!'",
    ],
  },
  {
    check: 'CHECK: a',
    input: '',
    says: ["FileCheck error: 'in' is empty.", 'FileCheck command line:  '],
  },
  {
    check: 'CHECK: a[[X:.]]',
    input: 'ab',
    args: ['-v'],
    says: [
      'c:1:8: remark: CHECK: expected string found in input',
      'in:1:1: note: found here',
      'in:1:2: note: captured var "X"',
    ],
  },
  {
    check: 'CHECK: a\nCHECK-NOT: z',
    input: 'a',
    args: ['-vv'],
    says: ['remark: implicit EOF: expected string found in input'],
  },
];

const folder = mkdtempSync(join(tmpdir(), 'filecheck-'));
const hasReference = spawnSync('FileCheck-19', ['--version']).error === undefined;

test.each(TEXTS)('$says.0', async ({ check, input, args = [], says }) => {
  writeFileSync(join(folder, 'c'), `${check}\n`);
  writeFileSync(join(folder, 'in'), input === '' ? '' : `${input}\n`);
  const all = ['c', '--input-file=in', '--dump-input=never', ...args];
  let ours = '';
  await filecheckMain(all, {
    readStdin: () => '',
    writeStdout: () => undefined,
    writeStderr: (text) => (ours += text),
    cwd: folder,
    env: {},
    isTerminal: false,
  });
  const theirs = hasReference
    ? spawnSync('FileCheck-19', all, { cwd: folder, encoding: 'utf8' }).stderr
    : undefined;
  for (const output of [ours, theirs]) {
    if (output === undefined) continue;
    let at = 0;
    for (const line of says) {
      const found = output.indexOf(line, at);
      expect(found, `'${line}' in\n${output}`).not.toBe(-1);
      at = found + line.length;
    }
  }
});
