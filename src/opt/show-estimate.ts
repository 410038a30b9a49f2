/** `--estimate`: what kernels need and do, from their IR. */

import { estimateModule, formatEstimate, type KernelEstimate } from '../estimate/index.js';
import { tileKernels } from '../schedule/index.js';
import { targetsOf, type Inspection } from './inspect.js';
import type { ToolSession } from './tool-session.js';

/** Estimates for each architecture in turn. */
export function estimateInspection({ options }: ToolSession): Inspection {
  const targets = targetsOf(options);
  const format = options.choice('estimate', ['', 'text', 'json'], 'text');
  return (root) => {
    if (tileKernels(root).length === 0) {
      root.emitError("expected a 'tile.kernel' to estimate, found none");
      return undefined;
    }
    const estimates: KernelEstimate[] = [];
    for (const target of targets) {
      const found = estimateModule(root, target);
      if (found === undefined) return undefined;
      estimates.push(...found);
    }
    return format === 'json'
      ? `${JSON.stringify(estimates, null, 2)}\n`
      : estimates.map(formatEstimate).join('\n');
  };
}
