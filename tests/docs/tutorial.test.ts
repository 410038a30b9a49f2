/** The files and commands of documents that build something, as their reader would write and run them. */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { bundleTool } from '../../src/lit/vitest.js';

interface Step {
  readonly language: string;
  readonly info: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown text. */
function blocksOf(markdown: string): Step[] {
  return [...markdown.matchAll(/^```(\w+)([^\n]*)\n([^]*?)^```$/gm)].map(
    ([, language, info, text]) => ({ language, info: info.trim(), text }),
  );
}

test.each([
  ['tutorial-dialect.md', 6],
  ['analysis.md', 3],
])('%s works', async (document, leastCommands) => {
  const folder = mkdtempSync(join(tmpdir(), 'tilewright-tutorial-'));
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  for (const tool of ['tile-opt', 'tile-lit', 'tile-translate', 'filecheck']) {
    const bundle = await bundleTool(`tools/${tool}/main.ts`, '.tilewright-cache/bundles', tool);
    writeFileSync(
      join(bin, tool),
      `#!/bin/sh\nexec '${process.execPath}' '${resolve(bundle)}' "$@"\n`,
    );
    chmodSync(join(bin, tool), 0o755);
  }
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NO_COLOR: '1' };
  let commands = 0;
  let output = '';
  for (const { language, info, text } of blocksOf(readFileSync(`docs/${document}`, 'utf8'))) {
    const file = /^file=(\S+)$/.exec(info)?.[1];
    if (file !== undefined) writeFileSync(join(folder, file), text);
    else if (language === 'sh') {
      const run = spawnSync('/bin/sh', ['-e', '-c', text], { cwd: folder, env, encoding: 'utf8' });
      output = run.stdout + run.stderr;
      expect(run.status, `${text}${output}`).toBe(info === 'fails' ? 1 : 0);
      expect(output).not.toBe('');
      commands++;
    } else if (language === 'output') expect(output).toContain(text.trimEnd());
    else if (info !== 'sketch')
      throw new Error(`a block that is neither a file nor a command: ${text}`);
  }
  expect(commands).toBeGreaterThanOrEqual(leastCommands);
});
