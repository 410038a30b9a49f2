/** Interprets the kernels of a program before and after each pass and finds the first pass that changed what they compute. */

import { gridExtents, indexParameters } from '../dialects/tile/kernel-extents.js';
import { DYNAMIC, printOperation, type MemRefType, type Operation } from '../ir/index.js';
import {
  type NestedElement,
  type PassElement,
  type PassInstrumentation,
  type Pipeline,
  type PipelineElement,
} from '../pipelines/index.js';
import {
  findAnyKernels,
  argumentName,
  findUninterpreted,
  interpret,
  kernelArguments,
  kernelName,
  type InterpretResult,
} from '../runtime/interpreter/index.js';
import type { Tensor } from '../runtime/numerics/index.js';
import { compareTensors } from '../runtime/run/compare.js';
import {
  prepareInputs,
  RunError,
  type InputOptions,
  type KernelInputs,
} from '../runtime/run/inputs.js';
import { defaultTolerance } from '../runtime/run/tolerance.js';
import type { Diagnostic } from '../support/index.js';

/** The first pass that changed a meaning. */
export interface SemanticsFinding {
  readonly pass: string;
  /** The kernel, as the pass left it. */
  readonly kernel: Operation;
  /** That pass alone, or with those before it whose results cannot be interpreted. */
  readonly pipeline: Pipeline;
  /** The program just before the first of these. */
  readonly program: string;
  /** What it did, as the rest of a sentence about the pass. */
  readonly message: string;
  readonly notes: readonly Diagnostic[];
}

/** A kernel whose meaning is followed, with what it computed on its inputs. */
interface Followed {
  readonly inputs: KernelInputs;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** How far instructions, which round their partial sums, may bring a result away from the original's. */
  readonly tolerance: number;
  /** Passes after which it computed the same. */
  passes: number;
  /** Passes since then after which the kernel could not be interpreted, and the program before the first of them. */
  skipped: Skipped[];
}

interface Skipped {
  readonly name: string;
  readonly pipeline: PipelineElement;
  readonly before: string;
  readonly why: string;
}

/** Iterations of loops after which a kernel is too large to be followed. */
const STEP_LIMIT = 2 ** 26;
/** Small, no multiple of a tile's extents, and an eight, which kernels may ask for. */
const SMALLEST_EXTENT = 40;
/** Of a grid that has as many blocks as an argument says, as for batches: few, or as many as assumptions may ask for. */
const BLOCK_COUNTS = [2, 8];

/**
 * Results must agree to the last bit while a kernel works on tiles: passes move and fold operations, but may not change what
 * is rounded. Lowered kernels sum by instructions, and so have the tolerance of `tile-run --compare`.
 */
export class SemanticsCheck implements PassInstrumentation {
  finding: SemanticsFinding | undefined;
  private readonly kernels = new Map<string, Followed>();
  private readonly path: NestedElement[] = [];
  private root: Operation | undefined;
  /** The program as the last pass left it. */
  private text = '';

  constructor(private readonly seed: number) {}

  beforeRun(_pipeline: Pipeline, root: Operation): void {
    this.root = root;
    for (const kernel of findAnyKernels(root)) this.follow(kernel);
    if (this.kernels.size > 0) this.text = printOperation(root, {});
  }

  afterRun(_pipeline: Pipeline, root: Operation): void {
    for (const [name, { passes, skipped }] of this.kernels) {
      if (skipped.length === 0) {
        remark(root, `kernel '${name}' computes the same after ${passes} passes`);
        continue;
      }
      const [{ name: first, why }] = skipped;
      remark(
        root,
        `kernel '${name}' computed the same after ${passes} passes; not followed from pass '${first}' on: ${why}`,
      );
    }
  }

  beforePipeline(element: NestedElement): void {
    this.path.push(element);
  }

  afterPipeline(): void {
    this.path.pop();
  }

  afterPass(element: PassElement): void {
    if (this.finding !== undefined || this.kernels.size === 0) return;
    const before = this.text;
    this.text = printOperation(this.root!, {});
    if (this.text === before) {
      for (const followed of this.kernels.values())
        if (followed.skipped.length === 0) followed.passes++;
      return;
    }
    const current = new Map(
      findAnyKernels(this.root!).map((kernel) => [kernelName(kernel), kernel]),
    );
    for (const [name, followed] of this.kernels) {
      const kernel = current.get(name);
      const stranger = kernel && findUninterpreted(kernel);
      if (kernel === undefined || stranger !== undefined) {
        followed.skipped.push({
          name: element.pass.name,
          pipeline: this.nested(element),
          before,
          why: stranger === undefined ? 'it is no kernel any more' : `of '${stranger.name}'`,
        });
        continue;
      }
      const change = this.changeOf(kernel, followed);
      if (change === undefined) {
        followed.passes++;
        followed.skipped = [];
        continue;
      }
      const { skipped } = followed;
      const notes =
        skipped.length === 0
          ? change.notes
          : [
              ...change.notes,
              kernel.note(
                `or a pass before it did, after which the kernel cannot be interpreted: ${skipped.map((each) => `'${each.name}'`).join(', ')}`,
              ),
            ];
      this.finding = {
        pass: element.pass.name,
        kernel,
        pipeline: {
          anchor: this.root!.name.text,
          elements: [...skipped.map((each) => each.pipeline), this.nested(element)],
        },
        program: skipped[0]?.before ?? before,
        message: change.message,
        notes,
      };
      return;
    }
  }

