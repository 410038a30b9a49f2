/** Damaged texts: a text of a corpus with a few changes, as data, so that fast-check can make a failing case smaller. */

import * as fc from 'fast-check';

const TOKEN = /[A-Za-z_$][\w$.-]*|%[\w$.]+|\d+|"[^"\n]*"|->|::|[^\s\w]/g;
const OPENINGS = '( [ { < " ` ({ <{ % # ! ^ @ \\ * ?'.split(' ');
const NUMBERS = ['0', '1', '-1', '65536', '99999999999999999999', '0x10', '3.5'];

const KINDS = [
  'delete',
  'repeat',
  'insert token',
  'replace token',
  'swap tokens',
  'end',
  'insert character',
  'insert openings',
  'insert other text',
  'replace number',
  'delete line',
  'repeat line',
] as const;

/** One change. The numbers are taken modulo what there is: characters, tokens, lines. */
interface Change {
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
  readonly length: number;
  readonly choice: number;
}

const anyNumber = fc.nat(1_000_000);

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    at: anyNumber,
    length: fc.oneof({ weight: 8, arbitrary: fc.nat(12) }, { weight: 1, arbitrary: fc.nat(3000) }),
    choice: anyNumber,
  }),
  { minLength: 1, maxLength: 6 },
);

const pick = <Element>(list: readonly Element[], choice: number): Element =>
  list[choice % list.length];

/** Texts of the corpus, each with one to six changes. */
export function damaged(texts: readonly string[]): fc.Arbitrary<string> {
  const tokens = [
    ...new Set(texts.flatMap((text) => text.slice(0, 20_000).match(TOKEN) ?? [])),
    ' ',
  ];
  const change = (text: string, { kind, at: where, length, choice }: Change): string => {
    const at = where % (text.length + 1);
    const cut = (middle: string, removed = 0): string =>
      text.slice(0, at) + middle + text.slice(at + removed);
    /** The text with the occurrence of a pattern at the chosen place replaced. */
    const replace = (pattern: RegExp, by: (found: string) => string): string => {
      const found = [...text.matchAll(pattern)];
      if (found.length === 0) return text;
      const { index, 0: old } = pick(found, where);
      return text.slice(0, index) + by(old) + text.slice(index + old.length);
    };
    switch (kind) {
      case 'delete':
        return cut('', length);
      case 'repeat':
        return cut(text.slice(at, at + length));
      case 'insert token':
        return cut(` ${pick(tokens, choice)} `);
      case 'replace token':
        return replace(TOKEN, () => pick(tokens, choice));
      case 'swap tokens': {
        const found = [...text.matchAll(TOKEN)];
        if (found.length < 2) return text;
        const [a, b] = [pick(found, where), pick(found, choice)].sort((x, y) => x.index - y.index);
        const middle = text.slice(a.index + a[0].length, b.index);
        return a === b
          ? text
          : text.slice(0, a.index) + b[0] + middle + a[0] + text.slice(b.index + b[0].length);
      }
      case 'end':
        return text.slice(0, at);
      case 'insert character':
        return cut(String.fromCharCode(choice % 3 === 0 ? choice % 0x500 : 32 + (choice % 95)));
      case 'insert openings':
        return cut(pick(OPENINGS, choice).repeat(1 + length));
      case 'insert other text': {
        const other = pick(texts, choice);
        const from = choice % (other.length + 1);
        return cut(other.slice(from, from + length * 10));
      }
      case 'replace number':
        return replace(/\d+/g, () => pick(NUMBERS, choice));
      case 'delete line':
      case 'repeat line': {
        const lines = text.split('\n');
        const line = where % lines.length;
        if (kind === 'delete line') lines.splice(line, 1);
        else lines.splice(line, 0, pick(lines, choice));
        return lines.join('\n');
      }
    }
  };
  return fc
    .tuple(fc.nat(texts.length - 1), changes)
    .map(([index, list]) => list.reduce(change, texts[index]));
}
