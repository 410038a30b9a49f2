/** Where an operation came from. Line and column of a parsed operation are computed only when somebody asks. */

import type { Position, SourceFile } from '../support/index.js';
import { formatString } from './text-sink.js';

export abstract class Location {
  /** The inside of `loc(...)`. */
  abstract toString(): string;
  /** The place to report at: the first file position found inside. */
  abstract position(): Position;
}

class UnknownLocation extends Location {
  toString(): string {
    return 'unknown';
  }

  position(): Position {
    return undefined;
  }
}

export const unknownLocation: Location = new UnknownLocation();

/** A place in a text that was parsed. */
export class SourceLocation extends Location {
  constructor(
    readonly source: SourceFile,
    readonly offset: number,
    /** Offset past the operation's name or what else names it; the caret underlines up to here. */
    readonly end: number = offset,
  ) {
    super();
  }

  toString(): string {
    const { line, column } = this.source.getLineColumn(this.offset);
    return `${formatString(this.source.name)}:${line}:${column}`;
  }

  position(): Position {
    return { source: this.source, start: this.offset, end: this.end };
  }
}

/** `"file":line:column` as written in a text. */
export class FileLocation extends Location {
  constructor(
    readonly file: string,
    readonly line: number,
    readonly column: number,
  ) {
    super();
  }

  toString(): string {
    return `${formatString(this.file)}:${this.line}:${this.column}`;
  }

  position(): Position {
    return { file: this.file, line: this.line, column: this.column };
  }
}

/** `"name"(child)`. */
export class NameLocation extends Location {
  constructor(
    readonly name: string,
    readonly child: Location = unknownLocation,
  ) {
    super();
  }

  toString(): string {
    const child = this.child === unknownLocation ? '' : `(${this.child})`;
    return `${formatString(this.name)}${child}`;
  }

  position(): Position {
    return this.child.position();
  }
}

/** `callsite(callee at caller)`. */
export class CallSiteLocation extends Location {
  constructor(
    readonly callee: Location,
    readonly caller: Location,
  ) {
    super();
  }

  toString(): string {
    return `callsite(${this.callee} at ${this.caller})`;
  }

  position(): Position {
    return this.callee.position() ?? this.caller.position();
  }
}

/**
 * The location of what came from all of `locations`: each is named once, unknown ones and nested lists with the same
 * metadata are dissolved, and one alone without metadata stands for itself.
 */
export function fuseLocations(locations: readonly Location[], metadata?: string): Location {
  const known = new Map<string, Location>();
  for (const location of locations) {
    const parts =
      location instanceof FusedLocation && location.metadata === metadata
        ? location.locations
        : [location];
    for (const part of parts) if (part !== unknownLocation) known.set(part.toString(), part);
  }
  const parts = [...known.values()];
  if (metadata === undefined && parts.length < 2) return parts[0] ?? unknownLocation;
  return new FusedLocation(parts.length === 0 ? [unknownLocation] : parts, metadata);
}

/** `fused<metadata>[a, b]`: one operation that came from several. */
export class FusedLocation extends Location {
  constructor(
    readonly locations: readonly Location[],
    /** Text of the metadata attribute, if any. */
    readonly metadata?: string,
  ) {
    super();
  }

  toString(): string {
    const metadata = this.metadata === undefined ? '' : `<${this.metadata}>`;
    return `fused${metadata}[${this.locations.join(', ')}]`;
  }

  position(): Position {
    for (const location of this.locations) {
      const position = location.position();
      if (position !== undefined) return position;
    }
    return undefined;
  }
}
