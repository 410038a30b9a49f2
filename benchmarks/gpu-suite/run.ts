/** The suite's runner for Node: `node run.mjs`, beside `suite.json`. See README.md for what it does and writes. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import {
  compileForDevice,
  executes,
  formatBench,
  GpuDriver,
  HardwareError,
  KernelLaunch,
  OTHER_POISON,
  POISON,
  rateTiming,
  timeLaunches,
  type BenchOptions,
  type Handle,
  type LaunchValue,
  type Vendor,
} from '../../src/runtime/hardware/index.js';
import { decodeTensor, findPoison } from '../../src/runtime/numerics/index.js';
import { elementBytes } from '../../src/targets/element-bytes.js';
import { typeNamed } from './data.js';
import type { CaseResult, Suite, SuiteCase } from './suite.js';

interface Options {
  readonly out: string;
  readonly cases?: string;
  readonly device: string;
  readonly repeats: string;
  readonly warmUp: string;
  readonly time: boolean;
}

const folder = dirname(fileURLToPath(import.meta.url));

/** The first vendor whose GPU opens; why none does. */
function openGpu(ordinal: number): GpuDriver | string {
  const reasons: string[] = [];
  for (const vendor of ['cuda', 'hip'] as const satisfies readonly Vendor[]) {
    try {
      return new GpuDriver(vendor, ordinal);
    } catch (error) {
      if (!(error instanceof HardwareError)) throw error;
      reasons.push(error.message);
    }
  }
  return reasons.join('; ');
}

/** The variants that a device runs: of each case the one for the latest architecture. */
function casesFor(suite: Suite, device: string, pattern: RegExp): SuiteCase[] {
  const best = new Map<string, SuiteCase>();
  const number = (arch: string): number => Number(/\d+/.exec(arch)?.[0] ?? 0);
  for (const each of suite.cases) {
    if (!executes(device, each.arch) || !pattern.test(each.name)) continue;
    const known = best.get(each.name);
    if (known === undefined || number(each.arch) >= number(known.arch)) best.set(each.name, each);
  }
  return [...best.values()];
}

const pools = new Map<string, Uint8Array>();

/** Contents of an input: its pool, again and again, from an offset on. */
function inputBytes(type: string, offset: number, bytes: number): Uint8Array {
  let pool = pools.get(type);
  if (pool === undefined)
    pools.set(type, (pool = readFileSync(join(folder, 'pool', `${type}.bin`))));
  const result = new Uint8Array(bytes);
  for (let at = 0, from = offset * elementBytes[type]; at < bytes; from = 0) {
    const part = pool.subarray(from, Math.min(pool.length, from + bytes - at));
    result.set(part, at);
    at += part.length;
  }
  return result;
}

function launchValues({ inputs }: SuiteCase): Map<string, LaunchValue> {
  return new Map(
    Object.entries(inputs).map(([name, { elementType, shape, offset, bytes }]) => {
      const size = shape.reduce((product, extent) => product * extent, elementBytes[elementType]);
      const contents =
        bytes !== undefined
          ? new Uint8Array(Buffer.from(bytes, 'hex'))
          : offset === undefined
            ? undefined
            : inputBytes(elementType, offset, size);
      return [name, { elementType, shape, bytes: contents }];
    }),
  );
}

interface Check {
  readonly message?: string;
  readonly errorNorm: number;
}

/** Compares the outputs with what is expected of some of their elements; see compareTensors for the rule. */
function checkOutputs(each: SuiteCase, launch: KernelLaunch): Check {
  const expected = readFileSync(join(folder, 'expected', each.expected));
  let worst = 0;
  const unwritten = new Map<string, Uint8Array>();
  for (const { argument, start, count, tolerance } of each.outputs) {
    const { elementType, shape, offset } = each.inputs[argument];
    const bytes = launch.read(argument);
    const type = typeNamed(elementType);
    const { data } = decodeTensor(type, shape, bytes);
    if (offset === undefined) {
      const defined = findPoison(type, bytes, data.length, POISON);
      if (defined.includes(0)) unwritten.set(argument, defined);
    }
    const values = Array.from({ length: count }, (_, i) =>
      expected.readDoubleLE(start + count * 4 + i * 8),
    );
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    const typical = Math.sqrt(squares / Math.max(1, count));
    let errors = 0;
    for (const [i, value] of values.entries()) {
      const at = expected.readUInt32LE(start + i * 4);
      const found = Number(data[at]);
      if (found === value || (Number.isNaN(found) && Number.isNaN(value))) continue;
      const distance = Math.abs(found - value);
      if (!(distance <= tolerance * (Math.abs(value) + typical))) {
        const message = `output '${argument}' has ${found} at element ${at}, expected ${value}`;
        return { message, errorNorm: Infinity };
      }
      errors += distance * distance;
    }
    const norm = squares === 0 ? Math.sqrt(errors) : Math.sqrt(errors / squares);
    worst = Math.max(worst, norm);
    if (norm > tolerance)
      return {
        message: `output '${argument}': error norm ${norm} exceeds ${tolerance}`,
        errorNorm: norm,
      };
  }
  for (const { message } of launch.findOverruns()) return { message, errorNorm: worst };
  return { message: findUnwritten(each, launch, unwritten), errorNorm: worst };
}

