/** Compiles CUDA text in this process by NVRTC, where that library is installed without nvcc. */

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executes } from './architecture.js';
import type { ParameterType } from './api.js';
import { refused, type DeviceCode } from './compile.js';
import { HardwareError, NativeLibrary } from './library.js';

/** Environment variable that names another file than those below. */
export const NVRTC_VARIABLE = 'TILEWRIGHT_LIBNVRTC';
const FILES = ['libnvrtc.so', ...[13, 12, 11].map((version) => `libnvrtc.so.${version}`)];

/** NVRTC brings no headers of the C library; emitted text takes its integer types from this one. */
const STDINT = `#pragma once
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef unsigned long long uintptr_t;
`;

/** Source: NVRTC user guide, "Basic Usage". */
const functions = {
  nvrtcCreateProgram: ['out u64', 'text', 'text', 'i32', 'pointers', 'pointers'],
  nvrtcCompileProgram: ['u64', 'i32', 'pointers'],
  nvrtcGetProgramLogSize: ['u64', 'out size'],
  nvrtcGetProgramLog: ['u64', 'buffer'],
  nvrtcGetCUBINSize: ['u64', 'out size'],
  nvrtcGetCUBIN: ['u64', 'buffer'],
  nvrtcGetPTXSize: ['u64', 'out size'],
  nvrtcGetPTX: ['u64', 'buffer'],
  nvrtcGetNumSupportedArchs: ['out i32'],
  nvrtcGetSupportedArchs: ['buffer'],
} as const satisfies Record<string, readonly ParameterType[]>;

/** Folders with `cuda_fp16.h`: of a toolkit, or of the packages that Python installs. */
function includeFolders(): string[] {
  const { CUDA_PATH, CUDA_HOME } = process.env;
  const roots = [CUDA_PATH, CUDA_HOME, '/usr/local/cuda', '/opt/cuda', '/usr'];
  const named = existsSync('/usr/local')
    ? readdirSync('/usr/local').filter((name) => name.startsWith('cuda-'))
    : [];
  return [...roots, ...named.map((name) => join('/usr/local', name))]
    .filter((root) => root !== undefined && root !== '')
    .map((root) => join(root!, 'include'))
    .filter((folder) => existsSync(join(folder, 'cuda_fp16.h')));
}

/** @throws HardwareError where the library or CUDA's headers are missing, or it refuses the text. */
export function compileByNvrtc(text: string, arch: string, device: string): DeviceCode {
  const library = openLibrary();
  const call = (name: keyof typeof functions, ...args: unknown[]): void => {
    const status = library.bind(name, functions[name])(...args) as number;
    if (status !== 0) throw new HardwareError(`${name}: error ${status}`);
  };
  const [folder] = includeFolders();
  if (folder === undefined)
    throw new HardwareError("NVRTC needs CUDA's headers: no cuda_fp16.h in CUDA_PATH/include");
  const code = chooseCode(arch, device, supportedArchitectures(call));
  const strings = (texts: readonly string[]): Buffer[] =>
    texts.map((each) => Buffer.from(`${each}\0`));
  const program: [number | null] = [null];
  const [headers, names] = [strings([STDINT]), strings(['stdint.h'])];
  call('nvrtcCreateProgram', program, text, 'kernel.cu', 1, headers, names);
  const options = [
    '--std=c++17',
    `--gpu-architecture=${code}`,
    `--include-path=${folder}`,
    ...(dirname(folder) === '/usr' ? [] : [`--include-path=${join(folder, 'cccl')}`]),
  ];
  const take = (size: 'nvrtcGetCUBINSize' | 'nvrtcGetPTXSize' | 'nvrtcGetProgramLogSize') => {
    const bytes: [number | null] = [null];
    call(size, program[0], bytes);
    const result = Buffer.alloc(bytes[0]!);
    call(size.slice(0, -'Size'.length) as keyof typeof functions, program[0], result);
    return result;
  };
  try {
    call('nvrtcCompileProgram', program[0], options.length, strings(options));
  } catch (error) {
    const log = take('nvrtcGetProgramLogSize').toString('utf8').replace(/\0+$/, '');
    throw log.trim() === '' ? error : refused('NVRTC', log);
  }
  return code.startsWith('sm_')
    ? { image: take('nvrtcGetCUBINSize'), form: 'cubin', compiler: 'NVRTC' }
    : { image: take('nvrtcGetPTXSize'), form: 'PTX', compiler: 'NVRTC' };
}

function openLibrary(): NativeLibrary {
  const chosen = process.env[NVRTC_VARIABLE];
  try {
    return NativeLibrary.load(chosen ? [chosen] : FILES, 'NVRTC');
  } catch (error) {
    if (!(error instanceof HardwareError) || chosen) throw error;
    throw new HardwareError(
      'compiling CUDA needs nvcc or NVRTC: there is no nvcc on PATH and no libnvrtc.so (install the CUDA toolkit)',
    );
  }
}

function supportedArchitectures(
  call: (name: keyof typeof functions, ...args: unknown[]) => void,
): number[] {
  const count: [number | null] = [null];
  call('nvrtcGetNumSupportedArchs', count);
  const numbers = Buffer.alloc(4 * count[0]!);
  call('nvrtcGetSupportedArchs', numbers);
  return Array.from({ length: count[0]! }, (_, i) => numbers.readInt32LE(4 * i));
}

/** A binary for the device where the library knows it, else PTX of what the text was lowered for. */
function chooseCode(arch: string, device: string, supported: readonly number[]): string {
  if (/[af]$/.test(arch)) return arch;
  const isKnown = supported.some((number) => device === `sm_${number}`);
  return isKnown && executes(device, arch) ? device : arch.replace('sm_', 'compute_');
}
