/** The language of test files, judged as lit judges it. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLitMain } from '../../src/lit/index.js';
import { VERDICTS } from './verdicts.js';

const CONFIG = `name: demo
suffixes: [.txt]
features: [feat-a, feat-b, linux-x, x86=y, a+b, a.b]
recursion_limit: 5
substitutions:
  '%sub12': onetwo
  '%sub1': one
`;

test('verdicts', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tile-lit-verdicts-'));
  try {
    writeFileSync(join(root, 'lit.config.yaml'), CONFIG);
    const cases = Object.entries(VERDICTS).flatMap(([code, texts]) =>
      texts.map((text) => ({ text, code })),
    );
    cases.forEach(({ text }, index) => writeFileSync(join(root, `${index}.txt`), `${text}\n`));
    await createLitMain(new Map())(['.', '-q', '-o', 'results.json'], {
      readStdin: () => '',
      writeStdout: () => undefined,
      writeStderr: () => undefined,
      cwd: root,
      env: { PATH: process.env.PATH },
      isTerminal: false,
    });
    const report = JSON.parse(readFileSync(join(root, 'results.json'), 'utf8')) as {
      tests: { name: string; code: string }[];
    };
    const codes = new Map(report.tests.map(({ name, code }) => [name, code]));
    expect(
      cases.map(({ text }, index) => ({ text, code: codes.get(`demo :: ${index}.txt`) })),
    ).toEqual(cases);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
