/** The executor that launches emitted text on a GPU through its driver. */

import { createDiagnostic, type Diagnostic } from '../../support/index.js';
import { cloneOperation, type Operation } from '../../ir/index.js';
import { estimateModule, type KernelEstimate } from '../../estimate/index.js';
import type { CompiledModule, FunctionMetadata } from '../../pipelines/compile.js';
import { findTarget, type Target } from '../../targets/target.js';
import {
  compileForDevice,
  GpuDriver,
  HardwareError,
  KernelLaunch,
  OTHER_POISON,
  POISON,
  rateTiming,
  targetForDevice,
  timeLaunches,
  vendorOf,
  type BenchOptions,
  type BenchResult,
  type DeviceFacts,
  type Handle,
  type KernelStep,
  type LaunchValue,
  type Vendor,
  type Work,
} from '../hardware/index.js';
import { kernelName } from '../interpreter/index.js';
import { decodeTensor, findPoison, gatherBytes, type Tensor } from '../numerics/index.js';
import { scalarBytes } from '../sim/scalar.js';
import {
  reportUnwritten,
  simulatorArguments,
  type Executor,
  type Job,
  type Outcome,
} from './executors.js';
import { RunError, type KernelInputs } from './inputs.js';
import { compileCopy } from './lowering.js';

export interface HardwareOptions {
  readonly vendor: Vendor;
  /** What to lower for; default: the description that fits the device best. */
  readonly target?: Target;
  /** Number of the device. */
  readonly device: number;
  /** Seconds that a kernel may take. */
  readonly timeLimit: number;
  /** Called with the emitted text, once. */
  readonly onText: (text: string) => void;
  readonly bench?: BenchOptions;
}

/** What a timed run says of its kernel. */
export interface KernelBench extends BenchResult {
  readonly device: DeviceFacts;
  readonly arch: string;
  /** Registers of a thread, and its bytes of local memory: above 0, registers were spilled. */
  readonly registers: number;
  readonly localBytes: number;
}

/** Everything that is the same for all kernels of a module. */
interface Prepared {
  readonly driver: GpuDriver;
  readonly target: Target;
  readonly compiled: CompiledModule;
  readonly loaded: Handle;
  readonly work: ReadonlyMap<string, Work>;
}

/** Compiles the module and opens the device when the first kernel runs. */
export function createHardware(options: HardwareOptions): Executor {
  let prepared: Prepared | undefined;
  return {
    name: options.vendor,
    run: (job) => {
      try {
        prepared ??= prepare(job.module, options);
        return runKernel(prepared, job, options);
      } catch (error) {
        if (!(error instanceof HardwareError)) throw error;
        throw new RunError(`--on=${options.vendor}: ${error.message}`);
      }
    },
  };
}

function prepare(module: Operation, options: HardwareOptions): Prepared {
  const { vendor, device } = options;
  if (options.target !== undefined && vendorOf(options.target) !== vendor) {
    throw new HardwareError(`${options.target.name} is an architecture of another vendor`);
  }
  const driver = new GpuDriver(vendor, device);
  const { facts } = driver;
  const target = options.target ?? targetForDevice(facts.arch);
  if (target === undefined) {
    throw new HardwareError(`no target description fits the device, a ${facts.arch}`);
  }
  const compiled = compileCopy(module, target);
  if (compiled === undefined)
    throw new RunError(`the module could not be compiled for ${target.name}`);
  options.onText(compiled.text);
  const { image } = compileForDevice(compiled.text, target.name, facts.arch);
  const work = options.bench === undefined ? new Map() : workOf(module, target, facts.arch);
  return { driver, target, compiled, loaded: driver.loadModule(image), work };
}

/** What the kernels have to do, and how fast the device could be at best where it has a description. */
function workOf(module: Operation, target: Target, device: string): Map<string, Work> {
  const described = findTarget(device);
  const estimates = estimateModule(cloneOperation(module), described ?? target) ?? [];
  return new Map(
    estimates.map((estimate) => [estimate.kernel, describeWork(estimate, described !== undefined)]),
  );
}

export function describeWork({ flop, global, time, arch }: KernelEstimate, isRated: boolean): Work {
  const matrix = Object.values(flop.matrix).reduce((total, count) => total + count, 0);
  return {
    flop: matrix + flop.scalar,
    bytes: global.idealRead + global.idealWritten,
    ...(isRated && {
      roofline: { seconds: time.roofline, boundBy: time.boundBy, target: arch },
    }),
  };
}

function runKernel(prepared: Prepared, { kernel, inputs }: Job, options: HardwareOptions): Outcome {
  const { driver } = prepared;
  const name = kernelName(kernel);
  const { metadata, steps } = findLaunched(prepared, name);
  const launch = new KernelLaunch(driver, metadata, steps, launchValues(metadata, inputs));
  try {
    const error = (message: string): Diagnostic =>
      createDiagnostic('error', kernel.location.position(), message);
    launch.prepare();
    try {
      launch.run(options.timeLimit);
    } catch (failure) {
      if (!(failure instanceof HardwareError)) throw failure;
      const message = `the kernel failed on ${driver.facts.name}: ${failure.message}`;
      return { diagnostics: [error(message)], outputs: new Map() };
    }
    const outputs = readOutputs(launch, metadata, inputs);
    const diagnostics = [
      ...launch.findOverruns().map(({ message }) => error(message)),
      ...[...outputs].flatMap(([output, tensor]) => reportUnwritten(kernel, output, tensor)),
    ];
    if (options.bench === undefined || diagnostics.length > 0) return { diagnostics, outputs };
    const timing = timeLaunches(driver, () => launch.start(), options.bench);
    const work = totalWork(steps.map((step) => prepared.work.get(step.kernel.name)));
    const bench: KernelBench = {
      device: driver.facts,
      arch: prepared.target.name,
      ...mostOf(steps.map(({ handle }) => driver.functionFacts(handle))),
      ...rateTiming(timing, work),
    };
    return { diagnostics, outputs, bench };
  } finally {
    // After a kernel that failed the driver refuses to free as well; its message is not the one to show.
    try {
      launch.free();
    } catch (failure) {
      if (!(failure instanceof HardwareError)) throw failure;
    }
  }
}

