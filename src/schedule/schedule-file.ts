/** Reads schedule files: YAML in which every message points at its line. */

import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import {
  createDiagnostic,
  DiagnosticError,
  didYouMean,
  SourceFile,
  type Diagnostic,
  type Span,
} from '../support/index.js';
import {
  overrideSchedule,
  pathKey,
  type Choice,
  type Schedule,
  type ScheduleSpace,
  type SettingPath,
} from './schedule.js';
import { KERNEL_SETTINGS, type Setting, type SettingValue, type ValueKind } from './settings.js';

/** A file with more points than this is refused: nobody would wait for the sweep. */
export const MOST_POINTS = 100_000;

/** Names that objects of JavaScript have a meaning of their own for. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const TOP_KEYS = ['summary', 'kernels'];

/**
 * Reads a schedule.
 * @throws DiagnosticError for the first thing wrong; `report` receives all others.
 */
export function readSchedule(
  text: string,
  fileName: string,
  report: (diagnostic: Diagnostic) => void = () => undefined,
): ScheduleSpace {
  const reader = new ScheduleReader(new SourceFile(fileName, text));
  const space = reader.read();
  const [first, ...rest] = reader.diagnostics;
  if (first === undefined) return space;
  rest.forEach(report);
  throw new DiagnosticError(first);
}

