/** Memory effects of operations, as the optimizers ask for them. */

import type { MemoryEffect } from './definition.js';
import type { Operation } from './operation.js';

const NO_EFFECTS: readonly MemoryEffect[] = [];

/** The effects of one operation without its regions, or undefined where they are not known. */
export function ownEffects(op: Operation): readonly MemoryEffect[] | undefined {
  const { definition } = op.name;
  if (definition === undefined) return undefined;
  if (definition.memoryEffects !== undefined) return definition.memoryEffects(op);
  return op.name.hasNoOwnEffects ? NO_EFFECTS : undefined;
}

/** The effects of an operation with all that is nested in it, or undefined where they are not known. */
export function memoryEffects(op: Operation): readonly MemoryEffect[] | undefined {
  if (op.regions.length === 0) return ownEffects(op);
  const all: MemoryEffect[] = [];
  const isKnown = op.walk((nested) => {
    const effects = ownEffects(nested);
    if (effects === undefined) return 'interrupt';
    all.push(...effects);
    // Only operations that declare it let their regions' effects count as theirs.
    return 'advance';
  }, 'pre');
  return isKnown ? all : undefined;
}

/** Whether an operation neither reads nor writes memory. */
export function isMemoryEffectFree(op: Operation): boolean {
  return memoryEffects(op)?.length === 0;
}

/** Whether the operation can be removed when nobody uses its results. */
export function wouldBeDead(op: Operation): boolean {
  if (op.isTerminator || op.name.isSymbol || op.hasUses) return false;
  const effects = memoryEffects(op);
  if (effects === undefined) return false;
  // Allocating and then freeing or reading what nobody sees has no visible effect.
  return effects.every(
    (effect) =>
      effect.kind === 'read' || (effect.kind === 'allocate' && effect.value?.definingOp === op),
  );
}
