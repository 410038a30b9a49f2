import { describe, expect, it } from 'vitest';
import {
  coordinateTerms,
  copyFragment,
  decompose,
  formatTerms,
  Fragment,
  gemmFragment,
  Layout,
  parseFragment,
  planConversion,
  planShuffles,
  type RegisterChoice,
  type ShufflePlan,
} from '../../src/layout/index.js';
import { expectDigitsAgree } from './expect-digits.js';
import { Random } from './random-layouts.js';

/** Carries out a plan in every warp and looks at what each thread holds then. */
function expectExchanged(from: Fragment, to: Fragment, plan: ShufflePlan, warpSize: number): void {
  for (let first = 0; first < to.threads; first += warpSize) {
    const held = new Map<string, number>();
    const chosen = (choices: readonly RegisterChoice[], lane: number): number | undefined =>
      choices.find(({ lanes }) => ((lanes >> BigInt(lane)) & 1n) === 1n)?.register;
    for (const { source, send, receive } of plan.rounds) {
      for (let lane = 0; lane < warpSize; lane += 1) {
        const into = chosen(receive, lane);
        if (into === undefined) continue;
        let other = lane;
        if (source.kind === 'xor') other = lane ^ source.mask;
        if (source.kind === 'indexed') other = source.lanes[lane];
        held.set(`${lane} ${into}`, from.elementAt(first + other, chosen(send, other)!));
      }
    }
    for (let lane = 0; lane < warpSize; lane += 1) {
      for (let register = 0; register < to.registers; register += 1) {
        const element = to.elementAt(first + lane, register);
        if (element < to.size) expect(held.get(`${lane} ${register}`)).toBe(element);
      }
    }
  }
}

describe('conversion', () => {
  const plan = (from: string, to: string, warpSize?: number) =>
    planConversion(parseFragment(from), parseFragment(to), warpSize);

  it('finds register permutations', () => {
    const found = plan(
      '[32, 4], thread = 32:4, value = (2,2):(1,2)',
      '[32, 4], thread = 32:4, value = (2,2):(2,1)',
    );
    expect(found).toEqual({ kind: 'registers', permutation: Int32Array.from([0, 2, 1, 3]) });
  });

  it('finds xor shuffles', () => {
    const found = plan(
      '[32], thread = 32:1, value = 1:0',
      '[32], thread = (2,16):(0,2), value = 2:1',
    );
    expect(found).toMatchObject({ kind: 'shuffle', plan: { shuffles: 2, selects: 0 } });
    const rotated = plan(
      '[2, 16], thread = (16,2):(1,16), value = 1:0',
      '[2, 16], thread = (2,16):(16,1), value = 1:0',
    );
    expect(rotated).toMatchObject({
      kind: 'shuffle',
      plan: { shuffles: 1, rounds: [{ source: { kind: 'indexed' } }] },
    });
  });

  it('stays in a wave of 64 where it cannot in a warp of 32', () => {
    const from = '[64], thread = 64:1, value = 1:0';
    const to = '[64], thread = (2,32):(32,1), value = 1:0';
    expect(plan(from, to, 64).kind).toBe('shuffle');
    expect(plan(from, to, 32).kind).toBe('shared');
  });

  it('uses replicas in the same thread', () => {
    expect(plan('[32], thread = 32:0, value = 32:1', '[32], thread = 32:1, value = 1:0').kind).toBe(
      'shuffle',
    );
    expect(
      plan('[4], thread = 32:0, value = 4:1', '[4], thread = 32:0, value = (2,2):(2,1)').kind,
    ).toBe('registers');
    expect(
      plan('[4], thread = 32:0, value = 4:1', '[4], thread = 32:0, value = (2,2):(1,2)').kind,
    ).toBe('identity');
  });

  it('exchanges as few registers as there are where lanes transpose', () => {
    // Four lanes hold pairs of columns and want runs of eight: each register travels once.
    const found = plan(
      '[8, 32], thread = (4,8):(2,32), value = (2,4):(1,8)',
      '[8, 32], thread = (4,8):(8,32), value = 8:1',
    );
    expect(found).toMatchObject({ kind: 'shuffle', plan: { shuffles: 6 } });
  });

  it('broadcasts what one lane holds by one exchange each', () => {
    const lane = Int32Array.from({ length: 32 }, () => 5);
    const plan = planShuffles({ lanes: 32, registers: 1, lane, register: new Int32Array(32) });
    expect(plan).toMatchObject({ shuffles: 1, selects: 0 });
  });

  it('refuses different tiles and missing elements', () => {
    expect(() => plan('[4], thread = 4:1, value = 1:0', '[8], thread = 8:1, value = 1:0')).toThrow(
      /one tile/,
    );
    expect(() => plan('[8], thread = 4:1, value = 1:0', '[8], thread = 8:1, value = 1:0')).toThrow(
      /held by nobody/,
    );
  });

  it('moves every element to where it belongs', () => {
    const random = new Random(23);
    const kinds = new Set<string>();
    for (let round = 0; round < 300; round += 1) {
      const extents: [number, number][] = [];
      let stride = 1;
      for (const extent of random.shuffle([2, 2, 2, 2, 2, 2, 3])) {
        extents.push([extent, stride]);
        stride *= extent;
      }
      const shape = [stride / 8, 8];
      const make = (): Fragment => {
        const modes = round % 3 === 0 ? extents : random.shuffle(extents);
        const pick = (part: [number, number][]): Layout =>
          new Layout(
            part.map(([extent]) => extent),
            part.map(([, own]) => own),
          );
        const value = round % 2 === 0 ? random.shuffle(modes.slice(5)) : modes.slice(5);
        return new Fragment(shape, pick(modes.slice(0, 5)), pick(value));
      };
      const [from, to] = [make(), make()];
      const warpSize = 32;
      const found = planConversion(from, to, warpSize);
      kinds.add(found.kind);
      for (let thread = 0; thread < to.threads; thread += 1) {
        for (let register = 0; register < to.registers; register += 1) {
          const element = to.elementAt(thread, register);
          if (found.kind === 'identity') expect(from.elementAt(thread, register)).toBe(element);
          if (found.kind === 'registers') {
            expect(from.elementAt(thread, found.permutation[register])).toBe(element);
          }
        }
      }
      if (found.kind === 'shuffle') expectExchanged(from, to, found.plan, warpSize);
    }
    expect([...kinds].sort()).toEqual(['identity', 'registers', 'shared', 'shuffle']);
  });
});

