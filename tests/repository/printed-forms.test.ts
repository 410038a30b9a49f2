/** Every program in the repository reads back as what was printed, in both forms, and prints the same text again. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createContext } from '../../src/dialects/index.js';
import { printOperation, verifyOperation } from '../../src/ir/index.js';
import { SourceFile } from '../../src/support/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { parseModule } from '../../src/syntax/index.js';

/** The programs of a file: `// -----` separates those of a test. */
function programsOf(path: string): string[] {
  return readFileSync(path, 'utf8').split(/^\/\/ -----.*$/m);
}

function programFiles(): string[] {
  return ['kernels', 'lit-tests', 'tests'].flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true })
      .map((name) => join(packageRoot(), folder, String(name)))
      .filter((path) => path.endsWith('.mlir'))
      .sort(),
  );
}

/** Prints a program in custom or generic form; undefined where it is no valid program. */
function print(text: string, generic: boolean, allowUnregistered: boolean): string | undefined {
  const context = createContext();
  context.allowUnregisteredDialects = allowUnregistered;
  context.addDiagnosticHandler(() => undefined);
  const module = parseModule(new SourceFile('program.mlir', text), context);
  if (module === undefined || !verifyOperation(module)) return undefined;
  return printOperation(module, { generic });
}

describe('what is printed reads back', () => {
  const names = programFiles().map((path) => relative(packageRoot(), path));

  test('most files of the repository are valid programs', () => {
    expect(names.length).toBeGreaterThan(30);
  });

  test.for(names)('%s', (name, { skip }) => {
    const path = join(packageRoot(), name);
    const allowUnregistered = readFileSync(path, 'utf8').includes('-allow-unregistered-dialect');
    const custom = (text: string) => print(text, false, allowUnregistered);
    const generic = (text: string) => print(text, true, allowUnregistered);
    // Programs that are not valid are there for the messages about them, which lit tests check.
    const programs = programsOf(path).flatMap((text) => custom(text) ?? []);
    if (programs.length === 0) {
      if (name.startsWith('kernels/')) expect.unreachable('a kernel is not valid');
      skip('holds no valid program');
    }
    for (const text of programs) {
      const general = generic(text)!;
      expect(custom(text)).toBe(text);
      expect(generic(general)).toBe(general);
      expect(custom(general)).toBe(text);
    }
  });
});
