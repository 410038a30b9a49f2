/** What is fuzzed: for each subject damaged texts, and what no tool may do with them. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import * as fc from 'fast-check';
import {
  builtinDialects,
  createContext,
  dialectToIrdl,
  loadDialectFile,
} from '../../src/dialects/index.js';
import { filecheckMain } from '../../src/filecheck/index.js';
import { tileOptMain } from '../../src/opt/index.js';
import { DiagnosticError, type ToolIO, type ToolMain } from '../../src/support/index.js';
import { damaged } from './mutate.js';

/** A damaged text, and a number that chooses among flags. */
export interface Case {
  readonly text: string;
  readonly choice: number;
}

export interface Subject {
  readonly name: string;
  /** Fails where a tool did what it may not do. The case is handed to `begin` before it is run. */
  readonly property: (begin?: (text: string) => void) => fc.IAsyncProperty<[Case]>;
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

/** A subject whose `run` says what went wrong; undefined where nothing did. */
function subject(
  name: string,
  texts: readonly string[],
  run: (text: string, choice: number) => Promise<string | undefined>,
): Subject {
  const cases = fc.record({ text: damaged(texts), choice: fc.nat(1000) });
  return {
    name,
    property: (begin) =>
      fc.asyncProperty(cases, async ({ text, choice }) => {
        begin?.(text);
        const complaint = await run(text, choice);
        if (complaint !== undefined) throw new Error(complaint);
      }),
  };
}

const pick = <Element>(list: readonly Element[], choice: number): Element =>
  list[choice % list.length];

/** A file in the folder for temporary files, overwritten by each case. */
function temporaryFile(text: string, suffix: string): string {
  const file = join(tmpdir(), `tilewright-fuzz-${process.pid}-${threadId}${suffix}`);
  writeFileSync(file, text);
  return file;
}

/** All subjects, with their texts read below the root of the repository. */
export function createSubjects(root: string): readonly Subject[] {
  const programs = [
    ...filesIn(join(root, 'lit-tests'), '.mlir'),
    ...filesIn(join(root, 'kernels'), '.mlir'),
  ];
  const dialects = filesIn(join(root, 'dialects'), '.yaml');
  const irdl = [...builtinDialects().values()].map(dialectToIrdl);
  const patterns = filesIn(join(root, 'lit-tests'), '.yaml').filter((text) =>
    /^patterns:/m.test(text),
  );
  const checks = [
    ...filesIn(join(root, 'lit-tests'), '.mlir').map((text) =>
      text
        .split('\n')
        .filter((line) => /[A-Z]+(-[A-Z]+)?:/.test(line))
        .join('\n'),
    ),
    'CHECK: a[[X:[0-9]+]]b{{c|d}}\nCHECK-NEXT: [[#N:]] [[#N+1]] [[X]]\nCHECK-DAG: {{^}}x{{$}}\nCHECK-NOT: y\nCHECK-LABEL: f\nCHECK-COUNT-3: z\nCHECK-EMPTY:\nCHECK-SAME: [[#%.8X,V:mul(N,2)]]',
  ];
  const pipelines = [
    'builtin.module(func.func(cse,canonicalize{max-iterations=3 top-down=false}),symbol-dce)',
    'builtin.module(any(cse),inline{default-pipeline=canonicalize max-iterations=4 inlining-threshold=10})',
    'builtin.module(composite-fixed-point-pass{name=x pipeline=cse,canonicalize max-iterations=2})',
    'builtin.module(scf-for-loop-unroll{factor=2 full-threshold=4},sccp,func.func(loop-invariant-code-motion))',
    'builtin.module(canonicalize{enable-patterns=a,b disable-patterns={c} region-simplify=aggressive},tile-to-cuda{arch=sm_80})',
  ];
  const program =
    'func.func @f(%a: i32) -> i32 {\n  %0 = arith.addi %a, %a : i32\n  return %0 : i32\n}\n';
  return [
    subject('parser', programs, async (text, choice) => {
      const passes = pick(
        [
          [],
          ['--canonicalize', '--cse'],
          ['--sccp', '--inline', '--symbol-dce'],
          ['--remove-dead-values', '--int-range-optimizations'],
        ],
        choice,
      );
      const flags = pick(
        [[], ['--mlir-print-op-generic'], ['--split-input-file'], ['--mlir-print-debuginfo']],
        choice >> 2,
      );
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
    subject('dialect file', dialects, async (text) => {
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
    subject('check file', checks, async (text, choice) => {
      const input = pick(checks, choice).slice(0, 2000);
      // The check file comes through the input file's name, standard input being the text to check.
      const file = temporaryFile(text, '.txt');
      const flags = pick(
        [
          [],
          ['--match-full-lines'],
          ['--strict-whitespace'],
          ['--enable-var-scope'],
          ['--ignore-case', '-v'],
        ],
        choice,
      );
      return complaintAbout(
        withoutDump(await runTool(filecheckMain, [file, ...flags], input)),
        [0, 1, 2],
      );
    }),
    subject('pipeline', pipelines, async (text) =>
      complaintAbout(await runTool(tileOptMain, [`--pass-pipeline=${text}`, '-'], program), [0, 1]),
    ),
    subject('IRDL program', irdl, async (text) => {
      // A dialect that is there already is refused; under another name the rest is read.
      const file = temporaryFile(text.replace(/@(\w+)(?= \{|::)/g, '@$1_copy'), '.mlir');
      return complaintAbout(
        await runTool(tileOptMain, [`--irdl-file=${file}`, '-'], program),
        [0, 1],
      );
    }),
    subject('pattern file', patterns, async (text, choice) => {
      const file = temporaryFile(text, '.yaml');
      const args = ['--allow-unregistered-dialect', `--apply-patterns=${file}`, '-'];
      return complaintAbout(await runTool(tileOptMain, args, pick(programs, choice)), [0, 1]);
    }),
  ];
}
