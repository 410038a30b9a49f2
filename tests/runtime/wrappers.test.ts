import { describe, expect, it } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { loadWrappers, parseWrappers, selectWrappers } from '../../src/targets/wrappers.js';

describe('wrapper libraries', () => {
  it.each(['cuda', 'hip'] as const)(
    '%s: every wrapper has a doc line and stands after what it needs',
    (target) => {
      const library = loadWrappers(target);
      expect(library.wrappers.size).toBeGreaterThan(25);
      for (const wrapper of library.wrappers.values()) {
        expect(wrapper.doc, wrapper.name).not.toBe('');
        const text = selectWrappers(library, [wrapper.name]);
        expect(text.endsWith(wrapper.text)).toBe(true);
        for (const name of wrapper.requires)
          expect(text).toContain(library.wrappers.get(name)!.text);
      }
    },
  );

  it('selects each wrapper once, in an order that does not depend on the names', () => {
    const library = loadWrappers('cuda');
    const text = selectWrappers(library, ['cp_async', 'ldmatrix_x4', 'fill']);
    expect(selectWrappers(library, ['fill', 'cp_async', 'ldmatrix_x4', 'fill'])).toBe(text);
    expect(text.match(/u32 shared_address\(/g)).toHaveLength(1);
    expect(text).not.toContain('ldmatrix_x2');
    expect(text).not.toContain('//! ');
  });

  it('names what is wrong', () => {
    expect(() => selectWrappers(loadWrappers('hip'), ['cp_async'])).toThrow(
      "no hip wrapper is named 'cp_async'",
    );
    expect(() => parseWrappers('//! wrapper x requires y\n', 'f.cuh')).toThrow(
      "f.cuh: expected '//! wrapper <name>: requires <names>; since <arch>', found '//! wrapper x requires y'",
    );
  });

  it.for(['sm_75', 'sm_80', 'sm_89'])(
    'all CUDA wrappers of %s compile together',
    (arch, { skip }) => {
      const library = loadWrappers('cuda');
      const names = [...library.wrappers.values()]
        .filter((wrapper) => wrapper.since <= arch)
        .map((wrapper) => wrapper.name);
      const result = compileCuda(selectWrappers(library, names), arch);
      if (!result.available) return skip(result.reason);
      expect(result.ok, result.diagnostics).toBe(true);
    },
  );

  it.for(['gfx90a', 'gfx942'] as const)(
    'all HIP wrappers of %s compile together',
    (arch, { skip }) => {
      const library = loadWrappers('hip');
      const names = [...library.wrappers.values()]
        .filter((wrapper) => (wrapper.only ? wrapper.since === arch : wrapper.since <= arch))
        .map((wrapper) => wrapper.name);
      const result = compileHip(selectWrappers(library, names), arch);
      if (!result.available) return skip(result.reason);
      expect(result.ok, result.diagnostics).toBe(true);
    },
  );
});
