/** Prints the input with marks under it: where directives matched, and where they should have. */

import type { Annotation, AnnotationKind } from './checker.js';

export type DumpFilter = 'all' | 'annotation-full' | 'annotation' | 'error';

const MARKERS: Record<AnnotationKind, string> = {
  found: '^',
  excluded: '!',
  'wrong-line': '!',
  discarded: '!',
  absent: 'X',
  missing: 'X',
  invalid: 'X',
  candidate: '?',
  note: '',
};
const ERRORS: ReadonlySet<AnnotationKind> = new Set([
  'excluded',
  'wrong-line',
  'missing',
  'invalid',
]);

interface Mark {
  readonly label: string;
  readonly marks: string;
  readonly note: string;
  readonly isStart: boolean;
  readonly isError: boolean;
}

function typeName(annotation: Annotation): string {
  const { kind } = annotation.directive;
  return kind === 'plain' ? 'check' : kind;
}

/** Shorter runs of filtered lines are printed rather than elided. */
const MIN_ELIDED = 4;

export function dumpInput(
  input: string,
  annotations: readonly Annotation[],
  filter: DumpFilter,
  context: number,
): string {
  const lines = input.split('\n');
  // The end of a file that ends in a line break is a line only when something is marked there.
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  const lineOf = (position: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const labels = new Map<string, number>();
  const base = annotations.map((annotation) => {
    const { directive } = annotation;
    const where =
      directive.implicit === undefined ? `${directive.line}` : `imp${directive.implicit}`;
    const label = `${typeName(annotation)}:${where}`;
    labels.set(label, (labels.get(label) ?? 0) + 1);
    return label;
  });
  const seen = new Map<string, number>();
  const marks: Mark[][] = lines.map(() => []);
  let labelWidth = 0;
  annotations.forEach((annotation, index) => {
    let label = base[index];
    if (labels.get(label)! > 1) {
      const number = seen.get(label) ?? 0;
      seen.set(label, number + 1);
      label += `'${number}`;
    }
    labelWidth = Math.max(labelWidth, label.length);
    const { kind, start, note } = annotation;
    const end = Math.max(annotation.end, start + 1);
    const firstLine = lineOf(start);
    const lastLine = kind === 'note' ? firstLine : Math.max(firstLine, lineOf(end - 1));
    for (let line = firstLine; line <= lastLine; line++) {
      const from = line === firstLine ? start - starts[line] : 0;
      const to = Math.min(end - starts[line], lines[line].length + 1);
      const width = Math.max(to - from, line === firstLine ? 1 : 0);
      if (width === 0) continue;
      if (line > firstLine && line === lines.length - 1 && lines[line] === '') continue;
      const lead = line === firstLine ? MARKERS[kind] : '~';
      marks[line].push({
        label,
        marks: ' '.repeat(from) + (kind === 'note' ? ' ' : lead.padEnd(width, '~')),
        note: line === firstLine ? note : '',
        isStart: line === firstLine,
        isError: ERRORS.has(kind),
      });
    }
  });
  let count = lines.length;
  if (lines.at(-1) === '' && marks[count - 1].length === 0) count--;

  const isWanted = (line: number): boolean => {
    switch (filter) {
      case 'all':
        return true;
      case 'annotation-full':
        return marks[line].length > 0;
      case 'annotation':
        return marks[line].some((mark) => mark.isStart);
      case 'error':
        return marks[line].some((mark) => mark.isStart && mark.isError);
    }
  };
  const shown = new Uint8Array(count);
  for (let line = 0; line < count; line++) {
    if (isWanted(line)) shown.fill(1, Math.max(0, line - context), line + context + 1);
  }
  const width = Math.max(labelWidth, String(count).length) + 3;
  let output = '<<<<<<\n';
  for (let line = 0; line < count;) {
    if (shown[line] === 0) {
      let next = line;
      while (next < count && shown[next] === 0) next++;
      if (next - line >= MIN_ELIDED) {
        output += `${'.'.padStart(width)}\n`.repeat(3);
        line = next;
        continue;
      }
      shown.fill(1, line, next);
    }
    const lineEnd = line === lines.length - 1 ? '' : ' ';
    output += `${String(line + 1).padStart(width)}: ${lines[line]}${lineEnd}\n`;
    const noteColumn = Math.max(
      lines[line].length + 1,
      ...marks[line].map((mark) => mark.marks.length),
    );
    for (const mark of marks[line]) {
      const text = mark.note === '' ? mark.marks : `${mark.marks.padEnd(noteColumn)} ${mark.note}`;
      output += `${mark.label.padEnd(width + 2)}${text}\n`;
    }
    line++;
  }
  return `${output}>>>>>>\n`;
}

export const DUMP_HELP = `How to read the dump that follows a failed check.

  L:       an input line and its number; one blank stands for its line end
  T:L      a directive of type T in line L of the check file, or 'impN' for
           the N-th --implicit-check-not
  T:L'N    the N-th result of that directive
  ^~~      a match (shown with -v)
  !~~      a match that should not be: text excluded, on a wrong line, or a
           CHECK-DAG match that overlaps another (the last with -vv)
  X~~      where a match was looked for and none found
  ?        the line that was possibly meant
  ...      input lines left out (see --dump-input-filter, --dump-input-context)

Related options: --dump-input=help|always|fail|never, --dump-input-filter=
all|annotation-full|annotation|error, --dump-input-context=N, -v, -vv.
FILECHECK_OPTS in the environment may hold any of them, for example:

  FILECHECK_OPTS='--dump-input-filter=all -vv' tile-lit lit-tests -v
`;
