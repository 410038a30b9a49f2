/** Comments in emitted text that say which statement of the tile program follows. */

/** The tile-level statement on a line of source, without its types; undefined where there is none. */
export function sourceComment(line: string): string | undefined {
  const text = line.trim();
  const statement = /^(%[\w$.]+ = )?(tile\.[\w.]+ .*)$/.exec(text);
  if (statement === null) return undefined;
  const withoutTypes = statement[0]
    .split(' : ')[0]
    .replace(/\{\s*$/, '')
    .trim();
  return withoutTypes.length > 90 ? `${withoutTypes.slice(0, 87)}...` : withoutTypes;
}
