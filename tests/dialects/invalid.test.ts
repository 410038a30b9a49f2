import { expect, test } from 'vitest';
import { verifyOperation } from '../../src/ir/index.js';
import { SourceFile } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';
import { hasMlirOpt, mlirOpt, testContext } from './helpers.js';
import { INVALID_PROGRAMS } from './invalid-programs.js';

test.each(INVALID_PROGRAMS)('$message', ({ text, message, isOurs }) => {
  const { context, messages } = testContext();
  const op = parseModule(new SourceFile('invalid.mlir', text), context);
  if (op !== undefined) expect(verifyOperation(op)).toBe(false);
  expect(messages[0]).toBe(message);
  if (!hasMlirOpt) return;
  const theirs = mlirOpt(text);
  expect(theirs.isOk).toBe(false);
  if (!isOurs) expect(theirs.stderr).toContain(message.trim());
});
