import { expect, test } from 'vitest';
import { mkdtempSync, readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optionGroup, OptionReader, parseCommandLine } from '../../src/opt/command-line.js';
import { DiagnosticVerifier } from '../../src/opt/expected-diagnostics.js';
import { writeFileAtomically } from '../../src/opt/output-file.js';
import { splitInput } from '../../src/opt/split-input.js';
import { createDiagnostic, renderDiagnostic, SourceFile } from '../../src/support/index.js';

const { flag, value, optional } = optionGroup('Test');
const specs = [flag('verify', 'x'), value('o', '<file>', 'x'), optional('cse', '<options>', 'x')];
const read = (...args: string[]): ReturnType<typeof parseCommandLine> =>
  parseCommandLine(args, specs, 'tool');

test('one dash or two, values behind = or as the next argument, in order', () => {
  const line = read('-cse', 'in.mlir', '--cse=a b=c', '-o', 'out', '--o=other', '-');
  expect(line.positionals).toEqual(['in.mlir', '-']);
  expect(line.occurrences).toEqual([
    { name: 'cse', value: undefined },
    { name: 'cse', value: 'a b=c' },
    { name: 'o', value: 'out' },
    { name: 'o', value: 'other' },
  ]);
  expect(new OptionReader(line).value('o')).toBe('other');
});

test('flags can be taken back', () => {
  const options = (...args: string[]): OptionReader => new OptionReader(read(...args));
  expect(options('--verify').flag('verify')).toBe(true);
  expect(options('--verify', '--verify=false').flag('verify')).toBe(false);
  expect(options().flag('verify', true)).toBe(true);
  expect(() => read('--verify=perhaps')).toThrow("'perhaps' is invalid value for boolean argument");
});

test('what is not known is named with a suggestion', () => {
  expect(() => read('--veriffy')).toThrow(
    "unknown command line argument '--veriffy'; did you mean '--verify'?; try 'tool --help'",
  );
  expect(() => read('-o')).toThrow('for the --o option: requires a value');
});

test('splits at marker lines only, and warns of lines that nearly are one', () => {
  const source = new SourceFile(
    'a.mlir',
    'one\n// -----\ntwo // -----\n// -----// dump\n// -----\n',
  );
  const { chunks, warnings } = splitInput(source, '// -----');
  expect(chunks.map(({ name, text }) => [name, text])).toEqual([
    ['within split at a.mlir:1 offset ', 'one\n'],
    ['within split at a.mlir:2 offset ', '\ntwo // -----\n// -----// dump\n'],
    ['within split at a.mlir:5 offset ', '\n'],
  ]);
  expect(warnings.map(({ message }) => message)).toEqual(['near miss with file split marker']);
});

function verify(text: string, ...found: [line: number, message: string][]): string[] {
  const source = new SourceFile('a.mlir', text);
  const verifier = new DiagnosticVerifier(source);
  for (const [line, message] of found) {
    const at = line === 0 ? undefined : source.getOffset(line, 1);
    verifier.check(
      createDiagnostic(
        'error',
        at === undefined ? undefined : { source, start: at, end: at },
        message,
      ),
    );
  }
  return verifier.finish().map((problem) => renderDiagnostic(problem).split('\n')[0]);
}

test.each<[string, [number, string][]]>([
  ['x // expected-error {{bad}}', [[1, 'a bad thing']]],
  ['// expected-error@+1 {{bad}}\nx', [[2, 'bad']]],
  ['x\n// expected-error@-1 {{bad}}', [[1, 'bad']]],
  [
    'x\n// expected-error@above {{one}}\n// expected-error@above {{two}}',
    [
      [1, 'two'],
      [1, 'one'],
    ],
  ],
  [
    '// expected-error@below {{one}}\n// expected-error@below {{two}}\nx',
    [
      [3, 'two'],
      [3, 'one'],
    ],
  ],
  ['// expected-error@unknown {{bad}}', [[0, 'bad']]],
  ['x // expected-error-re {{a{{[0-9]+}} (b)}}', [[1, 'a12 (b)']]],
  ["x // expected-error {{expected '}'}}", [[1, "expected '}'"]]],
  [
    'x // expected-error {{a}} expected-error {{b}}',
    [
      [1, 'b'],
      [1, 'a'],
    ],
  ],
])('%j is met', (text, found) => {
  expect(verify(text, ...found)).toEqual([]);
});

test.each<[string, [number, string][], string]>([
  ['x', [[1, 'bad']], 'a.mlir:1:1: error: unexpected error: bad'],
  ['x // expected-error {{bad}}', [], 'a.mlir:1:6: error: expected error "bad" was not produced'],
  ['x // expected-eror {{bad}}', [], 'a.mlir:1:6: error: malformed expected diagnostic, expected'],
  ['x // expected-error bad', [], 'a.mlir:1:6: error: malformed expected diagnostic, expected'],
  [
    'x // expected-error@ {{bad}}',
    [],
    'a.mlir:1:6: error: malformed expected diagnostic, expected',
  ],
  ['x // expected-error {bad}', [], 'a.mlir:1:6: error: malformed expected diagnostic, expected'],
  ['x // expected-error {{bad', [], "error: expected '}}' at the end of the expected diagnostic"],
  ['x // expected-error-re {{a{{[}}}}', [], 'error: invalid regex: '],
])('%j with %j is a problem', (text, found, problem) => {
  expect(verify(text, ...found).join('\n')).toContain(problem);
});

test('an output file is replaced as a whole or stays as it was', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-'));
  const path = join(folder, 'out');
  writeFileSync(path, 'old');
  writeFileAtomically(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(() => writeFileAtomically(join(folder, 'none', 'out'), 'x')).toThrow(/ENOENT/);
  expect(() => writeFileAtomically(folder, 'x')).toThrow('is a directory');
  expect(readdirSync(folder)).toEqual(['out']);
});
