/** The layout dialect's parameters: layouts and fragments of the layout algebra, read and written in its own notation. */

import { LayoutError, parseFragment, parseLayout } from '../../layout/index.js';
import type { CustomParameter } from '../../ir/index.js';
import type { AsmParser } from '../../syntax/asm-parser.js';
import type { DialectHooks } from '../hook-types.js';

/** Reads comma separated texts as one notation, and places the algebra's errors in the file. */
function parseNotation(
  parser: AsmParser,
  parse: (text: string) => CustomParameter,
): CustomParameter {
  const first = parser.parseBalancedText();
  const pieces = [first];
  while (parser.parseOptionalPunctuation(',')) pieces.push(parser.parseBalancedText());
  // Blanks where the file has them keep the offsets of errors right.
  let text = '';
  for (const piece of pieces) {
    if (piece !== first) text += ',';
    text = text.padEnd(piece.offset - first.offset) + piece.text;
  }
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof LayoutError)
      return parser.fail(error.message, first.offset + (error.offset ?? 0));
    throw error;
  }
}

export const layoutHooks: DialectHooks = {
  parameters: {
    SharedLayout: { parse: (parser) => parseNotation(parser, parseLayout) },
    Fragment: { parse: (parser) => parseNotation(parser, parseFragment) },
  },
};
