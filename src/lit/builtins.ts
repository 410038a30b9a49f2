/** The small commands of the internal shell, in-process so that a RUN line starts no process for them. */

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { resolvePath, type ToolIO, type ToolMain } from '../support/index.js';

/** Splits leading single-letter options from the other arguments; undefined for one that is not in `known`. */
function splitFlags(
  args: readonly string[],
  known: string,
): {
  readonly flags: ReadonlySet<string>;
  readonly rest: readonly string[];
  readonly unknown?: string;
} {
  const flags = new Set<string>();
  let index = 0;
  for (; index < args.length && /^-[^-]/.test(args[index]); index++) {
    for (const flag of args[index].slice(1)) {
      if (!known.includes(flag)) return { flags, rest: [], unknown: flag };
      flags.add(flag);
    }
  }
  if (args[index] === '--') index++;
  return { flags, rest: args.slice(index) };
}

function fail(io: ToolIO, name: string, message: string, status = 1): number {
  io.writeStderr(`${name}: ${message}\n`);
  return status;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT'
    ? 'No such file or directory'
    : code === 'EISDIR'
      ? 'Is a directory'
      : code === 'EEXIST'
        ? 'File exists'
        : message;
}

function readInput(io: ToolIO, path: string): string {
  return path === '-' ? io.readStdin() : readFileSync(resolvePath(io, path), 'utf8');
}

const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  a: '\x07',
  b: '\b',
};

const echo: ToolMain = (args, io) => {
  const first = args.findIndex((arg) => !/^-[ne]+$/.test(arg));
  const flags = args.slice(0, first === -1 ? args.length : first).join('');
  let text = args.slice(first === -1 ? args.length : first).join(' ');
  if (flags.includes('e'))
    text = text.replace(/\\(.)/g, (all, letter: string) => ESCAPES[letter] ?? all);
  io.writeStdout(flags.includes('n') ? text : `${text}\n`);
  return 0;
};

const cat: ToolMain = (args, io) => {
  const { flags, rest, unknown } = splitFlags(args, 'uv');
  if (unknown !== undefined) return fail(io, 'cat', `unsupported option '-${unknown}'`);
  let status = 0;
  for (const path of rest.length > 0 ? rest : ['-']) {
    try {
      const text = readInput(io, path);
      io.writeStdout(flags.has('v') ? showUnprintable(text) : text);
    } catch (error) {
      status = fail(io, 'cat', `${path}: ${reasonOf(error)}`);
    }
  }
  return status;
};

/** Spells control characters and bytes beyond ASCII as `cat -v` does: `^M`, `M-C`. */
function showUnprintable(text: string): string {
  let shown = '';
  for (const byte of Buffer.from(text)) {
    const low = byte & 0x7f;
    const isPlain = byte === 9 || byte === 10 || (low >= 32 && low !== 127);
    shown += byte > 0x7f ? 'M-' : '';
    shown += isPlain ? String.fromCharCode(low) : `^${String.fromCharCode(low ^ 0x40)}`;
  }
  return shown;
}

const mkdir: ToolMain = (args, io) => {
  const { flags, rest, unknown } = splitFlags(args, 'p');
  if (unknown !== undefined) return fail(io, 'mkdir', `unsupported option '-${unknown}'`);
  if (rest.length === 0) return fail(io, 'mkdir', 'missing operand');
  let status = 0;
  for (const path of rest) {
    try {
      mkdirSync(resolvePath(io, path), { recursive: flags.has('p') });
    } catch (error) {
      status = fail(io, 'mkdir', `cannot create directory '${path}': ${reasonOf(error)}`);
    }
  }
  return status;
};

const rm: ToolMain = (args, io) => {
  const { flags, rest, unknown } = splitFlags(args, 'rRf');
  if (unknown !== undefined) return fail(io, 'rm', `unsupported option '-${unknown}'`);
  if (rest.length === 0 && !flags.has('f')) return fail(io, 'rm', 'missing operand');
  let status = 0;
  for (const path of rest) {
    try {
      rmSync(resolvePath(io, path), {
        recursive: flags.has('r') || flags.has('R'),
        force: flags.has('f'),
      });
    } catch (error) {
      status = fail(io, 'rm', `cannot remove '${path}': ${reasonOf(error)}`);
    }
  }
  return status;
};

