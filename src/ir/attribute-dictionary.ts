/** The dictionary that an operation is printed with: what a custom form has not said yet. */

import type { Attribute, DictionaryAttr } from './attribute.js';

/** Whether every attribute of a dictionary is among those that are left out. */
export function areAllElided(dictionary: DictionaryAttr, elided: ReadonlySet<string>): boolean {
  if (dictionary.size === 0) return true;
  for (const name of dictionary.names) if (!elided.has(name)) return false;
  return true;
}

/** Inherent and discardable attributes together, by name. */
export function mergedEntries(
  properties: DictionaryAttr,
  attributes: DictionaryAttr,
): [string, Attribute][] {
  const entries = [...properties.entries(), ...attributes.entries()];
  if (properties.size === 0 || attributes.size === 0) return entries;
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
