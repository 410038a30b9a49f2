import { expect, test } from 'vitest';
import { builtinDialects, dialectToMarkdown } from '../../src/dialects/index.js';

const dialects = [...builtinDialects().values()];

test.each(dialects)('$name as Markdown names every operation', (dialect) => {
  const text = dialectToMarkdown(dialect);
  for (const { name } of dialect.data.operations) expect(text).toContain(`### \`${name}\`\n`);
  expect(text).not.toMatch(/\| undefined |`undefined`|_undefined_/);
  // Fences are balanced.
  expect(text.split('```').length % 2).toBe(1);
});

test('Markdown of an operation', () => {
  const text = dialectToMarkdown(builtinDialects().get('arith')!);
  const from = text.indexOf('### `arith.cmpi`');
  expect(text.slice(from, text.indexOf('###', from + 3))).toBe(`### \`arith.cmpi\`

_integer comparison_

Syntax:

\`\`\`ebnf
operation ::= \`arith.cmpi\` $predicate \`,\` $lhs \`,\` $rhs attr-dict \`:\` type($lhs)
\`\`\`

Example:

\`\`\`mlir
%a = arith.constant 7 : i32
%b = arith.cmpi slt, %a, %a : i32
\`\`\`

Traits: \`Pure\`, \`SameTypeOperands\`, \`TypesMatchWith<lhs, result, i1SameShape, result type has i1 element type and same shape as operands>\`, \`Elementwise\`, \`Scalarizable\`, \`Vectorizable\`, \`Tensorizable\`

| Attribute | Constraint | Description |
| --- | --- | --- |
| \`predicate\` | allowed 64-bit signless integer cases: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 |  |

| Operand | Constraint | Description |
| --- | --- | --- |
| \`lhs\` | signless-integer-like |  |
| \`rhs\` | signless-integer-like |  |

| Result | Constraint | Description |
| --- | --- | --- |
| \`result\` | bool-like |  |

`);
});
