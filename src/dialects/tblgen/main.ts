/** `tile-tblgen --dialects=DIR --out=DIR`: dialect files in, TypeScript out. */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  renderDiagnostic,
  resolvePath,
  type Diagnostic,
  type ToolIO,
} from '../../support/index.js';
import { checkPatterns } from '../check-patterns.js';
import { checkPasses } from '../pass-source.js';
import { checkDialect } from '../check.js';
import type { DialectData } from '../schema.js';
import { readDialectSource } from '../yaml-source.js';
import { writeDialectModule, writeIndexModule } from './dialect-module.js';

export interface DialectText {
  readonly fileName: string;
  readonly text: string;
}

/** What a set of dialect files becomes: texts by file name, or what is wrong with them. */
export interface Generated {
  readonly files: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks dialect files together, so that they may mention each other, and writes their modules. */
export function generateDialects(texts: readonly DialectText[]): Generated {
  const sources = texts.map(({ fileName, text }) => readDialectSource(text, fileName));
  const byName = new Map<string, DialectData>();
  for (const { data } of sources) if (data !== undefined) byName.set(data.dialect, data);
  const lookup = (name: string): DialectData | undefined => byName.get(name);
  for (const { data, diagnostics, report } of sources)
    if (data !== undefined && diagnostics.length === 0) {
      checkDialect(data, lookup, report);
      checkPatterns(data.patterns ?? [], lookup, report);
      checkPasses(data, report);
    }
  const diagnostics = sources.flatMap((source) => source.diagnostics);
  const files = new Map<string, string>();
  if (diagnostics.length === 0) {
    for (const data of byName.values())
      files.set(`${data.dialect}.ts`, writeDialectModule(data, lookup));
    files.set('index.ts', writeIndexModule([...byName.values()]));
  }
  return { files, diagnostics };
}

function option(args: readonly string[], name: string): string | undefined {
  const prefix = `--${name}=`;
  return args.find((arg) => arg.startsWith(prefix))?.slice(prefix.length);
}

/** The tool. Files that would not change are left alone; files of dialects that are gone are removed. */
export function tblgenMain(args: readonly string[], io: ToolIO): number {
  const [input, output] = [option(args, 'dialects'), option(args, 'out')];
  if (input === undefined || output === undefined) {
    io.writeStderr('usage: tile-tblgen --dialects=DIRECTORY --out=DIRECTORY\n');
    return 2;
  }
  const folder = resolvePath(io, input);
  if (!existsSync(folder)) {
    io.writeStderr(`error: cannot open directory '${input}': no such file or directory\n`);
    return 1;
  }
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({
      fileName: join(input, name),
      text: readFileSync(join(folder, name), 'utf8'),
    }));
  const { files, diagnostics } = generateDialects(texts);
  for (const diagnostic of diagnostics)
    io.writeStderr(renderDiagnostic(diagnostic, { color: io.isTerminal }));
  if (diagnostics.length > 0) return 1;
  const target = resolvePath(io, output);
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(target))
    if (name.endsWith('.ts') && !name.endsWith('.d.ts') && !files.has(name))
      rmSync(join(target, name));
  for (const [name, text] of files) {
    const path = join(target, name);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
  return 0;
}