describe('digits', () => {
  it('gives each coordinate as a sum', () => {
    const fragment = gemmFragment({
      instruction: 'mma.m16n8k16.f16',
      operand: 'C',
      tile: [128, 128, 32],
      warps: [2, 2],
    });
    const { dimensions, reason, predicate } = decompose(fragment);
    expect(reason).toBeUndefined();
    expect(predicate).toBeUndefined();
    expect(dimensions!.map(formatTerms)).toEqual([
      '(t / 4 % 8) + 64*(t / 64) + 8*(r / 2 % 2) + 16*(r / 32)',
      '2*(t % 4) + 64*(t / 32 % 2) + (r % 2) + 8*(r / 4 % 8)',
    ]);
    const last = dimensions![1].at(-1)!.digit;
    expect(last.leaf).toEqual({ index: 2, divisor: 1, modulus: undefined });
    expectDigitsAgree(fragment);
  });

  it('splits modes that run over rows, and merges thread digits', () => {
    const fragment = parseFragment('[16, 8], thread = 32:2, value = (2,2):(1,64)');
    expect(decompose(fragment).dimensions!.map(formatTerms)).toEqual([
      '(t / 4) + 8*(r / 2)',
      '2*(t % 4) + (r % 2)',
    ]);
    const merged = parseFragment('[8, 8], thread = (2,2,8):(2,4,8), value = 2:1');
    expect(decompose(merged).dimensions!.map(formatTerms)).toEqual([
      '(t / 4)',
      '2*(t % 4) + (r % 2)'.replace('(r % 2)', 'r'),
    ]);
  });

  it('says why coordinates do not separate', () => {
    const torn = decompose(copyFragment([96, 100], 128, 4));
    expect(torn.dimensions).toBeUndefined();
    expect(torn.reason).toBe(
      'thread mode 128:4 runs over the end of dimension 1, whose extent is 100',
    );
    expect(torn.predicate).toEqual({ kind: 'linear', bound: 9600 });
    expect(formatTerms(torn.linear)).toBe('4*t + (r % 4) + 512*(r / 4)');
    const carried = decompose(parseFragment('[4, 6], thread = 4:4, value = (2,3):(1,2)'));
    expect(carried.reason).toMatch(/dimension 1/);
  });

  it('gives memory offsets as sums over coordinates', () => {
    const random = new Random(25);
    for (let round = 0; round < 200; round += 1) {
      const layout = Layout.concatenate(random.layout(2), random.layout(2));
      const terms = coordinateTerms(layout);
      for (let i = 0; i < layout.mode(0).size; i += 1) {
        for (let j = 0; j < layout.mode(1).size; j += 1) {
          let sum = 0;
          for (const { dimension, divisor, modulus, coefficient } of terms) {
            const quotient = Math.floor([i, j][dimension] / divisor);
            sum += coefficient * (modulus === undefined ? quotient : quotient % modulus);
          }
          if (sum !== layout.at([i, j])) expect.fail(`${layout} at ${i}, ${j}`);
        }
      }
    }
    expect(coordinateTerms(new Layout([64, [16, 5]], [16, [1, 1024]]))).toEqual([
      { dimension: 0, divisor: 1, modulus: undefined, coefficient: 16 },
      { dimension: 1, divisor: 1, modulus: 16, coefficient: 1 },
      { dimension: 1, divisor: 16, modulus: undefined, coefficient: 1024 },
    ]);
  });

  it('agrees with random fragments', () => {
    const random = new Random(24);
    let separated = 0;
    for (let round = 0; round < 400; round += 1) {
      const shape = [random.pick([4, 6]), random.pick([2, 3, 4]), random.pick([4, 6, 8])];
      const fragment = new Fragment(shape, random.nestedLayout(3, 3), random.nestedLayout(3, 2));
      expectDigitsAgree(fragment);
      if (decompose(fragment).dimensions !== undefined) separated += 1;
    }
    expect(separated).toBeGreaterThan(20);
  });
});
