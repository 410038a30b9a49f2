/**
 * A compiler for the driver in driver.c: takes nvcc's and clang's command lines, builds the simulator of the text, and
 * writes what the driver has to know to run it. Runs as a program of its own, in nvcc's place.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { buildSimulator } from '../../../src/runtime/sim/build.js';
import { elementBytes } from '../../../src/targets/element-bytes.js';

const MOST_THREADS = 1024;

interface Parameter {
  readonly type: string;
  readonly isPointer: boolean;
  readonly isConst: boolean;
  readonly name: string;
}

interface Kernel {
  readonly name: string;
  readonly threads: number;
  readonly parameters: readonly Parameter[];
}

function findKernels(text: string): Kernel[] {
  const heads = text.matchAll(
    /extern "C" __global__ void (?:__launch_bounds__\((\d+)[^)]*\)\s*)?(\w+)\(([^)]*)\) \{/g,
  );
  return [...heads].map(([, threads, name, list]) => ({
    name,
    threads: Number(threads ?? MOST_THREADS),
    parameters: list.split(',').map((text) => {
      const [, isConst, type, isPointer, name] =
        /^\s*(const )?(\w+)(\*)?\s*(?:__restrict__ )?(\w+)$/.exec(text)!;
      const spelled = type === 'int' ? 'i32' : type;
      return { type: spelled, isPointer: isPointer === '*', isConst: isConst !== undefined, name };
    }),
  }));
}

/** A launcher that takes its grid, block and shared memory from the caller, as a driver does. */
function rawLauncher({ name, parameters }: Kernel): string {
  const sizes = ['gx', 'gy', 'gz', 'x', 'y', 'z', 'shared'].map((size) => `size_${size}`);
  const declared = [
    ...parameters.map(
      ({ type, isPointer, isConst, name }) =>
        `${isConst ? 'const ' : ''}${type}${isPointer ? '*' : ''} ${name}`,
    ),
    ...sizes.map((size) => `u32 ${size}`),
    'stream_t stream',
  ];
  const names = parameters.map((parameter) => parameter.name).join(', ');
  return `extern "C" int raw_${name}(${declared.join(', ')}) {
  return launch_kernel(${name}, dim3(size_gx, size_gy, size_gz), dim3(size_x, size_y, size_z), size_shared, stream${names === '' ? '' : `, ${names}`});
}
TILEWRIGHT_ENTRY(raw_${name})
`;
}

function main(args: readonly string[]): number {
  const refused = process.env.FAKE_COMPILER_REFUSES ?? '';
  if (args.includes('--version')) {
    // Results are kept by version.
    process.stdout.write(`fake compiler that refuses '${refused}'\n`);
    return 0;
  }
  const valueOf = (flag: string): string | undefined => args[args.indexOf(flag) + 1];
  const output = valueOf('-o')!;
  const source = args.find((arg) => /\.(cu|hip)$/.test(arg))!;
  const text = readFileSync(source, 'utf8');
  const isHip = source.endsWith('.hip');
  const arch = args
    .map((arg) => /^(?:-arch|--offload-arch)=(.*)$|arch=(compute_\w+)/.exec(arg))
    .map((match) => match?.[1] ?? match?.[2])
    .find((name) => name !== undefined)!
    .replace('compute_', 'sm_');
  if (refused === arch && args.includes('-cubin')) {
    process.stderr.write(
      `nvcc fatal   : Value '${arch}' is not defined for option 'gpu-architecture'\n`,
    );
    return 1;
  }
  if (args.includes('-S')) {
    writeFileSync(output, '; no assembly\n');
    return 0;
  }
  const kernels = findKernels(text);
  const withLaunchers = `${text}\n${kernels.map(rawLauncher).join('')}`;
  const built = buildSimulator(withLaunchers, {
    waveSize: isHip ? 64 : 32,
    isQuick: false,
    fileName: isHip ? 'kernel.hip' : 'kernel.cu',
  });
  if (built.kind !== 'program') {
    process.stderr.write(`${built.kind === 'failed' ? built.diagnostics : built.reason}\n`);
    return 1;
  }
  const form = isHip ? 'object' : args.includes('-cubin') ? 'cubin' : 'ptx';
  const lines = [
    'fake device code',
    `program ${built.engine} ${built.library}`,
    `code ${form} ${arch}`,
  ];
  for (const { name, threads, parameters } of kernels) {
    lines.push(`kernel ${name} raw_${name} ${threads}`);
    for (const { type, isPointer, isConst, name } of parameters) {
      const access = !isPointer ? 'value' : isConst ? 'read' : 'readwrite';
      lines.push(`parameter ${type} ${access} ${isPointer ? 8 : elementBytes[type]} ${name}`);
    }
  }
  writeFileSync(output, `${lines.join('\n')}\n`);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
