// Sets of threads against their definitions, element by element.
import { describe, expect, it } from 'vitest';
import {
  bitsOfGroup,
  complement,
  forEachHeld,
  groupOfBits,
  isFirstCopy,
  parseFragment,
  threadsByElement,
} from '../../src/layout/index.js';

const fragments = [
  '[8, 64], thread = (32,4):(2,128), value = (2,2):(1,64)',
  '[16], thread = (2,16,4):(0,1,0), value = 1:0',
  '[2, 256], thread = (32,2,2):(4,256,128), value = 4:1',
  // The last threads hold nothing.
  '[24], thread = 32:1, value = 1:0',
].map((text) => parseFragment(text));

describe('groups of threads', () => {
  it('are layouts of the numbers that differ in some bits', () => {
    for (let bits = 1; bits < 256; bits++) {
      const group = groupOfBits(bits);
      const members = [...group.toTable()].sort((a, b) => a - b);
      const expected = Array.from({ length: 256 }, (_, i) => i).filter((i) => (i & ~bits) === 0);
      expect(members).toEqual(expected);
      expect(bitsOfGroup(group)).toBe(bits);
    }
    expect(`${groupOfBits(63)}`).toBe('64:1');
    expect(`${groupOfBits(95)}`).toBe('(32,2):(1,64)');
  });

  it('are numbered by the complement', () => {
    const group = groupOfBits(95);
    const first = complement(group, 256);
    const threads = [...first.toTable()].flatMap((start) =>
      [...group.toTable()].map((member) => start + member),
    );
    expect(threads.sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });
});

describe('threads by element', () => {
  it.each(fragments)('%s: bits between all that read and all that write', (fragment) => {
    const readers = Array.from({ length: fragment.size }, (_, element) =>
      fragment.ownersOf(element).map(({ thread }) => thread),
    );
    const [reads, writes] = [false, true].map((isWrite) => threadsByElement(fragment, isWrite));
    for (const [element, threads] of readers.entries()) {
      // The first of the copies, which are the holders of one element here, is the one with the least number.
      const writer = Math.min(...threads);
      expect(threads.filter((thread) => isFirstCopy(fragment, thread))).toEqual([writer]);
      const between = threads.reduce((bits, thread) => bits | (thread ^ writer), 0);
      expect(reads.bitsBetween(element, writes, element)).toBe(between);
      expect(writes.bitsBetween(element, writes, element)).toBe(0);
    }
  });

  it('visits every holder once, and of copies the first where they are written', () => {
    for (const fragment of fragments) {
      const visited: string[] = [];
      forEachHeld(fragment, false, (element, thread) => visited.push(`${element} ${thread}`));
      const held = Array.from({ length: fragment.size }, (_, element) =>
        fragment.ownersOf(element).map(({ thread }) => `${element} ${thread}`),
      ).flat();
      expect(visited.sort()).toEqual(held.sort());
      const written: number[] = [];
      forEachHeld(fragment, true, (element) => written.push(element));
      expect(written.sort((a, b) => a - b)).toEqual(
        Array.from({ length: fragment.size }, (_, i) => i),
      );
    }
  });
});
