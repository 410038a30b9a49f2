/** One launch of a kernel: its arguments in the device's memory, between guards, checked before and after. */

import {
  evaluateSize,
  type KernelArgument,
  type KernelMetadata,
  type SizeExpression,
} from '../../targets/c-like/launch-metadata.js';
import { elementBytes } from '../../targets/element-bytes.js';
import type { DevicePointer, GpuDriver, Handle } from './driver.js';
import { HardwareError } from './library.js';

/** A dense row-major tensor, or a scalar, by the bytes that memory holds. */
export interface LaunchValue {
  readonly elementType: string;
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  /** Undefined for an output without contents: it starts poisoned. */
  readonly bytes: Uint8Array | undefined;
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

export class KernelLaunch {
  private readonly buffers: Buffer[] = [];
  private readonly parameters: Uint8Array[] = [];
  /** Values of the scalar arguments that sizes are made of. */
  private readonly sizes: ReadonlyMap<string, number>;
  private readonly grid: readonly number[];

  /**
   * Checks the values against the kernel's parameters and places them in the device's memory.
   * @throws HardwareError where something does not fit; nothing stays allocated then.
   */
  constructor(
    private readonly driver: GpuDriver,
    private readonly kernel: KernelMetadata,
    private readonly handle: Handle,
    values: ReadonlyMap<string, LaunchValue>,
  ) {
    this.sizes = sizesOf(kernel, values);
    this.grid = kernel.grid.map((extent) => evaluateSize(extent, this.sizes));
    this.checkConfiguration();
    try {
      for (const argument of kernel.arguments) this.place(argument, values.get(argument.name));
      driver.allowSharedMemory(handle, kernel.sharedBytes);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Gives every tensor its contents again; outputs and guards are filled with `poison`. */
  prepare(poison = POISON): void {
    for (const { base, start, bytes, value } of this.buffers) {
      this.driver.fill(base, poison, bytes + 2 * GUARD_BYTES);
      if (value.bytes !== undefined) this.driver.upload(start, value.bytes);
    }
  }

  /** Starts the kernel; {@link GpuDriver.synchronize} waits for it. */
  start(): void {
    // Without blocks there is nothing to launch, and drivers refuse to.
    if (this.grid.some((extent) => extent < 1)) return;
    this.driver.launch(this.handle, { ...this.kernel, grid: this.grid }, this.parameters);
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

  private checkConfiguration(): void {
    const { name, sharedBytes, conditions = [] } = this.kernel;
    const { grid } = this;
    const { facts } = this.driver;
    for (const { expression, relation } of conditions) {
      const value = evaluateSize(expression, this.sizes);
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
  }

  private place(argument: KernelArgument, value: LaunchValue | undefined): void {
    const { name } = argument;
    if (value === undefined) throw new HardwareError(`no value is given for argument '${name}'`);
    const problem = checkValue(argument, value, this.sizes);
    if (problem !== undefined) throw new HardwareError(`argument '${name}': ${problem}`);
    if (argument.kind === 'scalar') {
      this.parameters.push(value.bytes!);
      return;
    }
    const bytes = byteSize(value);
    const base = this.driver.allocate(bytes + 2 * GUARD_BYTES);
    const start = base + GUARD_BYTES;
    this.buffers.push({ argument, value, base, start, bytes });
    if (start % argument.alignment !== 0) {
      throw new HardwareError(
        `argument '${name}': expected an address that is a multiple of ${argument.alignment}, found 0x${start.toString(16)}`,
      );
    }
    const pointer = new Uint8Array(8);
    new DataView(pointer.buffer).setBigUint64(0, BigInt(start), true);
    this.parameters.push(pointer);
  }
}

export function byteSize({ elementType, shape }: Omit<LaunchValue, 'bytes'>): number {
  return shape.reduce((product, extent) => product * extent, elementBytes[elementType] ?? 0);
}

/** The values of integer scalars. */
function sizesOf(
  kernel: KernelMetadata,
  values: ReadonlyMap<string, LaunchValue>,
): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { name, kind, elementType } of kernel.arguments) {
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
  if (elementBytes[elementType] === undefined)
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
    if (strides[dim] !== '?' && strides[dim] !== dense && value.shape[dim] > 1)
      return `expected strides (${strides.join(', ')}), found a dense tensor of shape ${value.shape.join('x')}`;
    dense *= value.shape[dim];
  }
  const expected = byteSize(value);
  const found = value.bytes?.length ?? (kind === 'scalar' ? 0 : expected);
  return found === expected ? undefined : `expected ${expected} bytes, found ${found}`;
}
