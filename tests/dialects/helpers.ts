/** What the tests of dialects share: parsing with collected messages, and the reference tool where it is installed. */

import { spawnSync } from 'node:child_process';
import { createContext } from '../../src/dialects/index.js';
import type { Context, Operation } from '../../src/ir/index.js';
import { renderDiagnostic, SourceFile } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';

/** A context that takes unregistered operations and collects messages. */
export function testContext(): { readonly context: Context; readonly messages: string[] } {
  const context = createContext();
  context.allowUnregisteredDialects = true;
  const messages: string[] = [];
  context.addDiagnosticHandler((diagnostic) => messages.push(diagnostic.message));
  return { context, messages };
}

/** Parses a text that must be right; the messages are the error's text otherwise. */
export function parseOk(text: string, context: Context = createContext()): Operation {
  context.allowUnregisteredDialects = true;
  const log: string[] = [];
  const remove = context.addDiagnosticHandler((diagnostic) =>
    log.push(renderDiagnostic(diagnostic)),
  );
  const op = parseModule(new SourceFile('test.mlir', text), context);
  remove();
  if (op === undefined) throw new Error(`does not parse:\n${text}\n${log.join('')}`);
  return op;
}

export interface MlirRun {
  readonly isOk: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const probe = spawnSync('mlir-opt-19', ['--version'], { encoding: 'utf8' });
/** Whether the reference tool is installed: comparisons are skipped where it is not. */
export const hasMlirOpt = probe.status === 0;

export function mlirOpt(text: string, ...args: readonly string[]): MlirRun {
  const { status, stdout, stderr } = spawnSync(
    'mlir-opt-19',
    ['--allow-unregistered-dialect', ...args],
    { input: text, encoding: 'utf8' },
  );
  return { isOk: status === 0, stdout, stderr };
}
