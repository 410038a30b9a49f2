/** A kernel, or several in order, on arguments in the device's memory, between guards, checked before and after. */

import {
  evaluateSize,
  type FunctionMetadata,
  type KernelArgument,
  type KernelMetadata,
  type SizeExpression,
} from '../../targets/c-like/launch-metadata.js';
import { placedCount, type Placement } from '../numerics/index.js';
import { bytesOf } from '../../targets/element-bytes.js';
import type { DevicePointer, GpuDriver, Handle } from './driver.js';
import { HardwareError } from './library.js';

/** A tensor, or a scalar, by the bytes that memory holds. */
export interface LaunchValue {
  readonly elementType: string;
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  /** Undefined for an output without contents: it starts poisoned. */
  readonly bytes: Uint8Array | undefined;
  /** Where a tensor's elements lie; absent for a dense row-major one. */
  readonly placement?: Placement;
}

/** What the bytes around tensors and of outputs are before a launch. */
export const POISON = 0xdb;
/** What they are in a second launch that tells elements equal to the first poison from those never written. */
export const OTHER_POISON = 0x24;
/** Bytes in front of and behind each tensor that no kernel may write. */
const GUARD_BYTES = 4096;

interface Buffer {
  readonly argument: KernelArgument;
  readonly value: LaunchValue;
  readonly base: DevicePointer;
  readonly start: DevicePointer;
  readonly bytes: number;
}

/** Largest grid in y and z, of both vendors. */
const MOST_BLOCKS_YZ = 65535;

/** A kernel, and which of the placed arguments it gets, by name and in order. */
export interface KernelStep {
  readonly kernel: KernelMetadata;
  readonly handle: Handle;
  readonly operands: readonly string[];
}

/** A step with what its arguments make of it. */
interface Prepared extends KernelStep {
  readonly grid: readonly number[];
}

export class KernelLaunch {
  private readonly buffers: Buffer[] = [];
  /** What a kernel gets for an argument: a pointer, or a value. */
  private readonly parameters = new Map<string, Uint8Array>();
  private readonly steps: readonly Prepared[];

