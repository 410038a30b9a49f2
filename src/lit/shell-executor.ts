/** Executes parsed RUN lines: in-process where the command is one of ours, as processes where it is not. */

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ToolIO, ToolMain } from '../support/index.js';
import { BUILTINS } from './builtins.js';
import { expandGlob } from './glob.js';
import { findProgram, type ExternalCommand, type PipelineRunner } from './external-command.js';
import type { Redirection, ShellCommand, ShellNode, ShellWord } from './shell-syntax.js';

/** Finds a tool of ours by the name that RUN lines call it by. */
export type ToolTable = ReadonlyMap<string, () => Promise<ToolMain>>;

export interface ShellContext {
  readonly tools: ToolTable;
  /** Words that a command's name stands for, from the configuration. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly runPipeline: PipelineRunner;
  /** Receives the log as it grows. */
  readonly log: (text: string) => void;
}

/** A command ended by an exception of its own: what a crash is to a process. */
const CRASHED = -6;

interface StageResult {
  readonly shown: string;
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Stage {
  readonly shown: string;
  readonly words: readonly string[];
  readonly redirections: readonly Redirection[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From the outermost in: each `not` turns success around, `not --crash` asks for a crash. */
  readonly negations: readonly ('not' | 'not --crash')[];
  readonly program:
    | { readonly kind: 'tool'; readonly main: ToolMain }
    | { readonly kind: 'external'; readonly path: string }
    | { readonly kind: 'failed'; readonly status: number; readonly message: string }
    | { readonly kind: 'done'; readonly output: string };
}

/** The state that `cd`, `export` and their like change, for one test. */
export class Shell {
  private readonly folders: string[] = [];

  constructor(
    private readonly context: ShellContext,
    private cwd: string,
    private readonly env: Record<string, string | undefined>,
  ) {}

  /** Runs a RUN line; its status, negative for a signal. */
  async run(node: ShellNode): Promise<number> {
    if (node.type === 'pipeline') return this.runPipeline(node);
    const left = await this.run(node.left);
    if (node.operator === '&&' && left !== 0) return left;
    if (node.operator === '||' && left === 0) return left;
    return this.run(node.right);
  }

  private async runPipeline(node: Extract<ShellNode, { type: 'pipeline' }>): Promise<number> {
    const stages: Stage[] = [];
    for (const command of node.commands) stages.push(await this.prepare(command));
    let input = Buffer.alloc(0) as Buffer;
    let status = 0;
    for (let index = 0; index < stages.length;) {
      const isLastOf = (end: number): boolean => end === stages.length;
      let end = index + 1;
      // Neighbours that are all processes run at once, so that `producer | head` ends.
      if (stages[index].program.kind === 'external' && pipesOn(stages[index])) {
        while (
          end < stages.length &&
          stages[end].program.kind === 'external' &&
          !stages[end].redirections.some(({ operator }) => operator === '<')
        ) {
          end++;
          if (!pipesOn(stages[end - 1])) break;
        }
      }
      const group = stages.slice(index, end);
      const { results, output } =
        group[0].program.kind === 'external'
          ? await this.runProcesses(group, input)
          : await this.runInProcess(group[0], input);
      input = output;
      results.forEach((result, offset) => {
        const stage = group[offset];
        // What never ran has not failed in the way that `not` asks for.
        const isRun = stage.program.kind !== 'failed';
        const final = isRun ? applyNegations(stage.negations, result.status) : result.status;
        const isShown = isLastOf(index + offset + 1);
        this.logResult({ ...result, status: final, stdout: isShown ? result.stdout : '' });
        if (final !== 0) status = final;
      });
      index = end;
    }
    return node.negate ? (status === 0 ? 1 : 0) : status;
  }

  /** Expands a command's words and finds what runs it. */
  private async prepare(command: ShellCommand): Promise<Stage> {
    const given = command.words.flatMap((word) => this.expandWord(word));
    const env: Record<string, string | undefined> = { ...this.env };
    const negations: ('not' | 'not --crash')[] = [];
    let words = given;
    const make = (program: Stage['program']): Stage => ({
      shown: given.map(quote).join(' '),
      words,
      redirections: command.redirections,
      env,
      negations,
      program,
    });
    const failed = (status: number, message: string): Stage =>
      make({ kind: 'failed', status, message });
    for (;;) {
      const [name] = words;
      if (name === 'env') {
        words = words.slice(1);
        while (words.length > 0) {
          const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(words[0]);
          if (assignment !== null) env[assignment[1]] = assignment[2];
          else if (words[0] === '-u' && words.length > 1) {
            delete env[words[1]];
            words = words.slice(1);
          } else if (words[0] === '-i') {
            for (const key of Object.keys(env)) delete env[key];
          } else break;
          words = words.slice(1);
        }
        if (words.length === 0) {
          const list = Object.entries(env).filter(([, value]) => value !== undefined);
          return make({
            kind: 'done',
            output: list.map(([key, value]) => `${key}=${value}\n`).join(''),
          });
        }
      } else if (name === 'not') {
        const wantsCrash = words[1] === '--crash';
        negations.push(wantsCrash ? 'not --crash' : 'not');
        words = words.slice(wantsCrash ? 2 : 1);
        if (words.length === 0) return failed(1, "'not' requires a command");
      } else {
        break;
      }
    }
    const state = this.changeState(words);
    if (state !== undefined) {
      return typeof state === 'string'
        ? failed(1, state)
        : make({ kind: 'done', output: state.output });
    }
    const alias = this.context.aliases.get(words[0]);
    if (alias !== undefined) words = [...alias, ...words.slice(1)];
    const name = words[0];
    const load = this.context.tools.get(name);
    if (load !== undefined) return make({ kind: 'tool', main: await load() });
    const builtin = BUILTINS.get(name);
    if (builtin !== undefined) return make({ kind: 'tool', main: builtin });
    const path = findProgram(name, this.cwd, env.PATH);
    return path === undefined
      ? failed(127, `'${name}': command not found`)
      : make({ kind: 'external', path });
  }

  /** Commands that change the shell itself: their output, a message on failure, or undefined for other commands. */
  private changeState(words: readonly string[]): { readonly output: string } | string | undefined {
    const [name, ...args] = words;
    const silent = { output: '' };
    switch (name) {
      case 'cd':
        if (args.length !== 1) return "'cd' supports only one argument";
        this.cwd = resolve(this.cwd, args[0]);
        return silent;
      case 'pushd':
        if (args.length !== 1) return "'pushd' supports only one argument";
        this.folders.push(this.cwd);
        this.cwd = resolve(this.cwd, args[0]);
        return silent;
      case 'popd': {
        const folder = this.folders.pop();
        if (folder === undefined) return 'popd: directory stack empty';
        this.cwd = folder;
        return silent;
      }
      case 'pwd':
        return { output: `${this.cwd}\n` };
      case 'export':
        for (const arg of args) {
          const equals = arg.indexOf('=');
          if (equals === 0) return `'export' expected NAME=VALUE but found '${arg}'`;
          // A variable alone is exported as it is, as all are.
          if (equals === -1) continue;
          this.env[arg.slice(0, equals)] = arg.slice(equals + 1);
        }
        return silent;
      case 'unset':
        for (const arg of args) delete this.env[arg];
        return silent;
      default:
        return undefined;
    }
  }

  private expandWord(word: ShellWord): string[] {
    const text = word.parts.map((part) => part.text).join('');
    if (!word.parts.some(({ text: part, quoted }) => !quoted && /[*?[]/.test(part))) return [text];
    if (word.parts.some(({ text: part, quoted }) => quoted && /[*?[]/.test(part))) return [text];
    const files = expandGlob(text, this.cwd);
    return files.length > 0 ? files : [text];
  }

  private async runInProcess(
    stage: Stage,
    piped: Buffer,
  ): Promise<{ results: StageResult[]; output: Buffer }> {
    const sinks = new Sinks(stage.redirections, this.cwd, (word) =>
      this.expandWord(word).join(' '),
    );
    const failure = sinks.problem;
    if (failure !== undefined)
      return { results: [this.failed(stage, failure)], output: Buffer.alloc(0) };
    const { program } = stage;
    let status = 0;
    if (program.kind === 'failed') {
      sinks.write(2, `${program.message}\n`);
      status = program.status;
    } else if (program.kind === 'done') {
      sinks.write(1, program.output);
    } else if (program.kind === 'tool') {
      const io: ToolIO = {
        readStdin: () => (sinks.input ?? piped).toString('utf8'),
        writeStdout: (text) => sinks.write(1, text),
        writeStderr: (text) => sinks.write(2, text),
        cwd: this.cwd,
        env: stage.env,
        isTerminal: false,
      };
      try {
        status = await program.main(stage.words.slice(1), io);
      } catch (error) {
        status = CRASHED;
        sinks.write(2, `${error instanceof Error ? error.stack : String(error)}\n`);
      }
    }
    const { stdout, stderr } = sinks.finish();
    return {
      results: [
        {
          shown: stage.shown,
          status,
          stdout: stdout.toString('utf8'),
          stderr: stderr.toString('utf8'),
        },
      ],
      output: stdout,
    };
  }

  private async runProcesses(
    group: readonly Stage[],
    piped: Buffer,
  ): Promise<{ results: StageResult[]; output: Buffer }> {
    const sinks = group.map(
      (stage) => new Sinks(stage.redirections, this.cwd, (word) => this.expandWord(word).join(' ')),
    );
    const failure = sinks.find(({ problem }) => problem !== undefined)?.problem;
    if (failure !== undefined) {
      return {
        results: group.map((stage) => this.failed(stage, failure)),
        output: Buffer.alloc(0),
      };
    }
    const commands = group.map((stage, index): ExternalCommand => ({
      program: (stage.program as Extract<Stage['program'], { kind: 'external' }>).path,
      args: stage.words.slice(1),
      cwd: this.cwd,
      env: stage.env,
      mergesErrors: sinks[index].isMerged,
    }));
    const finished = await this.context.runPipeline(commands, sinks[0].input ?? piped);
    let output = Buffer.alloc(0) as Buffer;
    const results = finished.map((result, index) => {
      sinks[index].write(1, asBuffer(result.stdout));
      sinks[index].write(2, asBuffer(result.stderr));
      const { stdout, stderr } = sinks[index].finish();
      output = stdout;
      return {
        shown: group[index].shown,
        status: result.status,
        stdout: stdout.toString('utf8'),
        stderr: stderr.toString('utf8'),
      };
    });
    return { results, output };
  }

  private failed(stage: Stage, message: string): StageResult {
    return { shown: stage.shown, status: 1, stdout: '', stderr: `${message}\n` };
  }

  private logResult({ shown, status, stdout, stderr }: StageResult): void {
    let log = `# executed command: ${shown}\n`;
    if (stdout.trim() !== '') log += formatOutput('command stdout', stdout);
    if (stderr.trim() !== '') log += formatOutput('command stderr', stderr);
    if (stdout.trim() === '' && stderr.trim() === '' && status !== 0) {
      log += '# note: command had no output on stdout or stderr\n';
    }
    if (status !== 0) log += `# error: command failed with exit status: ${status}\n`;
    this.context.log(log);
  }
}

/** Bytes from another thread are no `Buffer`. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether a stage's standard output goes into the pipe. */
function pipesOn(stage: Stage): boolean {
  return stage.redirections.every(({ operator, fd }) =>
    operator === '<' ? true : operator === '>&' ? fd !== 1 : operator[0] !== '&' && fd !== 1,
  );
}

/** The status of a command under `not`s. */
function applyNegations(negations: readonly ('not' | 'not --crash')[], status: number): number {
  return negations.reduceRight<number>((inner, negation) => {
    if (negation === 'not --crash') return inner < 0 ? 0 : 1;
    // A crash is never the failure that `not` asks for.
    return inner > 0 ? 0 : 1;
  }, status);
}

/** Where a command's streams go. */
class Sinks {
  readonly problem: string | undefined;
  readonly input: Buffer | undefined;
  private readonly captured: Record<1 | 2, Buffer[]> = { 1: [], 2: [] };
  private readonly files: {
    readonly path: string;
    readonly append: boolean;
    readonly chunks: Buffer[];
  }[] = [];
  private readonly targets: Record<number, Buffer[]>;

  constructor(
    redirections: readonly Redirection[],
    cwd: string,
    expand: (word: ShellWord) => string,
  ) {
    this.targets = { 1: this.captured[1], 2: this.captured[2] };
    for (const { operator, fd, target } of redirections) {
      if (operator === '>&' || operator === '<&') {
        if (operator === '<&' || target === '-' || this.targets[Number(target)] === undefined) {
          this.problem = `unsupported redirection '${fd}${operator}${String(target)}'`;
          return;
        }
        this.targets[fd] = this.targets[Number(target)];
        continue;
      }
      const path = resolve(cwd, expand(target as ShellWord));
      if (operator === '<') {
        try {
          this.input = readFileSync(path);
        } catch {
          this.problem = `'${path}': No such file or directory`;
          return;
        }
        continue;
      }
      const file = { path, append: operator.endsWith('>>'), chunks: [] as Buffer[] };
      if (path !== '/dev/null') {
        try {
          // The file is there while the command runs, as a shell has it.
          writeFileSync(path, '', { flag: file.append ? 'a' : 'w' });
        } catch (error) {
          this.problem = `cannot write '${path}': ${(error as Error).message}`;
          return;
        }
        this.files.push(file);
      }
      if (operator.startsWith('&')) this.targets[1] = this.targets[2] = file.chunks;
      else this.targets[fd] = file.chunks;
    }
  }

  /** Whether standard error goes where standard output goes. */
  get isMerged(): boolean {
    return this.targets[1] === this.targets[2];
  }

  write(fd: 1 | 2, data: string | Buffer): void {
    this.targets[fd].push(typeof data === 'string' ? Buffer.from(data) : data);
  }

  /** Writes the files; what was not redirected. */
  finish(): { readonly stdout: Buffer; readonly stderr: Buffer } {
    for (const { path, chunks } of this.files) appendFileSync(path, Buffer.concat(chunks));
    return { stdout: Buffer.concat(this.captured[1]), stderr: Buffer.concat(this.captured[2]) };
  }
}

/** Quotes a word as a shell needs it. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

/** A block of the log. */
function formatOutput(title: string, text: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    `# .---${title}------------\n` +
    lines.map((line) => `# | ${line}\n`).join('') +
    '# `-----------------------------\n'
  );
}
