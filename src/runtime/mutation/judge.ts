/** Builds mutants of one kernel, runs them and says whether the simulator noticed. */

import { createContext } from '../../dialects/index.js';
import { cloneOperation, FloatType, verifyOperation, type Operation } from '../../ir/index.js';
import { emitKindOf, type CompiledModule } from '../../pipelines/compile.js';
import { SourceFile } from '../../support/index.js';
import { parseModule } from '../../syntax/index.js';
import { emitModule } from '../../targets/c-like/module-emitter.js';
import type { Target } from '../../targets/target.js';
import { findKernels, kernelName } from '../interpreter/index.js';
import type { Tensor } from '../numerics/index.js';
import { compareTensors } from '../run/compare.js';
import { createInterpreter, decodeOutputs, simulatorArguments } from '../run/executors.js';
import { prepareInputs, type KernelInputs } from '../run/inputs.js';
import { lowerCopy } from '../run/lowering.js';
import { defaultTolerance } from '../run/tolerance.js';
import { simulate, type SimulatorResult } from '../sim/index.js';
import { mutantsOf, mutationClasses, type Mutant } from './mutants.js';

/** What became of a mutant. */
export type Fate =
  /** The simulator reports something, or the result is wrong. */
  | { readonly kind: 'caught'; readonly by: string }
  /** It means the same as the original, by the rule for its class. */
  | { readonly kind: 'equivalent' }
  /** It reads other elements of tensors, but no result depends on them. */
  | { readonly kind: 'dead' }
  | { readonly kind: 'missed'; readonly detail: string };

type Ran = Extract<SimulatorResult, { status: 'ran' }>;

/** One kernel of a program, lowered for one target, with inputs and what it should compute. */
export class MutationSubject {
  /** All mutants, in program order. */
  readonly mutants: readonly Mutant[];
  readonly name: string;
  private readonly lowered: Operation;
  private readonly inputs: KernelInputs;
  private readonly expected: ReadonlyMap<string, Tensor>;
  private readonly tolerance: number;
  private readonly probes: readonly Probe[];
  private readonly original: Ran;

  /** @throws Error where the program itself does not run as it should. */
  constructor(
    module: Operation,
    kernel: Operation,
    readonly target: Target,
    private readonly options: {
      readonly schedules: number;
      readonly seed: number;
      readonly sizes?: ReadonlyMap<string, number | readonly number[]>;
    },
  ) {
    this.name = kernelName(kernel);
    const lowered = lowerCopy(module, target);
    if (lowered === undefined) throw new Error(`${this.name} is not lowered for ${target.name}`);
    this.lowered = onlyKernel(lowered, this.name);
    this.mutants = [...mutantsOf(findFunction(this.lowered, this.name))];
    // Sums of halves are exact, so that a single wrong element shows; exponentials need a tolerance.
    const isExact = !hasMath(kernel);
    this.tolerance = isExact ? 0 : defaultTolerance(kernel);
    const given = [...(options.sizes ?? [])];
    this.inputs = prepareInputs(kernel, {
      values: new Map(
        given.flatMap(([name, size]) => (typeof size === 'number' ? [[name, `${size}`]] : [])),
      ),
      shapes: new Map(
        given.flatMap(([name, size]) => (typeof size === 'number' ? [] : [[name, size]])),
      ),
      seed: options.seed,
      draw: isExact ? 'halves' : 'reals',
    });
    const source = new SourceFile('kernel.mlir', '');
    const reference = createInterpreter({}).run({ module, source, kernel, inputs: this.inputs });
    if (reference.diagnostics.some(({ severity }) => severity === 'error'))
      throw new Error(`${this.name}: ${reference.diagnostics[0].message}`);
    this.expected = reference.outputs;
    this.probes = probesOf(this.inputs).map((inputs) => ({
      inputs,
      expected: createInterpreter({}).run({ module, source, kernel, inputs }).outputs,
    }));
    this.original = this.simulateText(this.emit(this.lowered), { schedules: 1, trace: true });
    const fault = this.faultOf(this.original);
    if (fault !== undefined)
      throw new Error(`${this.name} for ${target.name}: the kernel itself fails: ${fault}`);
    if (this.original.trace!.conflicts > 0)
      throw new Error(`${this.name} for ${target.name}: the kernel itself has unordered accesses`);
  }

  judge(mutant: Mutant): Fate {
    const module = cloneOperation(this.lowered);
    const ops: Operation[] = [];
    findFunction(module, this.name).walk((op) => void ops.push(op), 'pre');
    mutant.apply(ops[mutant.position]);
    const compiled = this.emit(module);
    let run: Ran;
    try {
      run = this.simulateText(compiled, { schedules: this.options.schedules });
    } catch (error) {
      return { kind: 'caught', by: `rejected: ${(error as Error).message.split('\n', 1)[0]}` };
    }
    const fault = this.faultOf(run);
    if (fault !== undefined) return { kind: 'caught', by: fault };
    return this.isEquivalent(mutant, compiled, run);
  }

