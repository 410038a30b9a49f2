/** Line differences between two states of a program, for people. */

import { structuredPatch } from 'diff';

export interface DiffOptions {
  /** Unchanged lines shown around each change. */
  readonly context: number;
  readonly color?: boolean;
}

const ADDED = '\u001b[32m';
const REMOVED = '\u001b[31m';
const PLACE = '\u001b[36m';
const RESET = '\u001b[0m';

/** A unified diff without file headers. */
export function formatDiff(before: string, after: string, options: DiffOptions): string {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: options.context });
  const paint = (code: string, text: string): string =>
    options.color ? `${code}${text}${RESET}` : text;
  const lines: string[] = [];
  for (const hunk of hunks) {
    lines.push(
      paint(PLACE, `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`),
    );
    for (const line of hunk.lines) {
      if (line[0] === '+') lines.push(paint(ADDED, line));
      else if (line[0] === '-') lines.push(paint(REMOVED, line));
      else lines.push(line);
    }
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}
