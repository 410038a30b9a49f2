import { expect } from 'vitest';
import { decompose, evaluateTerms, type Fragment } from '../../src/layout/index.js';

/** Decomposition against the fragment itself, for every pair. */
export function expectDigitsAgree(fragment: Fragment): void {
  const { linear, dimensions, predicate } = decompose(fragment);
  for (let thread = 0; thread < fragment.threads; thread += 1) {
    for (let register = 0; register < fragment.registers; register += 1) {
      const element = fragment.elementAt(thread, register);
      if (evaluateTerms(linear, thread, register) !== element) {
        expect.fail(`linear sum of ${fragment} at ${thread}, ${register}`);
      }
      const isHeld = element < fragment.size;
      if (predicate === undefined && !isHeld) expect.fail(`missing predicate of ${fragment}`);
      if (dimensions === undefined) continue;
      const found = dimensions.map((terms) => evaluateTerms(terms, thread, register));
      if (predicate?.kind === 'dimension' && found[0] < predicate.bound !== isHeld) {
        expect.fail(`predicate of ${fragment} at ${thread}, ${register}`);
      }
      if (isHeld && found.join() !== fragment.coordinatesOf(element).join()) {
        expect.fail(`coordinates of ${fragment} at ${thread}, ${register}: ${found.join()}`);
      }
    }
  }
}
