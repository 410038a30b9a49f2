/** Printing what was parsed gives the same program, and printing it again the same text. */

import { describe, expect, test } from 'vitest';
import { printOperation, verifyOperation, type PrintOptions } from '../../src/ir/index.js';
import { parseModule } from '../../src/syntax/index.js';
import { SourceFile } from '../../src/support/index.js';
import { CUSTOM, GENERIC } from './corpus.js';
import { parseErrors, parseValid, testContext } from './test-dialects.js';

const MODES: readonly (readonly [string, PrintOptions])[] = [
  ['custom', {}],
  ['generic', { generic: true }],
  ['custom, numbered', { useOriginalNames: false }],
  ['generic, with locations', { generic: true, debugInfo: true }],
  ['custom, with locations in place', { debugInfo: true, localScope: true }],
  ['unique names', { printUniqueIds: true }],
  ['comments with users', { valueUsers: true }],
];

describe.each(Object.entries({ ...GENERIC, ...prefixed(CUSTOM) }))('%s', (_, text) => {
  test.each(MODES)('%s', (_mode, options) => {
    const printed = printOperation(parseValid(text), options);
    const again = parseValid(printed);
    expect(printOperation(again, options)).toBe(printed);
    expect(verifyOperation(again)).toBe(true);
    // The forms do not differ in what they say.
    const generic: PrintOptions = { generic: true, useOriginalNames: false };
    if (!options.debugInfo)
      expect(printOperation(again, generic)).toBe(printOperation(parseValid(text), generic));
  });
});

function prefixed(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`custom ${name}`, text]));
}

describe('names', () => {
  const shown = (text: string): string =>
    printOperation(parseValid(`func.func @f(%n: index) {\n${text}\n  return\n}`))
      .split('\n')
      .slice(2, -3)
      .map((line) => line.slice(4))
      .join('\n');

  test("an author's names stay, numbers are given anew", () => {
    expect(shown('%tile = arith.addi %n, %n : index\n%7 = arith.addi %tile, %n : index')).toBe(
      '%tile = arith.addi %n, %n : index\n%0 = arith.addi %tile, %n : index',
    );
  });

  test('a name used in a loop and again behind it stays in both places', () => {
    const text = `t.loop %i = %n to %n : index {
  %x = arith.addi %i, %n : index
}
%x = arith.addi %n, %n : index`;
    expect(shown(text)).toBe(text);
  });

  test('but not where the loop uses the later value', () => {
    const text = `"t.graph"() ({
  "t.inner"() ({
    "t.use"(%x) : (i32) -> ()
    %y = "t.def"() : () -> i32
  }) : () -> ()
  %x = "t.def"() : () -> i32
}) : () -> ()`;
    const op = parseValid(text);
    op.walk((nested) => {
      for (const result of nested.results) result.name = 'same';
    });
    const printed = printOperation(op);
    expect(printed).toContain('"t.use"(%same)');
    expect(printed).toContain('%same_0 = "t.def"');
    expect(printOperation(parseValid(printed))).toBe(printed);
  });

  test('names given by a program are made unique and spelled so that they can be read', () => {
    const op = parseValid('%a:2 = "t.a"() : () -> (i32, i32)\n%b = "t.b"() : () -> i32');
    op.walk(({ results }) => {
      if (results.length > 0) results[0].name = '7 a%';
    });
    expect(printOperation(op).match(/%[^ ]+ =/g)).toEqual(['%_7_a_:2 =', '%_7_a__0 =']);
  });
});