  /**
   * The rules. A mutant of the order is equivalent where an exhaustive look at its accesses to shared memory finds no two
   * of different threads, one a write, between the same barriers, and none to what an asynchronous copy is still to write. Any
   * other mutant is equivalent where every read finds what the same access wrote as in the original, and the results
   * are the same to the last bit: then only where things are kept can differ. Where reads find something else, NaNs
   * in rows and columns of every tensor show whether a result depends on it; where none does, the difference is dead.
   */
  private isEquivalent(mutant: Mutant, compiled: CompiledModule, run: Ran): Fate {
    const traced = this.simulateText(compiled, { schedules: 1, trace: true });
    const { conflicts, dataflow } = traced.trace!;
    const { judgement } = mutationClasses[mutant.mutationClass];
    if (judgement === 'order') {
      return conflicts === 0
        ? { kind: 'equivalent' }
        : { kind: 'missed', detail: `${conflicts} unordered accesses` };
    }
    const isSame = [...this.original.outputs].every(([name, bytes]) =>
      Buffer.from(bytes).equals(Buffer.from(run.outputs.get(name)!)),
    );
    if (dataflow === this.original.trace!.dataflow && isSame && conflicts === 0)
      return { kind: 'equivalent' };
    for (const { inputs, expected } of this.probes) {
      const probed = this.simulateText(compiled, { schedules: 1, inputs });
      const fault = this.faultOf(probed, inputs, expected);
      if (fault !== undefined) return { kind: 'caught', by: `${fault} with NaNs` };
    }
    return isSame && this.probes.length > 0
      ? { kind: 'dead' }
      : {
          kind: 'missed',
          detail: isSame ? 'another data flow' : 'another result within tolerance',
        };
  }

  private emit(module: Operation): CompiledModule {
    const emitted = emitModule(module, emitKindOf(this.target), { target: this.target });
    if (emitted === undefined) throw new Error(`${this.name}: no text`);
    return emitted;
  }

  private simulateText(
    { text, metadata }: CompiledModule,
    {
      schedules,
      trace,
      inputs = this.inputs,
    }: { schedules: number; trace?: boolean; inputs?: KernelInputs },
  ): Ran {
    const result = simulate({
      text,
      target: emitKindOf(this.target),
      waveSize: this.target.warp_size,
      entry: metadata.kernels[0].entry,
      arguments: simulatorArguments(metadata.kernels[0], inputs),
      seed: this.options.seed,
      schedules,
      trace,
      limits: {
        sharedBytes: this.target.shared_bytes_per_block,
        reports: 1,
        seconds: 120,
        steps: 2e8,
      },
    });
    if (result.status === 'ran') return result;
    throw new Error(result.status === 'rejected' ? result.diagnostics : result.reason);
  }

  /** What shows that a run is wrong. */
  private faultOf(run: Ran, inputs = this.inputs, expected = this.expected): string | undefined {
    if (run.reports.length > 0) return run.reports[0].kind;
    if (run.launcherResult !== 0) return 'launch';
    const outputs = decodeOutputs(inputs, run.outputs);
    for (const [name, reference] of expected) {
      const found = outputs.get(name);
      if (found === undefined || !compareTensors(found, reference, this.tolerance).isEqual)
        return 'wrong result';
    }
    return undefined;
  }
}

interface Probe {
  readonly inputs: KernelInputs;
  readonly expected: ReadonlyMap<string, Tensor>;
}

/** One of this many slices of a tensor is NaN in a probe. */
const NAN_SLICES = 8;

/** Inputs in which, of one tensor, some slices along one dimension are NaN: whatever depends on them is NaN as well. */
function probesOf(inputs: KernelInputs): KernelInputs[] {
  const probes: KernelInputs[] = [];
  for (const { name } of inputs.arguments) {
    const tensor = inputs.values.get(name);
    if (typeof tensor !== 'object' || tensor.defined !== undefined) continue;
    if (!(tensor.elementType instanceof FloatType)) continue;
    for (const [dimension, extent] of tensor.shape.entries()) {
      const inner = tensor.shape.slice(dimension + 1).reduce((a, b) => a * b, 1);
      const data = tensor.data.slice();
      for (let i = 0; i < data.length; i++) {
        const slice = Math.floor(i / inner) % extent;
        if (slice % NAN_SLICES === 1 % extent) data[i] = NaN;
      }
      probes.push({
        ...inputs,
        values: new Map(inputs.values).set(name, { ...tensor, data }),
      });
    }
  }
  return probes;
}

function findFunction(module: Operation, name: string): Operation {
  let found: Operation | undefined;
  module.walk((op) => {
    if (op.name.text === 'gpu.func' && `${op.getAttribute('sym_name')}` === `"${name}"`) found = op;
  });
  if (found === undefined) throw new Error(`no lowered kernel is called '${name}'`);
  return found;
}

/** Drops the other kernels of a lowered module, and the host functions that launch them. */
function onlyKernel(module: Operation, name: string): Operation {
  const kept = findFunction(module, name).parentOp!;
  for (const op of [...module.regions[0].entryBlock.operations()])
    if (op !== kept && ['gpu.module', 'func.func'].includes(op.name.text)) op.erase();
  return module;
}

function hasMath(kernel: Operation): boolean {
  let found = false;
  kernel.walk((op) => {
    if (op.name.dialect === 'math' || op.name.text === 'arith.divf') found = true;
  });
  return found;
}

/** The kernels of a program's text. @throws Error where it is not valid. */
export function parseKernels(
  text: string,
  file: string,
): { module: Operation; kernels: Operation[] } {
  const context = createContext();
  const reported: string[] = [];
  context.addDiagnosticHandler(({ severity, message }) => {
    if (severity === 'error') reported.push(message);
  });
  const module = parseModule(new SourceFile(file, text), context);
  if (module === undefined || !verifyOperation(module))
    throw new Error(`${file}: ${reported.join('; ')}`);
  return { module, kernels: findKernels(module) };
}
