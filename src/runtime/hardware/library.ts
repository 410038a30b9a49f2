/** Loads a shared library by `koffi` and binds the functions of {@link driverFunctions}. */

import { createRequire } from 'node:module';
import {
  driverFunctions,
  driverLibraries,
  type DriverFunctionName,
  type ParameterType,
  type Vendor,
} from './api.js';

/** Why there is no GPU to run on: one line. */
export class HardwareError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HardwareError';
  }
}

/** A bound C function; results come back through one-element arrays and buffers. */
export type NativeFunction = (...args: unknown[]) => number | string;

/** What this file uses of koffi. */
interface Koffi {
  load(path: string): { func(prototype: string): NativeFunction };
}

let koffi: Koffi | undefined;

/** koffi is an optional dependency: it brings a binary, and only launching on a GPU needs it. */
function loadKoffi(): Koffi {
  try {
    return (koffi ??= createRequire(import.meta.url)('koffi') as Koffi);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new HardwareError(
      `calling a GPU's driver needs the package 'koffi', which cannot be loaded: ${reason} (npm install koffi)`,
    );
  }
}

const C_TYPES: Readonly<Record<ParameterType, string>> = {
  i32: 'int',
  u32: 'unsigned int',
  u8: 'unsigned char',
  u64: 'uint64_t',
  size: 'size_t',
  text: 'const char *',
  buffer: 'void *',
  i32s: 'int *',
  pointers: 'void **',
  'out i32': '_Out_ int *',
  'out u64': '_Out_ uint64_t *',
  'out size': '_Out_ size_t *',
  'out f32': '_Out_ float *',
  'out text': '_Out_ const char **',
};

/** A library whose functions are bound when they are first called. */
export class NativeLibrary {
  private readonly bound = new Map<string, NativeFunction>();

  private constructor(
    readonly path: string,
    private readonly library: ReturnType<Koffi['load']>,
  ) {}

  /**
   * The first of `files` that can be loaded.
   * @throws HardwareError with the loader's reason for the first.
   */
  static load(files: readonly string[], what: string): NativeLibrary {
    const loader = loadKoffi();
    let reason: string | undefined;
    for (const file of files) {
      try {
        return new NativeLibrary(file, loader.load(file));
      } catch (error) {
        const [message] = (error as Error).message.split('\n');
        reason ??= message.replace(/^Failed to load shared library: /, '');
      }
    }
    throw new HardwareError(`${what} cannot be loaded: ${reason ?? 'no file is named'}`);
  }

  /** @throws HardwareError where the library lacks the symbol. */
  bind(symbol: string, parameters: readonly ParameterType[], returns = 'int'): NativeFunction {
    const known = this.bound.get(symbol);
    if (known !== undefined) return known;
    const types = parameters.map((type, i) => `${C_TYPES[type]} p${i}`).join(', ');
    let made: NativeFunction;
    try {
      made = this.library.func(`${returns} ${symbol}(${types || 'void'})`);
    } catch {
      throw new HardwareError(`'${this.path}' has no function '${symbol}'`);
    }
    this.bound.set(symbol, made);
    return made;
  }
}

/** The driver library of a vendor, or the one that the environment names. */
export function loadDriverLibrary(vendor: Vendor): NativeLibrary {
  const { files, variable, vendor: maker } = driverLibraries[vendor];
  const chosen = process.env[variable];
  return NativeLibrary.load(
    chosen ? [chosen] : files,
    `the ${maker} driver's library ${chosen ? `'${chosen}' (${variable})` : files[0]}`,
  );
}

export function bindDriverFunction(
  library: NativeLibrary,
  vendor: Vendor,
  name: DriverFunctionName,
): { readonly symbol: string; readonly call: NativeFunction } {
  const { parameters, returns, [vendor]: symbol } = driverFunctions[name];
  if (symbol === undefined) throw new HardwareError(`${vendor} has no function for '${name}'`);
  const result = returns === 'text' ? 'const char *' : 'int';
  return { symbol, call: library.bind(symbol, parameters, result) };
}
