import { describe, expect, test } from 'vitest';
import { EreSyntaxError, Regex, RegexBudgetError } from '../../src/filecheck/index.js';

function find(expression: string, text: string): string | undefined {
  const match = new Regex(expression).search(text);
  return match === undefined ? undefined : text.slice(match.start, match.end);
}

function groups(expression: string, text: string, count: number): (string | undefined)[] {
  const match = new Regex(expression).search(text)!;
  return Array.from({ length: count }, (_, index) => {
    const group = match.group(index + 1);
    return group === undefined ? undefined : text.slice(group.start, group.end);
  });
}

describe('matching', () => {
  test.each([
    ['a|ab', 'xab', 'ab'],
    ['(a|ab)(c|bcd)(d*)', 'xabcd', 'abcd'],
    ['a{2,3}', 'aaaa', 'aaa'],
    ['a{2}', 'a', undefined],
    ['a.c', 'a\nc', undefined],
    ['[^b]+', 'a\nb', 'a'],
    ['[[:space:]]+', 'a \n\tb', ' \n\t'],
    ['^b$', 'a\nb\nc', 'b'],
    ['[]x]+', 'a]x', ']x'],
    ['[a-]+', 'b-a', '-a'],
    ['\\.', 'a.', '.'],
    ['a{x', 'a{x', 'a{x'],
    ['[[:<:]]b[[:>:]]', 'abb b', 'b'],
    ['x*', 'aaa', ''],
  ])('%s in %j', (expression, text, expected) => {
    expect(find(expression, text)).toBe(expected);
  });

  test('groups follow POSIX: each as long as the rest allows, from the left', () => {
    expect(groups('(a*)(ab)*(b*)', 'abb', 3)).toEqual(['a', undefined, 'bb']);
    expect(groups('(.*)=(.*)', 'a=b=c', 2)).toEqual(['a=b', 'c']);
    expect(groups('(a|(b))+', 'ab', 2)).toEqual(['b', 'b']);
    expect(groups('()', 'x', 1)).toEqual(['']);
  });

  test('backreferences', () => {
    expect(find('([a-z]+) \\1', 'ab abc cc cc')).toBe('ab ab');
    expect(find('(a*)b\\1', 'aab')).toBe('b');
    expect(find('(.)(.)\\2\\1', 'xxabba')).toBe('abba');
  });

  test('case is ignored on request', () => {
    expect(new Regex('[a-c]x', true).search('__BX')).toMatchObject({ start: 2, end: 4 });
  });
});

test.each([
  ['a**', 'repetition-operator operand invalid'],
  ['*a', 'repetition-operator operand invalid'],
  ['^*', 'repetition-operator operand invalid'],
  ['a||b', 'empty (sub)expression'],
  ['', 'empty (sub)expression'],
  ['a{2', 'braces not balanced'],
  ['a{3,2}', 'invalid repetition count(s)'],
  ['a{300}', 'invalid repetition count(s)'],
  ['[b-a]', 'invalid character range'],
  ['[[:foo:]]', 'invalid character class'],
  ['[a', 'brackets ([ ]) not balanced'],
  ['a\\', 'trailing backslash (\\)'],
  ['(a', 'parentheses not balanced'],
  ['(', 'parentheses not balanced'],
  ['a)', 'parentheses not balanced'],
  ['\\1', 'invalid backreference number'],
  ['((a{255}){255}){255}', 'regular expression is too large'],
  ['('.repeat(5000), 'parentheses nested too deeply'],
])('%s is refused', (expression, message) => {
  expect(() => new Regex(expression)).toThrow(new EreSyntaxError(message));
});

describe('hostile expressions end soon', () => {
  test('exponential elsewhere', () => {
    expect(find('^(a*)*(a|aa)*(a*)*b$', 'a'.repeat(50_000))).toBeUndefined();
    expect(find('(a?){200}a{200}', 'a'.repeat(200))).toBe('a'.repeat(200));
  });

  test('backreferences', () => {
    expect(() =>
      new Regex('(a*)(a*)(a*)\\1\\2\\3(b|.*c)x').search(`${'a'.repeat(400)}x`),
    ).not.toThrow(RangeError);
  });

  test('what is quadratic in a long text runs out of its budget', () => {
    expect(() => new Regex('x|a.*c').search(`${'a'.repeat(100_000)}x`)).toThrow(RegexBudgetError);
  });
});

test('agrees with the engine of this platform where both have the same rules', () => {
  // Without alternation and nested repeats, leftmost-longest and leftmost-greedy are the same.
  let state = 12345;
  const random = (limit: number): number => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
  const atoms = ['a', 'b', 'c', '.', '[ab]', '[^a]', 'ab?', 'c*', 'a+', 'b{1,2}'];
  for (let round = 0; round < 2000; round++) {
    const expression = Array.from(
      { length: 1 + random(5) },
      () => atoms[random(atoms.length)],
    ).join('');
    const text = Array.from({ length: random(12) }, () => 'abc\n'[random(4)]).join('');
    const expected = new RegExp(expression.replaceAll('[^a]', '[^a\\n]'), 'm').exec(text);
    const match = new Regex(expression).search(text);
    const found = match === undefined ? undefined : { start: match.start, end: match.end };
    const wanted =
      expected === null
        ? undefined
        : { start: expected.index, end: expected.index + expected[0].length };
    expect({ expression, text, found: found?.start }).toEqual({
      expression,
      text,
      found: wanted?.start,
    });
    if (wanted !== undefined) expect(found!.end).toBeGreaterThanOrEqual(wanted.end);
  }
});
