import { describe, expect, it } from 'vitest';
import { checkProgram } from '../../src/runtime/fuzz/check.js';
import { generateProgram } from '../../src/runtime/fuzz/generate.js';
import { allStatements, type Program } from '../../src/runtime/fuzz/program.js';
import { reduceProgram } from '../../src/runtime/fuzz/reduce.js';
import { renderProgram } from '../../src/runtime/fuzz/render.js';
import { loadScheduleReader } from '../../src/schedule/index.js';
import { findTarget } from '../../src/targets/target.js';
import { parseProgram } from '../kernels/kernel-files.js';
import { noHostCompiler } from './support.js';

const targets = ['sm_80', 'sm_89', 'gfx90a', 'gfx942'].map((name) => findTarget(name)!);
const [first] = targets;
const textOf = (seed: number): string => renderProgram(generateProgram(seed, first));

describe('random programs', () => {
  it.each(targets)('of $name parse and verify', (target) => {
    for (let seed = 1; seed <= 60; seed++) {
      const text = renderProgram(generateProgram(seed, target));
      expect(() => parseProgram(text, `seed ${seed}`)).not.toThrow();
    }
  });

  it('are determined by their numbers', () => {
    expect(textOf(7)).toBe(textOf(7));
    expect(textOf(7)).not.toBe(textOf(8));
  });

  it('have everything that the generator knows', () => {
    const all = Array.from({ length: 300 }, (_, i) => textOf(1 + i)).join('\n');
    for (const what of [
      'tile.persistent blocks(',
      'tile.persistent auto',
      'tile.rasterize',
      'tile.alloc : !tile.local<',
      /tile\.store %\w+, %\w+\[.*\] : !tile\.local</,
      /tile\.pipelined .* stages\(3\)/,
      /tile\.pipelined .* order\(\[.*\]\) stage\(\[/,
      'tile.gemm',
      'tile.reduce',
      'tile.scan',
      'tile.atomic',
      'tile.view',
      'tile.reshape',
      'tile.transpose',
      'tile.annotate_layout',
      'tile.assume',
      'tile.launch',
      'scf.while',
    ])
      expect(all).toMatch(what);
  });

  it('stay programs while they become smaller', () => {
    for (let seed = 1; seed <= 20; seed++) {
      // Every candidate is printed; what is right or wrong with it is the executors' to say.
      const reduced = reduceProgram(
        generateProgram(seed, first),
        (candidate) => renderProgram(candidate).includes('tile.kernel'),
        { attempts: 300 },
      );
      expect(renderProgram(reduced).length).toBeLessThanOrEqual(textOf(seed).length);
    }
  });

  it('become small while they fail', () => {
    const hasProduct = (program: Program): boolean =>
      program.kernels.some(({ body }) =>
        [...allStatements(body)].some(({ kind }) => kind === 'gemm'),
      );
    let seed = 1;
    while (!hasProduct(generateProgram(seed, first))) seed++;
    const smallest = reduceProgram(generateProgram(seed, first), hasProduct, { attempts: 2000 });
    expect(smallest.kernels).toHaveLength(1);
    expect([...allStatements(smallest.kernels[0].body)]).toHaveLength(1);
    expect(Math.max(...smallest.kernels[0].tiles.flatMap(({ shape }) => shape))).toBe(1);
  });

  it.skipIf(noHostCompiler).each(targets)('run equal on $name', async (target) => {
    await loadScheduleReader();
    for (let seed = 1; seed <= 3; seed++) {
      const verdict = checkProgram(generateProgram(seed, target), { target, seed, schedules: 8 });
      expect({ seed, verdict }).toEqual({ seed, verdict: { kind: 'equal' } });
    }
  });
});
