import { describe, expect, it } from 'vitest';
import { NameTable } from '../../src/syntax/name-table.js';

describe('a table of names', () => {
  it('gives what was added, and says what stands in the way', () => {
    const table = new NameTable<{ name: string; value: number }>();
    const first = { name: 'a', value: 1 };
    expect(table.add(first)).toBeUndefined();
    expect(table.add({ name: 'a', value: 2 })).toBe(first);
    expect(table.get('a')).toBe(first);
    expect(table.get('b')).toBeUndefined();
    expect(table.size).toBe(1);
  });

  it('agrees with a list of maps while scopes open, grow and close', () => {
    const table = new NameTable<{ name: string }>();
    const scopes: { readonly size: number; readonly names: Set<string> }[] = [];
    let seed = 1;
    const random = (limit: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % limit;
    };
    const isKnown = (name: string): boolean => scopes.some(({ names }) => names.has(name));
    for (let step = 0; step < 20_000; step++) {
      const choice = random(100);
      if (scopes.length === 0 || choice < 3) scopes.push({ size: table.size, names: new Set() });
      else if (choice < 5) table.truncate(scopes.pop()!.size);
      else {
        const name = `v${random(2000)}`;
        const wasKnown = isKnown(name);
        expect(table.add({ name }) !== undefined).toBe(wasKnown);
        if (!wasKnown) scopes[scopes.length - 1].names.add(name);
      }
    }
    for (let number = 0; number < 2000; number++)
      expect(table.get(`v${number}`) !== undefined).toBe(isKnown(`v${number}`));
  });
});
