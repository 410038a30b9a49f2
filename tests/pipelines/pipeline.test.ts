import { beforeAll, expect, test } from 'vitest';
import {
  booleanOption,
  definePass,
  enumOption,
  formatPipeline,
  integerOption,
  listOption,
  parsePipeline,
  registerPass,
  registerPipeline,
} from '../../src/pipelines/index.js';
import { DiagnosticError, renderDiagnostic } from '../../src/support/index.js';

beforeAll(() => {
  registerPass(
    definePass({
      name: 'canon',
      summary: 'for tests',
      options: {
        'max-iterations': integerOption(10, 'rounds', { minimum: -1 }),
        'top-down': booleanOption(true, 'order'),
        simplify: enumOption(['normal', 'aggressive'], 'normal', 'how much'),
        'disable-patterns': listOption('names'),
      },
      run: () => undefined,
    }),
    definePass({ name: 'common', summary: 'for tests', run: () => undefined }),
    definePass({ name: 'on-func', summary: 'for tests', anchor: 'toy.func', run: () => undefined }),
  );
  registerPipeline({
    name: 'lower',
    summary: 'for tests',
    options: { arch: enumOption(['a', 'b'], 'a', 'target'), depth: integerOption(2, 'stages') },
    build: ({ arch, depth }) => [
      { pass: 'canon', options: { 'max-iterations': depth }, reason: 'simple first' },
      { pass: 'toy.func(common)', reason: 'per function' },
      ...(arch === 'b' ? [{ pass: 'common', reason: 'only b needs it' }] : []),
    ],
  });
});

function failure(text: string): string {
  try {
    parsePipeline(text);
  } catch (error) {
    if (error instanceof DiagnosticError) return renderDiagnostic(error.diagnostic);
    throw error;
  }
  throw new Error('the pipeline was accepted');
}

test.each([
  ['builtin.module()', 'builtin.module()'],
  ['builtin.module(common)', 'builtin.module(common)'],
  [
    ' builtin.module ( toy.func ( common , on-func ) , common ) ',
    'builtin.module(toy.func(common,on-func),common)',
  ],
  [
    'builtin.module(canon{max-iterations=3 top-down=false disable-patterns=a,b})',
    'builtin.module(canon{disable-patterns=a,b max-iterations=3 simplify=normal top-down=false})',
  ],
  ['any(canon{top-down})', 'any(canon{max-iterations=10 simplify=normal top-down=true})'],
  [
    'builtin.module(lower{arch=b})',
    'builtin.module(canon{max-iterations=2 simplify=normal top-down=true},toy.func(common),common)',
  ],
])('%s', (text, formatted) => {
  const pipeline = parsePipeline(text);
  expect(formatPipeline(pipeline)).toBe(formatted);
  expect(formatPipeline(parsePipeline(formatted))).toBe(formatted);
});

test.each([
  [
    'common',
    "expected pass pipeline to be wrapped with the anchor operation type, e.g. 'builtin.module(...)'",
    1,
  ],
  [
    'builtin.module(comon)',
    "'comon' does not refer to a registered pass or pass pipeline; did you mean 'common'?",
    16,
  ],
  ['builtin.module(common', 'encountered unbalanced parentheses while parsing pipeline', 22],
  [
    'builtin.module(common))',
    "encountered extra closing ')' creating unbalanced parentheses while parsing pipeline",
    23,
  ],
  ['builtin.module(common common)', "expected ',' after parsing pipeline", 23],
  ['builtin.module(common,)', "expected a pass or pipeline name after ','", 23],
  [
    'builtin.module(canon{max-iterations=3)',
    "missing closing '}' while processing pass options",
    39,
  ],
  [
    'builtin.module(canon{max-iteration=3})',
    "no such option max-iteration; did you mean 'max-iterations'?",
    22,
  ],
  [
    'builtin.module(canon{max-iterations=x})',
    "for the --max-iterations option: 'x' value invalid for integer argument",
    22,
  ],
  [
    'builtin.module(canon{max-iterations=-2})',
    "for the --max-iterations option: '-2' is less than the minimum -1",
    22,
  ],
  [
    'builtin.module(canon{top-down=maybe})',
    "for the --top-down option: 'maybe' is invalid value for boolean argument, try 0 or 1",
    22,
  ],
  [
    'builtin.module(canon{simplify=much})',
    "for the --simplify option: cannot find option named 'much', expected one of 'normal', 'aggressive'",
    22,
  ],
  [
    'builtin.module(on-func)',
    "can't add pass 'on-func' restricted to 'toy.func' on a pass manager intended to run on 'builtin.module', did you intend to nest?",
    16,
  ],
])('%s is an error with a position', (text, message, column) => {
  const rendered = failure(text);
  expect(rendered).toContain(
    `MLIR Textual PassPipeline Parser:1:${column}: error: ${message}\n${text}\n`,
  );
});

test('a failure to read options says of which pass', () => {
  expect(failure('builtin.module(canon{foo=1})')).toContain(
    'note: failed to add `canon` with options `foo=1`',
  );
});
