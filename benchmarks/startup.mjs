// Wall time of the tools on one kernel, start-up of Node included, next to Node alone. The candidates take turns, so that
// a slow moment of the machine hits all of them.
//
//   node benchmarks/startup.mjs [rounds]      prints a Markdown table
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfNeeded, fail, installIfNeeded, root, toolPath } from '../scripts/checkout.mjs';

const rounds = Number(process.argv[2] ?? 15);
if (!Number.isInteger(rounds) || rounds < 1)
  fail(`expected a number of rounds, found '${process.argv[2]}'`);
process.chdir(root);
installIfNeeded();
buildIfNeeded();

const folder = mkdtempSync(join(tmpdir(), 'tilewright-startup-'));
const lowered = join(folder, 'gemm.mlir');
const kernel = 'kernels/gemm.mlir';
const opt = [toolPath('tile-opt'), kernel, '--tile-to-cuda=arch=sm_80'];
const translate = [toolPath('tile-translate'), '--mlir-to-cuda'];
const quote = (words) => words.map((word) => `'${word}'`).join(' ');
const node = process.execPath;

const candidates = [
  { name: 'node -e 0', command: [node, '-e', '0'] },
  { name: 'tile-opt --version', command: [node, toolPath('tile-opt'), '--version'] },
  { name: `tile-opt ${kernel}`, command: [node, toolPath('tile-opt'), kernel] },
  { name: `tile-opt ${kernel} --tile-to-cuda=arch=sm_80`, command: [node, ...opt] },
  {
    name: 'tile-translate --mlir-to-cuda (of its output)',
    command: [node, ...translate, lowered],
  },
  {
    name: 'both, connected by a pipe',
    command: ['/bin/sh', '-c', `${quote([node, ...opt])} | ${quote([node, ...translate])}`],
  },
];

/** Milliseconds that a command takes; it must succeed. */
function measure({ name, command: [program, ...args] }) {
  const start = performance.now();
  const result = spawnSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  const time = performance.now() - start;
  if (result.status !== 0) fail(`${name}: status ${result.status}\n${result.stderr}`);
  return time;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

try {
  execFileSync(node, [...opt, '-o', lowered]);
  // One round that does not count: files come from the disk, the compile cache of Node is filled.
  candidates.forEach(measure);
  const times = candidates.map(() => []);
  for (let round = 0; round < rounds; round++) {
    candidates.forEach((candidate, index) => times[index].push(measure(candidate)));
  }
  const lines = readFileSync(kernel, 'utf8').split('\n').length - 1;
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length}-core ${process.arch}, ` +
      `Node ${process.versions.node}, ${lines}-line kernel, ${rounds} interleaved rounds\n`,
  );
  console.log('| command | median | fastest | slowest |\n| --- | ---: | ---: | ---: |');
  candidates.forEach(({ name }, index) => {
    const all = times[index];
    const shown = [median(all), Math.min(...all), Math.max(...all)].map(
      (ms) => `${ms.toFixed(0)} ms`,
    );
    console.log(`| \`${name}\` | ${shown.join(' | ')} |`);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
