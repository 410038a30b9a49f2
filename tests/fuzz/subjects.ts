/** What is fuzzed: each subject makes a case from a number and says what is wrong with the outcome, if anything. */

import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, loadDialectFile } from '../../src/dialects/index.js';
import { filecheckMain } from '../../src/filecheck/index.js';
import { tileOptMain } from '../../src/opt/index.js';
import { DiagnosticError, type ToolIO, type ToolMain } from '../../src/support/index.js';
import { Corpus, Random } from './mutate.js';

export interface Subject {
  readonly name: string;
  /** The damaged text of a case, for reports. */
  readonly textOf: (seed: number) => string;
  /** What went wrong; undefined where nothing did. */
  readonly run: (seed: number) => Promise<string | undefined>;
}

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runTool(main: ToolMain, args: readonly string[], stdin: string): Promise<Run> {
  let [stdout, stderr] = ['', ''];
  const io: ToolIO = {
    readStdin: () => stdin,
    writeStdout: (text) => void (stdout += text),
    writeStderr: (text) => void (stderr += text),
    cwd: tmpdir(),
    env: { TMPDIR: tmpdir() },
    isTerminal: false,
  };
  return { status: await main(args, io), stdout, stderr };
}

/** What no run of a tool may do: break, fail without a word, or end with a status of its own making. */
function complaintAbout(
  { status, stderr, stdout }: Run,
  statuses: readonly number[],
): string | undefined {
  if (!statuses.includes(status)) return `exit status ${status}`;
  if (/^(?:[\w-]+: |\S+:\d+:\d+: )?error: internal error/m.test(stderr))
    return stderr.slice(0, 600);
  if (/\n {4}at \S.*:\d+:\d+\)?\n/.test(stderr)) return `a stack trace: ${stderr.slice(0, 600)}`;
  if (status !== 0 && stderr.trim() === '' && stdout.trim() === '')
    return `exit status ${status} without a message`;
  return undefined;
}

/** What FileCheck repeats of its input and check file is not the tool's own text. */
function withoutDump(run: Run): Run {
  return { ...run, stderr: run.stderr.split('\n')[0] };
}

function filesIn(folder: string, suffix: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => text.length < 20_000);
}

function guarded(
  name: string,
  textOf: Subject['textOf'],
  run: (text: string, random: Random) => Promise<string | undefined>,
): Subject {
  return {
    name,
    textOf,
    run: async (seed) => {
      try {
        return await run(textOf(seed), new Random(seed ^ 0x5eed));
      } catch (error) {
        return `threw ${error instanceof Error ? error.stack : String(error)}`;
      }
    },
  };
}

/** All subjects, with their texts read below the root of the repository. */
export function createSubjects(root: string): readonly Subject[] {
  const programs = new Corpus([
    ...filesIn(join(root, 'lit-tests'), '.mlir'),
    ...filesIn(join(root, 'kernels'), '.mlir'),
  ]);
  const dialects = new Corpus(filesIn(join(root, 'dialects'), '.yaml'));
  const checks = new Corpus([
    ...filesIn(join(root, 'lit-tests'), '.mlir').map((text) =>
      text
        .split('\n')
        .filter((line) => /[A-Z]+(-[A-Z]+)?:/.test(line))
        .join('\n'),
    ),
    'CHECK: a[[X:[0-9]+]]b{{c|d}}\nCHECK-NEXT: [[#N:]] [[#N+1]] [[X]]\nCHECK-DAG: {{^}}x{{$}}\nCHECK-NOT: y\nCHECK-LABEL: f\nCHECK-COUNT-3: z\nCHECK-EMPTY:\nCHECK-SAME: [[#%.8X,V:mul(N,2)]]',
  ]);
  const pipelines = new Corpus([
    'builtin.module(func.func(cse,canonicalize{max-iterations=3 top-down=false}),symbol-dce)',
    'builtin.module(any(cse),inline{default-pipeline=canonicalize max-iterations=4 inlining-threshold=10})',
    'builtin.module(composite-fixed-point-pass{name=x pipeline=cse,canonicalize max-iterations=2})',
    'builtin.module(scf-for-loop-unroll{factor=2 full-threshold=4},sccp,func.func(loop-invariant-code-motion))',
    'builtin.module(canonicalize{enable-patterns=a,b disable-patterns={c} region-simplify=aggressive},tile-to-cuda{arch=sm_80})',
  ]);
  const program =
    'func.func @f(%a: i32) -> i32 {\n  %0 = arith.addi %a, %a : i32\n  return %0 : i32\n}\n';
  const mutateWith =
    (corpus: Corpus) =>
    (seed: number): string =>
      corpus.mutate(new Random(seed));
  return [
    guarded('parser', mutateWith(programs), async (text, random) => {
      const passes = random.pick([
        [],
        ['--canonicalize', '--cse'],
        ['--sccp', '--inline', '--symbol-dce'],
        ['--remove-dead-values', '--int-range-optimizations'],
      ]);
      const flags = random.pick([
        [],
        ['--mlir-print-op-generic'],
        ['--split-input-file'],
        ['--mlir-print-debuginfo'],
      ]);
      const args = ['--allow-unregistered-dialect', ...flags, ...passes, '-'];
      const run = await runTool(tileOptMain, args, text);
      const complaint = complaintAbout(run, [0, 1]);
      if (complaint !== undefined || run.status !== 0)
        return complaint && `tile-opt ${args.join(' ')}: ${complaint}`;
      const again = await runTool(
        tileOptMain,
        ['--allow-unregistered-dialect', '--split-input-file', '-'],
        run.stdout,
      );
      return again.status === 0
        ? undefined
        : `tile-opt ${args.join(' ')}: its output is refused: ${again.stderr.slice(0, 600)}`;
    }),
    guarded('dialect file', mutateWith(dialects), async (text) => {
      const context = createContext();
      let isReported = false;
      context.addDiagnosticHandler(() => (isReported = true));
      try {
        await loadDialectFile(text, 'fuzz.yaml', context);
        return isReported ? 'reported an error and loaded the dialect' : undefined;
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        return error.diagnostic.message === '' ? 'an empty message' : undefined;
      }
    }),
    guarded('check file', mutateWith(checks), async (text, random) => {
      const input = checks.texts[random.below(checks.texts.length)].slice(0, 2000);
      // The check file comes through the input file's name, standard input being the text to check.
      const { writeFileSync } = await import('node:fs');
      const file = join(tmpdir(), `tilewright-fuzz-${process.pid}.txt`);
      writeFileSync(file, text);
      const flags = random.pick([
        [],
        ['--match-full-lines'],
        ['--strict-whitespace'],
        ['--enable-var-scope'],
        ['--ignore-case', '-v'],
      ]);
      return complaintAbout(
        withoutDump(await runTool(filecheckMain, [file, ...flags], input)),
        [0, 1, 2],
      );
    }),
    guarded('pipeline', mutateWith(pipelines), async (text) =>
      complaintAbout(await runTool(tileOptMain, [`--pass-pipeline=${text}`, '-'], program), [0, 1]),
    ),
  ];
}
