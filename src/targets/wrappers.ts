// The instruction wrappers of runtime/cuda and runtime/hip: what there is, and the text of those a kernel uses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../support/package-root.js';
import { wgmmaWrappers } from './wgmma-wrappers.js';

/** One section of a wrapper file: the text between its marker line and the next. */
export interface Wrapper {
  readonly name: string;
  /** Names of the wrappers whose text must come before. */
  readonly requires: readonly string[];
  /** First architecture that has the instruction (`sm_80`, `gfx90a`). */
  readonly since: string;
  /** True if no later architecture has it. */
  readonly only: boolean;
  /** The doc comment's text. */
  readonly doc: string;
  /** C++ text without the marker line, ending in a line break. */
  readonly text: string;
}

/** All wrappers of one target, by name, in the order of their files. */
export interface WrapperLibrary {
  readonly target: 'cuda' | 'hip';
  readonly wrappers: ReadonlyMap<string, Wrapper>;
}

const files = {
  cuda: [
    'types',
    'memory',
    'async',
    'tensor',
    'warp',
    'launch',
    'hopper',
    'bulk_copy',
    'cluster',
  ].map((name) => `${name}.cuh`),
  hip: ['types', 'memory', 'sync', 'tensor', 'warp', 'launch'].map((name) => `${name}.hip.h`),
};

const libraries = new Map<string, WrapperLibrary>();

/**
 * Reads the wrapper files of a target.
 * @throws Error if a marker line is malformed, a name is declared twice, or a requirement is unknown.
 */
export function loadWrappers(target: 'cuda' | 'hip'): WrapperLibrary {
  const known = libraries.get(target);
  if (known) return known;
  const wrappers = new Map<string, Wrapper>();
  for (const file of files[target]) {
    const path = join(packageRoot(), 'runtime', target, file);
    for (const wrapper of parseWrappers(readFileSync(path, 'utf8'), path)) {
      if (wrappers.has(wrapper.name))
        throw new Error(`${path}: wrapper '${wrapper.name}' is declared twice`);
      wrappers.set(wrapper.name, wrapper);
    }
  }
  if (target === 'cuda') for (const wrapper of wgmmaWrappers()) wrappers.set(wrapper.name, wrapper);
  for (const wrapper of wrappers.values()) {
    for (const name of wrapper.requires) {
      if (!wrappers.has(name))
        throw new Error(`wrapper '${wrapper.name}' requires unknown wrapper '${name}'`);
    }
  }
  const library = { target, wrappers };
  libraries.set(target, library);
  return library;
}

/** Splits a wrapper file at its `//! wrapper` lines; text before the first is the file's own header. */
export function parseWrappers(text: string, path: string): Wrapper[] {
  const sections = text.split(/^(?=\/\/! )/m).filter((section) => section.startsWith('//! '));
  return sections.map((section) => {
    const end = section.indexOf('\n');
    const marker = /^\/\/! wrapper (\w+): requires((?: \w+)*); since (\w+)( only)?$/.exec(
      section.slice(0, end),
    );
    if (!marker) {
      throw new Error(
        `${path}: expected '//! wrapper <name>: requires <names>; since <arch>', found '${section.slice(0, end)}'`,
      );
    }
    const body = section.slice(end + 1).trimEnd();
    const doc = /^(?:\/\/\/.*\n)+/.exec(body)?.[0] ?? '';
    return {
      name: marker[1],
      requires: marker[2].split(' ').filter(Boolean),
      since: marker[3],
      only: marker[4] !== undefined,
      doc: doc
        .replace(/^\/\/\/ ?/gm, '')
        .trim()
        .replaceAll('\n', ' '),
      text: `${body}\n`,
    };
  });
}

/**
 * The text of the named wrappers and everything they require, each once, requirements first, otherwise in the order of
 * the library: equal sets of names give equal text.
 * @throws Error naming the wrapper if there is none of that name.
 */
export function selectWrappers(library: WrapperLibrary, names: Iterable<string>): string {
  const wanted = new Set<string>();
  const want = (name: string): void => {
    if (wanted.has(name)) return;
    const wrapper = library.wrappers.get(name);
    if (!wrapper) throw new Error(`no ${library.target} wrapper is named '${name}'`);
    wanted.add(name);
    wrapper.requires.forEach(want);
  };
  for (const name of names) want(name);
  const placed = new Set<string>();
  const texts: string[] = [];
  const place = (wrapper: Wrapper): void => {
    if (placed.has(wrapper.name)) return;
    placed.add(wrapper.name);
    for (const name of wrapper.requires) place(library.wrappers.get(name)!);
    texts.push(wrapper.text);
  };
  for (const wrapper of library.wrappers.values()) if (wanted.has(wrapper.name)) place(wrapper);
  return texts.join('\n');
}
