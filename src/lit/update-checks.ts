/** `tile-lit --update-checks`: runs tests up to where they call filecheck, and writes what they should have checked. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { evaluateBoolean } from './boolean-expression.js';
import type { LitTest } from './discovery.js';
import { runExternal } from './external-command.js';
import { GENERATED_MARKER, generateChecks, replaceChecks } from './generated-checks.js';
import { temporaryPaths } from './run-test.js';
import type { RunSettings } from './run-settings.js';
import { Shell, type ToolTable } from './shell-executor.js';
import { parseShell, type ShellCommand, type ShellNode, type ShellWord } from './shell-syntax.js';
import { defaultSubstitutions, Substitutions } from './substitutions.js';
import { parseTestScript, TestScriptError } from './test-script.js';

export type UpdateOutcome =
  | { readonly kind: 'unmarked' | 'unchanged' | 'updated' }
  | { readonly kind: 'failed'; readonly reason: string };

const textOf = (word: ShellWord): string => word.parts.map(({ text }) => text).join('');

/** Rewrites the generated directives of one test file. */
export async function updateChecks(
  test: LitTest,
  settings: RunSettings,
  tools: ToolTable,
): Promise<UpdateOutcome> {
  const source = readFileSync(test.path, 'utf8');
  if (!source.includes(GENERATED_MARKER)) return { kind: 'unmarked' };
  try {
    const checks = await collectChecks(test, source, settings, tools);
    if (checks.size === 0)
      return { kind: 'failed', reason: 'no RUN line ends in a call of filecheck' };
    const updated = replaceChecks(source, checks);
    if (updated === undefined || updated === source) return { kind: 'unchanged' };
    writeFileSync(test.path, updated);
    return { kind: 'updated' };
  } catch (error) {
    if (error instanceof TestScriptError || error instanceof UpdateError)
      return { kind: 'failed', reason: error.message };
    throw error;
  }
}

class UpdateError extends Error {}

async function collectChecks(
  test: LitTest,
  source: string,
  settings: RunSettings,
  tools: ToolTable,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { folder, base } = temporaryPaths(test);
  mkdirSync(dirname(base), { recursive: true });
  const features = new Set([...settings.features, ...test.config.features]);
  const script = parseTestScript(source);
  const missing = [...test.config.requires, ...script.requires].filter(
    (one) => !evaluateBoolean(one, features),
  );
  if (missing.length > 0) throw new UpdateError(`it requires ${missing.join(', ')}`);
  const substitutions = new Substitutions(
    [
      ...settings.substitutions,
      ...defaultSubstitutions(test.path, base),
      ...test.config.substitutions,
    ],
    test.config.recursionLimit,
  );
  let log = '';
  const shell = new Shell(
    {
      tools,
      aliases: new Map(Object.entries(test.config.tools)),
      runPipeline: runExternal,
      log: (text) => (log += text),
    },
    folder,
    { ...settings.environment, ...test.config.environment },
  );
  const checks = new Map<string, readonly string[]>();
  const output = `${base}.tmp.checked`;
  for (const step of script.steps) {
    if (step.kind === 'define') {
      substitutions.set(step.name, step.value);
      continue;
    }
    const line = substitutions.expand(step.text, features);
    if (line === '') continue;
    const node = parseShell(line);
    const call = filecheckCall(node);
    log = '';
    const status = await shell.run(call === undefined ? node : intoFile(node, output));
    if (status !== 0) throw new UpdateError(`the command at line ${step.line} failed:\n${log}`);
    if (call !== undefined)
      checks.set(prefixOf(call), generateChecks(readFileSync(output, 'utf8'), prefixOf(call)));
  }
  return checks;
}

/** The call of filecheck that a pipeline ends in. */
function filecheckCall(node: ShellNode): ShellCommand | undefined {
  if (node.type !== 'pipeline' || node.commands.length < 2) return undefined;
  const last = node.commands[node.commands.length - 1];
  return /^(?:filecheck|FileCheck)$/.test(textOf(last.words[0])) ? last : undefined;
}

/** The pipeline without its last command, its output going to a file. */
function intoFile(node: ShellNode, file: string): ShellNode {
  if (node.type !== 'pipeline') return node;
  const commands = node.commands.slice(0, -1);
  const last = commands[commands.length - 1];
  commands[commands.length - 1] = {
    ...last,
    redirections: [
      { operator: '>', fd: 1, target: { parts: [{ text: file, quoted: true }] } },
      ...last.redirections,
    ],
  };
  return { ...node, commands };
}

function prefixOf(call: ShellCommand): string {
  const words = call.words.map(textOf);
  for (const [index, word] of words.entries()) {
    const match = /^--?check-prefix(?:es)?(?:=(.*))?$/.exec(word);
    if (match === null) continue;
    const prefix = match[1] ?? words[index + 1] ?? '';
    if (prefix.includes(','))
      throw new UpdateError(
        `directives for several prefixes at once ('${prefix}') cannot be generated`,
      );
    return prefix;
  }
  return 'CHECK';
}
