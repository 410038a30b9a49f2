// `npm run demo`: from a fresh clone to executed kernels. Installs and builds where needed, shows a tile program, emits
// CUDA and HIP text, compiles it where the compilers are there, executes it on the simulator and compares with the
// interpreter. All that is printed was measured in this run; the exit status is not 0 if anything executed was wrong.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  buildIfNeeded,
  capture,
  installIfNeeded,
  requireNode,
  root,
  seconds,
  toolPath,
} from './checkout.mjs';

/** Where the emitted text goes, below the root folder. */
const OUTPUT = 'demo-output';

/** Lines of the main loop that are shown at most. */
const MAIN_LOOP_LINES = 60;

/** What is emitted for whom. */
const TARGETS = [
  { arch: 'sm_80', pipeline: 'tile-to-cuda', translation: 'mlir-to-cuda', extension: 'cu' },
  { arch: 'gfx90a', pipeline: 'tile-to-hip', translation: 'mlir-to-hip', extension: 'hip' },
  { arch: 'gfx942', pipeline: 'tile-to-hip', translation: 'mlir-to-hip', extension: 'hip' },
];

/** What is executed: small, so that it takes a second each. */
const EXECUTED = [
  { file: 'elementwise_add', shows: '100000 numbers; the last block is not full' },
  { file: 'gemm_transposes', kernel: 'gemm_nn', shows: '256x256 times 256x256' },
  { file: 'gemm_ragged', shows: '129x65 times 65x257: no extent is a multiple of the tile' },
  { file: 'gemm_bias_relu', shows: '256x256 times 256x256, then bias and ReLU in registers' },
].map((entry) => ({
  name: entry.kernel ?? entry.file,
  shows: entry.shows,
  args: [
    `kernels/${entry.file}.mlir`,
    ...(entry.kernel === undefined ? [] : [`--kernel=${entry.kernel}`]),
  ],
}));

const failures = [];

function heading(text) {
  console.log(`\n== ${text}\n`);
}

/** Prints rows in columns; the first row is the header, numbers are aligned right. */
function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const isNumber = rows[0].map((_, column) =>
    rows.slice(1).every((row) => /^(-|[\d.e+-]+( \S+)?%?)$/.test(row[column])),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    console.log(`  ${cells.join('  ').trimEnd()}`);
  }
}

/** Runs one of this project's tools. */
const tool = (name, ...args) => capture(process.execPath, [toolPath(name), ...args]);

/** The command line of a tool as a user would type it. */
const asTyped = (name, args) =>
  ['npx', name, ...args.map((arg) => (/[ ();]/.test(arg) ? `'${arg}'` : arg))].join(' ');

/** Notes that something went wrong, with what the tool said. */
function reportFailure(what, output) {
  failures.push(what);
  console.log(`  FAILED: ${what}\n${output.trimEnd().replace(/^/gm, '    ')}`);
}

function showKernel() {
  heading('The kernel: kernels/gemm.mlir');
  console.log(readFileSync(join(root, 'kernels/gemm.mlir'), 'utf8').trimEnd().replace(/^/gm, '  '));
  console.log(`
  It says what moves and what is computed. Which thread holds which element, the swizzle of
  shared memory, the instructions and the overlap of copies with products are not in it.`);
}

/** Emits the kernel for a target and returns the text's path, or undefined where that failed. */
async function emit({ arch, pipeline, translation, extension }) {
  const lowered = `${OUTPUT}/gemm.${arch}.mlir`;
  const text = `${OUTPUT}/gemm.${arch}.${extension}`;
  for (const [name, ...args] of [
    ['tile-opt', 'kernels/gemm.mlir', `--${pipeline}=arch=${arch}`, '-o', lowered],
    ['tile-translate', `--${translation}`, lowered, '-o', text],
  ]) {
    const result = await tool(name, ...args);
    if (result.status !== 0) {
      reportFailure(asTyped(name, args), result.all);
      return undefined;
    }
  }
  return text;
}

const lines = (path) => readFileSync(join(root, path), 'utf8').split('\n').length - 1;

