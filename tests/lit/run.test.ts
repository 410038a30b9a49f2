import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLitMain } from '../../src/lit/index.js';
import { bundleTool } from '../../src/lit/vitest.js';

const folder = mkdtempSync(join(tmpdir(), 'tile-lit-'));
let workerFile: string;

beforeAll(async () => {
  workerFile = await bundleTool('tests/lit/fixtures/hanging-tools.ts', folder, 'worker');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let suites = 0;

/** Writes a suite of tests and runs it. */
async function run(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: number; out: string; err: string; root: string }> {
  const root = join(folder, `suite${suites++}`);
  const all = { 'lit.config.yaml': 'name: demo\nsuffixes: [.txt]\n', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return rerun(root, args, env);
}

async function rerun(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  let out = '';
  let err = '';
  const status = await createLitMain(new Map(), { workerFile })(['.', '-j2', ...args], {
    readStdin: () => '',
    writeStdout: (text) => (out += text),
    writeStderr: (text) => (err += text),
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    isTerminal: false,
  });
  return { status, out, err, root };
}

describe('hostile tests', () => {
  test('an endless loop in a tool is ended, and the tests after it run', async () => {
    const { status, out } = await run(
      {
        'a.txt': 'RUN: echo before\nRUN: hang\n',
        'b.txt': 'RUN: true\n',
        'c.txt': 'RUN: hang\n',
        'd.txt': 'RUN: true\n',
      },
      ['--timeout=0.5', '-v'],
    );
    expect(status).toBe(1);
    expect(out).toContain('TIMEOUT: demo :: a.txt');
    expect(out).toContain('Timeout: Reached timeout of 0.5 seconds');
    expect(out).toContain('# | before');
    expect(out).toContain('  Passed   : 2 (50.00%)');
    expect(out).toContain('  Timed Out: 2 (50.00%)');
  });

  test('processes of a test that is ended do not stay', async () => {
    const marker = `31.${process.pid}`;
    const { out } = await run({ 'a.txt': `RUN: sh -c 'sleep ${marker} | cat'\n` }, [
      '--timeout=0.5',
    ]);
    expect(out).toContain('TIMEOUT: demo :: a.txt');
    const listed = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(listed).not.toContain(`sleep ${marker}`);
  });

  test('nor do those that a tool stands still for', async () => {
    const marker = `32.${process.pid}`;
    const { out } = await run({ 'a.txt': `RUN: wait sleep ${marker}\n` }, ['--timeout=0.5']);
    expect(out).toContain('TIMEOUT: demo :: a.txt');
    const listed = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(listed).not.toContain(`sleep ${marker}`);
  });

  test('a tool gets what a program wrote, and how it ended', async () => {
    const { out } = await run(
      {
        'a.txt':
          'RUN: wait sh -c "cat; echo bad >&2; echo more >&3; exit 3" > %t; wait nowhere >> %t; cat %t\n',
      },
      ['-a'],
    );
    expect(out).toContain('PASS: demo :: a.txt');
    expect(out).toContain('status 3 output given errors bad answer more timedOut false');
    expect(out).toMatch(/status null output errors spawn nowhere ENOENT answer timedOut false/);
  });

  test('an exception of a tool is a crash, which `not` does not accept', async () => {
    const { out } = await run(
      { 'a.txt': 'RUN: throw\n', 'b.txt': 'RUN: not throw\n', 'c.txt': 'RUN: not --crash throw\n' },
      ['-v'],
    );
    expect(out).toContain('FAIL: demo :: a.txt');
    expect(out).toContain('# error: command failed with exit status: -6');
    expect(out).toContain('Error: thrown by the tool');
    expect(out).toContain('FAIL: demo :: b.txt');
    expect(out).toContain('PASS: demo :: c.txt');
  });

  test('substitutions that name themselves', async () => {
    const { out } = await run(
      { 'a.txt': 'DEFINE: %{x} = %{x} y\nRUN: echo %{x}\n', 'b.txt': 'RUN: %if yes %{ true\n' },
      ['-v'],
    );
    expect(out).toContain('did not complete in the provided recursion limit (10)');
    expect(out).toContain("missing '%}'");
  });
});

test('pipes go between tools and processes', async () => {
  const { status, out } = await run(
    { 'a.txt': 'RUN: echo "a b" | upper | tr B C | upper > %t && grep -q "A C" %t\n' },
    ['-v'],
  );
  expect({ status, out }).toMatchObject({ status: 0 });
});

test('selection: filters, shards, limits', async () => {
  const files = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.txt`, 'RUN: true\n']),
  );
  const { root, out } = await run(files, ['--filter=[ab]\\.txt', '--filter-out=b\\.txt']);
  expect(out).toContain('-- Testing: 1 of 5 tests, 1 workers --');
  const shards = await Promise.all(
    [1, 2].map((shard) =>
      rerun(root, ['--num-shards=2', `--run-shard=${shard}`, '--order=random']),
    ),
  );
  const ran = shards.map(({ out: text }) =>
    [...text.matchAll(/PASS: demo :: (\w)/g)].map((found) => found[1]),
  );
  expect(ran.flat().sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(ran[0]).toHaveLength(3);
  expect((await rerun(root, ['--filter=nothing'])).status).toBe(2);
  expect((await rerun(root, ['--filter=nothing', '--allow-empty-runs'])).status).toBe(0);
  expect((await rerun(root, ['--num-shards=2'])).status).toBe(2);
  const empty = await rerun(root, ['--num-shards=9', '--run-shard=8']);
  expect(empty).toMatchObject({ status: 0, out: '' });
  expect(empty.err).toContain('warning: the shard has no tests');
});

test('a run stops after --max-failures; what did not run is skipped', async () => {
  const { status, out, err } = await run(
    {
      'a.txt': 'RUN: false\n',
      'b.txt': 'RUN: false\n',
      'c.txt': 'RUN: false\n',
      'd.txt': 'RUN: false\n',
    },
    ['--max-failures=1', '-j1', '--order=lexical'],
  );
  expect(status).toBe(1);
  expect(out).toContain('  Skipped: 3 (75.00%)');
  expect(err).toContain('warning: reached --max-failures');
});

test('smart order runs what failed first, and writes only below the cache folder', async () => {
  const { root } = await run({
    'a.txt': 'RUN: true\n',
    'b.txt': 'RUN: false\n',
    'package.json': '{}',
  });
  const { out } = await rerun(root, ['-j1']);
  expect(out.indexOf('FAIL: demo :: b.txt (1 of 2)')).toBeGreaterThan(-1);
  execFileSync('git', ['init', '-q'], { cwd: root });
  const status = execFileSync('git', ['status', '--porcelain', '-uall'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status.split('\n').filter(Boolean).sort()).toEqual([
    '?? a.txt',
    '?? b.txt',
    '?? lit.config.yaml',
    '?? package.json',
  ]);
});

test('reports as JSON and JUnit', async () => {
  const { root } = await run(
    { 'a.txt': 'RUN: echo "<&>" && false\n', 'x/b.txt': 'RUN: true\nREQUIRES: nowhere\n' },
    ['-o', 'out.json', '--xunit-xml-output=out.xml'],
  );
  const json = JSON.parse(readFileSync(join(root, 'out.json'), 'utf8'));
  expect(
    json.tests.map(({ code, name }: { code: string; name: string }) => [name, code]).sort(),
  ).toEqual([
    ['demo :: a.txt', 'FAIL'],
    ['demo :: x/b.txt', 'UNSUPPORTED'],
  ]);
  const xml = readFileSync(join(root, 'out.xml'), 'utf8');
  expect(xml).toContain('<testsuite name="demo" tests="2" failures="1" skipped="1">');
  expect(xml).toContain('&lt;&amp;&gt;');
  expect(xml).toContain('<skipped message="Missing required feature(s): nowhere"/>');
});

test('reports for ResultDB and for Chrome tracing', async () => {
  const { root } = await run(
    {
      'a.txt': 'RUN: echo hello && false\n',
      'b.txt': 'RUN: true\n',
      'c.txt': 'REQUIRES: nowhere\nRUN: true\n',
    },
    ['--resultdb-output=out.json', '--time-trace-output', 'trace.json', '--order=lexical'],
  );
  interface Entry {
    testId: string;
    status: string;
    expected: boolean;
    duration: string;
    start_time: string;
    artifacts: { 'artifact-content-in-request': { contents: string } };
  }
  const { tests } = JSON.parse(readFileSync(join(root, 'out.json'), 'utf8')) as { tests: Entry[] };
  const [a, b, c] = tests.sort((x, y) => (x.testId < y.testId ? -1 : 1));
  expect(a).toMatchObject({ testId: 'demo :: a.txt', status: 'FAIL', expected: false });
  expect(b).toMatchObject({ testId: 'demo :: b.txt', status: 'PASS', expected: true });
  expect(c).toMatchObject({ testId: 'demo :: c.txt', status: 'SKIP', expected: true });
  expect(a.duration).toMatch(/^\d+\.\d{9}s$/);
  expect(Math.abs(Date.parse(a.start_time) - Date.now())).toBeLessThan(60_000);
  const { contents } = a.artifacts['artifact-content-in-request'];
  expect(Buffer.from(contents, 'base64').toString()).toContain('# | hello');
  const { traceEvents } = JSON.parse(readFileSync(join(root, 'trace.json'), 'utf8')) as {
    traceEvents: { name: string; ph: string; ts: number; dur: number }[];
  };
  expect(traceEvents.map(({ name }) => name).sort()).toEqual(['demo :: a.txt', 'demo :: b.txt']);
  expect(Math.min(...traceEvents.map(({ ts }) => ts))).toBe(0);
  for (const event of traceEvents) {
    expect(event.ph).toBe('X');
    expect(event.dur).toBeGreaterThan(0);
  }
});

test('-D sets parameters of RUN lines and configurations', async () => {
  const { root, status, out } = await run(
    {
      'lit.config.yaml':
        'name: demo\nsuffixes: [.txt]\nparameters:\n  mode: fast\nfeatures: ["%{mode}"]\nsubstitutions:\n  "%say": echo %{mode}\n',
      'a.txt': 'RUN: %say %{mode} %{who} | grep -q "^slow slow world$"\nREQUIRES: slow\n',
    },
    ['-v', '-D', 'mode=slow', '--param=who=world'],
  );
  expect({ status, out }).toMatchObject({ status: 0 });
  expect(out).toContain('PASS: demo :: a.txt');
  expect((await rerun(root, [])).out).toContain('UNSUPPORTED: demo :: a.txt');
  const fromEnvironment = await rerun(root, ['-v'], { LIT_OPTS: '-Dmode=slow -Dwho=world' });
  expect(fromEnvironment.out).toContain('PASS: demo :: a.txt');
  expect((await rerun(root, ['-D', '=x'])).status).toBe(2);
});

test('--per-test-coverage gives each RUN line a profile', async () => {
  const { status, out } = await run(
    {
      'x/a.txt':
        'RUN: sh -c "test $LLVM_PROFILE_FILE = a0.profraw"\nRUN: sh -c "test $LLVM_PROFILE_FILE = a1.profraw"\n',
    },
    ['-v', '--per-test-coverage'],
  );
  expect({ status, out }).toMatchObject({ status: 0 });
});

test('features: absent is unsupported, demanded is a failure', async () => {
  const files = { 'a.txt': 'RUN: true\nREQUIRES: nvcc && gadget\n' };
  const { root, status } = await run(
    {
      ...files,
      'lit.config.yaml': 'name: demo\nsuffixes: [.txt]\n',
    },
    ['--feature=nvcc'],
  );
  expect(status).toBe(0);
  const demanded = await rerun(root, ['-v'], {
    TILEWRIGHT_REQUIRE_FEATURES: 'nvcc',
    PATH: join(folder, 'no-such-folder'),
  });
  if (!existsSync('/usr/local/cuda/bin/nvcc')) {
    expect(demanded.status).toBe(1);
    expect(demanded.err).toContain(
      "required feature 'nvcc' is absent: nvcc is neither on the PATH",
    );
  }
});

test('configuration is inherited by folder', async () => {
  const { status, out } = await run(
    {
      'lit.config.yaml':
        'name: demo\nsuffixes: [.txt]\nsubstitutions:\n  "%say": echo outer\nenvironment:\n  WHO: world\n',
      'a.txt': 'RUN: %say | grep -q outer && sh -c "test $WHO = world"\n',
      'inner/lit.config.yaml':
        'substitutions:\n  "%say": echo inner\nexcludes: [left-out.txt]\nfeatures: [extra]\n',
      'inner/b.txt': 'RUN: %say | grep -q inner\nREQUIRES: extra\n',
      'inner/left-out.txt': 'RUN: false\n',
      'off/lit.config.yaml': 'unsupported: true\n',
      'off/c.txt': 'RUN: false\n',
    },
    ['-v'],
  );
  expect({ status, out }).toMatchObject({ status: 0 });
  expect(out).toContain('UNSUPPORTED: demo :: off/c.txt');
  expect(out).toContain('Total Discovered Tests: 3');
});