class ScheduleReader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly settings: { path: SettingPath; value: SettingValue }[] = [];
  private readonly choices: Choice[] = [];
  private readonly kernels: string[] = [];
  private readonly positions = new Map<string, Span>();

  constructor(private readonly source: SourceFile) {}

  read(): ScheduleSpace {
    const document = parseDocument(this.source.text, { prettyErrors: false, merge: true });
    // What follows the first syntax error mostly follows from it.
    for (const { message, pos } of document.errors.slice(0, 1)) {
      const line = message.split('\n')[0].replace(/\.$/, '');
      this.reportAt(pos[0], pos[1], line.charAt(0).toLowerCase() + line.slice(1));
    }
    if (document.errors.length === 0) this.readFile(document.contents as Node | null);
    const empty: Schedule = {
      kernels: Object.fromEntries(this.kernels.map((name) => [name, {}])),
    };
    const { choices, positions, settings } = this;
    return { schedule: overrideSchedule(empty, settings), choices, positions };
  }

  private readFile(root: Node | null): void {
    const entries = this.fields(root, 'a schedule', TOP_KEYS);
    if (entries === undefined) return;
    const kernels = entries.find(({ key }) => key === 'kernels');
    if (kernels === undefined) {
      this.reportNode(root, "a schedule has no 'kernels'");
      return;
    }
    const summary = entries.find(({ key }) => key === 'summary');
    if (summary !== undefined && !isScalar(summary.value))
      this.reportNode(summary.value ?? summary.keyNode, "expected 'summary' to be a text");
    const seen = this.entries(kernels.value, "'kernels'", kernels.keyNode) ?? [];
    if (seen.length === 0 && isMap(kernels.value))
      this.reportNode(kernels.keyNode, "'kernels' names no kernel");
    for (const { key, keyNode, value } of seen) this.readKernel(key, keyNode, value);
    const points = this.choices.reduce((product, { values }) => product * values.length, 1);
    if (points > MOST_POINTS)
      this.reportNode(
        kernels.keyNode,
        `the lists of this schedule make ${points} points, more than the ${MOST_POINTS} that one sweep may have`,
      );
  }

  private readKernel(kernel: string, keyNode: Node, node: Node | null): void {
    const path = ['kernels', kernel.replace(/^@/, '')];
    this.kernels.push(path[1]);
    this.mark(path, keyNode);
    const names = Object.keys(KERNEL_SETTINGS);
    const what = kernel === '*' ? "the settings of '*'" : `the settings of kernel '${kernel}'`;
    for (const entry of this.fields(node, what, names, keyNode) ?? []) {
      const setting: Setting = KERNEL_SETTINGS[entry.key as keyof typeof KERNEL_SETTINGS];
      const here = [...path, entry.key];
      this.mark(here, entry.keyNode);
      if (setting.form === 'value') {
        this.readValue(here, setting.kind, entry.value ?? entry.keyNode, entry.value);
        continue;
      }
      for (const item of this.entries(entry.value, `'${entry.key}'`, entry.keyNode) ?? []) {
        const below = [...here, item.key];
        this.mark(below, item.keyNode);
        if (setting.form === 'named') {
          const at = item.value ?? item.keyNode;
          this.readValue(below, setting.kind, at, item.value, setting.isFixed);
          continue;
        }
        const fieldNames = Object.keys(setting.fields);
        for (const field of this.fields(item.value, `'${item.key}'`, fieldNames, item.keyNode) ??
          [])
          this.readValue(
            [...below, field.key],
            setting.fields[field.key].kind,
            field.value ?? field.keyNode,
            field.value,
          );
      }
    }
  }

  /** A value, or a list of values to sweep over. */
  private readValue(
    path: SettingPath,
    kind: ValueKind,
    at: Node,
    node: Node | null,
    isFixed = false,
  ): void {
    this.mark(path, at);
    const name = path[path.length - 1];
    if (!isSeq(node)) {
      const value = this.parseValue(name, kind, at, node);
      if (value !== undefined) this.settings.push({ path, value });
      return;
    }
    if (isFixed || node.items.length === 0) {
      const reason = isFixed ? 'is not a decision, so it has one value' : 'lists no value';
      this.reportNode(node, `'${name}' ${reason}; expected ${kind.expected}`);
      return;
    }
    const values = node.items.flatMap((item) => {
      const value = this.parseValue(name, kind, item as Node, item as Node);
      return value === undefined ? [] : [value];
    });
    if (values.length !== node.items.length) return;
    this.settings.push({ path, value: values[0] });
    if (values.length > 1) this.choices.push({ path, values });
  }

  private parseValue(
    name: string,
    kind: ValueKind,
    at: Node,
    node: Node | null,
  ): SettingValue | undefined {
    if (!isScalar(node) || node.value === null) {
      const found = isMap(node) ? 'a map' : isSeq(node) ? 'a list' : 'nothing';
      this.reportNode(at, `expected ${kind.expected} for '${name}', found ${found}`);
      return undefined;
    }
    const text = this.textOf(node);
    const value = kind.parse(text);
    if (value === undefined)
      this.reportNode(
        node,
        `expected ${kind.expected} for '${name}', found '${text}'${didYouMean(text, kind.names ?? [])}`,
      );
    return value;
  }

  /** As it is written: `010` and `1e2` are not what YAML makes of them. */
  private textOf(node: Scalar): string {
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value)).trim();
  }

  private fields(
    node: Node | null | undefined,
    what: string,
    keys: readonly string[],
    owner?: Node,
  ): { key: string; keyNode: Node; value: Node | null }[] | undefined {
    return this.entries(node, what, owner)?.filter(({ key, keyNode }) => {
      if (keys.includes(key)) return true;
      const hint = didYouMean(key, keys) || `; expected one of ${keys.join(', ')}`;
      this.reportNode(keyNode, `unknown key '${key}' in ${what}${hint}`);
      return false;
    });
  }

  private entries(
    node: Node | null | undefined,
    what: string,
    owner?: Node,
  ): { key: string; keyNode: Node; value: Node | null }[] | undefined {
    if (!isMap(node)) {
      this.reportNode(node ?? owner, `expected ${what} to be a map`);
      return undefined;
    }
    return (node as YAMLMap).items.flatMap((pair: Pair) => {
      const keyNode = pair.key as Node;
      if (!isScalar(keyNode)) {
        this.reportNode(keyNode, `expected the keys of ${what} to be names`);
        return [];
      }
      const key = this.textOf(keyNode);
      if (key === '' || RESERVED.has(key)) {
        this.reportNode(keyNode, `'${key}' cannot be a name in ${what}`);
        return [];
      }
      return [{ key, keyNode, value: pair.value as Node | null }];
    });
  }

  private mark(path: SettingPath, node: Node): void {
    this.positions.set(pathKey(path), this.spanOf(node));
  }

  private spanOf(node: Node | null | undefined): Span {
    const [start, end] = node?.range ?? [0, 1];
    const lineEnd = this.source.text.indexOf('\n', start);
    const last = lineEnd === -1 ? this.source.text.length : lineEnd;
    return { source: this.source, start, end: Math.max(start + 1, Math.min(end, last)) };
  }

  private reportNode(node: Node | null | undefined, message: string): void {
    this.diagnostics.push(createDiagnostic('error', this.spanOf(node), message));
  }

  private reportAt(start: number, end: number, message: string): void {
    const position: Span = { source: this.source, start, end: Math.max(end, start + 1) };
    this.diagnostics.push(createDiagnostic('error', position, message));
  }
}