const cp: ToolMain = (args, io) => {
  const { flags, rest, unknown } = splitFlags(args, 'rRp');
  if (unknown !== undefined) return fail(io, 'cp', `unsupported option '-${unknown}'`);
  if (rest.length < 2) return fail(io, 'cp', 'expected a source and a target');
  const target = resolvePath(io, rest.at(-1)!);
  const intoFolder = existsSync(target) && statSync(target).isDirectory();
  const copy = (from: string, to: string): void => {
    if (!statSync(from).isDirectory()) {
      copyFileSync(from, to);
      return;
    }
    if (!flags.has('r') && !flags.has('R')) throw new Error("is a directory (expected '-r')");
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) copy(join(from, name), join(to, name));
  };
  for (const path of rest.slice(0, -1)) {
    const from = resolvePath(io, path);
    try {
      copy(from, intoFolder ? join(target, basename(from)) : target);
    } catch (error) {
      return fail(io, 'cp', `${path}: ${reasonOf(error)}`);
    }
  }
  return 0;
};

const touch: ToolMain = (args, io) => {
  for (const path of args) {
    try {
      const full = resolvePath(io, path);
      if (existsSync(full)) utimesSync(full, new Date(), new Date());
      else writeFileSync(full, '');
    } catch (error) {
      return fail(io, 'touch', `${path}: ${reasonOf(error)}`);
    }
  }
  return 0;
};

const tee: ToolMain = (args, io) => {
  const { flags, rest, unknown } = splitFlags(args, 'a');
  if (unknown !== undefined) return fail(io, 'tee', `unsupported option '-${unknown}'`);
  const text = io.readStdin();
  io.writeStdout(text);
  for (const path of rest) {
    try {
      writeFileSync(resolvePath(io, path), text, { flag: flags.has('a') ? 'a' : 'w' });
    } catch (error) {
      return fail(io, 'tee', `${path}: ${reasonOf(error)}`);
    }
  }
  return 0;
};

/** Compares the files of two folders, and says what only one of them has. */
function diffFolders(options: readonly string[], a: string, b: string, io: ToolIO): number {
  const [left, right] = [a, b].map((path) => readdirSync(resolvePath(io, path)));
  let status = 0;
  for (const name of [...new Set([...left, ...right])].sort()) {
    const holders = [left, right].map((names) => names.includes(name));
    if (holders.includes(false)) {
      io.writeStdout(`Only in ${holders[0] ? a : b}: ${name}\n`);
      status = Math.max(status, 1);
      continue;
    }
    const paths = [join(a, name), join(b, name)];
    const areFolders = paths.map((path) => statSync(resolvePath(io, path)).isDirectory());
    if (areFolders[0] !== areFolders[1]) {
      const kindOf = (isFolder: boolean): string => (isFolder ? 'a directory' : 'a regular file');
      io.writeStdout(
        `File ${paths[0]} is ${kindOf(areFolders[0])} while file ${paths[1]} is ${kindOf(areFolders[1])}\n`,
      );
      status = Math.max(status, 1);
      continue;
    }
    status = Math.max(status, diff([...options, ...paths], io) as number);
  }
  return status;
}

const diff: ToolMain = (args, io) => {
  const known = args.filter(
    (arg) => !/^-(r|u|U\d+|w|b|-strip-trailing-cr|-unified=\d+)$/.test(arg),
  );
  const ignoreBlanks = args.includes('-w') || args.includes('-b');
  const unknown = known.find((arg) => /^-./.test(arg));
  if (unknown !== undefined) return fail(io, 'diff', `unsupported option '${unknown}'`, 2);
  if (known.length !== 2) return fail(io, 'diff', 'expected two files', 2);
  if (args.includes('-r')) {
    try {
      const areFolders = known.map((path) => statSync(resolvePath(io, path)).isDirectory());
      if (areFolders.every(Boolean)) {
        const options = args.filter((arg) => !known.includes(arg));
        return diffFolders(options, known[0], known[1], io);
      }
    } catch (error) {
      return fail(io, 'diff', reasonOf(error), 2);
    }
  }
  const context = /^-(?:U|-unified=)(\d+)$/.exec(
    args.find((arg) => /^-(U|-unified=)/.test(arg)) ?? '',
  );
  const texts: string[] = [];
  for (const path of known) {
    try {
      let text = readInput(io, path);
      if (args.includes('--strip-trailing-cr')) text = text.replace(/\r\n/g, '\n');
      texts.push(text);
    } catch (error) {
      return fail(io, 'diff', `${path}: ${reasonOf(error)}`, 2);
    }
  }
  const squeeze = (text: string): string =>
    ignoreBlanks ? text.replace(/[ \t]+/g, args.includes('-w') ? '' : ' ') : text;
  if (squeeze(texts[0]) === squeeze(texts[1])) return 0;
  const patch = createTwoFilesPatch(
    known[0],
    known[1],
    squeeze(texts[0]),
    squeeze(texts[1]),
    '',
    '',
    {
      context: context === null ? 3 : Number(context[1]),
      timeout: 10_000,
    },
  );
  io.writeStdout(
    patch === undefined
      ? `Files ${known[0]} and ${known[1]} differ\n`
      : patch.replace(/^=+\n/, '').replace(/^(---|\+\+\+) (.*?)\t?$/gm, '$1 $2'),
  );
  return 1;
};