/** A kernel of that name, or the kernels that a function of that name launches. */
function findLaunched(
  { driver, compiled, loaded }: Prepared,
  name: string,
): { metadata: FunctionMetadata; steps: KernelStep[] } {
  const { kernels, functions = [] } = compiled.metadata;
  const step = (kernel: string, operands?: readonly string[]): KernelStep => {
    const metadata = kernels.find((each) => each.name === kernel);
    if (metadata === undefined)
      throw new HardwareError(`the emitted text has no kernel '${kernel}'`);
    return {
      kernel: metadata,
      handle: driver.getFunction(loaded, kernel),
      operands: operands ?? metadata.arguments.map((argument) => argument.name),
    };
  };
  const metadata = functions.find((each) => each.name === name);
  if (metadata === undefined) {
    const only = step(name);
    return { metadata: only.kernel, steps: [only] };
  }
  if (metadata.launches === undefined) {
    throw new HardwareError(
      `function '${name}' computes between its launches, which happens on the host; run its kernels with --kernel`,
    );
  }
  return {
    metadata,
    steps: metadata.launches.map(({ kernel, operands }) => step(kernel, operands)),
  };
}

/** Of all kernels; rated only where all are, one after the other. */
function totalWork(works: readonly (Work | undefined)[]): Work {
  const sum = (of: (work: Work) => number): number =>
    works.reduce((total, work) => total + (work === undefined ? 0 : of(work)), 0);
  const rated = works.map((work) => work?.roofline).filter((roofline) => roofline !== undefined);
  const [slowest] = [...rated].sort((a, b) => b.seconds - a.seconds);
  return {
    flop: sum(({ flop }) => flop),
    bytes: sum(({ bytes }) => bytes),
    ...(rated.length === works.length &&
      slowest !== undefined && {
        roofline: { ...slowest, seconds: sum(({ roofline }) => roofline!.seconds) },
      }),
  };
}

/** The most that any of the kernels takes. */
function mostOf(facts: readonly ReturnType<GpuDriver['functionFacts']>[]): {
  registers: number;
  localBytes: number;
} {
  return {
    registers: Math.max(0, ...facts.map(({ registers }) => registers)),
    localBytes: Math.max(0, ...facts.map(({ localBytes }) => localBytes)),
  };
}

/** The arguments as the simulator has them; outputs without contents are left to the launch, which poisons them. */
function launchValues(metadata: FunctionMetadata, inputs: KernelInputs): Map<string, LaunchValue> {
  return new Map(
    simulatorArguments(metadata, inputs).map((argument): [string, LaunchValue] => {
      const { name, type: elementType } = argument;
      if (argument.kind === 'scalar')
        return [name, { elementType, shape: [], bytes: scalarBytes(argument) }];
      const { shape } = inputs.values.get(name) as Tensor;
      const bytes = argument.access === 'write' ? undefined : argument.data;
      return [name, { elementType, shape, bytes, placement: inputs.placements.get(name) }];
    }),
  );
}

/**
 * The tensors that the kernel writes. Elements that still hold the poison are looked at again after a second launch
 * with another one: what is poison in both was never written.
 */
function readOutputs(
  launch: KernelLaunch,
  metadata: FunctionMetadata,
  inputs: KernelInputs,
): Map<string, Tensor> {
  const outputs = new Map<string, Tensor>();
  const suspects = new Map<string, { defined: Uint8Array; read: () => Uint8Array }>();
  for (const { name, access } of metadata.arguments) {
    if (access === 'read') continue;
    const { elementType, shape, data } = inputs.values.get(name) as Tensor;
    const placement = inputs.placements.get(name);
    const read = (): Uint8Array => {
      const bytes = launch.read(name);
      return placement === undefined ? bytes : gatherBytes(bytes, shape, placement);
    };
    const bytes = read();
    outputs.set(name, decodeTensor(elementType, shape, bytes));
    const isOutput =
      inputs.arguments.find((argument) => argument.name === name)?.access === 'write';
    if (!isOutput) continue;
    const defined = findPoison(elementType, bytes, data.length, POISON);
    if (defined.includes(0)) suspects.set(name, { defined, read });
  }
  if (suspects.size === 0) return outputs;
  launch.prepare(OTHER_POISON);
  launch.run();
  for (const [name, { defined, read }] of suspects) {
    const tensor = outputs.get(name)!;
    const again = findPoison(tensor.elementType, read(), defined.length, OTHER_POISON);
    again.forEach((isDefined, index) => {
      if (isDefined === 1) defined[index] = 1;
    });
    if (defined.includes(0)) outputs.set(name, { ...tensor, defined });
  }
  launch.prepare();
  launch.run();
  return outputs;
}