  /**
   * Checks the values against the parameters of what is launched and places them in the device's memory.
   * @throws HardwareError where something does not fit; nothing stays allocated then.
   */
  constructor(
    private readonly driver: GpuDriver,
    launched: FunctionMetadata,
    steps: readonly KernelStep[],
    values: ReadonlyMap<string, LaunchValue>,
  ) {
    const sizes = sizesOf(launched.arguments, values);
    this.steps = steps.map((step) => this.checkConfiguration(step, values));
    try {
      for (const argument of launched.arguments)
        this.place(argument, values.get(argument.name), sizes);
      for (const { kernel, operands } of steps)
        kernel.arguments.forEach((argument, i) => this.checkAlignment(argument, operands[i]));
      for (const { kernel, handle } of steps) driver.allowSharedMemory(handle, kernel.sharedBytes);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** The launch of a single kernel. */
  static ofKernel(
    driver: GpuDriver,
    kernel: KernelMetadata,
    handle: Handle,
    values: ReadonlyMap<string, LaunchValue>,
  ): KernelLaunch {
    const operands = kernel.arguments.map(({ name }) => name);
    return new KernelLaunch(driver, kernel, [{ kernel, handle, operands }], values);
  }

  /** Gives every tensor its contents again; outputs and guards are filled with `poison`. */
  prepare(poison = POISON): void {
    for (const { base, start, bytes, value } of this.buffers) {
      this.driver.fill(base, poison, bytes + 2 * GUARD_BYTES);
      if (value.bytes !== undefined) this.driver.upload(start, value.bytes);
    }
  }

  /** Starts the kernels, one after the other; {@link GpuDriver.synchronize} waits for them. */
  start(): void {
    for (const { kernel, handle, grid, operands } of this.steps) {
      // Without blocks there is nothing to launch, and drivers refuse to.
      if (grid.some((extent) => extent < 1)) continue;
      const parameters = operands.map((name) => this.parameters.get(name)!);
      this.driver.launch(handle, { ...kernel, grid }, parameters);
    }
  }

  /** @throws HardwareError where the launch or the kernel failed, or the kernel does not end. */
  run(seconds?: number): void {
    this.start();
    this.driver.synchronize(seconds);
  }

  /** The contents of a tensor. */
  read(name: string): Uint8Array {
    const { start, bytes } = this.buffers.find(({ argument }) => argument.name === name)!;
    return this.driver.download(start, bytes);
  }

  /** Tensors whose guards were written since {@link prepare} filled them, with how. */
  findOverruns(poison = POISON): { readonly name: string; readonly message: string }[] {
    return this.buffers.flatMap(({ argument: { name }, base, start, bytes }) => {
      const changed = (from: DevicePointer): number =>
        this.driver
          .download(from, GUARD_BYTES)
          .reduce((count, byte) => count + (byte === poison ? 0 : 1), 0);
      const [before, after] = [changed(base), changed(start + bytes)];
      const places = [
        ...(before > 0 ? [`${before} bytes in front of it`] : []),
        ...(after > 0 ? [`${after} bytes behind its end`] : []),
      ];
      return places.length === 0
        ? []
        : [
            {
              name,
              message: `the kernel wrote outside of argument '${name}': ${places.join(', ')}`,
            },
          ];
    });
  }

  free(): void {
    for (const { base } of this.buffers.splice(0)) this.driver.free(base);
  }

  private checkConfiguration(step: KernelStep, values: ReadonlyMap<string, LaunchValue>): Prepared {
    const { kernel, operands } = step;
    const { name, sharedBytes, conditions = [] } = kernel;
    const own = new Map(
      kernel.arguments.flatMap((argument, i) => {
        const value = values.get(operands[i]);
        return value === undefined ? [] : [[argument.name, value] as const];
      }),
    );
    const sizes = sizesOf(kernel.arguments, own);
    const grid = kernel.grid.map((extent) => evaluateSize(extent, sizes));
    const { facts } = this.driver;
    for (const { expression, relation } of conditions) {
      const value = evaluateSize(expression, sizes);
      if (relation === '== 0' ? value === 0 : value >= 0) continue;
      throw new HardwareError(
        `kernel '${name}' needs ${describeSize(expression)} ${relation}, which is ${value}`,
      );
    }
    if (grid.slice(1).some((extent) => extent > MOST_BLOCKS_YZ)) {
      throw new HardwareError(
        `kernel '${name}' has a grid of ${grid.join('x')} blocks; expected at most ${MOST_BLOCKS_YZ} in y and z`,
      );
    }
    if (facts.sharedBytes > 0 && sharedBytes > facts.sharedBytes) {
      throw new HardwareError(
        `kernel '${name}' needs ${sharedBytes} bytes of shared memory; a block on ${facts.name} can have ${facts.sharedBytes}`,
      );
    }
    return { ...step, grid };
  }

  /** @param name of the placed argument that the kernel gets for its own. */
  private checkAlignment({ kind, alignment }: KernelArgument, name: string): void {
    if (kind === 'scalar') return;
    const { start } = this.buffers.find(({ argument }) => argument.name === name)!;
    if (start % alignment === 0) return;
    throw new HardwareError(
      `argument '${name}': expected an address that is a multiple of ${alignment}, found 0x${start.toString(16)}`,
    );
  }

  private place(
    argument: KernelArgument,
    value: LaunchValue | undefined,
    sizes: ReadonlyMap<string, number>,
  ): void {
    const { name } = argument;
    if (value === undefined) throw new HardwareError(`no value is given for argument '${name}'`);
    const problem = checkValue(argument, value, sizes);
    if (problem !== undefined) throw new HardwareError(`argument '${name}': ${problem}`);
    if (argument.kind === 'scalar') {
      this.parameters.set(name, value.bytes!);
      return;
    }
    const bytes = byteSize(value);
    const base = this.driver.allocate(bytes + 2 * GUARD_BYTES);
    const start = base + GUARD_BYTES;
    this.buffers.push({ argument, value, base, start, bytes });
    const pointer = new Uint8Array(8);
    new DataView(pointer.buffer).setBigUint64(0, BigInt(start), true);
    this.parameters.set(name, pointer);
  }
}

export function byteSize({ elementType, shape, placement }: Omit<LaunchValue, 'bytes'>): number {
  const count =
    placement === undefined
      ? shape.reduce((product, extent) => product * extent, 1)
      : placedCount(shape, placement);
  return bytesOf(elementType, count) ?? 0;
}

/** The values of integer scalars. */
function sizesOf(
  parameters: readonly KernelArgument[],
  values: ReadonlyMap<string, LaunchValue>,
): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { name, kind, elementType } of parameters) {
    const bytes = values.get(name)?.bytes;
    if (kind !== 'scalar' || bytes === undefined) continue;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (elementType === 'i32') sizes.set(name, view.getInt32(0, true));
    else if (elementType === 'i64') sizes.set(name, Number(view.getBigInt64(0, true)));
  }
  return sizes;
}

/** `(n * 4 + 1)` */
function describeSize(expression: SizeExpression): string {
  if (typeof expression !== 'object') return `${expression}`;
  const [operator, lhs, rhs] = expression;
  return `(${describeSize(lhs)} ${operator} ${describeSize(rhs)})`;
}

/**
 * What of a value does not fit a parameter, if anything.
 * @param sizes values of the scalars that the parameter's extents are made of
 */
export function checkValue(
  argument: KernelArgument,
  value: LaunchValue,
  sizes: ReadonlyMap<string, number> = new Map(),
): string | undefined {
  const { elementType, kind } = argument;
  if (bytesOf(elementType, 1) === undefined)
    return `elements of type '${elementType}' cannot be passed to a kernel`;
  if (value.elementType !== elementType)
    return `expected elements of type '${elementType}', found '${value.elementType}'`;
  const valueOf = (extent: SizeExpression): number | '?' =>
    extent === '?' ? '?' : evaluateSize(extent, sizes);
  const [shape, strides] = [argument.shape.map(valueOf), argument.strides.map(valueOf)];
  if (value.shape.length !== shape.length)
    return `expected rank ${shape.length} (${shape.join('x')}), found rank ${value.shape.length} (${value.shape.join('x')})`;
  if (!shape.every((extent, dim) => extent === '?' || extent === value.shape[dim]))
    return `expected shape ${shape.join('x')}, found ${value.shape.join('x')}`;
  let dense = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const stride = value.placement?.strides[dim] ?? dense;
    if (strides[dim] !== '?' && strides[dim] !== stride && value.shape[dim] > 1) {
      const found = value.placement && `strides (${value.placement.strides.join(', ')})`;
      return `expected strides (${strides.join(', ')}), found ${found ?? `a dense tensor of shape ${value.shape.join('x')}`}`;
    }
    dense *= value.shape[dim];
  }
  const expected = byteSize(value);
  const found = value.bytes?.length ?? (kind === 'scalar' ? 0 : expected);
  return found === expected ? undefined : `expected ${expected} bytes, found ${found}`;
}