const cmp: ToolMain = (args, io) => {
  const { flags, rest, unknown } = splitFlags(args, 's');
  if (unknown !== undefined) return fail(io, 'cmp', `unsupported option '-${unknown}'`, 2);
  if (rest.length !== 2) return fail(io, 'cmp', 'expected two files', 2);
  try {
    const [a, b] = rest.map((path) =>
      path === '-' ? Buffer.from(io.readStdin()) : readFileSync(resolvePath(io, path)),
    );
    if (a.equals(b)) return 0;
    if (!flags.has('s')) {
      let at = 0;
      while (at < a.length && at < b.length && a[at] === b[at]) at++;
      const line = a.subarray(0, at).filter((byte) => byte === 10).length + 1;
      io.writeStdout(`${rest[0]} ${rest[1]} differ: byte ${at + 1}, line ${line}\n`);
    }
    return 1;
  } catch (error) {
    return fail(io, 'cmp', reasonOf(error), 2);
  }
};

const count: ToolMain = (args, io) => {
  if (args.length !== 1 || !/^\d+$/.test(args[0])) {
    return fail(io, 'usage', 'count <expected line count>', 2);
  }
  const text = io.readStdin();
  const lines = text.split('\n').length - (text === '' || text.endsWith('\n') ? 1 : 0);
  if (lines === Number(args[0])) return 0;
  io.writeStderr(`Expected ${args[0]} lines, got ${lines}.\n`);
  return 1;
};

/** Writes the sections of a file, each headed by a `//--- name` line, as files of a folder. */
const splitFile: ToolMain = (args, io) => {
  const keepsLines = args.includes('--leading-lines');
  const rest = args.filter((arg) => arg !== '--leading-lines' && arg !== '--no-leading-lines');
  if (rest.length !== 2)
    return fail(io, 'split-file', 'expected an input file and an output folder');
  const [input, folder] = rest;
  let lines: string[];
  try {
    lines = readInput(io, input).split(/(?<=\n)/);
  } catch (error) {
    return fail(io, 'split-file', `${input}: ${reasonOf(error)}`);
  }
  const sections = new Map<string, string>();
  let current: string | undefined;
  for (let index = 0; index < lines.length; index++) {
    const found = /^(?:.{0,3}?)--- (\S.*?)\s*$/.exec(lines[index]);
    if (found !== null) {
      current = found[1];
      if (sections.has(current)) {
        return fail(io, 'split-file', `${input}:${index + 1}: error: '${current}' occurs twice`);
      }
      sections.set(current, keepsLines ? '\n'.repeat(index + 1) : '');
    } else if (current !== undefined) {
      sections.set(current, sections.get(current)! + lines[index]);
    }
  }
  if (sections.size === 0) {
    return fail(io, 'split-file', `${input}: error: expected a '//--- name' line`);
  }
  const target = resolvePath(io, folder);
  rmSync(target, { recursive: true, force: true });
  for (const [name, text] of sections) {
    const path = join(target, name);
    if (!path.startsWith(join(target, '/'))) {
      return fail(io, 'split-file', `${input}: error: '${name}' is outside of the output folder`);
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return 0;
};

const sleep: ToolMain = async (args, io) => {
  const seconds = Number(args[0]);
  if (args.length !== 1 || !(seconds >= 0))
    return fail(io, 'sleep', 'expected a number of seconds');
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return 0;
};

export const BUILTINS: ReadonlyMap<string, ToolMain> = new Map<string, ToolMain>([
  ['echo', echo],
  ['@echo', echo],
  ['cat', cat],
  ['mkdir', mkdir],
  ['rm', rm],
  ['cp', cp],
  ['touch', touch],
  ['tee', tee],
  ['diff', diff],
  ['cmp', cmp],
  ['count', count],
  ['split-file', splitFile],
  ['sleep', sleep],
  ['true', () => 0],
  ['false', () => 1],
  [':', () => 0],
]);
