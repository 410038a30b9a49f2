/**
 * Judges single kernels by the hundred: each is lowered, compiled by the target's real compiler, executed on the
 * simulator and compared with the interpreter. Files of many kernels are compiled at once, which costs a fraction.
 */

import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { createContext } from '../../src/dialects/index.js';
import { verifyOperation, type Operation } from '../../src/ir/index.js';
import type { CompiledModule } from '../../src/pipelines/compile.js';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { findKernels, kernelName } from '../../src/runtime/interpreter/index.js';
import type { Tensor } from '../../src/runtime/numerics/index.js';
import { contentHash } from '../../src/runtime/process.js';
import { createInterpreter, createSimulator, type Job } from '../../src/runtime/run/executors.js';
import { prepareInputs, RunError } from '../../src/runtime/run/inputs.js';
import { compileCopy } from '../../src/runtime/run/lowering.js';
import { simulatorVersion, withoutTarget } from '../../src/runtime/sim/index.js';
import { SourceFile, type Diagnostic } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';
import { findTarget, type Target } from '../../src/targets/target.js';
import { differenceOf } from './run-kernels.js';
import type { SweepStore } from './sweep-store.js';

/** One kernel to judge. */
export interface KernelProgram {
  /** Of the kernel; unique among those that are judged. */
  readonly name: string;
  readonly text: string;
  /** Kernels that compute the same from the same arguments have the same. */
  readonly meaning: string;
}

/** What the real compiler made of a kernel. */
export interface CompilerFinding {
  /** What it complained of. */
  readonly problem?: string;
  /** 32-bit registers of one thread. */
  readonly registers: number;
  /** Bytes of one thread's memory that hold what no register did. */
  readonly spilled: number;
}

export type Reported = Pick<Diagnostic, 'severity' | 'message'>;

/** What the lowering made of a kernel: the keys of verdicts on its text. */
interface Lowering {
  readonly diagnostics: readonly Reported[];
  /** Undefined where the kernel is refused. */
  readonly keys?: { readonly simulator: string; readonly compiler: string };
}

export interface KernelVerdict {
  readonly name: string;
  /** What the lowering reported. */
  readonly diagnostics: readonly Reported[];
  /** Undefined where the lowering refused the kernel: how the simulator's result differs, empty where it does not. */
  readonly difference?: string;
  /** Undefined where the kernel was refused or the compiler is not there. */
  readonly compiled?: CompilerFinding;
}

/** Orders of threads that each kernel runs in. */
const SCHEDULES = 8;

/** Kernels of one file: headers and processes then cost little of each. */
const PER_FILE = 48;

interface Lowered extends Lowering {
  readonly program: KernelProgram;
}

/** Kernels in one text. */
interface EmittedFile {
  readonly kernels: readonly Lowered[];
  readonly source: SourceFile;
  readonly module: Operation;
  readonly compiled: CompiledModule;
}

/** What a judge judges with. */
export interface JudgeOptions {
  /** Verdicts of before: what is known of the same text, simulator and compiler is not judged again. */
  readonly store: SweepStore;
  /** Version of this lowering: kernels that it is known to lower to a text are not lowered again. */
  readonly lowering: string;
  /** Version of the target's compiler; undefined where there is none. */
  readonly compiler: string | undefined;
  /** Whether to compile, where there is a compiler. Default true. */
  readonly isCompiling?: boolean;
}

export class KernelJudge {
  private readonly target: Target;
  private readonly results = new Map<string, ReadonlyMap<string, Tensor>>();

  constructor(
    arch: string,
    private readonly options: JudgeOptions,
  ) {
    this.target = findTarget(arch)!;
  }

