/** One GPU through its driver: memory, modules, launches, events. Every failure is a message that names the call. */

import {
  cudaNumbers,
  driverLibraries,
  functionAttributes,
  NOT_READY,
  type DeviceAttribute,
  type DriverFunctionName,
  type Vendor,
} from './api.js';
import { bindDriverFunction, HardwareError, loadDriverLibrary } from './library.js';

/** An address in the device's memory. */
export type DevicePointer = number;
/** Something that the driver made: a module, a function, an event. */
export type Handle = number;

export interface DeviceFacts {
  readonly vendor: Vendor;
  readonly name: string;
  /** `sm_90`, `gfx942` */
  readonly arch: string;
  readonly memoryBytes: number;
  readonly multiprocessors: number;
  readonly l2Bytes: number;
  /** Shared memory that a block can have. */
  readonly sharedBytes: number;
  readonly clockKilohertz: number;
  /** As the driver numbers itself: `13.0`. */
  readonly driverVersion: string;
}

/** A driver's call that failed. */
export class DriverError extends HardwareError {
  constructor(
    message: string,
    /** The driver's number for it. */
    readonly status: number,
  ) {
    super(message);
    this.name = 'DriverError';
  }
}

export interface LaunchConfiguration {
  readonly grid: readonly number[];
  readonly block: readonly number[];
  readonly sharedBytes: number;
}

/** Seconds after which a kernel counts as one that does not end. */
export const TIME_LIMIT = 60;
/** Milliseconds between two looks at a kernel that runs. */
const POLL_INTERVAL = 1;
const pollCell = new Int32Array(new SharedArrayBuffer(4));

/** Bytes of the driver's log of compiling PTX. */
const LOG_BYTES = 8192;
/** Larger than the properties of any HIP version, whose layouts differ. */
const PROPERTIES_BYTES = 8192;

export class GpuDriver {
  readonly facts: DeviceFacts;
  private readonly library;
  private readonly device: number;
  /** A kernel runs that does not end: every call that waits for it would not return. */
  private isStuck = false;

  /**
   * Opens a device of a vendor and makes its context current.
   * @throws HardwareError with one line: no library, no device, no permission.
   */
  constructor(
    readonly vendor: Vendor,
    ordinal = 0,
  ) {
    this.library = loadDriverLibrary(vendor);
    const maker = driverLibraries[vendor].vendor;
    try {
      this.call('initialize', 0);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      throw new HardwareError(`there is no ${maker} GPU that can be used: ${error.message}`);
    }
    const count = this.result('deviceCount');
    if (ordinal >= count) {
      throw new HardwareError(
        count === 0
          ? `the ${maker} driver finds no GPU`
          : `expected the number of a ${maker} GPU from 0 to ${count - 1}, found ${ordinal}`,
      );
    }
    this.device = this.result('device', ordinal);
    if (vendor === 'cuda') this.call('setContext', this.result('retainContext', this.device));
    else this.call('setDevice', this.device);
    this.facts = this.readFacts();
  }

  allocate(bytes: number): DevicePointer {
    return this.result('allocate', Math.max(1, bytes));
  }

  free(pointer: DevicePointer): void {
    if (!this.isStuck) this.call('free', pointer);
  }

  upload(destination: DevicePointer, bytes: Uint8Array): void {
    if (bytes.length > 0) this.call('upload', destination, bytes, bytes.length);
  }

  download(source: DevicePointer, bytes: number): Uint8Array {
    const result = new Uint8Array(bytes);
    if (bytes > 0) this.call('download', result, source, bytes);
    return result;
  }

  /** Sets `bytes` bytes to `value`. */
  fill(pointer: DevicePointer, value: number, bytes: number): void {
    if (bytes > 0) this.call('fill', pointer, value, bytes);
  }

  /**
   * Loads device code: a cubin, a fat binary, PTX text or a code object.
   * @throws DriverError with the log where the driver compiles and fails.
   */
  loadModule(image: Uint8Array): Handle {
    // PTX is text that ends in a NUL; after a binary one does no harm.
    const terminated = Buffer.concat([image, Buffer.alloc(1)]);
    const handle: [Handle | null] = [null];
    if (this.vendor === 'hip') {
      this.call('loadModule', handle, terminated, 0, null, null);
      return handle[0]!;
    }
    const log = Buffer.alloc(LOG_BYTES);
    const { jitErrorLog, jitErrorLogBytes } = cudaNumbers;
    try {
      const values = [log, BigInt(LOG_BYTES)];
      this.call('loadModule', handle, terminated, 2, [jitErrorLog, jitErrorLogBytes], values);
    } catch (error) {
      const text = log.toString('latin1').replace(/\0.*$/s, '').trim();
      if (!(error instanceof DriverError) || text === '') throw error;
      throw new DriverError(`${error.message}: ${text}`, error.status);
    }
    return handle[0]!;
  }

  unloadModule(module: Handle): void {
    if (!this.isStuck) this.call('unloadModule', module);
  }

  getFunction(module: Handle, name: string): Handle {
    return this.result('getFunction', module, name);
  }

  /** Registers of one thread, and the bytes that it spills to or keeps in local memory. */
  functionFacts(kernel: Handle): { readonly registers: number; readonly localBytes: number } {
    const { registers, localBytes } = functionAttributes;
    return {
      registers: this.result('functionAttribute', registers, kernel),
      localBytes: this.result('functionAttribute', localBytes, kernel),
    };
  }

