/** Gives the elements of small buffers memory of their own, so that mem2reg can make values of them. */

import {
  DestructurableAccessInterface,
  DestructurableAllocationInterface,
  type MemorySlot,
} from '../dialects/memory-slots.js';
import type { Operation } from '../ir/index.js';
import { Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

export const sroaPass = definePass({
  name: 'sroa',
  title: 'SROA',
  summary: 'Scalar Replacement of Aggregates',
  description:
    'A stack buffer, or an array of each thread, of at most 16 elements that is only accessed at constant places becomes one for each element that is accessed.',
  statistics: {
    'destructured slots': 'Total amount of memory slots destructured',
    'slots with memory benefit':
      'Total amount of memory slots in which the destructured size was smaller than the total size after eliminating unused fields',
    'max subelement number': 'Maximal number of sub-elements a successfully destructured slot had',
  },
  run(root, { context, statistics, markAllAnalysesPreserved }) {
    const rewriter = new Rewriter(context);
    const allocations: Operation[] = [];
    root.walk((op) => {
      if (op.getInterface(DestructurableAllocationInterface) !== undefined) allocations.push(op);
    });
    for (const op of allocations) {
      const allocation = op.getInterface(DestructurableAllocationInterface)!;
      const count = allocation.elementCount(op);
      const accesses = count === undefined ? undefined : accessesOf(op);
      if (count === undefined || accesses === undefined) continue;
      rewriter.setInsertionPointBefore(op);
      const slots = new Map<string, MemorySlot>();
      for (const element of new Set(accesses.values()))
        slots.set(element, allocation.allocateElement(op, rewriter));
      for (const [access, element] of accesses) {
        const { rewire } = access.getInterface(DestructurableAccessInterface)!;
        rewriter.modifyInPlace(access, () => rewire(access, op.result, slots.get(element)!));
      }
      rewriter.erase(op);
      statistics['destructured slots']++;
      if (slots.size < count) statistics['slots with memory benefit']++;
      statistics['max subelement number'] = Math.max(statistics['max subelement number'], count);
    }
    if (statistics['destructured slots'] === 0) markAllAnalysesPreserved();
  },
});

/** The element that each user accesses; undefined where one does something else, or there is none. */
function accessesOf(op: Operation): ReadonlyMap<Operation, string> | undefined {
  const accesses = new Map<Operation, string>();
  for (const user of op.result.users()) {
    const element = user.getInterface(DestructurableAccessInterface)?.element(user, op.result);
    if (element === undefined) return undefined;
    accesses.set(user, element);
  }
  return accesses.size === 0 ? undefined : accesses;
}
