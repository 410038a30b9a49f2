// `npm test`: installs and builds where needed, then type check, lint, unit tests and lit tests, and one closing line.
//
//   npm test                                  everything
//   npm test -- --quick                       without lint and without the tests that compile C++
//   npm test -- tests/layout                  these unit tests only (further arguments go to vitest)
//   npm test -- lit-tests/tools -v            these lit tests only (further arguments go to tile-lit)
//
// With CI=true a missing optional compiler is a failure and not a reason to skip.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import {
  buildIfNeeded,
  capture,
  installIfNeeded,
  requireNode,
  root,
  seconds,
  toolPath,
  which,
} from './checkout.mjs';

/** Tests that run compilers for minutes; `--quick` leaves them out. */
const SLOW_UNIT_TESTS = [
  'tests/runtime/**',
  'tests/run/**',
  'tests/hardware/**',
  'tests/kernels/**',
  'tests/targets/compile-gate*',
];
const SLOW_LIT_TESTS = 'kernels/.*/run|compare-simulator';

const started = performance.now();
const invocationFolder = process.env.INIT_CWD ?? process.cwd();
process.chdir(root);
requireNode();
installIfNeeded();
buildIfNeeded();

const args = process.argv.slice(2).filter((arg) => arg !== '--quick');
const isQuick = process.argv.includes('--quick');
const isFull = args.length === 0;
const isLitPath = (arg) =>
  !arg.startsWith('-') &&
  [resolve(invocationFolder, arg), resolve(root, arg)].some(
    (path) =>
      relative(join(root, 'lit-tests'), path).startsWith('..') === false && existsSync(path),
  );
const runsLit = isFull || args.some(isLitPath);
const runsUnitTests = isFull || !args.some(isLitPath);

const environment = { ...process.env };
if (!process.stdout.isTTY) environment.NO_COLOR = '1';
if (/^(1|true)$/i.test(process.env.CI ?? '')) {
  // nvcc is in no free package archive, so it is required only of machines that have it.
  const features = ['host-cxx', 'clang-amdgpu', 'mlir-opt', 'FileCheck'];
  if (which('nvcc') || existsSync('/usr/local/cuda/bin/nvcc')) features.push('nvcc');
  environment.TILEWRIGHT_REQUIRE_FEATURES ??= features.join(',');
}

const reports = mkdtempSync(join(tmpdir(), 'tilewright-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };

/** Runs a stage on this terminal; its status. */
function run(title, command) {
  console.log(`\n== ${title}`);
  const { status } = spawnSync(process.execPath, command, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status ?? 1;
}

/** The JSON report that a stage wrote, or undefined where it ended before that. */
function readReport(name) {
  const path = join(reports, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** Adds a stage's counts; a stage that failed without naming a test counts as one failure. */
function count(status, { passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed;
  total.failed += status !== 0 && failed === 0 ? 1 : failed;
  total.skipped += skipped;
}

async function checkSources() {
  const checks = [['type check', process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.']];
  if (!isQuick) {
    checks.push(['lint', 'npm', 'run', '--silent', 'lint']);
    checks.push(['outputs in documents', process.execPath, 'scripts/check-readme.mjs']);
  }
  console.log(`\n== ${checks.map(([title]) => title).join(', ')}`);
  const results = await Promise.all(
    checks.map(async ([title, program, ...args]) => [title, await capture(program, args)]),
  );
  for (const [title, { status, all, seconds: time }] of results) {
    console.log(`${title}: ${status === 0 ? 'passed' : 'failed'} (${time.toFixed(1)} s)`);
    if (status !== 0) console.log(all);
    count(status, {});
  }
}

function runVitest() {
  const slow = isQuick ? SLOW_UNIT_TESTS.map((pattern) => `--exclude=${pattern}`) : [];
  const status = run('unit tests', [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(reports, 'vitest.json')}`,
    ...slow,
    ...args,
  ]);
  const report = readReport('vitest.json');
  count(status, {
    passed: report?.numPassedTests,
    failed: report?.numFailedTests,
    skipped: report && report.numPendingTests + report.numTodoTests,
  });
}

function runLit() {
  const paths = isFull ? ['lit-tests'] : args.map((arg) => (isLitPath(arg) ? litPath(arg) : arg));
  const status = run('lit tests', [
    toolPath('tile-lit'),
    ...(isFull ? ['--succinct', '-v'] : []),
    ...(isQuick ? [`--filter-out=${SLOW_LIT_TESTS}`] : []),
    '-o',
    join(reports, 'lit.json'),
    ...paths,
  ]);
  const codes = (readReport('lit.json')?.tests ?? []).map(({ code }) => code);
  const number = (...wanted) => codes.filter((code) => wanted.includes(code)).length;
  count(status, {
    passed: number('PASS', 'FLAKYPASS', 'XFAIL'),
    failed: number('FAIL', 'XPASS', 'TIMEOUT', 'UNRESOLVED'),
    skipped: number('UNSUPPORTED', 'SKIPPED'),
  });
}

function litPath(arg) {
  const fromUser = resolve(invocationFolder, arg);
  return relative(root, existsSync(fromUser) ? fromUser : resolve(root, arg));
}

try {
  if (isFull) await checkSources();
  if (runsUnitTests) runVitest();
  if (runsLit) runLit();
} finally {
  rmSync(reports, { recursive: true, force: true });
}
if (total.passed + total.failed === 0) {
  console.log('\nno test ran: nothing matches the arguments');
  total.failed = 1;
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped} in ${seconds(started)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
