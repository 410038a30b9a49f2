import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'tilewright-tool-io-'));
const tool = join(folder, 'tool.mjs');
const SIZE = 1 << 20;

beforeAll(async () => {
  await build({
    stdin: {
      contents: `
        import { runTool } from './src/support/index.js';
        void runTool((args, io) => {
          io.writeStdout('x'.repeat(${SIZE}));
          io.writeStderr(String(io.isTerminal) + io.isOutputTerminal);
          return 3;
        });`,
      resolveDir: process.cwd(),
    },
    outfile: tool,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a reader that is slow gets all of the output', async () => {
  const child = spawn(process.execPath, [tool], { stdio: 'pipe' });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)));
  await new Promise((resolve) => setTimeout(resolve, 300));
  let length = 0;
  child.stdout.on('data', (chunk: Buffer) => (length += chunk.length));
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect({ length, status, errors }).toEqual({ length: SIZE, status: 3, errors: 'falsefalse' });
});

test('a pipe that another process made non-blocking loses nothing', () => {
  const script = `
    const { spawnSync } = require('node:child_process');
    process.stdout._handle.setBlocking(false);
    process.exitCode = spawnSync(process.execPath, [process.argv[1]], { stdio: 'inherit' }).status;`;
  const { stdout } = spawnSync(
    '/bin/sh',
    ['-c', '"$0" -e "$1" "$2" 2>/dev/null | { sleep 0.3; cat; }', process.execPath, script, tool],
    { encoding: 'utf8', maxBuffer: 2 * SIZE },
  );
  expect(stdout.length).toBe(SIZE);
});

test('a reader that goes away ends the tool quietly', () => {
  const { stdout, stderr } = spawnSync(
    '/bin/sh',
    ['-c', '{ "$0" "$1"; echo "status $?" >&2; } | head -c 1', process.execPath, tool],
    { encoding: 'utf8' },
  );
  expect({ stdout, stderr }).toEqual({ stdout: 'x', stderr: 'status 0\n' });
});