async function emitAll() {
  heading(`Lowering and emitting, into ${OUTPUT}/`);
  const emitted = [];
  const rows = [['target', 'thread-level IR', 'lines', 'emitted text', 'lines', 'time']];
  for (const target of TARGETS) {
    const start = performance.now();
    const path = await emit(target);
    if (path === undefined) continue;
    emitted.push({ ...target, path });
    const lowered = `${OUTPUT}/gemm.${target.arch}.mlir`;
    rows.push([target.arch, lowered, `${lines(lowered)}`, path, `${lines(path)}`, seconds(start)]);
  }
  if (emitted.length > 0) table(rows);
  const [first] = emitted;
  if (first !== undefined) showMainLoop(first.path);
  return emitted;
}

/** Prints the innermost loop nest around the tensor instructions, which is what a reader looks for first. */
function showMainLoop(path) {
  const text = readFileSync(join(root, path), 'utf8').split('\n');
  const product = text.findLastIndex((line) => /^\s+(mma|mfma)_\w+\(/.test(line));
  if (product < 0) return;
  const indent = (line) => line.search(/\S/);
  // The outermost `for` that holds the product is the loop over K.
  const start = text.findLastIndex((line, index) => index < product && /^ {2}for \(/.test(line));
  if (start < 0) return;
  const end = text.findIndex(
    (line, index) => index > start && indent(line) === indent(text[start]),
  );
  const shown = text.slice(start, end + 1);
  console.log(`\n  The main loop, ${path}:${start + 1}\n`);
  console.log(shown.slice(0, MAIN_LOOP_LINES).join('\n').replace(/^/gm, '  '));
  if (shown.length > MAIN_LOOP_LINES)
    console.log(`    ... (${shown.length - MAIN_LOOP_LINES} more lines)`);
}

/** Bundles the parts of the library that drive compilers, which no command-line tool offers. */
async function loadDrivers() {
  const { build } = await import('esbuild');
  const outfile = join(root, '.tilewright-cache/bundles/demo.mjs');
  await build({
    stdin: {
      contents: `export { compileCuda, compileHip } from './src/runtime/compile/index.js';
                 export { findHostCompiler } from './src/runtime/sim/index.js';`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

function compileAll(emitted, { compileCuda, compileHip }, hasHostCompiler) {
  heading('Compiling for the hardware');
  const rows = [['target', 'compiler', 'registers', 'spilled', 'on the device', 'time']];
  const notes = new Set();
  for (const { arch, extension, path } of emitted) {
    if (extension === 'cu' && !hasHostCompiler) {
      notes.add('compiling CUDA with nvcc needs g++ or clang++ as well: none is on PATH');
      continue;
    }
    const start = performance.now();
    const text = readFileSync(join(root, path), 'utf8');
    const result = extension === 'cu' ? compileCuda(text, arch) : compileHip(text, arch);
    if (!result.available) {
      notes.add(result.reason);
      continue;
    }
    if (!result.ok) {
      reportFailure(`${path} does not compile`, result.diagnostics);
      continue;
    }
    rows.push(
      extension === 'cu'
        ? [
            arch,
            'nvcc',
            `${result.registers}`,
            `${result.spillStores + result.spillLoads} bytes`,
            `${result.kernels.length} kernel, ${sharedBytes(text)} bytes of shared memory`,
            seconds(start),
          ]
        : [
            arch,
            'clang',
            `${result.vgprs} + ${result.agprs}`,
            `${result.scratch} bytes`,
            `${result.mfmaCount} v_mfma instructions, ${sharedBytes(text)} bytes of shared memory`,
            seconds(start),
          ],
    );
  }
  if (rows.length > 1) {
    table(rows);
    console.log('\n  registers: of each thread; on AMD vector registers + accumulation registers');
  }
  for (const note of notes) console.log(`  Skipped: ${note}.`);
}

/** Dynamic shared memory of a launch, from the metadata in the text. */
function sharedBytes(text) {
  return /"shared_?[bB]ytes":\s*(\d+)/.exec(text)?.[1] ?? 'unknown';
}

/** The totals of a profile that `tile-run --profile` printed, by column. */
function profileTotals(output) {
  const rows = output.split('\n').map((line) => line.trim().split(/ {2,}/));
  const header = rows.find(([first]) => first === 'line');
  const totals = rows.find(([first]) => first === 'total');
  if (header === undefined || totals === undefined) return undefined;
  const columns = header.slice(2);
  return Object.fromEntries(totals.slice(1).map((value, index) => [columns[index], value]));
}

async function executeOnSimulator() {
  heading('Executing the emitted text on the simulator, compared with the interpreter');
  EXECUTED.forEach(({ name, shows }) => console.log(`  ${name.padEnd(16)}${shows}`));
  console.log();
  const rows = [
    [
      'kernel',
      'target',
      'error norm',
      'allowed',
      'bank conflicts',
      'sectors used',
      'tensor flop',
      'time',
    ],
  ];
  for (const kernel of EXECUTED) {
    for (const { arch } of TARGETS) {
      const args = [...kernel.args, '--on=sim', `--arch=${arch}`, '--compare=interp', '--profile'];
      const result = await tool('tile-run', ...args);
      const norm = /error norm (\S+), tolerance ([^)\s]+)/.exec(result.stdout);
      const totals = profileTotals(result.stdout);
      if (result.status !== 0 || norm === null || totals === undefined) {
        reportFailure(asTyped('tile-run', args), result.all);
        continue;
      }
      rows.push([
        kernel.name,
        arch,
        norm[1],
        norm[2],
        totals.conflicts,
        totals.useful,
        totals.flop,
        `${result.seconds.toFixed(1)} s`,
      ]);
    }
  }
  if (rows.length > 1) table(rows);
  console.log(`
  error norm      ||simulated - interpreted|| / ||interpreted|| on random inputs
  bank conflicts  extra cycles of shared memory
  sectors used    useful share of the 32-byte sectors that global accesses moved
  tensor flop     operations done by matrix instructions
  time            lowering, host compilation, simulation and interpretation`);
}

async function executeOnInterpreter(reason) {
  heading('Executing with the interpreter');
  console.log(`  The emitted text cannot be executed here: ${reason}.`);
  console.log('  The tile programs themselves run, but nothing is compared:\n');
  for (const kernel of EXECUTED) {
    const args = [...kernel.args, '--on=interp'];
    const result = await tool('tile-run', ...args);
    if (result.status !== 0) reportFailure(asTyped('tile-run', args), result.all);
    else console.log(`  ${result.stdout.trim()} (${result.seconds.toFixed(1)} s)`);
  }
}

function showNextSteps() {
  heading('What to try next');
  for (const [command, purpose] of [
    [
      "npx tile-opt kernels/gemm.mlir --tile-to-cuda='arch=sm_80' --mlir-print-ir-after-change=diff",
      'what each pass does to the kernel',
    ],
    [
      'npx tile-opt kernels/gemm.mlir --tile-infer-layouts=arch=gfx942',
      'which thread holds which element on MI300',
    ],
    [
      'npx tile-run kernels/gemm_ragged.mlir --on=sim --arch=sm_80 --profile',
      'memory traffic for each line of the kernel',
    ],
    [
      'npx tile-run kernels/gemm_bias_relu.mlir --on=sim --arch=sm_80 --compare=interp --schedules=4 --seed=7',
      'other inputs, four orders of threads',
    ],
    ['npm test', 'all tests'],
  ]) {
    console.log(`  ${command}\n      ${purpose}`);
  }
  console.log(
    '\n  README.md follows one kernel through all levels; ARCHITECTURE.md says what lies where.',
  );
}

const started = performance.now();
console.log('Tilewright: from tile programs to CUDA and HIP text that is executed.');
requireNode();
process.chdir(root);
installIfNeeded();
buildIfNeeded();

rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT);
// Nothing is taken from earlier runs: what is printed is compiled and measured now.
process.env.TILEWRIGHT_CACHE = join(root, OUTPUT, 'cache');

showKernel();
const emitted = await emitAll();
const drivers = await loadDrivers();
const compiler = drivers.findHostCompiler();
compileAll(emitted, drivers, !('reason' in compiler));
if ('reason' in compiler) await executeOnInterpreter(compiler.reason);
else await executeOnSimulator();
showNextSteps();

console.log(
  `\nTook ${seconds(started)} on ${cpus().length} cores with Node ${process.versions.node}.`,
);
if (failures.length > 0) {
  console.log(`${failures.length} of the steps above failed:`);
  for (const failure of failures) console.log(`  ${failure}`);
  process.exitCode = 1;
}
