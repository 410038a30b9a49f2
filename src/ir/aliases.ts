/** Aliases of attributes and types in a printed text: `#map`, `!name`, numbered by first use. */

import { AffineMapAttr, IntegerSetAttr, type Attribute } from './attribute.js';
import { DialectAttr, DialectType } from './dialect-type.js';
import type { Type } from './type.js';

interface AliasDefinition {
  /** With its sigil. */
  readonly name: string;
  readonly base: string;
  readonly number: number;
  readonly text: string;
  /** Aliases inside its text are defined before it. */
  readonly depth: number;
}

export class Aliases {
  private readonly counts = new Map<string, number>();
  private readonly definitions: AliasDefinition[] = [];
  /** Depth of the deepest alias inside the text in hand. */
  private innerDepth = 0;

  /** Base name of the alias of an attribute or type; undefined where it is printed in full. */
  static baseOf(value: Attribute | Type): string | undefined {
    if (value instanceof AffineMapAttr) return 'map';
    if (value instanceof IntegerSetAttr) return 'set';
    if (value instanceof DialectAttr || value instanceof DialectType) return value.definition.alias;
    return undefined;
  }

  /** Defines an alias for what `print` gives in full; returns its name with the sigil. */
  define(sigil: '#' | '!', base: string, print: () => string): string {
    const outer = this.innerDepth;
    this.innerDepth = 0;
    const text = print();
    const depth = this.innerDepth + 1;
    this.innerDepth = Math.max(outer, depth);
    const stem = sigil + (/[0-9]$/.test(base) ? `${base}_` : base);
    const number = this.counts.get(stem) ?? 0;
    this.counts.set(stem, number + 1);
    const name = number === 0 ? stem : `${stem}${number}`;
    this.definitions.push({ name, base: stem, number, text, depth });
    return name;
  }

  /** The definitions that stand in front of the operations, each on its line. */
  header(): string {
    const sorted = [...this.definitions].sort(
      (a, b) =>
        a.depth - b.depth || (a.base < b.base ? -1 : a.base > b.base ? 1 : a.number - b.number),
    );
    return sorted.map(({ name, text }) => `${name} = ${text}\n`).join('');
  }
}
