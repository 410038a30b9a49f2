// Wall time, processor time and peak memory of tile-opt and tile-lit, whole processes, next to mlir-opt on the same
// inputs and to the bars of the project. The candidates take turns, so that a slow moment of the machine hits all.
//
//   node benchmarks/toolkit.mjs [rounds]      prints Markdown tables; exits with 1 where a bar is missed
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfNeeded, fail, installIfNeeded, root, toolPath } from '../scripts/checkout.mjs';
import { arithmetic, longLine, manyElements, manyOperands, nested } from './programs.mjs';

const rounds = Number(process.argv[2] ?? 7);
if (!Number.isInteger(rounds) || rounds < 1)
  fail(`expected a number of rounds, found '${process.argv[2]}'`);
process.chdir(root);
installIfNeeded();
buildIfNeeded();

const folder = mkdtempSync(join(tmpdir(), 'tilewright-toolkit-'));
const node = process.execPath;
const measures = join(folder, 'measures');
// GNU time tells processor time and memory; without it those columns stay empty.
const hasTime = existsSync('/usr/bin/time');
const mlirOpt = ['mlir-opt-19', 'mlir-opt'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

function input(name, text) {
  const path = join(folder, `${name}.mlir`);
  writeFileSync(path, text);
  return path;
}

const output = ['-o', join(folder, 'output.mlir')];
const tileOpt = (...args) => [node, toolPath('tile-opt'), ...args, ...output];
const reference = (...args) => (mlirOpt === undefined ? undefined : [mlirOpt, ...args, ...output]);

/** Runs a command, which must succeed; wall and processor time in ms, peak memory in MiB. */
function run(command) {
  const all = hasTime
    ? ['/usr/bin/time', '-q', '-f', '%U %S %M', '-o', measures, ...command]
    : command;
  const start = performance.now();
  const result = spawnSync(all[0], all.slice(1), { encoding: 'utf8', maxBuffer: 1 << 28 });
  const wall = performance.now() - start;
  if (result.status !== 0)
    fail(`'${command.join(' ')}': status ${result.status}\n${result.stderr.slice(0, 2000)}`);
  if (!hasTime) return { wall };
  const [user, system, kilobytes] = readFileSync(measures, 'utf8').trim().split(' ').map(Number);
  return { wall, processor: (user + system) * 1000, memory: kilobytes / 1024 };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Medians of commands that take turns; the first round does not count. */
function compare(commands, count = rounds) {
  const runs = commands.map(() => []);
  for (let round = 0; round <= count; round++) {
    commands.forEach((command, index) => {
      if (command === undefined) return;
      const result = run(command);
      if (round > 0) runs[index].push(result);
    });
  }
  const of = (list, key) =>
    list[0]?.[key] === undefined ? undefined : median(list.map((one) => one[key]));
  return runs.map((list) => ({
    wall: of(list, 'wall'),
    processor: of(list, 'processor'),
    memory: of(list, 'memory'),
  }));
}

let missed = 0;
/** `1.34 (bar 1.50)`, marked where the bar is missed. */
function against(value, bar, unit = '') {
  if (value === undefined) return '';
  const digits = unit === '' ? 2 : 0;
  const shown = `${value.toFixed(digits)}${unit} (bar ${bar.toFixed(digits)}${unit})`;
  if (value <= bar) return shown;
  missed++;
  return `**${shown}**`;
}
const ms = (value) => (value === undefined ? '' : `${value.toFixed(0)} ms`);
const mib = (value) => (value === undefined ? '' : `${value.toFixed(0)} MiB`);
const table = (header, ...rows) => {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  console.log(
    [
      line(header),
      line(header.map((_, i) => (i === 0 ? '---' : '---:'))),
      ...rows.map(line),
      '',
    ].join('\n'),
  );
};

function measureLarge() {
  const custom = input('custom', arithmetic(100_000));
  const generic = input('generic', arithmetic(100_000, { generic: true }));
  const work = [
    { name: 'parse, verify, print', args: [custom], bar: 1.5 },
    { name: 'the same in generic form', args: [generic, '--mlir-print-op-generic'], bar: 1.5 },
    { name: '`--canonicalize --cse`', args: [custom, '--canonicalize', '--cse'], bar: 1.25 },
  ];
  const results = compare(work.flatMap(({ args }) => [tileOpt(...args), reference(...args)]));
  console.log('## 100,000 operations\n');
  table(
    ['', 'tile-opt', 'mlir-opt', 'ratio', 'processor time', 'of mlir-opt', 'peak memory'],
    ...work.map(({ name, bar }, index) => {
      const [ours, theirs] = [results[2 * index], results[2 * index + 1]];
      const ratio = theirs.wall === undefined ? undefined : ours.wall / theirs.wall;
      const memory = against(ours.memory, 400, ' MiB');
      return [
        name,
        ms(ours.wall),
        ms(theirs.wall),
        against(ratio, bar),
        ms(ours.processor),
        ms(theirs.processor),
        memory,
      ];
    }),
  );
}

function measureSmall() {
  const small = input('small', arithmetic(1000));
  const [alone, ours, theirs] = compare(
    [[node, '-e', '0'], tileOpt(small), reference(small)],
    rounds * 2,
  );
  console.log('## 1,000 operations\n');
  table(
    ['', 'time'],
    ['`node -e 0`', ms(alone.wall)],
    ['tile-opt', ms(ours.wall)],
    ['tile-opt beyond `node -e 0`', against(ours.wall - alone.wall, 60, ' ms')],
    ['mlir-opt', ms(theirs.wall)],
  );
}

function measureGrowth() {
  const sizes = [250_000, 500_000, 1_000_000];
  const inputs = sizes.map((size) => input(`growth-${size}`, arithmetic(size)));
  const results = compare(
    inputs.flatMap((path) => [tileOpt(path), reference(path)]),
    Math.min(rounds, 2),
  );
  console.log('## Growth: parse, verify, print\n');
  table(
    ['operations', 'tile-opt', 'per operation', 'peak memory', 'mlir-opt', 'ratio'],
    ...sizes.map((size, index) => {
      const [ours, theirs] = [results[2 * index], results[2 * index + 1]];
      const each = `${((ours.wall * 1000) / size).toFixed(2)} µs`;
      const ratio = theirs.wall === undefined ? '' : (ours.wall / theirs.wall).toFixed(2);
      return [
        size.toLocaleString('en'),
        ms(ours.wall),
        each,
        mib(ours.memory),
        ms(theirs.wall),
        ratio,
      ];
    }),
  );
}

/** Extreme shapes at half and full size: what grows with the square takes four times as long for twice the size. */
function measureShapes() {
  const shapes = [
    { name: 'nested regions', size: 5000, make: nested },
    { name: 'characters in one line', size: 1 << 20, make: longLine },
    { name: 'operands of one operation', size: 100_000, make: manyOperands },
    { name: 'elements of one attribute', size: 1_000_000, make: manyElements },
  ];
  const command = ({ name, make }, size) =>
    tileOpt(input(`${name}-${size}`, make(size)), '--allow-unregistered-dialect');
  const results = compare(
    shapes.flatMap((shape) => [command(shape, shape.size / 2), command(shape, shape.size)]),
  );
  console.log('## Extreme shapes: parse, verify, print\n');
  table(
    ['', 'half size', 'full size', 'ratio', 'peak memory'],
    ...shapes.map(({ name, size }, index) => {
      const [half, full] = [results[2 * index], results[2 * index + 1]];
      const shown = `${size.toLocaleString('en')} ${name}`;
      return [
        shown,
        ms(half.wall),
        ms(full.wall),
        against(full.wall / half.wall, 3),
        mib(full.memory),
      ];
    }),
  );
}

function measureLit() {
  const command = [node, toolPath('tile-lit'), 'lit-tests'];
  const summary = spawnSync(command[0], command.slice(1), { encoding: 'utf8' }).stdout;
  const count = Number(/(?:Testing: |Total Discovered Tests: |of )(\d+)/.exec(summary)?.[1] ?? NaN);
  const [{ wall }] = compare([command], Math.min(rounds, 3));
  console.log('## tile-lit\n');
  table(
    ['tests', 'time', 'for 200 tests'],
    [`${count}`, ms(wall), against(((wall / count) * 200) / 1000, 10, ' s')],
  );
}

try {
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length}-core ${process.arch}, Node ${process.versions.node}, ` +
      `${mlirOpt ?? 'no mlir-opt'}, medians of ${rounds} interleaved rounds; missed bars in bold\n`,
  );
  measureLarge();
  measureSmall();
  measureGrowth();
  measureShapes();
  measureLit();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = missed === 0 ? 0 : 1;
