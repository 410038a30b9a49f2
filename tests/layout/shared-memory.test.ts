import { describe, expect, it } from 'vitest';
import {
  bankConflicts,
  chooseSharedLayout,
  ComposedLayout,
  copyFragment,
  gemmFragment,
  lanesPerPhase,
  LayoutError,
  mmaFragment,
  parseLayout,
  sharedAccessConflicts,
  SWIZZLE_MODES,
  type BankModel,
  type SharedAccess,
  type SharedLayoutChoice,
  type SwizzleMode,
} from '../../src/layout/index.js';
import { Random } from './random-layouts.js';

/** Most distinct words of one bank in one phase, by sets. */
function conflictsByDefinition(addresses: readonly number[], bytes: number): [number, number] {
  let [degree, cycles] = [0, 0];
  const lanes = lanesPerPhase(bytes);
  for (let first = 0; first < addresses.length; first += lanes) {
    const banks = new Map<number, Set<number>>();
    for (const address of addresses.slice(first, first + lanes)) {
      if (address < 0) continue;
      for (let byte = 0; byte < bytes; byte += 1) {
        const word = Math.floor((address + byte) / 4);
        const words = banks.get(word % 32) ?? new Set();
        banks.set(word % 32, words.add(word));
      }
    }
    const worst = Math.max(0, ...[...banks.values()].map((words) => words.size));
    degree = Math.max(degree, worst);
    cycles += worst;
  }
  return [degree, cycles];
}

describe('bankConflicts', () => {
  it('counts as the definition does', () => {
    const random = new Random(31);
    for (let round = 0; round < 600; round += 1) {
      const model: BankModel = round % 2 === 0 ? 'nvidia' : 'amd';
      const accessBytes = random.pick([1, 2, 4, 8, 16]);
      const range = random.pick([4, 16, 64, 512]);
      const addresses = Array.from({ length: model === 'nvidia' ? 32 : 64 }, () =>
        random.below(8) === 0 ? -1 : random.below(range) * accessBytes,
      );
      const { degree, cycles } = bankConflicts({ addresses, accessBytes, model });
      expect([degree, cycles]).toEqual(conflictsByDefinition(addresses, accessBytes));
    }
  });

  it('knows the textbook cases', () => {
    const lanes = Array.from({ length: 32 }, (_, lane) => lane);
    const degree = (address: (lane: number) => number, accessBytes: number): number =>
      bankConflicts({ addresses: lanes.map(address), accessBytes, model: 'nvidia' }).degree;
    expect(degree((lane) => 4 * lane, 4)).toBe(1);
    expect(degree((lane) => 8 * lane, 4)).toBe(2);
    expect(degree((lane) => 128 * lane, 4)).toBe(32);
    expect(degree(() => 64, 4)).toBe(1);
    expect(degree((lane) => 2 * lane, 2)).toBe(1);
    expect(degree((lane) => 8 * lane, 8)).toBe(1);
    expect(degree((lane) => 16 * lane, 16)).toBe(1);
    expect(degree((lane) => 128 * lane, 16)).toBe(8);
  });

  it('has the conflicts of ldmatrix that were verified for each swizzle mode', () => {
    const ways = (rowBytes: number, mode: SwizzleMode): number => {
      const addresses = Array.from({ length: 32 }, (_, lane) =>
        SWIZZLE_MODES[mode].apply((lane & 15) * rowBytes + (lane >> 4) * 16),
      );
      return bankConflicts({ addresses, accessBytes: 16, model: 'nvidia' }).degree;
    };
    expect(ways(128, 'none')).toBe(8);
    expect(ways(128, '128B')).toBe(1);
    expect(ways(64, 'none')).toBe(4);
    expect(ways(64, '64B')).toBe(1);
  });

  it('refuses impossible accesses', () => {
    const access = (addresses: number[], accessBytes: number) => () =>
      bankConflicts({ addresses, accessBytes, model: 'nvidia' });
    expect(access([8], 16)).toThrow(/multiples of 16, found 8 in lane 0/);
    expect(access([0], 3)).toThrow(/1, 2, 4, 8 or 16 bytes/);
    expect(access(new Array(33).fill(0), 4)).toThrow(/at most 32 lanes/);
  });
});