describe('size', () => {
  const DEPTH = 6000;

  test('regions nested 6000 deep', () => {
    const text = `${'"t.r"() ({\n'.repeat(DEPTH)}"t.x"() : () -> ()\n${'}) : () -> ()\n'.repeat(DEPTH)}`;
    const op = parseValid(text);
    expect(verifyOperation(op)).toBe(true);
    const printed = printOperation(op, { generic: true });
    expect(printOperation(parseValid(printed), { generic: true })).toBe(printed);
  });

  test('custom forms nested 6000 deep', () => {
    const loops = Array.from(
      { length: DEPTH },
      (_, index) => `t.loop %i${index} = %n to %n : index {`,
    );
    const text = `func.func @f(%n: index) {\n${loops.join('\n')}\n${'}\n'.repeat(DEPTH)}return\n}`;
    const printed = printOperation(parseValid(text));
    expect(printOperation(parseValid(printed))).toBe(printed);
  });

  test('regions that are never closed', () => {
    expect(parseErrors('"t.r"() ({\n'.repeat(DEPTH))).toEqual([
      `${DEPTH}:11: expected operation name in quotes`,
    ]);
  });

  test('a line of a megabyte', () => {
    const elements = Array.from({ length: 200_000 }, (_, index) => index % 1000).join(', ');
    const string = 'x'.repeat(500_000);
    const op = parseValid(`"t.a"() {a = [${elements}], s = "${string}"} : () -> ()`);
    const printed = printOperation(op);
    expect(printed).toContain(string);
    expect(printOperation(parseValid(printed))).toBe(printed);
  });

  test('an operation with 100000 operands and results', () => {
    const count = 100_000;
    const types = Array.from({ length: count }, () => 'i32').join(', ');
    const uses = Array.from({ length: count }, (_, index) => `%a#${index}`).join(', ');
    const text = `%a:${count} = "t.a"() : () -> (${types})\n"t.b"(${uses}) : (${types}) -> ()`;
    const printed = printOperation(parseValid(text));
    expect(printOperation(parseValid(printed))).toBe(printed);
  });

  test('time grows with the size and not faster', () => {
    // The least of a few, because other work on the machine only adds.
    const time = (count: number): number => {
      const text = Array.from(
        { length: count },
        (_, index) => `%v${index} = "t.a"() {x = ${index}} : () -> i32`,
      ).join('\n');
      const times = Array.from({ length: 3 }, () => {
        const start = performance.now();
        printOperation(parseValid(text));
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    const [small, large] = [time(5_000), time(40_000)];
    expect(large).toBeLessThan(40 * Math.max(small, 5));
  });
});

describe('mutations', () => {
  /** A small generator of pseudo-random numbers (mulberry32), so that every run sees the same texts. */
  function randomNumbers(seed: number): (limit: number) => number {
    let state = seed;
    return (limit) => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) % limit;
    };
  }

  const PIECES = [
    ...'(){}[]<>"%^@!#:,=-+*/0x.\n \\\u00e9',
    '->',
    '//',
    '"',
    '({',
    '}) : () -> ()',
  ].concat([
    'dense<',
    'affine_map<',
    'loc(',
    '#map',
    '!t.tile<',
    '%x#9',
    '0x',
    '{-#',
    '#-}',
    'memref<4x',
  ]);

  test('3000 damaged texts give messages or programs, never a crash, and soon', () => {
    const random = randomNumbers(20240817);
    const texts = [...Object.values(GENERIC), ...Object.values(CUSTOM)];
    let valid = 0;
    for (let round = 0; round < 3000; round++) {
      let text = texts[random(texts.length)];
      for (let change = random(3) + 1; change > 0; change--) {
        const at = random(text.length);
        const end = random(3) === 0 ? at + random(12) : at;
        const inserted = random(3) === 0 ? '' : PIECES[random(PIECES.length)];
        text = text.slice(0, at) + inserted + text.slice(Math.max(end, at + random(2)));
      }
      const { context, diagnostics } = testContext();
      const op = parseModule(new SourceFile('fuzz.mlir', text), context);
      if (op === undefined) {
        expect(diagnostics.length, text).toBeGreaterThan(0);
        continue;
      }
      valid++;
      expect(diagnostics, text).toEqual([]);
      const printed = printOperation(op, { verified: verifyOperation(op) });
      expect(printOperation(parseValid(printed), { verified: verifyOperation(op) }), text).toBe(
        printed,
      );
    }
    expect(valid).toBeGreaterThan(100);
  });
});
