/** Expands the file name patterns of the internal shell. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One component of a pattern as a regular expression; linear in the name because `*` never nests. */
function componentPattern(component: string): RegExp {
  const source = component.replace(/\[!?[^\]]+\]|[\\^$.*+?()[\]{}|]/g, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replace(/\\/g, '\\\\');
    return `\\${part}`;
  });
  return new RegExp(`^${source.replace(/(\[\^\/\]\*)+/g, '[^/]*')}$`);
}

/** The files that `pattern` names, sorted; empty where there is none. */
export function expandGlob(pattern: string, cwd: string): string[] {
  const isAbsolute = pattern.startsWith('/');
  let found = [isAbsolute ? '/' : ''];
  for (const component of pattern.split('/').filter((part) => part !== '')) {
    const isPattern = /[*?[]/.test(component);
    const test = isPattern ? componentPattern(component) : undefined;
    found = found.flatMap((base) => {
      let names: string[];
      try {
        names = readdirSync(isAbsolute ? base : join(cwd, base));
      } catch {
        return [];
      }
      return names
        .filter((name) =>
          test === undefined
            ? name === component
            : test.test(name) && (!name.startsWith('.') || component.startsWith('.')),
        )
        .sort()
        .map((name) => (base === '' ? name : join(base, name)));
    });
    if (component === '.' || component === '..') return [];
  }
  return found;
}
