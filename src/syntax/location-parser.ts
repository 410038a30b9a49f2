/** Parsing locations. Aliases of locations may be defined after their uses, as the printer writes them. */

import {
  CallSiteLocation,
  FileLocation,
  fuseLocations,
  LocationAttr,
  NameLocation,
  unknownLocation,
  type Attribute,
  type Location,
} from '../ir/index.js';
import { AttributeParser } from './attribute-parser.js';
import { Char } from './lexer.js';

export abstract class LocationParser extends AttributeParser {
  /** Where each alias is defined in the text; built when a location names one that was not met yet. */
  private aliasDefinitions: Map<string, number> | undefined;
  /** Aliases in the course of being read ahead, to notice one defined by itself. */
  private readonly openAliases = new Set<string>();

  /** `loc(...)`, or undefined. */
  parseOptionalLocation(): Location | undefined {
    if (this.ws() !== 0x6c || !this.parseOptionalKeyword('loc')) return undefined;
    this.expect(Char.OpenParen, `expected '(' in location`);
    const location = this.parseLocationInstance();
    this.expect(Char.CloseParen, `expected ')' in location`);
    return location;
  }

  protected parseLocationInstance(): Location {
    const code = this.ws();
    if (code === Char.Quote) return this.parseFileOrNameLocation();
    if (code === Char.Hash) return this.parseLocationAlias();
    if (this.parseOptionalKeyword('unknown')) return unknownLocation;
    if (this.parseOptionalKeyword('callsite')) return this.nested(() => this.parseCallSite());
    if (this.parseOptionalKeyword('fused')) return this.nested(() => this.parseFused());
    this.failExpected('expected location instance');
  }

  private parseFileOrNameLocation(): Location {
    const name = this.readString();
    if (this.eat(Char.Colon)) {
      const line = this.parseCoordinate('expected integer line number in FileLineColLoc');
      this.expect(Char.Colon, `expected ':' in FileLineColLoc`);
      const column = this.parseCoordinate('expected integer column number in FileLineColLoc');
      return new FileLocation(name, line, column);
    }
    if (!this.eat(Char.OpenParen)) return new NameLocation(name);
    const child = this.nested(() => this.parseLocationInstance());
    this.expect(Char.CloseParen, `expected ')' after child location of NameLoc`);
    return new NameLocation(name, child);
  }

  private parseCoordinate(message: string): number {
    this.ws();
    const value = this.parseDigits();
    if (value === undefined || value > 0xffffffffn) this.failExpected(message);
    return Number(value);
  }

  private parseCallSite(): Location {
    this.expect(Char.OpenParen, `expected '(' in callsite location`);
    const callee = this.parseLocationInstance();
    if (!this.parseOptionalKeyword('at')) this.failExpected(`expected 'at' in callsite location`);
    const caller = this.parseLocationInstance();
    this.expect(Char.CloseParen, `expected ')' in callsite location`);
    return new CallSiteLocation(callee, caller);
  }

  private parseFused(): Location {
    let metadata: Attribute | undefined;
    if (this.eat(Char.Less)) {
      metadata = this.parseAttribute();
      this.expect(Char.Greater, `expected '>' after fused location metadata`);
    }
    this.expect(Char.OpenBracket, `expected '[' in fused location`);
    const locations: Location[] = [];
    if (!this.eat(Char.CloseBracket)) {
      do locations.push(this.parseLocationInstance());
      while (this.eat(Char.Comma));
      this.expect(Char.CloseBracket, `expected ']' in fused location`);
    }
    return fuseLocations(locations, metadata?.toString());
  }

  private parseLocationAlias(): Location {
    const start = this.p;
    const name = this.parseSuffixIdentifier();
    const attribute = this.attributeAliases.get(name) ?? this.readAliasAhead(name, start);
    if (attribute instanceof LocationAttr) return attribute.location;
    this.fail(`expected location, but found '${attribute}'`, start);
  }

  /** The value of an alias whose definition stands further on in the text. */
  private readAliasAhead(name: string, use: number): Attribute {
    if (this.brokenAliases.has(`#${name}`)) this.failUndefinedAlias(`#${name}`, use, []);
    if (this.aliasDefinitions === undefined) {
      this.aliasDefinitions = new Map();
      for (const match of this.text.matchAll(/^[ \t]*#([A-Za-z_$-][\w$-]*)[ \t]*=/gm)) {
        if (!this.aliasDefinitions.has(match[1]))
          this.aliasDefinitions.set(match[1], match.index + match[0].length);
      }
    }
    const definition = this.aliasDefinitions.get(name);
    if (definition === undefined || this.openAliases.has(name))
      this.fail('operation location alias was never defined', use);
    this.openAliases.add(name);
    try {
      const read = (): Attribute => this.nested(() => this.parseAttribute());
      const { result } = this.withCursorAt(definition, read);
      this.attributesReadAhead.set(name, result);
      this.attributeAliases.set(name, result);
      return result;
    } finally {
      this.openAliases.delete(name);
    }
  }

  /** Aliases known before their definition was reached. */
  protected readonly attributesReadAhead = new Map<string, Attribute>();
}
