/** Nodes of a YAML file as what they should be, with messages at the line of those that are something else. */

import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import {
  createDiagnostic,
  didYouMean,
  type Diagnostic,
  type SourceFile,
  type Span,
} from '../support/index.js';

/** Reads the parts of a file, and remembers where they stand. */
export class YamlReader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly spans = new Map<string, { node: Node; text: string | undefined }>();

  constructor(readonly source: SourceFile) {}

  reportAt(start: number, end: number, message: string): void {
    const position: Span = { source: this.source, start, end: Math.max(end, start + 1) };
    this.diagnostics.push(createDiagnostic('error', position, message));
  }

  reportNode(node: Node | null | undefined, message: string): void {
    const range = node?.range ?? [0, 1, 1];
    this.reportAt(range[0], Math.min(range[1], this.lineEnd(range[0])), message);
  }

  private lineEnd(offset: number): number {
    const end = this.source.text.indexOf('\n', offset);
    return end === -1 ? this.source.text.length : end;
  }

  /** Remembers where a value stands, for checks that come later. */
  mark(path: readonly string[], node: Node, text?: string): void {
    this.spans.set(path.join('\u0000'), { node, text });
  }

  /** Reports at the value of a path, or at the nearest one around it. */
  report = (path: readonly string[], message: string, offset?: number): void => {
    for (let length = path.length; length > 0; length--) {
      const entry = this.spans.get(path.slice(0, length).join('\u0000'));
      if (entry === undefined) continue;
      if (offset !== undefined && length === path.length && entry.text !== undefined) {
        const at = this.offsetInScalar(entry.node, entry.text, offset);
        this.reportAt(at, at + 1, message);
      } else this.reportNode(entry.node, message);
      return;
    }
    this.reportAt(0, 1, message);
  };

  /** Where a character of a scalar's value stands in the file: values are folded, indented and quoted there. */
  private offsetInScalar(node: Node, value: string, offset: number): number {
    const [start, end] = node.range!;
    const raw = this.source.text.slice(start, end);
    // Match the value's characters to the raw text in order; white space may have been folded or indented.
    let at = 0;
    if (/^[|>]/.test(raw)) at = raw.indexOf('\n') + 1;
    else if (/^["']/.test(raw)) at = 1;
    for (let i = 0; i < offset && at < raw.length; i++) {
      if (/\s/.test(value[i])) {
        if (!/\s/.test(value[i + 1] ?? '')) while (/\s/.test(raw[at] ?? '')) at++;
        continue;
      }
      while (at < raw.length && raw[at] !== value[i]) at++;
      at++;
    }
    while (/\s/.test(raw[at] ?? '') && !/\s/.test(value[offset] ?? ' ')) at++;
    return Math.min(start + at, this.source.text.length);
  }

  // Nodes

  entries(node: unknown, what: string): { key: string; keyNode: Node; value: Node | null }[] {
    if (!isMap(node)) {
      this.reportNode(node as Node, `expected ${what} to be a map`);
      return [];
    }
    return node.items.map((pair: Pair) => {
      const keyNode = pair.key as Node;
      return {
        key: isScalar(keyNode) ? String(keyNode.value) : '',
        keyNode,
        value: pair.value as Node | null,
      };
    });
  }

  /** The values of a map whose keys are fixed. */
  fields(node: unknown, what: string, keys: readonly string[]): Map<string, Node | null> {
    const fields = new Map<string, Node | null>();
    for (const { key, keyNode, value } of this.entries(node, what)) {
      if (!keys.includes(key))
        this.reportNode(keyNode, `unknown key '${key}' in ${what}${didYouMean(key, keys)}`);
      else fields.set(key, value);
    }
    return fields;
  }

  text(node: Node | null | undefined, what: string): string | undefined {
    if (node === undefined) return undefined;
    if (isScalar(node) && node.value !== null && typeof node.value !== 'object')
      return String(node.value);
    this.reportNode(node, `expected ${what} to be a text`);
    return undefined;
  }

  required(fields: Map<string, Node | null>, key: string, what: string, at: Node | null): string {
    if (!fields.has(key)) {
      this.reportNode(at, `${what} has no '${key}'`);
      return '';
    }
    return this.text(fields.get(key), `'${key}'`) ?? '';
  }

  list(node: Node | null | undefined, what: string): { text: string; node: Node }[] {
    if (node === undefined) return [];
    if (!isSeq(node)) {
      this.reportNode(node, `expected ${what} to be a list`);
      return [];
    }
    return node.items.flatMap((item) => {
      const text = this.text(item as Node, `an element of ${what}`);
      return text === undefined ? [] : [{ text, node: item as Node }];
    });
  }

  boolean(node: Node | null | undefined, what: string): boolean {
    if (node === undefined) return false;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.reportNode(node, `expected ${what} to be 'true' or 'false'`);
    return false;
  }
}
