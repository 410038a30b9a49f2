// Wall time to parse and print N operations in generic form, whole processes, next to mlir-opt where it is installed. The
// candidates take turns, so that a slow moment of the machine hits all of them.
//
//   node benchmarks/parse-print.mjs [operations] [rounds]      prints a Markdown table
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { buildIfNeeded, fail, installIfNeeded, root, toolPath } from '../scripts/checkout.mjs';

const [operations = 100_000, rounds = 7] = process.argv.slice(2).map(Number);
if (!(operations >= 1) || !(rounds >= 1)) fail('expected a number of operations and of rounds');
process.chdir(root);
installIfNeeded();
buildIfNeeded();

const folder = mkdtempSync(join(tmpdir(), 'tilewright-parse-'));
const input = join(folder, 'input.mlir');
const driver = join(folder, 'driver.cjs');

/** One function with a chain of integer operations, half of them on values that were just defined. */
function program(count) {
  const lines = [
    '"builtin.module"() ({',
    '  "func.func"() <{function_type = (i32, i32) -> i32, sym_name = "f"}> ({',
    '  ^bb0(%a: i32, %x: i32):',
    '    %v0 = "arith.constant"() <{value = 1 : i32}> : () -> i32',
  ];
  for (let i = 1; i < count; i++) {
    lines.push(
      i % 8 === 0
        ? `    %v${i} = "arith.constant"() <{value = ${i % 97} : i32}> : () -> i32`
        : `    %v${i} = "arith.${i % 3 === 0 ? 'muli' : 'addi'}"(%v${i - 1}, ${i % 2 === 0 ? '%x' : '%a'}) ` +
            '<{overflowFlags = #arith.overflow<none>}> : (i32, i32) -> i32',
    );
  }
  lines.push(`    "func.return"(%v${count - 1}) : (i32) -> ()`, '  }) : () -> ()', '}) : () -> ()');
  return `${lines.join('\n')}\n`;
}

/** Parses and prints without dialects and without verifying: what the text alone costs. */
const DRIVER = `
import { readFileSync, writeFileSync } from 'node:fs';
import { Context, printOperation } from './src/ir/index.js';
import { parseModule } from './src/syntax/index.js';
import { SourceFile } from './src/support/index.js';
const context = new Context();
context.allowUnregisteredDialects = true;
const [input, output] = process.argv.slice(2);
const op = parseModule(new SourceFile(input, readFileSync(input, 'utf8')), context);
if (op === undefined) process.exit(1);
writeFileSync(output, printOperation(op, { generic: true }));
`;

const output = join(folder, 'output.mlir');
const node = process.execPath;
const candidates = [
  { name: 'node -e 0', command: [node, '-e', '0'] },
  { name: 'parser and printer alone', command: [node, driver, input, output] },
  {
    name: 'tile-opt (verifies too)',
    command: [node, toolPath('tile-opt'), '--mlir-print-op-generic', input, '-o', output],
  },
];
if (spawnSync('mlir-opt-19', ['--version']).status === 0) {
  candidates.push({
    name: 'mlir-opt-19 (verifies too)',
    command: ['mlir-opt-19', '--mlir-print-op-generic', input, '-o', output],
  });
}

/** Milliseconds that a command takes; it must succeed. */
function measure({ name, command: [program, ...args] }) {
  const start = performance.now();
  const result = spawnSync(program, args, { encoding: 'utf8' });
  const time = performance.now() - start;
  if (result.status !== 0) fail(`${name}: status ${result.status}\n${result.stderr}`);
  return time;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

try {
  writeFileSync(input, program(operations));
  await esbuild.build({
    stdin: { contents: DRIVER, resolveDir: root, loader: 'ts' },
    outfile: driver,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  candidates.forEach(measure);
  const times = candidates.map(() => []);
  for (let round = 0; round < rounds; round++) {
    candidates.forEach((candidate, index) => times[index].push(measure(candidate)));
  }
  const medians = times.map(median);
  const reference = medians[medians.length - 1];
  console.log(`${operations} operations, ${rounds} rounds, median (least to most) in ms\n`);
  console.log('| command | time | against the last |\n| --- | --- | --- |');
  candidates.forEach(({ name }, index) => {
    const [least, most] = [Math.min(...times[index]), Math.max(...times[index])];
    const range = `${medians[index].toFixed(0)} (${least.toFixed(0)} to ${most.toFixed(0)})`;
    console.log(`| ${name} | ${range} | ${(medians[index] / reference).toFixed(2)} |`);
  });
} finally {
  rmSync(folder, { recursive: true });
}
