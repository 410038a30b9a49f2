/** How types and attributes print themselves: into a sink that may replace any of them by an alias. */

import { isUtf8 } from 'node:buffer';
import type { Attribute } from './attribute.js';
import type { Type } from './type.js';

/** Receives the text of a type or attribute; the printer of a module supplies one that knows its aliases. */
export interface TextSink {
  write(text: string): void;
  writeType(type: Type): void;
  writeAttribute(attribute: Attribute): void;
}

/** A sink without aliases. */
class PlainSink implements TextSink {
  text = '';

  write(text: string): void {
    this.text += text;
  }

  writeType(type: Type): void {
    this.text += type.toString();
  }

  writeAttribute(attribute: Attribute): void {
    this.text += attribute.toString();
  }
}

/** The alias-free text that `print` writes. */
export function plainText(print: (sink: TextSink) => void): string {
  const sink = new PlainSink();
  print(sink);
  return sink.text;
}

const BARE_IDENTIFIER = /^[A-Za-z_][\w$.]*$/;

/** A dictionary key or other name, quoted only where it must be. */
export function formatName(name: string): string {
  return BARE_IDENTIFIER.test(name) ? name : formatString(name);
}

const ESCAPES = new Map([
  ['\\', '\\\\'],
  ['"', '\\22'],
]);

/**
 * The bytes of a string: UTF-8, except that U+DC80..U+DCFF alone stand for the single bytes 80..FF. That is how bytes
 * that are no UTF-8 are held in a string.
 */
export function stringBytes(value: string): Buffer {
  if (!/[\uDC80-\uDCFF]/.test(value)) return Buffer.from(value, 'utf8');
  const parts: Buffer[] = [];
  for (const character of value) {
    const code = character.codePointAt(0)!;
    const isByte = code >= 0xdc80 && code <= 0xdcff;
    parts.push(isByte ? Buffer.of(code & 0xff) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

/** The string of some bytes, see `stringBytes`. */
export function stringFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
  return text;
}

/**
 * A string literal. Characters outside printable ASCII are written as the `\HH` bytes of their UTF-8 encoding.
 */
export function formatString(value: string): string {
  if (/^[ !#-[\]-~]*$/.test(value)) return `"${value}"`;
  let text = '"';
  for (const byte of stringBytes(value)) {
    const character = String.fromCharCode(byte);
    const escaped = ESCAPES.get(character);
    if (escaped !== undefined) text += escaped;
    else if (byte >= 0x20 && byte < 0x7f) text += character;
    else text += `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return `${text}"`;
}

/** A symbol name with its `@`, quoted where it is not an identifier. */
export function formatSymbol(name: string): string {
  return /^[A-Za-z_][\w$.]*$/.test(name) ? `@${name}` : `@${formatString(name)}`;
}

/** `<name>` and `<name<...>>` as `.name` and `.name<...>`: one spelling for what means the same. */
export function prettyOpaqueBody(body: string): string {
  const match = /^<([A-Za-z][\w.]*(?:<[^]*>)?)>$/.exec(body);
  return match === null ? body : `.${match[1]}`;
}