describe('chooseSharedLayout', () => {
  const gemm: SharedAccess[] = [{ kind: 'ldmatrix' }, { kind: 'rows', bytes: 16, name: 'copy' }];
  const choose = (
    shape: readonly number[],
    accesses: readonly SharedAccess[] = gemm,
    elementBits = 16,
    model: BankModel = 'nvidia',
  ): SharedLayoutChoice => chooseSharedLayout({ shape, elementBits, accesses, model });

  it.each([
    [[128, 8], 'none', '(128,8):(8,1)'],
    [[128, 16], '32B', 'swizzle<1,3,3> o 0 o (128,16):(16,1)'],
    [[128, 32], '64B', 'swizzle<2,3,3> o 0 o (128,32):(32,1)'],
    [[128, 64], '128B', 'swizzle<3,3,3> o 0 o (128,64):(64,1)'],
    [[32, 128], 'xor', 'swizzle<3,3,4> o 0 o (32,128):(128,1)'],
    [[3, 32, 128], 'xor', 'swizzle<3,3,4> o 0 o (3,32,128):(4096,128,1)'],
    [[64, 40], 'none', '(64,40):(40,1)'],
    [[64, 80], '32B', 'swizzle<1,3,3> o 0 o (64,(16,5)):(16,(1,1024))'],
    [[64, 96], '64B', 'swizzle<2,3,3> o 0 o (64,(32,3)):(32,(1,2048))'],
    [[2, 64, 96], '64B', 'swizzle<2,3,3> o 0 o (2,64,(32,3)):(6144,32,(1,2048))'],
  ] as const)('finds the layout of a %j tile of halves', (shape, kind, text) => {
    const choice = choose(shape);
    expect(choice.layout.toString()).toBe(text);
    expect(choice.kind).toBe(kind);
    expect(choice.isConflictFree).toBe(true);
    expect(choice.accesses.map((access) => access.degree)).toEqual([1, 1]);
  });

  it('XORs the chunk with row & 7 in long rows', () => {
    const { layout } = choose([64, 256]);
    for (let row = 0; row < 64; row += 1) {
      for (let column = 0; column < 256; column += 1) {
        const chunk = column >> 3;
        const expected = row * 256 + ((chunk ^ (row & 7)) << 3) + (column & 7);
        if (layout.at([row, column]) !== expected) expect.fail(`${layout} at ${row}, ${column}`);
      }
    }
  });

  it('is free of conflicts, injective and keeps 16-byte vectors for every usual tile', () => {
    for (const elementBits of [4, 8, 16, 32, 64]) {
      for (const rows of [8, 16, 48, 64, 128, 256]) {
        for (const bytes of [16, 32, 48, 64, 80, 96, 128, 160, 192, 256, 384, 512]) {
          const columns = (bytes * 8) / elementBits;
          const choice = choose([rows, columns], gemm, elementBits);
          const label = `${rows}x${columns} of ${elementBits} bits: ${choice.layout}`;
          expect(choice.isConflictFree, label).toBe(true);
          expect(choice.layout.isInjective, label).toBe(true);
          expect((choice.layout.cosize * elementBits) / 8, label).toBeLessThanOrEqual(choice.bytes);
          const isPowerOfTwo = Number.isInteger(Math.log2(bytes));
          if (isPowerOfTwo || rows % 8 === 0) expect(choice.bytes, label).toBe(rows * bytes);
          for (const [index, access] of gemm.entries()) {
            const again = sharedAccessConflicts(
              choice.layout,
              [rows, columns],
              elementBits,
              access,
            );
            expect(again).toEqual(choice.accesses[index]);
          }
        }
      }
    }
  });

  it('serves MFMA operands on AMD', () => {
    const rows: SharedAccess = { kind: 'rows', bytes: 16 };
    const wide = choose([128, 64], [{ kind: 'operand', edge: 16, bytes: 16 }, rows], 16, 'amd');
    expect([wide.kind, wide.isConflictFree]).toEqual(['128B', true]);
    const edge32 = choose([128, 64], [{ kind: 'operand', edge: 32, bytes: 16 }, rows], 16, 'amd');
    expect(edge32.isConflictFree).toBe(true);
    // 8-byte reads serve 16 rows at once: free only with chunks of 8 bytes, which 16-byte writes would tear.
    const narrow: SharedAccess = { kind: 'operand', edge: 16, bytes: 8 };
    const split = choose([128, 64], [narrow, { kind: 'rows', bytes: 8 }], 16, 'amd');
    expect([split.kind, split.isConflictFree]).toEqual(['xor', true]);
    expect(split.layout.toString()).toBe('swizzle<4,2,4> o 0 o (128,64):(64,1)');
    const mixed = choose([128, 64], [narrow, rows], 16, 'amd');
    expect(mixed.accesses.map((access) => access.degree)).toEqual([2, 1]);
    expect(mixed.isConflictFree).toBe(false);
  });

  it('serves stores of an accumulator fragment', () => {
    const fragment = gemmFragment({
      instruction: 'mma.m16n8k16.f16',
      operand: 'C',
      tile: [128, 128, 32],
      warps: [2, 2],
    });
    const store: SharedAccess = { kind: 'fragment', fragment, width: 2 };
    const read: SharedAccess = {
      kind: 'fragment',
      fragment: copyFragment([128, 128], 128, 8),
      width: 8,
    };
    const choice = choose([128, 128], [store, read]);
    expect(choice.isConflictFree).toBe(true);
    const plain = parseLayout('(128,128):(128,1)');
    expect(sharedAccessConflicts(plain, [128, 128], 16, store).degree).toBe(8);
    expect(sharedAccessConflicts(plain, [128, 128], 16, read).degree).toBe(1);
  });

  it('is free of conflicts with the copies that are dealt to threads', () => {
    for (const columns of [8, 16, 24, 32, 40, 48, 64, 80, 96, 128, 192, 256]) {
      const shape = [64, columns];
      const fragment = copyFragment(shape, 128, 8);
      const copy: SharedAccess = { kind: 'fragment', fragment, width: 8 };
      const choice = choose(shape, [{ kind: 'ldmatrix' }, copy]);
      expect(choice.isConflictFree, `${fragment} in ${choice.layout}`).toBe(true);
    }
  });

  it('pads rows that are no multiple of 16 bytes', () => {
    const choice = choose([64, 18], [{ kind: 'rows', bytes: 4 }]);
    expect(choice.isConflictFree).toBe(true);
    expect(choice.bytes).toBe(64 * 36);
    expect(() => choose([64, 18])).toThrow(/rows that are a multiple of 16 bytes for ldmatrix/);
  });

  it('refuses layouts that tear vectors apart', () => {
    const torn = parseLayout('swizzle<3,2,4> o 0 o (64,64):(64,1)');
    expect(torn).toBeInstanceOf(ComposedLayout);
    expect(() => sharedAccessConflicts(torn, [64, 64], 16, { kind: 'ldmatrix' })).toThrow(
      /does not keep vectors of 16 bytes whole/,
    );
    const fragment = mmaFragment('mma.m16n8k16.f16', 'C');
    expect(() => choose([16, 8], [{ kind: 'fragment', fragment, width: 4 }])).toThrow(
      /divisor of 2 elements, found 4/,
    );
    expect(() => choose([64, 64], gemm, 12)).toThrow(LayoutError);
  });

  it('answers in milliseconds', () => {
    const started = performance.now();
    choose([256, 72]);
    choose(
      [256, 256],
      [{ kind: 'fragment', fragment: copyFragment([256, 256], 512, 8), width: 8 }],
    );
    expect(performance.now() - started).toBeLessThan(250);
  });
});

describe('rows of 160 bytes, read 8 bytes of one column at a time', () => {
  const read = { kind: 'operand', edge: 16, bytes: 8 } as const;
  const write = (width: number) =>
    ({ kind: 'fragment', fragment: copyFragment([64, 80], 128, 8), width }) as const;
  const choose = (width: number) =>
    chooseSharedLayout({
      shape: [64, 80],
      elementBits: 16,
      accesses: [read, write(width)],
      model: 'amd',
    });

  it('are free of conflicts in panels with an XOR of 8 bytes, where writes are no wider', () => {
    expect(choose(4)).toMatchObject({ kind: 'xor', panelColumns: 16, isConflictFree: true });
  });

  it('meet conflicts where writes keep 16 bytes whole', () => {
    expect(choose(8).isConflictFree).toBe(false);
  });
});