/** Elements that equal the poison are unwritten if they equal another one after a second run. */
function findUnwritten(
  each: SuiteCase,
  launch: KernelLaunch,
  suspects: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  if (suspects.size === 0) return undefined;
  launch.prepare(OTHER_POISON);
  launch.run();
  for (const [argument, defined] of suspects) {
    const type = typeNamed(each.inputs[argument].elementType);
    const again = findPoison(type, launch.read(argument), defined.length, OTHER_POISON);
    const first = defined.findIndex((flag, i) => flag === 0 && again[i] === 0);
    if (first >= 0) return `element ${first} of output '${argument}' was never written`;
  }
  return undefined;
}

/** The precompiled code; where the driver refuses it, as older ones do, what a compiler of this machine makes of the text. */
function loadCode(driver: GpuDriver, { code, text, arch }: SuiteCase): Handle {
  try {
    return driver.loadModule(readFileSync(join(folder, 'code', code)));
  } catch (error) {
    if (!(error instanceof HardwareError)) throw error;
    try {
      const source = readFileSync(join(folder, 'text', text), 'utf8');
      return driver.loadModule(compileForDevice(source, arch, driver.facts.arch).image);
    } catch (other) {
      throw other instanceof HardwareError ? error : other;
    }
  }
}

function runCase(driver: GpuDriver, each: SuiteCase, bench: BenchOptions | undefined): CaseResult {
  const { name, group, arch, kernel } = each;
  const module = loadCode(driver, each);
  const handle = driver.getFunction(module, kernel.name);
  const launch = KernelLaunch.ofKernel(driver, kernel, handle, launchValues(each));
  try {
    launch.prepare();
    launch.run();
    const { message, errorNorm } = checkOutputs(each, launch);
    const facts = driver.functionFacts(handle);
    const known = { name, group, arch, ...facts };
    if (message !== undefined) return { ...known, status: 'failed', message };
    if (bench === undefined) return { ...known, status: 'passed', errorNorm };
    const device = driver.facts.arch;
    const target = [device, `${device}a`].find((known) => each.rooflines[known] !== undefined);
    const roofline = target === undefined ? undefined : { ...each.rooflines[target], target };
    const timing = timeLaunches(driver, () => launch.start(), bench);
    const { work, ...time } = rateTiming(timing, { ...each.work, ...(roofline && { roofline }) });
    process.stdout.write(formatBench(name, { ...time, work }));
    return { ...known, status: 'passed', errorNorm, time: { ...time, ...work } };
  } finally {
    launch.free();
    driver.unloadModule(module);
  }
}

function main(): number {
  const command = new Command('run.mjs')
    .description('Run the GPU suite.')
    .option('--out <file>', 'where to write the results', 'results.json')
    .option('--cases <pattern>', 'only cases whose names match a regular expression')
    .option('--device <number>', 'which GPU of several', '0')
    .option('--repeats <number>', 'timed launches of each kernel', '50')
    .option('--warm-up <number>', 'launches before them', '5')
    .option('--no-time', 'check results only');
  command.parse();
  const options = command.opts<Options>();
  const suite = JSON.parse(readFileSync(join(folder, 'suite.json'), 'utf8')) as Suite;
  const driver = openGpu(Number(options.device));
  if (typeof driver === 'string') {
    process.stderr.write(`no GPU: ${driver}\n`);
    return 2;
  }
  const cases = casesFor(suite, driver.facts.arch, new RegExp(options.cases ?? ''));
  if (cases.length === 0) {
    process.stderr.write(
      `no case of the suite runs on ${driver.facts.name} (${driver.facts.arch})\n`,
    );
    return 2;
  }
  const bench = options.time
    ? { warmUp: Number(options.warmUp), repeats: Number(options.repeats), flush: true }
    : undefined;
  const results: CaseResult[] = [];
  for (const each of cases) {
    const { name, group, arch } = each;
    let result: CaseResult;
    let isOver = false;
    try {
      result = runCase(driver, each, bench);
    } catch (error) {
      if (!(error instanceof HardwareError)) throw error;
      result = { name, group, arch, status: 'failed', message: error.message };
      // A kernel that faulted takes the device's context with it.
      isOver = /not ended|ILLEGAL|LAUNCH_FAILED|LaunchFailure|IllegalAddress|ECC|ASSERT/.test(
        error.message,
      );
    }
    process.stdout.write(`${result.status === 'passed' ? 'passed' : 'FAILED'}: ${name}\n`);
    if (result.message !== undefined) process.stdout.write(`        ${result.message}\n`);
    results.push(result);
    if (isOver) break;
  }
  const failed = results.filter(({ status }) => status === 'failed').length;
  const report = {
    version: 1,
    date: new Date().toISOString(),
    runner: `Node ${process.version}`,
    suite: { created: suite.created, versions: suite.versions },
    device: driver.facts,
    method: bench ?? 'not timed',
    summary: { passed: results.length - failed, failed, notRun: cases.length - results.length },
    cases: results,
  };
  writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(
    `${results.length - failed} passed, ${failed} failed, ${report.summary.notRun} not run; results in ${options.out}\n`,
  );
  return failed === 0 && report.summary.notRun === 0 ? 0 : 1;
}

if (!existsSync(join(folder, 'suite.json'))) {
  process.stderr.write('suite.json is not beside this file\n');
  process.exitCode = 2;
} else process.exitCode = main();
