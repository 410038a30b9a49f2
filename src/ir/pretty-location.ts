/** Locations as people read them: `file:line:column` without quotes. Such a text cannot be parsed again. */

import {
  CallSiteLocation,
  FileLocation,
  FusedLocation,
  NameLocation,
  SourceLocation,
  unknownLocation,
  type Location,
} from './location.js';

export function formatPrettyLocation(location: Location): string {
  if (location === unknownLocation) return '[unknown]';
  if (location instanceof FileLocation)
    return `${location.file}:${location.line}:${location.column}`;
  if (location instanceof SourceLocation) {
    const { line, column } = location.source.getLineColumn(location.offset);
    return `${location.source.name}:${line}:${column}`;
  }
  if (location instanceof NameLocation) {
    const child =
      location.child === unknownLocation ? '' : `(${formatPrettyLocation(location.child)})`;
    return `"${location.name}"${child}`;
  }
  if (location instanceof CallSiteLocation)
    return `${formatPrettyLocation(location.callee)} at ${formatPrettyLocation(location.caller)}`;
  if (location instanceof FusedLocation) {
    const metadata = location.metadata === undefined ? '' : `<${location.metadata}>`;
    return `${metadata}[${location.locations.map(formatPrettyLocation).join(', ')}]`;
  }
  return location.toString();
}