  /** More than 48 KiB of dynamic shared memory has to be asked for on NVIDIA; asking for less does no harm. */
  allowSharedMemory(kernel: Handle, bytes: number): void {
    if (this.vendor === 'hip' || bytes === 0) return;
    this.call('setFunctionAttribute', kernel, cudaNumbers.maxDynamicSharedBytes, bytes);
  }

  /** @param parameters the bytes of each parameter's value; the driver copies them before this returns. */
  launch(
    kernel: Handle,
    {
      grid: [gridX, gridY = 1, gridZ = 1],
      block: [x, y = 1, z = 1],
      sharedBytes,
    }: LaunchConfiguration,
    parameters: readonly Uint8Array[],
  ): void {
    const sizes = [gridX, gridY, gridZ, x, y, z, sharedBytes];
    this.call('launch', kernel, ...sizes, 0, parameters.length === 0 ? null : parameters, null);
  }

  /**
   * Waits for everything launched, and reports what went wrong in it.
   * @param seconds after which a HardwareError says that it does not end; the device is given up then
   */
  synchronize(seconds = TIME_LIMIT): void {
    const event = this.createEvent();
    this.recordEvent(event);
    const deadline = performance.now() + seconds * 1000;
    while (!this.hasCome(event)) {
      if (performance.now() > deadline) {
        this.isStuck = true;
        throw new HardwareError(`it has not ended after ${seconds} s`);
      }
      Atomics.wait(pollCell, 0, 0, POLL_INTERVAL);
    }
    this.destroyEvent(event);
    this.call('synchronize');
  }

  /** Whether the device has come to an event. */
  private hasCome(event: Handle): boolean {
    try {
      this.call('queryEvent', event);
      return true;
    } catch (error) {
      if (error instanceof DriverError && error.status === NOT_READY) return false;
      throw error;
    }
  }

  createEvent(): Handle {
    return this.result('createEvent', 0);
  }

  destroyEvent(event: Handle): void {
    this.call('destroyEvent', event);
  }

  recordEvent(event: Handle): void {
    this.call('recordEvent', event, 0);
  }

  awaitEvent(event: Handle): void {
    this.call('awaitEvent', event);
  }

  /** Milliseconds between two events that have come. */
  elapsedTime(start: Handle, end: Handle): number {
    return this.result('elapsedTime', start, end);
  }

  /** Gives the device's context back; what was allocated in it goes with the last owner. */
  close(): void {
    if (this.vendor === 'cuda' && !this.isStuck) this.call('releaseContext', this.device);
  }

  private readFacts(): DeviceFacts {
    const { vendor, device } = this;
    const { attributes } = driverLibraries[vendor];
    // Zero where a driver does not know one.
    const attribute = (name: DeviceAttribute): number => {
      try {
        return this.result('deviceAttribute', attributes[name], device);
      } catch {
        return 0;
      }
    };
    const version = this.result('driverVersion');
    const name = Buffer.alloc(256);
    this.call('deviceName', name, name.length, device);
    return {
      vendor,
      name: name.toString('utf8').replace(/\0.*$/s, ''),
      arch: this.readArchitecture(),
      memoryBytes: this.result('deviceMemory', device),
      multiprocessors: attribute('multiprocessors'),
      l2Bytes: attribute('l2Bytes'),
      sharedBytes: attribute('sharedBytes'),
      clockKilohertz: attribute('clockKilohertz'),
      // CUDA: 1000 * major + 10 * minor. HIP: 10000000 * major + 100000 * minor + patch.
      driverVersion:
        vendor === 'cuda'
          ? `${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`
          : `${Math.floor(version / 10_000_000)}.${Math.floor((version % 10_000_000) / 100_000)}.${version % 100_000}`,
    };
  }

  private readArchitecture(): string {
    if (this.vendor === 'cuda') {
      const { computeCapabilityMajor, computeCapabilityMinor } = cudaNumbers;
      const [major, minor] = [computeCapabilityMajor, computeCapabilityMinor].map((number) =>
        this.result('deviceAttribute', number, this.device),
      );
      return `sm_${major}${minor}`;
    }
    const properties = Buffer.alloc(PROPERTIES_BYTES);
    this.call('deviceProperties', properties, this.device);
    // The name stands somewhere in the structure, with features behind it: gfx90a:sramecc+:xnack-
    const name = /gfx[0-9a-f]{3,}/.exec(properties.toString('latin1'));
    if (name === null)
      throw new HardwareError("the HIP driver does not say the device's architecture");
    return name[0];
  }

  /** Calls a function whose first parameter receives a number. */
  private result(name: DriverFunctionName, ...args: unknown[]): number {
    const result: [number | null] = [null];
    this.call(name, result, ...args);
    return result[0]!;
  }

  private call(name: DriverFunctionName, ...args: unknown[]): void {
    const { symbol, call } = bindDriverFunction(this.library, this.vendor, name);
    const status = call(...args) as number;
    if (status !== 0) throw new DriverError(`${symbol}: ${this.describe(status)}`, status);
  }

  /** `CUDA_ERROR_OUT_OF_MEMORY (out of memory)` */
  private describe(status: number): string {
    const text = (cuda: DriverFunctionName, hip: DriverFunctionName): string | null => {
      const name = this.vendor === 'cuda' ? cuda : hip;
      const { call } = bindDriverFunction(this.library, this.vendor, name);
      if (this.vendor === 'hip') return call(status) as string | null;
      const result: [string | null] = [null];
      return call(status, result) === 0 ? result[0] : null;
    };
    const name = text('errorName', 'hipErrorName');
    if (name === null) return `error ${status}`;
    const explanation = text('errorText', 'hipErrorText');
    return explanation === name || explanation === null ? name : `${name} (${explanation})`;
  }
}
