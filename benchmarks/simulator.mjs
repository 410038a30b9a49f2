// Measures the simulator on a 512x512x512 product with mma.sync for sm_80: operations per second on one core, with and without
// race detection. Prints a Markdown table.
//
//   node benchmarks/simulator.mjs [> benchmarks/results/simulator.md]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const size = 512;
const rounds = 7;
const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
try {
  const bundle = join(process.cwd(), 'dist', 'build', 'simulate.mjs');
  await build({
    stdin: {
      contents: "export { findHostCompiler, simulate } from './src/runtime/sim/index.js';",
      resolveDir: process.cwd(),
    },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const { findHostCompiler, simulate } = await import(pathToFileURL(bundle).href);
  const program = join(folder, 'gemm.mlir');
  writeFileSync(
    program,
    readFileSync('kernels/gemm.mlir', 'utf8')
      .replaceAll('1024x1024', `${size}x${size}`)
      .replaceAll(/\b1024\b/g, `${size}`)
      .replaceAll('(8, 8)', `(${size / 128}, ${size / 128})`),
  );
  const emitted = join(folder, 'gemm.cu');
  execFileSync(process.execPath, [
    'dist/bin/tile-run.cjs',
    program,
    '--on=sim',
    '--arch=sm_80',
    `--save-text=${emitted}`,
  ]);
  const text = readFileSync(emitted, 'utf8');
  const operand = new Uint8Array(size * size * 2).map((_, i) => (i % 2 ? 0x38 : (i * 7) % 251));
  const tensor = (name, access) => ({ kind: 'buffer', name, type: 'f16', access, data: operand });
  const measure = (races) => {
    const result = simulate({
      text,
      target: 'cuda',
      waveSize: 32,
      entry: 'launch_gemm',
      arguments: [tensor('A', 'read'), tensor('B', 'read'), tensor('C', 'write')],
      seed: 2,
      races,
    });
    if (result.status !== 'ran') throw new Error(result.diagnostics ?? result.reason);
    if (result.reports.length > 0) throw new Error(result.reports[0].message);
    return result.seconds.run;
  };
  const seconds = { with: [], without: [] };
  // Interleaved, so that other work of the machine falls on both.
  for (let round = 0; round < rounds; round++) {
    seconds.with.push(measure(true));
    seconds.without.push(measure(false));
  }
  const fastest = (list) => Math.min(...list);
  const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const rate = (time) => (2 * size ** 3) / time / 1e9;
  const row = (name, list) =>
    `| ${name} | ${fastest(list).toFixed(3)} s | ${median(list).toFixed(3)} s | ${rate(fastest(list)).toFixed(2)} GFLOP/s | ${rate(median(list)).toFixed(2)} GFLOP/s |`;
  process.stdout.write(
    `${[
      '# Throughput of the simulator',
      '',
      `\`node benchmarks/simulator.mjs\`: kernels/gemm.mlir at ${size}x${size}x${size}, emitted for sm_80, one schedule, on one core of ${cpus().length}`,
      `(${cpus()[0].model.trim()}), with ${findHostCompiler().found.version}; ${rounds} interleaved rounds.`,
      '',
      '| races looked for | fastest | median | at the fastest | at the median |',
      '| --- | ---: | ---: | ---: | ---: |',
      row('yes', seconds.with),
      row('no', seconds.without),
      '',
      `Race detection costs a factor of ${(fastest(seconds.with) / fastest(seconds.without)).toFixed(2)} (fastest runs).`,
    ].join('\n')}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