  /** Runs a kernel for the first time. One that is wrong itself, or too large, is not followed. */
  private follow(kernel: Operation): void {
    const name = kernelName(kernel);
    const inputs = this.inputsOf(kernel);
    if (inputs instanceof RunError)
      return remark(kernel, `kernel '${name}' is not followed: ${inputs.message}`);
    const stranger = findUninterpreted(kernel);
    if (stranger !== undefined)
      return remark(kernel, `kernel '${name}' is not followed: it has a '${stranger.name}'`);
    const result = this.run(kernel, inputs);
    const { tensors } = result;
    const tolerance = defaultTolerance(kernel);
    if (result.isOk) this.kernels.set(name, { inputs, tensors, tolerance, passes: 0, skipped: [] });
    else remark(kernel, `kernel '${name}' is not followed: ${result.diagnostics[0].message}`);
  }

  /** Drawn inputs of the smallest extents that the kernel's assumptions allow, or why there are none. */
  private inputsOf(kernel: Operation): KernelInputs | RunError {
    let refusal: RunError | undefined;
    for (const blocks of BLOCK_COUNTS) {
      try {
        return prepareInputs(kernel, { ...extentsOf(kernel, blocks), seed: this.seed });
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
        refusal ??= error;
      }
    }
    return refusal!;
  }

  private run(kernel: Operation, { values }: KernelInputs): InterpretResult {
    return interpret(this.root!, {
      kernel: kernelName(kernel),
      arguments: values,
      limits: { steps: STEP_LIMIT },
    });
  }

  private changeOf(
    kernel: Operation,
    { inputs, tensors, tolerance }: Followed,
  ): { message: string; notes: readonly Diagnostic[] } | undefined {
    const name = kernelName(kernel);
    const result = this.run(kernel, inputs);
    if (!result.isOk) {
      const [{ message }] = result.diagnostics;
      return { message: `made kernel '${name}' undefined`, notes: [kernel.note(message)] };
    }
    for (const [argument, expected] of tensors) {
      const found = result.tensors.get(argument);
      if (found === undefined)
        return { message: `dropped argument '${argument}' of kernel '${name}'`, notes: [] };
      const { isEqual, first } = compareTensors(
        found,
        expected,
        kernel.name.text === 'gpu.func' ? tolerance : 0,
      );
      if (isEqual || first === undefined) continue;
      const show = (value: number | bigint | undefined): string =>
        value === undefined ? 'not written' : `${value}`;
      return {
        message: `changed the result of kernel '${name}': ${argument}[${first.coordinates.join(', ')}] is ${show(first.left)} after it, ${show(first.right)} before (${first.count} of ${expected.data.length} elements differ; seed ${this.seed})`,
        notes: [],
      };
    }
    return undefined;
  }

  private nested(element: PassElement): PipelineElement {
    let nested: PipelineElement = element;
    for (const { anchor } of [...this.path].reverse())
      nested = { kind: 'nested', anchor, elements: [nested] };
    return nested;
  }
}

/**
 * Run-time extents of tensors and of the grid, different small numbers. Extents without an argument are equal.
 * @param blocks how many blocks a dimension of the grid has whose extent is an argument
 */
function extentsOf(kernel: Operation, blocks: number): Pick<InputOptions, 'values' | 'shapes'> {
  const tensors = kernelArguments(kernel).filter(({ kind }) => kind === 'tensor');
  const ofTensors = tensors.flatMap(({ sizes }) => sizes.filter((size) => size !== undefined));
  const grid = gridExtents(kernel).filter((extent) => typeof extent !== 'number');
  const ofGrid = grid.length === 0 ? [] : indexParameters(kernel).map(argumentName);
  const names = [...new Set([...ofTensors, ...ofGrid])];
  const extents = new Map(names.map((name, i) => [name, SMALLEST_EXTENT + 32 * i]));
  for (const extent of grid)
    if (extent.kind === 'dim') extents.set(ofGrid[extent.position], blocks);
  const unnamed = tensors.filter(({ type, sizes }) =>
    (type as MemRefType).shape.some((extent, i) => extent === DYNAMIC && sizes[i] === undefined),
  );
  return {
    values: new Map([...extents].map(([name, extent]) => [name, `${extent}`])),
    shapes: new Map(
      unnamed.map(({ name, type, sizes }) => [
        name,
        (type as MemRefType).shape.map((extent, i) =>
          extent === DYNAMIC ? (extents.get(sizes[i] ?? '') ?? SMALLEST_EXTENT) : extent,
        ),
      ]),
    ),
  };
}

function remark(op: Operation, message: string): void {
  op.context.report({ ...op.note(message), severity: 'remark', code: 'verify-semantics' });
}