/**
 * Adds settings given as text, `kernels.gemm.threads=256`, to what a file says. The path may leave out `kernels`.
 * @throws DiagnosticError pointing into the text.
 */
export function overrideSpace(space: ScheduleSpace, texts: readonly string[]): ScheduleSpace {
  return texts.reduce(overrideOne, space);
}

function overrideOne(space: ScheduleSpace, text: string): ScheduleSpace {
  const source = new SourceFile('<schedule override>', text);
  const fail = (start: number, end: number, message: string): never => {
    throw new DiagnosticError(createDiagnostic('error', { source, start, end }, message));
  };
  const equals = text.indexOf('=');
  if (equals <= 0) return fail(0, text.length, "expected an override such as 'gemm.threads=256'");
  const keys = text.slice(0, equals).split('.');
  const [, kernel, settingName, ...rest] = keys[0] === 'kernels' ? keys : ['kernels', ...keys];
  const setting = Object.hasOwn(KERNEL_SETTINGS, settingName ?? '')
    ? (KERNEL_SETTINGS[settingName as keyof typeof KERNEL_SETTINGS] as Setting)
    : undefined;
  if (setting === undefined) {
    const hint = didYouMean(settingName ?? '', Object.keys(KERNEL_SETTINGS));
    return fail(0, equals, `no setting is named '${settingName ?? ''}'${hint}`);
  }
  const depth = { value: 0, named: 1, fields: 2 }[setting.form];
  // Names may have dots of their own: `gemm.tiles.As.0=64`.
  const below =
    rest.length <= depth
      ? rest
      : depth === 2
        ? [rest.slice(0, -1).join('.'), rest[rest.length - 1]]
        : depth === 1
          ? [rest.join('.')]
          : rest;
  const path = ['kernels', kernel, settingName, ...below];
  const kind =
    setting.form === 'fields'
      ? (setting.fields[below[1] ?? ''] as { kind: ValueKind } | undefined)?.kind
      : setting.kind;
  if (below.length !== depth || kind === undefined || below.includes('')) {
    const form = {
      value: `kernel.${settingName}`,
      named: `kernel.${settingName}.name`,
      fields: `kernel.${settingName}.name.${setting.form === 'fields' ? Object.keys(setting.fields).join('|') : ''}`,
    }[setting.form];
    return fail(
      0,
      equals,
      `expected a path of the form '${form}', found '${text.slice(0, equals)}'`,
    );
  }
  const written = text.slice(equals + 1);
  const value = kind.parse(written);
  if (value === undefined)
    return fail(
      equals + 1,
      text.length,
      `expected ${kind.expected} for '${path[path.length - 1]}', found '${written}'${didYouMean(written, kind.names ?? [])}`,
    );
  const key = pathKey(path);
  const span: Span = { source, start: 0, end: text.length };
  const positions = new Map(space.positions).set(key, span);
  for (let length = 2; length < path.length; length++) {
    const prefix = pathKey(path.slice(0, length));
    if (!positions.has(prefix)) positions.set(prefix, span);
  }
  return {
    schedule: overrideSchedule(space.schedule, [{ path, value }]),
    choices: space.choices.filter((choice) => pathKey(choice.path) !== key),
    positions,
  };
}
