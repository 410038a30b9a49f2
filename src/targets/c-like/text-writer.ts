/** Indented lines of emitted text, and names for what it declares. */

import { isReservedName } from '../reserved-names.js';

export class TextWriter {
  private readonly lines: string[] = [];
  private depth = 0;

  line(text = ''): void {
    this.lines.push(text === '' ? '' : `${'  '.repeat(this.depth)}${text}`);
  }

  /** A preprocessor line, which stands at the left margin. */
  directive(text: string): void {
    this.lines.push(text);
  }

  indented(body: () => void): void {
    this.depth++;
    body();
    this.depth--;
  }

  /** Number of lines so far. */
  get length(): number {
    return this.lines.length;
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

/** Names in use, by nested scopes; hands out the nearest free one. */
export class NameTable {
  private readonly scopes: Set<string>[] = [new Set()];

  /** Runs `body` in a scope of its own: the names that it declares are free again afterwards. */
  scoped(body: () => void): void {
    this.scopes.push(new Set());
    body();
    this.scopes.pop();
  }

  /** An identifier as close to the wanted name as possible, hiding none. */
  unique(wanted: string): string {
    let base = wanted.replace(/[^A-Za-z0-9_]/g, '_');
    if (!/^[A-Za-z]/.test(base)) base = `v${base}`;
    let name = base;
    for (let suffix = 2; this.isTaken(name); suffix++) name = `${base}_${suffix}`;
    this.scopes[this.scopes.length - 1].add(name);
    return name;
  }

  private isTaken(name: string): boolean {
    return isReservedName(name) || this.scopes.some((scope) => scope.has(name));
  }
}
