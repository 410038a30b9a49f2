/** Which device executes text that was lowered for which architecture. */

import { findTarget, targetNames, type Target } from '../../targets/target.js';
import type { Vendor } from './api.js';

/** `sm_90a`: 90 and whether it holds for that number alone. */
function parseSm(arch: string): { readonly number: number; readonly isExact: boolean } | undefined {
  const match = /^sm_(\d+)([af]?)$/.exec(arch);
  return match === null ? undefined : { number: Number(match[1]), isExact: match[2] !== '' };
}

/**
 * Whether a device executes code for `arch`. NVIDIA's instruction sets are kept by later ones, except those of names in
 * `a` (CUDA programming guide, "Compute capabilities"); AMD's code is for one architecture.
 */
export function executes(device: string, arch: string): boolean {
  const [has, needs] = [parseSm(device), parseSm(arch)];
  if (has === undefined || needs === undefined) return device === arch;
  return needs.isExact ? has.number === needs.number : has.number >= needs.number;
}

/**
 * Whether binary code for `arch` runs on a device; otherwise the driver has to compile PTX. Binaries run on devices of
 * the same major number and at least the same minor one (CUDA programming guide, "Binary Compatibility").
 */
export function runsBinary(device: string, arch: string): boolean {
  const [has, needs] = [parseSm(device), parseSm(arch)];
  if (has === undefined || needs === undefined) return device === arch;
  const sameMajor = Math.floor(has.number / 10) === Math.floor(needs.number / 10);
  return executes(device, arch) && sameMajor;
}

/** The description that fits a device best: the latest of which it executes everything. */
export function targetForDevice(device: string): Target | undefined {
  let best: Target | undefined;
  for (const name of targetNames()) {
    if (!executes(device, name)) continue;
    if (best === undefined || (parseSm(name)?.number ?? 0) >= (parseSm(best.name)?.number ?? 0))
      best = findTarget(name);
  }
  return best;
}

export const vendorOf = (target: Target): Vendor => (target.vendor === 'nvidia' ? 'cuda' : 'hip');
