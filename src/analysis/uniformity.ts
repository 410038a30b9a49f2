/** Which values are the same for all threads of a block, as far as their definitions show. */

import { BlockArgument, type Operation, type Value } from '../ir/index.js';

/** Operations without operands whose result is one for the block. */
const BLOCK_WIDE: ReadonlySet<string> = new Set([
  'arith.constant',
  'gpu.block_id',
  'gpu.block_dim',
  'gpu.grid_dim',
]);

/**
 * Answers for values of a kernel at the thread level. "Uniform" is certain for constants, places in the grid, arguments
 * of the kernel, variables of loops with uniform bounds, and arithmetic on these; all else counts as a thread's own.
 */
export class UniformityAnalysis {
  private readonly known = new Map<Value, boolean>();

  isUniform(value: Value): boolean {
    // Operands are visited without recursion: index arithmetic may be a chain of any length.
    const stack = [value];
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (this.known.has(top)) {
        stack.pop();
        continue;
      }
      const sources = sourcesOf(top);
      const pending = sources?.filter((source) => !this.known.has(source)) ?? [];
      if (pending.length > 0) {
        stack.push(...pending);
        continue;
      }
      this.known.set(top, sources?.every((source) => this.known.get(source)) ?? false);
      stack.pop();
    }
    return this.known.get(value)!;
  }
}

/** The values that a value is uniform with; undefined where it is none that could be. */
function sourcesOf(value: Value): readonly Value[] | undefined {
  if (value instanceof BlockArgument) {
    const parent = value.parentBlock.parentOp;
    if (parent?.name.text === 'scf.for') return value.index === 0 ? boundsOf(parent) : undefined;
    return parent?.name.text === 'gpu.func' ? [] : undefined;
  }
  const op = value.definingOp!;
  if (BLOCK_WIDE.has(op.name.text)) return [];
  return op.name.dialect === 'arith' ? op.operands : undefined;
}

function boundsOf(loop: Operation): readonly Value[] {
  return loop.operands.slice(0, 3);
}
