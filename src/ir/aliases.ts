/** Aliases of attributes, types and locations in a printed text: `#map`, `!name`, `#loc1`, numbered by first use. */

import { AffineMapAttr, IntegerSetAttr, type Attribute } from './attribute.js';
import { DialectAttr, DialectType } from './dialect-type.js';
import {
  CallSiteLocation,
  FusedLocation,
  NameLocation,
  unknownLocation,
  type Location,
} from './location.js';
import { formatString } from './text-sink.js';
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
  private readonly locations = new Map<string, string>();
  private readonly locationDefinitions: string[] = [];
  private depth = 0;
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

  /** The alias of a location; its parts have aliases of their own. */
  location(location: Location): string {
    const text = location.toString();
    let name = this.locations.get(text);
    if (name === undefined) {
      const full = this.locationText(location);
      const number = this.counts.get('#loc') ?? 0;
      this.counts.set('#loc', number + 1);
      name = number === 0 ? '#loc' : `#loc${number}`;
      this.locations.set(text, name);
      this.locationDefinitions.push(`${name} = loc(${full})`);
    }
    return name;
  }

  private locationText(location: Location): string {
    const part = (inner: Location): string =>
      inner === unknownLocation ? 'unknown' : this.location(inner);
    if (this.depth > 100) return location.toString();
    this.depth++;
    try {
      if (location instanceof CallSiteLocation)
        return `callsite(${part(location.callee)} at ${part(location.caller)})`;
      if (location instanceof FusedLocation) {
        const metadata = location.metadata === undefined ? '' : `<${location.metadata}>`;
        return `fused${metadata}[${location.locations.map(part).join(', ')}]`;
      }
      if (location instanceof NameLocation && location.child !== unknownLocation)
        return `${formatString(location.name)}(${part(location.child)})`;
      return location.toString();
    } finally {
      this.depth--;
    }
  }

  /** The definitions that stand in front of the operations, each on its line. */
  header(): string {
    const sorted = [...this.definitions].sort(
      (a, b) =>
        a.depth - b.depth || (a.base < b.base ? -1 : a.base > b.base ? 1 : a.number - b.number),
    );
    return sorted.map(({ name, text }) => `${name} = ${text}\n`).join('');
  }

  /** The definitions of locations, which stand behind the operations. */
  footer(): string {
    return this.locationDefinitions.map((line) => `\n${line}`).join('');
  }
}
