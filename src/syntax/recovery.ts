/** Where to go on after an error in an operation, so that one run shows several errors and no consequences of them. */

/** What the line of an operation, block or alias begins with. */
const ITEM_START =
  /[ \t]*(?:%[\w$.-]+(?::[0-9]+)?(?:\s*,\s*%[\w$.-]+(?::[0-9]+)?)*\s*=[^=]|"[^"\n]*"\s*\(|\^[\w$.-]+\s*[:(]|[A-Za-z_][\w$]*(?:\.[\w$.]+)?(?:[ \t@({]|$)|[#!][\w$-]+\s*=|\})/my;

/**
 * Offset at which parsing resumes after an error at `errorOffset` in the operation that starts at `start`: the next
 * line that looks like the start of an operation and is no deeper in braces than `start`, or the brace that closes the
 * region around it.
 */
export function findRecoveryPoint(text: string, start: number, errorOffset: number): number {
  let depth = 0;
  for (let p = start; p < text.length; p++) {
    const character = text[p];
    switch (character) {
      case '"': {
        const end = skipString(text, p);
        p = end;
        break;
      }
      case '/':
        if (text[p + 1] === '/') p = lineEnd(text, p) - 1;
        break;
      case '{':
        depth++;
        break;
      case '}':
        if (depth === 0) {
          if (p >= errorOffset || p > start) return p;
          break;
        }
        depth--;
        break;
      case '\n':
        if (depth > 0 || p < errorOffset) break;
        ITEM_START.lastIndex = p + 1;
        if (ITEM_START.test(text)) return p + 1;
        break;
    }
  }
  return text.length;
}

/** Offset of the quote that ends the string at `start`; of the last character of its line where there is none. */
function skipString(text: string, start: number): number {
  for (let p = start + 1; p < text.length; p++) {
    if (text[p] === '"') return p;
    if (text[p] === '\\') p++;
    else if (text[p] === '\n') return p - 1;
  }
  return text.length;
}

function lineEnd(text: string, p: number): number {
  const newline = text.indexOf('\n', p);
  return newline === -1 ? text.length : newline;
}