  /** Verdicts in the order of the programs. */
  judge(programs: readonly KernelProgram[]): KernelVerdict[] {
    const lowered = programs.map((program) => this.lower(program));
    const unknown = lowered.filter(
      (each) => this.lacks(each, 'simulator') || this.lacks(each, 'compiler'),
    );
    for (let start = 0; start < unknown.length; start += PER_FILE) {
      const file = this.emit(unknown.slice(start, start + PER_FILE));
      if (file.kernels.some((each) => this.lacks(each, 'simulator'))) this.simulate(file);
      if (file.kernels.some((each) => this.lacks(each, 'compiler'))) this.compile(file);
    }
    return lowered.map((each) => this.verdictOf(each));
  }

  /** The verdict on a program that was judged before; undefined where it was not, or not completely. */
  recall(program: KernelProgram): KernelVerdict | undefined {
    const lowering = this.options.store.get<Lowering>(this.loweringKey(program));
    if (lowering === undefined) return undefined;
    const verdict = this.verdictOf({ program, ...lowering });
    const isJudged = lowering.keys === undefined || verdict.difference !== undefined;
    return isJudged ? verdict : undefined;
  }

  private verdictOf({ program: { name }, diagnostics, keys }: Lowered): KernelVerdict {
    const { store } = this.options;
    if (keys === undefined) return { name, diagnostics };
    const compiled = store.get<CompilerFinding>(keys.compiler);
    return { name, diagnostics, difference: store.get<string>(keys.simulator), compiled };
  }

  private lower(program: KernelProgram): Lowered {
    const key = this.loweringKey(program);
    let lowering = this.options.store.get<Lowering>(key);
    if (lowering === undefined) {
      const reported: Diagnostic[] = [];
      const module = parse(new SourceFile('kernel.mlir', program.text), reported);
      const text = module && compileCopy(module, this.target)?.text;
      const diagnostics = reported.map(({ severity, message }) => ({ severity, message }));
      lowering = { diagnostics, keys: text === undefined ? undefined : this.keysOf(text) };
      this.options.store.set(key, lowering);
    }
    return { program, ...lowering };
  }

  private loweringKey({ text }: KernelProgram): string {
    return contentHash('lowering', this.options.lowering, this.target.name, text);
  }

  /** Two targets of a vendor are often given the same text, but for the comments in front. */
  private keysOf(emitted: string): NonNullable<Lowering['keys']> {
    const text = withoutTarget(emitted);
    const { compiler } = this.options;
    return {
      simulator: contentHash('simulator', simulatorVersion(), `${SCHEDULES}`, text),
      compiler: contentHash('compiler', compiler ?? '', this.target.name, text),
    };
  }

  /** Whether one kind of verdict on a kernel is asked for and not known. */
  private lacks({ keys }: Lowered, kind: 'simulator' | 'compiler'): boolean {
    const { store, compiler, isCompiling } = this.options;
    if (keys === undefined) return false;
    if (kind === 'compiler' && (compiler === undefined || isCompiling === false)) return false;
    return store.get(keys[kind]) === undefined;
  }

  /** One text of kernels that were lowered one by one. */
  private emit(kernels: readonly Lowered[]): EmittedFile {
    const text = kernels.map(({ program }) => program.text).join('\n');
    const source = new SourceFile('kernel.mlir', text);
    const module = parse(source, [])!;
    return { kernels, source, module, compiled: compileCopy(module, this.target)! };
  }

  private halves({ kernels }: EmittedFile): EmittedFile[] {
    const half = Math.ceil(kernels.length / 2);
    return [kernels.slice(0, half), kernels.slice(half)].map((part) => this.emit(part));
  }

  private simulate(file: EmittedFile): void {
    const { kernels, source, module, compiled } = file;
    const executor = createSimulator({
      target: this.target,
      seed: 1,
      schedules: SCHEDULES,
      isQuickBuild: !kernels.some(isScalar),
      compiled,
      onText: () => undefined,
    });
    for (const kernel of findKernels(module)) {
      const own = kernels.find(({ program }) => program.name === kernelName(kernel))!;
      if (!this.lacks(own, 'simulator')) continue;
      const inputs = prepareInputs(kernel, { values: new Map(), shapes: new Map(), seed: 1 });
      let difference: string;
      try {
        difference = this.compare({ module, source, kernel, inputs }, executor.run, own.program);
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
        if (kernels.length > 1) return this.halves(file).forEach((half) => this.simulate(half));
        difference = error.message;
      }
      this.options.store.set(own.keys!.simulator, difference);
    }
  }

