/** Emitted text as device code for the GPU that is there, by whichever compiler is installed. */

import { readFileSync } from 'node:fs';
import { compileCuda, compileHip, compilePtx, findNvcc } from '../compile/index.js';
import { executes } from './architecture.js';
import { HardwareError } from './library.js';
import { compileByNvrtc, NVRTC_VARIABLE } from './nvrtc.js';

export interface DeviceCode {
  readonly image: Uint8Array;
  readonly form: 'cubin' | 'PTX' | 'code object';
  readonly compiler: 'nvcc' | 'NVRTC' | 'clang';
}

/**
 * Compiles text that was lowered for `arch` for a device.
 * @throws HardwareError where the device cannot execute it, no compiler is there, or the compiler refuses the text.
 */
export function compileForDevice(text: string, arch: string, device: string): DeviceCode {
  if (!executes(device, arch)) {
    throw new HardwareError(
      `the kernels are lowered for ${arch}, which the device, a ${device}, does not execute`,
    );
  }
  return arch.startsWith('gfx') ? compileForAmd(text, arch) : compileForNvidia(text, arch, device);
}

function compileForAmd(text: string, arch: string): DeviceCode {
  const result = compileHip(text, arch as Parameters<typeof compileHip>[1], { object: true });
  if (!result.available) throw new HardwareError(result.reason);
  if (result.objectPath === undefined) throw refused('clang', result.diagnostics);
  return { image: readFileSync(result.objectPath), form: 'code object', compiler: 'clang' };
}

function compileForNvidia(text: string, arch: string, device: string): DeviceCode {
  // A library that is named is meant.
  if (process.env[NVRTC_VARIABLE] || findNvcc() === undefined)
    return compileByNvrtc(text, arch, device);
  // Instructions of a name in `a` exist under that name alone.
  const own = /[af]$/.test(arch) ? arch : device;
  const result = compileCuda(text, own);
  if (result.available && result.cubinPath !== undefined)
    return { image: readFileSync(result.cubinPath), form: 'cubin', compiler: 'nvcc' };
  const ptx = own === arch ? undefined : compilePtx(text, arch);
  if (ptx?.available && ptx.path !== undefined)
    return { image: readFileSync(ptx.path), form: 'PTX', compiler: 'nvcc' };
  throw refused('nvcc', result.available ? result.diagnostics : result.reason);
}

export function refused(compiler: string, diagnostics: string): HardwareError {
  return new HardwareError(`${compiler} refuses the emitted text: ${diagnostics.trim()}`);
}
