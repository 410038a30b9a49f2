/** Finds the input line that an unmatched pattern most likely meant, and shows how it differs. */

import { diffWordsWithSpace } from 'diff';

/** Lines looked at, and characters of a line compared: a failure must not take longer than the check. */
const MAX_LINES = 5000;
const MAX_COMPARED = 400;
/** Least share of common characters and character pairs for a line to be shown. */
const THRESHOLD = 0.3;

function partsOf(text: string): Map<string, number> {
  const parts = new Map<string, number>();
  const dense = text.slice(0, MAX_COMPARED).replace(/\s+/g, ' ').trim();
  for (let at = 0; at < dense.length; at++) {
    for (const part of at + 1 < dense.length ? [dense[at], dense.slice(at, at + 2)] : [dense[at]]) {
      parts.set(part, (parts.get(part) ?? 0) + 1);
    }
  }
  return parts;
}

/** Share of common parts (Dice's coefficient), from 0 to 1. */
function similarity(wanted: ReadonlyMap<string, number>, wantedSize: number, line: string): number {
  const found = partsOf(line);
  let common = 0;
  let size = 0;
  for (const [pair, count] of found) {
    size += count;
    common += Math.min(count, wanted.get(pair) ?? 0);
  }
  return wantedSize + size === 0 ? 0 : (2 * common) / (wantedSize + size);
}

export interface NearestLine {
  readonly start: number;
  readonly end: number;
  /** The expected text against the line: `[-missing-]` and `{+unexpected+}`. */
  readonly difference: string;
}

/** @param expected the pattern with its variables' values */
export function findNearestLine(
  expected: string,
  text: string,
  from: number,
  to: number,
): NearestLine | undefined {
  const comparable = expected.replace(/\{\{.*?\}\}+|\[\[.*?\]\]+/g, ' ');
  const wanted = partsOf(comparable);
  const wantedSize = [...wanted.values()].reduce((sum, count) => sum + count, 0);
  let best: { readonly start: number; readonly end: number } | undefined;
  let bestScore = THRESHOLD;
  let start = from;
  for (let lines = 0; lines < MAX_LINES && start < to; lines++) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 || newline > to ? to : newline;
    const score = similarity(wanted, wantedSize, text.slice(start, end));
    if (score > bestScore) {
      bestScore = score;
      best = { start, end };
    }
    start = end + 1;
  }
  if (best === undefined) return undefined;
  const line = text.slice(best.start, best.end);
  const indent = /^\s*/.exec(line)![0].length;
  const difference = diffWordsWithSpace(
    expected.slice(0, MAX_COMPARED),
    line.slice(indent, indent + MAX_COMPARED),
  )
    .map(({ value, added, removed }) => (added ? `{+${value}+}` : removed ? `[-${value}-]` : value))
    .join('');
  return { start: best.start + indent, end: best.end, difference };
}
