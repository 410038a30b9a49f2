/** The library as others import it: the programs of its document, run by a process of their own. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/index.js';

const root = join(import.meta.dirname, '..');
const document = readFileSync(join(root, 'docs/library.md'), 'utf8');
const programs = [...document.matchAll(/^```js\n([\s\S]*?)^```\n\n```output\n([\s\S]*?)^```$/gm)];

describe('docs/library.md', () => {
  it('shows programs', () => expect(programs.length).toBe(2));

  it.each(programs.map(([, program, output]) => [program, output]))(
    'prints what it shows (program %#)',
    (program, output) => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '--eval', program],
        { cwd: root, encoding: 'utf8' },
      );
      expect(stderr).toBe('');
      expect(stdout.trimEnd()).toBe(output.trimEnd());
    },
  );
});

describe('compile', () => {
  it('names the translations for one that there is not', () => {
    expect(() => compile('module {}', { translation: 'mlir-to-ptx' })).toThrow(
      /unknown translation 'mlir-to-ptx', expected one of 'mlir-to-cuda', 'mlir-to-hip'/,
    );
  });

  it('names the options of a translation for one that there is not', () => {
    expect(() =>
      compile('module {}', { translation: 'mlir-to-cuda', options: { archs: 'sm_80' } }),
    ).toThrow(
      /unknown option 'archs' of 'mlir-to-cuda', expected one of 'arch', 'line-directives'/,
    );
  });

  it('throws for a pipeline that cannot be read', () => {
    expect(() => compile('module {}', { pipeline: 'builtin.module(nosuch)' })).toThrow(/nosuch/);
  });

  it('reports what a pass finds, and the program is no text then', () => {
    const program = 'tile.kernel @k(%x: memref<64xf32>) threads(33) {\n}';
    const { text, diagnostics } = compile(program, {
      pipeline: 'builtin.module(tile-to-cuda{arch=sm_80})',
    });
    expect(text).toBeUndefined();
    expect(diagnostics.map(({ severity }) => severity)).toContain('error');
  });

  it('gives the IR as text where nothing translates it', () => {
    const { text, diagnostics } = compile('func.func private @f()', { fileName: 'f.mlir' });
    expect(text).toBe('module {\n  func.func private @f()\n}\n');
    expect(diagnostics).toEqual([]);
  });
});