  private compare(
    job: Job,
    run: ReturnType<typeof createSimulator>['run'],
    { meaning }: KernelProgram,
  ): string {
    const { diagnostics, outputs } = run(job);
    const report = diagnostics.find(({ severity }) => severity === 'error');
    if (report !== undefined) return report.message;
    return differenceOf(job.kernel, outputs, this.interpret(job, meaning));
  }

  private interpret(job: Job, meaning: string): ReadonlyMap<string, Tensor> {
    let outputs = this.results.get(meaning);
    if (outputs === undefined) {
      // Kernels of one meaning follow each other.
      if (this.results.size >= PER_FILE) this.results.clear();
      const run = createInterpreter({}).run(job);
      if (run.diagnostics.length > 0) throw new Error(`${meaning}: ${run.diagnostics[0].message}`);
      outputs = run.outputs;
      this.results.set(meaning, outputs);
    }
    return outputs;
  }

  private compile(file: EmittedFile): void {
    const { kernels, compiled } = file;
    const { isClean, diagnostics, found } =
      this.target.vendor === 'nvidia'
        ? compiledCuda(compiled.text, this.target.name)
        : compiledHip(compiled.text, this.target.name as 'gfx90a' | 'gfx942');
    if (!isClean && kernels.length > 1)
      return this.halves(file).forEach((half) => this.compile(half));
    for (const { program, keys } of kernels) {
      const finding: CompilerFinding = found.get(program.name) ?? { registers: 0, spilled: 0 };
      const problem = isClean ? undefined : diagnostics;
      this.options.store.set(keys!.compiler, { ...finding, problem });
    }
  }
}

/** Products without matrix instructions take the simulator much longer than the host's compiler. */
function isScalar({ diagnostics }: Lowered): boolean {
  return diagnostics.some(({ message }) => message.startsWith('product is computed by scalar'));
}

function parse(source: SourceFile, diagnostics: Diagnostic[]): Operation | undefined {
  const context = createContext();
  context.addDiagnosticHandler((diagnostic) => void diagnostics.push(diagnostic));
  const module = parseModule(source, context);
  return module !== undefined && verifyOperation(module) ? module : undefined;
}

interface Compiled {
  readonly isClean: boolean;
  readonly diagnostics: string;
  readonly found: ReadonlyMap<string, CompilerFinding>;
}

function compiledCuda(text: string, arch: string): Compiled {
  const result = compileCuda(text, arch);
  if (!result.available) throw new Error(result.reason);
  discard(result.cubinPath);
  const found = result.kernels.map(
    ({ name, registers, spillStores, spillLoads, stackFrame }) =>
      [name, { registers, spilled: Math.max(spillStores, spillLoads, stackFrame) }] as const,
  );
  const { ok, diagnostics } = result;
  return { isClean: ok && !diagnostics.includes('warning'), diagnostics, found: new Map(found) };
}

function compiledHip(text: string, arch: 'gfx90a' | 'gfx942'): Compiled {
  const result = compileHip(text, arch);
  if (!result.available) throw new Error(result.reason);
  discard(result.assemblyPath);
  const found = result.kernels.map(
    ({ name, vgprs, agprs, scratch }) =>
      [name, { registers: vgprs + agprs, spilled: scratch }] as const,
  );
  const { ok, diagnostics } = result;
  return { isClean: ok && !diagnostics.includes('warning'), diagnostics, found: new Map(found) };
}

/** Thousands of compiled files would stay in the cache, and nobody asks for one twice. */
function discard(path: string | undefined): void {
  if (path !== undefined) rmSync(dirname(path), { recursive: true, force: true });
}
