import { describe, expect, it } from 'vitest';
import {
  blockedProduct,
  coalesce,
  complement,
  ComposedLayout,
  composition,
  elementSwizzle,
  flatten,
  Layout,
  LayoutError,
  layoutOfValues,
  leftInverse,
  logicalDivide,
  logicalProduct,
  maxCommonVector,
  parseFragment,
  parseLayout,
  parseStridedLayout,
  rakedProduct,
  rightInverse,
  Swizzle,
  SWIZZLE_MODES,
  swizzleModeOf,
  tiledDivide,
  vectorWidth,
  zippedDivide,
  type SwizzleMode,
} from '../../src/layout/index.js';
import { evaluateByDefinition, Random, valuesOf } from './random-layouts.js';

const CASES = 400;
const text = (source: string): Layout => parseStridedLayout(source);

/** The result, or undefined where the algebra refuses. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}

describe('Layout', () => {
  it('evaluates flat indices, tables and digits by the definition', () => {
    const random = new Random(1);
    for (let round = 0; round < CASES; round += 1) {
      const layout = random.layout();
      const expected = Array.from({ length: layout.size }, (_, index) =>
        evaluateByDefinition(layout, index),
      );
      expect(valuesOf(layout)).toEqual(expected);
      expect([...layout.toTable()]).toEqual(expected);
      expect(layout.cosize).toBe(Math.max(...expected) + 1);
      const index = random.below(layout.size);
      const digits = layout.digitsOf(index);
      expect(
        flatten(layout).at(
          layout.shapes.length === 1 && typeof layout.shape === 'number' ? digits[0] : digits,
        ),
      ).toBe(expected[index]);
    }
  });

  it('evaluates hierarchical coordinates', () => {
    const layout = text('((4,8),(2,2)):((2,16),(1,8))');
    expect(
      layout.at([
        [3, 2],
        [1, 1],
      ]),
    ).toBe(3 * 2 + 2 * 16 + 1 + 8);
    expect(layout.at([11, 3])).toBe(3 * 2 + 2 * 16 + 1 + 8);
    expect(layout.at(11 + 32 * 3)).toBe(47);
    expect(() => layout.at([1, 2, 3])).toThrow(/expected a coordinate of shape/);
  });

  it('decides injective and bijective as brute force does', () => {
    const random = new Random(2);
    let injective = 0;
    for (let round = 0; round < 2 * CASES; round += 1) {
      const layout = round % 2 === 0 ? random.layout() : random.nestedLayout();
      const distinct = new Set(valuesOf(layout));
      expect(layout.isInjective, layout.toString()).toBe(distinct.size === layout.size);
      const isPermutation =
        distinct.size === layout.size && valuesOf(layout).every((offset) => offset < layout.size);
      expect(layout.isBijective).toBe(isPermutation);
      if (layout.isInjective) injective += 1;
    }
    expect(injective).toBeGreaterThan(100);
    expect(text('(3,2):(2,3)').isInjective).toBe(true);
  });

  it('knows equal functions from equal forms', () => {
    expect(text('(2,4):(1,2)').isEquivalent(text('8:1'))).toBe(true);
    expect(text('(2,4):(1,2)').equals(text('8:1'))).toBe(false);
    const random = new Random(3);
    for (let round = 0; round < CASES; round += 1) {
      const [a, b] = [random.layout(2), random.layout(2)];
      expect(a.isEquivalent(b)).toBe(String(valuesOf(a)) === String(valuesOf(b)));
    }
  });

  it('refuses what is no layout', () => {
    expect(() => new Layout([2, 2], 1)).toThrow(/nested like the shape/);
    expect(() => new Layout([0], [1])).toThrow(/positive extent/);
    expect(() => new Layout([2], [-1])).toThrow(/non-negative stride/);
  });
});

describe('simplification', () => {
  it('keeps the function and reaches the fewest modes', () => {
    const random = new Random(4);
    for (let round = 0; round < CASES; round += 1) {
      const layout = random.layout();
      const simple = coalesce(layout);
      expect(valuesOf(simple)).toEqual(valuesOf(layout));
      expect(valuesOf(flatten(layout))).toEqual(valuesOf(layout));
      expect(simple.atIndex(layout.size + 3)).toBe(layout.atIndex(layout.size + 3));
      expect(layoutOfValues(valuesOf(layout))?.toString()).toBe(simple.toString());
    }
    expect(coalesce(text('(2,(1,6)):(1,(6,2))')).toString()).toBe('12:1');
  });

  it('keeps the nesting of a profile', () => {
    const layout = text('((2,2),(1,6)):((1,2),(7,4))');
    expect(coalesce(layout, [1, 1]).toString()).toBe('(4,6):(1,4)');
    expect(coalesce(layout).toString()).toBe('24:1');
  });

  it('finds no layout where there is none', () => {
    expect(layoutOfValues([0, 1, 3])).toBeUndefined();
    expect(layoutOfValues([1, 2])).toBeUndefined();
    expect(layoutOfValues([0, 1, 5, 6, 9, 10])).toBeUndefined();
    expect(layoutOfValues([0, 1, 5, 6, 10, 11])?.toString()).toBe('(2,3):(1,5)');
  });
});

describe('composition', () => {
  it('is A after B, and is refused only where no layout with the shape of B exists', () => {
    const random = new Random(5);
    let [done, refused] = [0, 0];
    for (let round = 0; round < 4 * CASES; round += 1) {
      const outer = round % 2 === 0 ? random.layout() : random.nestedLayout(4, 4);
      const inner = random.layout(1 + random.below(2));
      const expected = valuesOf(inner).map((offset) => outer.atIndex(offset));
      const result = attempt(() => composition(outer, inner));
      if (result !== undefined) {
        done += 1;
        expect(valuesOf(result), `${outer} o ${inner}`).toEqual(expected);
        expect(result.rank).toBe(typeof inner.shape === 'number' ? result.rank : inner.rank);
      } else {
        refused += 1;
        // Each leaf alone and their sum must be layouts for the whole to be one with the shape of B.
        const whole = layoutOfValues(expected);
        const byLeaf = inner.shapes.map((extent, leaf) =>
          layoutOfValues(
            Array.from({ length: extent }, (_, at) => outer.atIndex(at * inner.strides[leaf])),
          ),
        );
        const sum =
          byLeaf.every((leaf) => leaf !== undefined) &&
          expected.every(
            (offset, index) =>
              offset ===
              inner
                .digitsOf(index)
                .reduce((total, digit, leaf) => total + byLeaf[leaf]!.atIndex(digit), 0),
          );
        expect(sum, `${outer} o ${inner} = ${whole}`).toBe(false);
      }
    }
    expect(done).toBeGreaterThan(400);
    expect(refused).toBeGreaterThan(50);
  });

  it("gives CuTe's answers", () => {
    expect(composition(text('(6,2):(8,2)'), text('(4,3):(3,1)')).toString()).toBe(
      '((2,2),3):((24,2),8)',
    );
    expect(composition(text('20:2'), text('(5,4):(4,1)')).toString()).toBe('(5,4):(8,2)');
    expect(composition(text('(10,2):(16,4)'), text('(5,4):(1,5)')).toString()).toBe(
      '(5,(2,2)):(16,(80,4))',
    );
  });

  it('refuses sums that carry between modes', () => {
    expect(() => composition(text('(4,2):(1,10)'), text('(4,2):(1,2)'))).toThrow(/is no layout/);
  });
});

describe('complement and inverses', () => {
  it('complements fill what the layout leaves out', () => {
    const random = new Random(6);
    let done = 0;
    for (let round = 0; round < CASES; round += 1) {
      const layout = random.nestedLayout(4, 2);
      const bound = 1 + random.below(200);
      const rest = complement(layout, bound);
      const both = Layout.concatenate(layout, rest);
      expect(both.isBijective, `${layout} * ${rest}`).toBe(true);
      expect(both.size).toBeGreaterThanOrEqual(bound);
      expect([...rest.strides]).toEqual([...rest.strides].sort((a, b) => a - b));
      done += 1;
    }
    expect(done).toBe(CASES);
    expect(complement(text('4:1'), 24).toString()).toBe('6:4');
    expect(complement(text('6:4'), 24).toString()).toBe('4:1');
    expect(complement(text('(2,2):(1,6)'), 24).toString()).toBe('(3,2):(2,12)');
    expect(() => complement(text('(3,2):(2,3)'))).toThrow(/has no complement/);
  });

  it('right inverses look up consecutive offsets', () => {
    const random = new Random(7);
    for (let round = 0; round < 2 * CASES; round += 1) {
      const layout = round % 2 === 0 ? random.layout() : random.nestedLayout(4, 4);
      const inverse = rightInverse(layout);
      expect(valuesOf(inverse).map((index) => layout.atIndex(index))).toEqual(
        valuesOf(inverse).map((_, index) => index),
      );
      if (layout.isBijective) expect(inverse.size).toBe(layout.size);
    }
  });

  it('left inverses give the index back', () => {
    const random = new Random(8);
    for (let round = 0; round < CASES; round += 1) {
      const layout = random.nestedLayout(4, 2);
      const inverse = leftInverse(layout);
      valuesOf(layout).forEach((offset, index) => {
        expect(inverse.atIndex(offset), `${layout} inverse ${inverse}`).toBe(index);
      });
    }
    expect(() => leftInverse(text('(2,2):(1,1)'))).toThrow(/not injective/);
  });

  it('counts the common vector', () => {
    const random = new Random(9);
    for (let round = 0; round < CASES; round += 1) {
      const [a, b] = [random.nestedLayout(3, 4), random.nestedLayout(3, 4)];
      const inverse = rightInverse(b);
      let expected = 0;
      while (
        expected < inverse.size &&
        inverse.atIndex(expected) < a.size &&
        a.atIndex(inverse.atIndex(expected)) === expected
      ) {
        expected += 1;
      }
      expect(maxCommonVector(a, b)).toBe(expected);
    }
    expect(maxCommonVector(text('(8,4):(1,16)'), text('(8,4):(1,8)'))).toBe(8);
    expect(maxCommonVector(text('(8,4):(4,1)'), text('(8,4):(1,8)'))).toBe(1);
  });
});

describe('division and product', () => {
  it('divide into (tile, tiles)', () => {
    const random = new Random(10);
    let done = 0;
    for (let round = 0; round < CASES; round += 1) {
      const layout = random.nestedLayout(3, 4);
      const tile = random.nestedLayout(2, 2);
      const result = attempt(() => logicalDivide(layout, tile));
      if (result === undefined) continue;
      done += 1;
      const rest = complement(tile, layout.size);
      for (let i = 0; i < tile.size; i += 1) {
        for (let j = 0; j < rest.size; j += 1) {
          expect(result.at([i, j])).toBe(layout.atIndex(tile.atIndex(i) + rest.atIndex(j)));
        }
      }
    }
    expect(done).toBeGreaterThan(100);
    expect(logicalDivide(text('(4,2,3):(2,1,8)'), text('4:2')).toString()).toBe(
      '((2,2),(2,3)):((4,1),(2,8))',
    );
  });

  it('zipped and tiled divides only regroup modes', () => {
    const layout = text('(9,(4,8)):(59,(13,1))');
    const tiler = [text('3:3'), text('(2,4):(1,8)')];
    const logical = logicalDivide(layout, tiler);
    const zipped = zippedDivide(layout, tiler);
    const tiled = tiledDivide(layout, tiler);
    expect(logical.toString()).toBe('((3,3),((2,4),(2,2))):((177,59),((13,2),(26,1)))');
    for (let i = 0; i < 3; i += 1) {
      for (let j = 0; j < 8; j += 1) {
        for (let k = 0; k < 3; k += 1) {
          for (let l = 0; l < 4; l += 1) {
            const expected = logical.at([
              [i, k],
              [j, l],
            ]);
            expect(
              zipped.at([
                [i, j],
                [k, l],
              ]),
            ).toBe(expected);
            expect(tiled.at([[i, j], k, l])).toBe(expected);
          }
        }
      }
    }
    expect(zippedDivide(text('(96,64):(64,1)'), [32, 16]).toString()).toBe(
      '((32,16),(3,4)):((64,1),(2048,16))',
    );
  });

  it('products repeat a block', () => {
    const random = new Random(11);
    let done = 0;
    for (let round = 0; round < CASES; round += 1) {
      const block = random.nestedLayout(2, 3);
      const tiler = random.nestedLayout(2, 3);
      const result = attempt(() => logicalProduct(block, tiler));
      if (result === undefined) continue;
      done += 1;
      const rest = complement(block, block.size * tiler.cosize);
      for (let i = 0; i < block.size; i += 1) {
        for (let j = 0; j < tiler.size; j += 1) {
          expect(result.at([i, j])).toBe(block.atIndex(i) + rest.atIndex(tiler.atIndex(j)));
        }
      }
      expect(result.isInjective).toBe(true);
    }
    expect(done).toBeGreaterThan(100);
    const [block, tiler] = [text('(2,5):(5,1)'), text('(3,4):(1,3)')];
    expect(blockedProduct(block, tiler).toString()).toBe('((2,3),(5,4)):((5,10),(1,30))');
    expect(rakedProduct(block, tiler).toString()).toBe('((3,2),(4,5)):((10,5),(30,1))');
  });
});

describe('swizzles', () => {
  it('are involutions that keep blocks whole', () => {
    for (const [bits, base, shift] of [
      [1, 0, 1],
      [2, 4, 3],
      [3, 4, 3],
      [3, 3, 4],
      [0, 4, 3],
    ]) {
      const swizzle = new Swizzle(bits, base, shift);
      const seen = new Set<number>();
      for (let offset = 0; offset < 4096; offset += 1) {
        const image = swizzle.apply(offset);
        expect(swizzle.apply(image)).toBe(offset);
        expect(image % 2 ** base).toBe(offset % 2 ** base);
        seen.add(image);
      }
      expect(seen.size).toBe(4096);
    }
    expect(() => new Swizzle(3, 4, 2)).toThrow(/shift at least bits/);
    expect(new Swizzle(3, 4, 3).apply(2 ** 40 + 128)).toBe(2 ** 40 + 128 + 16);
  });

  it('have the byte modes of the hardware', () => {
    const masks: Record<SwizzleMode, number> = { none: 0, '32B': 1, '64B': 3, '128B': 7 };
    for (const mode of Object.keys(masks) as SwizzleMode[]) {
      for (let address = 0; address < 4096; address += 1) {
        expect(SWIZZLE_MODES[mode].apply(address)).toBe(
          address ^ (((address >> 7) & masks[mode]) << 4),
        );
      }
      for (const elementBits of [4, 8, 16, 32, 64]) {
        const swizzle = elementSwizzle(mode, elementBits);
        expect(swizzleModeOf(swizzle, elementBits)).toBe(mode);
        for (let offset = 0; offset < 2048; offset += 1) {
          const byte = Math.floor((offset * elementBits) / 8);
          expect(Math.floor((swizzle.apply(offset) * elementBits) / 8)).toBe(
            SWIZZLE_MODES[mode].apply(byte),
          );
        }
      }
    }
  });

  it('compose with layouts', () => {
    const layout = parseLayout('swizzle<2,4,3> o 0 o (32,128):(128,1)') as ComposedLayout;
    expect(layout).toBeInstanceOf(ComposedLayout);
    expect(layout.at([1, 17])).toBe((128 + 17) ^ 16);
    expect(layout.isBijective).toBe(true);
    expect(layout.toTable()[33]).toBe(layout.atIndex(33));
  });

  it('bound vector widths', () => {
    const width = (source: string, elementBits = 16): number =>
      vectorWidth(parseLayout(source), { elementBits });
    expect(width('(128,32):(32,1)')).toBe(8);
    expect(width('(128,32):(36,1)')).toBe(4);
    expect(width('(128,32):(33,1)')).toBe(1);
    expect(width('(128,32):(1,128)')).toBe(1);
    expect(width('swizzle<3,3,3> o 0 o (128,64):(64,1)')).toBe(8);
    expect(width('swizzle<3,2,3> o 0 o (128,64):(64,1)')).toBe(4);
    expect(width('(128,32):(32,1)', 32)).toBe(4);
    expect(width('(5,(6,2)):(16,(1,8))')).toBe(2);
    const random = new Random(12);
    for (let round = 0; round < CASES; round += 1) {
      const layout = Layout.concatenate(random.layout(2), random.nestedLayout(2, 3));
      const found = vectorWidth(layout, { elementBits: 8 });
      const legal = (n: number): boolean => {
        const [rows, columns] = layout.modes;
        if (columns.size % n !== 0) return false;
        for (let i = 0; i < rows.size; i += 1) {
          for (let j = 0; j < columns.size; j += n) {
            const first = layout.at([i, j]);
            if (first % n !== 0) return false;
            for (let k = 1; k < n; k += 1) if (layout.at([i, j + k]) !== first + k) return false;
          }
        }
        return true;
      };
      const widest = [16, 8, 4, 2, 1].find(legal);
      expect(found, layout.toString()).toBe(widest);
    }
  });
});

describe('text', () => {
  it('round-trips', () => {
    const random = new Random(13);
    for (let round = 0; round < CASES; round += 1) {
      const layout = random.layout();
      expect(parseLayout(layout.toString()).toString()).toBe(layout.toString());
      const composed = new ComposedLayout(new Swizzle(2, 3, 4), random.below(9), layout);
      expect(parseLayout(composed.toString()).toString()).toBe(composed.toString());
    }
    expect(parseLayout(' ( 4 , (8) ) : ( 1 , (4) ) ').toString()).toBe('(4,(8)):(1,(4))');
  });

  it.each([
    ['(4,8):(1', 8, "expected ')' or ',', found the end"],
    ['4', 1, "expected ':', found the end"],
    ['(4,8):(1,2,3)', 0, 'expected a stride nested like the shape (4,8), found (1,2,3)'],
    ['(0,8):(1,2)', 0, 'expected a positive extent, found 0'],
    ['swizzle<3,4,2> o 0 o 8:1', 0, /shift at least bits/],
    ['swizzle<3,4,3> o 0 o (8,0):(1,1)', 21, 'expected a positive extent, found 0'],
    ['x', 0, "expected '(', 'swizzle<' or an integer, found 'x'"],
    ['8:1 8', 4, "expected the end, found '8'"],
    ['99999999999999999999:1', 0, 'integer is too large'],
    [`${'('.repeat(500)}1`, 64, /nested deeper than 64/],
  ])('says what is wrong with %j', (source, offset, message) => {
    let error: unknown;
    try {
      parseLayout(source);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(LayoutError);
    expect((error as LayoutError).message).toMatch(message);
    expect((error as LayoutError).offset).toBe(offset);
  });

  it('reads fragments', () => {
    const source =
      '[128, 128], thread = (4,8,2,2):(2,128,64,8192), value = (2,2,8,4):(1,1024,8,2048)';
    const fragment = parseFragment(source);
    expect(fragment.toString()).toBe(source);
    expect(fragment.isCover).toBe(true);
    expect(fragment.registerDimensions).toEqual([4, 8, 2, 2]);
    expect(() => parseFragment('[4], thread = 2:1')).toThrow(LayoutError);
    expect(() => parseFragment('[0], thread = 2:1, value = 2:2')).toThrow(/positive extent/);
  });
});
