import { describe, expect, test } from 'vitest';
import { BooleanExpressionError, evaluateBoolean } from '../../src/lit/boolean-expression.js';
import { expandGlob } from '../../src/lit/glob.js';
import { quote } from '../../src/lit/shell-executor.js';
import { parseShell } from '../../src/lit/shell-syntax.js';
import { Substitutions } from '../../src/lit/substitutions.js';
import { parseTestScript, TestScriptError } from '../../src/lit/test-script.js';

const FEATURES = new Set(['a', 'linux-x86', 'c++11']);

test.each([
  ['a', true],
  ['b', false],
  ['!b && a', true],
  ['b || !(a && b)', true],
  ['a && b || a', true],
  ['linux-{{.*}}', true],
  ['{{mac|win}}-x86', false],
  ['{{a|b}}', true],
  ['c++11', true],
])('%s is %s', (expression, expected) => {
  expect(evaluateBoolean(expression, FEATURES)).toBe(expected);
});

test.each([
  ['a &&& b', "couldn't parse text: '& b'\nin expression: 'a &&& b'"],
  ['a b', "couldn't parse text: 'b'\nin expression: 'a b'"],
  ['(a', "unexpected end of expression\nin expression: '(a'"],
  ['{{(}}', "invalid regular expression '()(': parentheses not balanced"],
])('%s is refused', (expression, message) => {
  expect(() => evaluateBoolean(expression, FEATURES)).toThrow(BooleanExpressionError);
  if (!expression.startsWith('{{')) {
    expect(() => evaluateBoolean(expression, FEATURES)).toThrow(message);
  }
});

describe('scripts', () => {
  test('lines are joined and numbered, and end', () => {
    const script = parseTestScript(
      '// RUN: a %(line) \\\n// RUN:   b %(line-1)\n# XFAIL: x, y\nREQUIRES: p\nREQUIRES: q\nx END. y\nEND.\nRUN: c\n',
    );
    expect(script.steps).toEqual([{ kind: 'run', line: 1, text: 'a 1 b 1' }]);
    expect(script.xfail).toEqual(['x', 'y']);
    expect(script.requires).toEqual(['p', 'q']);
  });

  test.each([
    ['nothing', "Test has no 'RUN:' line"],
    ['RUN: a \\\n', "Test has unterminated 'RUN:' directive (with '\\') at line 1"],
    ['RUN: a\nALLOW_RETRIES: 1\nALLOW_RETRIES: 2', 'Test has more than one ALLOW_RETRIES lines'],
    ['RUN: a\nREQUIRES: a &&', 'in REQUIRES: directive on test line 2'],
    ['REDEFINE: %{x} = 1\nRUN: a', "no DEFINE: of '%{x}' before it"],
    ['DEFINE: x = 1\nRUN: a', "expected '%{name} = value' but found 'x = 1'"],
  ])('%j is refused', (source, message) => {
    expect(() => parseTestScript(source)).toThrow(TestScriptError);
    expect(() => parseTestScript(source)).toThrow(message);
  });
});

describe('substitutions', () => {
  const substitutions = new Substitutions(
    [
      ['%s', '/in/file'],
      ['%shape', '4x4'],
      ['%{a}', '[%{b}]'],
      ['%{b}', 'b%%s'],
    ],
    5,
  );
  test.each([
    ['%s %shape %%s', '/in/file 4x4 %s'],
    ['%{a}', '[b%s]'],
    ['%if a %{ yes %} %else %{ no %}', 'yes'],
    ['%if z %{ yes %} %else %{ no %if a %{ in %s %}%}', 'no  in /in/file'],
    ['x%if z %{ yes %}y', 'xy'],
    ['%{unknown} 50%', '%{unknown} 50%'],
  ])('%s', (line, expected) => {
    expect(substitutions.expand(line, FEATURES)).toBe(expected);
  });
});

describe('the shell language', () => {
  const describeNode = (text: string): string => {
    const show = (node: ReturnType<typeof parseShell>): string =>
      node.type === 'sequence'
        ? `(${show(node.left)} ${node.operator} ${show(node.right)})`
        : `${node.negate ? '!' : ''}${node.commands
            .map(({ words, redirections }) =>
              [
                ...words.map(({ parts }) => parts.map((part) => part.text).join('')),
                ...redirections.map(
                  ({ fd, operator, target }) =>
                    `<${fd}${operator}${typeof target === 'string' ? target : target.parts[0].text}>`,
                ),
              ].join(' '),
            )
            .join(' | ')}`;
    return show(parseShell(text));
  };
  test.each([
    ['a b | c && d || e; f', '(((a b | c && d) || e) ; f)'],
    ['! a "b  c" \'d$e\'', '!a b  c d$e'],
    ['a 2>&1 > b < c 2>> d &> e', 'a <2>&1> <1>b> <0<c> <2>>d> <1&>e>'],
    ['a2>b', 'a2 <1>b>'],
    ['a b\\ c "\\"q\\" \\n"', 'a b c "q" \\n'],
  ])('%s', (text, expected) => {
    expect(describeNode(text)).toBe(expected);
  });

  test.each(['a & b', 'a |', '| a', 'a &&', '"a', "a 'b", 'a >'])('%s is refused', (text) => {
    expect(() => parseShell(text)).toThrow(/shell parser error/);
  });

  test('words are quoted for the log', () => {
    expect(['a', "it's", '', '%t'].map(quote)).toEqual(['a', `'it'"'"'s'`, "''", '%t']);
  });

  test('globs', () => {
    expect(expandGlob('src/l?t/[gz]lob.ts', process.cwd())).toEqual(['src/lit/glob.ts']);
    expect(expandGlob('src/lit/*.nothing', process.cwd())).toEqual([]);
  });
});
