/** Runs one test file, in whichever thread this is called. */

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { BooleanExpressionError, evaluateBoolean } from './boolean-expression.js';
import { type LitTest } from './discovery.js';
import type { PipelineRunner } from './external-command.js';
import type { ResultCode, TestResult } from './result.js';
import type { RunSettings } from './run-settings.js';
import { Shell, type ToolTable } from './shell-executor.js';
import { parseShell } from './shell-syntax.js';
import { defaultSubstitutions, Substitutions } from './substitutions.js';
import { parseTestScript, TestScriptError, type TestScript } from './test-script.js';

export interface RunHooks {
  readonly tools: ToolTable;
  readonly runPipeline: PipelineRunner;
  /** Receives the log as it grows, so that a test that is killed can still show it. */
  readonly log: (text: string) => void;
}

/** Runs a test; whatever is wrong with it is a result, never an exception. */
export async function runTest(
  test: LitTest,
  settings: RunSettings,
  hooks: RunHooks,
): Promise<TestResult> {
  const started = performance.now();
  const finish = (
    code: ResultCode,
    output: string,
    missingFeatures?: readonly string[],
  ): TestResult => ({
    code,
    output,
    elapsed: (performance.now() - started) / 1000,
    missingFeatures,
  });
  try {
    const script = parseTestScript(readFileSync(test.path, 'utf8'));
    const features = new Set([...settings.features, ...test.config.features]);
    if (test.config.isUnsupported) return finish('UNSUPPORTED', 'Test is unsupported');
    const requires = [...test.config.requires, ...script.requires];
    const missing = requires.filter((expression) => !evaluateBoolean(expression, features));
    if (missing.length > 0) {
      const text = `Test requires the following unavailable features: ${missing.join(', ')}`;
      const demanded = settings.requiredFeatures.filter(
        (feature) =>
          !features.has(feature) &&
          missing.some((expression) =>
            evaluateBoolean(expression, new Set([...features, ...settings.requiredFeatures])),
          ),
      );
      return demanded.length > 0
        ? finish('FAIL', `${text}\nof which this run demands: ${demanded.join(', ')}`, missing)
        : finish('UNSUPPORTED', text, missing);
    }
    const unsupported = script.unsupported.filter((expression) =>
      evaluateBoolean(expression, features),
    );
    if (unsupported.length > 0) {
      return finish(
        'UNSUPPORTED',
        `Test does not support the following features and/or targets: ${unsupported.join(', ')}`,
      );
    }
    if (settings.noExecute) return finish('PASS', '');
    const expectsFailure = isExpectedToFail(test, script, settings, features);
    const attempts = script.allowedRetries + 1;
    for (let attempt = 1; ; attempt++) {
      const { status, output } = await runScript(test, script, features, settings, hooks);
      if (status !== 0 && attempt < attempts) continue;
      const text = `Exit Code: ${status}\n\nCommand Output (stdout):\n--\n${output}\n--\n`;
      if (status === 0) {
        if (expectsFailure) return finish('XPASS', text);
        return finish(attempt > 1 ? 'FLAKYPASS' : 'PASS', text);
      }
      return finish(expectsFailure ? 'XFAIL' : 'FAIL', text);
    }
  } catch (error) {
    if (error instanceof TestScriptError || error instanceof BooleanExpressionError) {
      return finish('UNRESOLVED', error.message);
    }
    const { code, message, stack } = error as NodeJS.ErrnoException;
    return finish(
      'UNRESOLVED',
      code === undefined ? `Exception during script execution:\n${stack ?? message}` : message,
    );
  }
}

function isExpectedToFail(
  test: LitTest,
  script: TestScript,
  settings: RunSettings,
  features: ReadonlySet<string>,
): boolean {
  if (settings.xfailNot.includes(test.name)) return false;
  return (
    settings.xfail.includes(test.name) ||
    script.xfail.some((expression) => expression === '*' || evaluateBoolean(expression, features))
  );
}

/** Where a test runs and what its `%t` is built from. */
export function temporaryPaths(test: LitTest): { readonly folder: string; readonly base: string } {
  const folder = join(test.config.execRoot, dirname(test.name));
  return { folder, base: join(folder, 'Output', basename(test.name)) };
}

async function runScript(
  test: LitTest,
  script: TestScript,
  features: ReadonlySet<string>,
  settings: RunSettings,
  hooks: RunHooks,
): Promise<{ readonly status: number; readonly output: string }> {
  const { folder, base } = temporaryPaths(test);
  mkdirSync(dirname(base), { recursive: true });
  // What an earlier run left behind must not let this one pass.
  rmSync(`${base}.tmp`, { recursive: true, force: true });
  const substitutions = new Substitutions(
    [
      ...settings.substitutions,
      ...defaultSubstitutions(test.path, base),
      ...test.config.substitutions,
    ],
    test.config.recursionLimit,
  );
  let output = '';
  const shell = new Shell(
    {
      tools: hooks.tools,
      aliases: new Map(Object.entries(test.config.tools)),
      runPipeline: hooks.runPipeline,
      log: (text) => {
        output += text;
        hooks.log(text);
      },
    },
    folder,
    { ...settings.environment, ...test.config.environment },
  );
  let profiles = 0;
  for (const step of script.steps) {
    if (step.kind === 'define') {
      // Expanded where it is used: a later REDEFINE of what it names counts.
      substitutions.set(step.name, step.value);
      continue;
    }
    const command = substitutions.expand(step.text, features);
    const stem = basename(test.name, extname(test.name));
    const line = settings.perTestCoverage
      ? `export LLVM_PROFILE_FILE=${stem}${profiles++}.profraw; ${command}`
      : command;
    const head =
      command === ''
        ? `# RUN: at line ${step.line} has no command after substitutions\n`
        : `# RUN: at line ${step.line}\n${line}\n`;
    output += head;
    hooks.log(head);
    // A line may come out empty when all of it was conditional.
    if (command === '') continue;
    const status = await shell.run(parseShell(line));
    if (status !== 0) return { status, output };
  }
  return { status: 0, output };
}
