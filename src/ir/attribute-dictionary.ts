/** Inherent and discardable attributes together: for the dictionary that an operation is printed with, and for copies. */

import type { Attribute, DictionaryAttr } from './attribute.js';
import type { Operation } from './operation.js';

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

/** All attributes of an operation by name, for another one that is built like it. */
export function attributeRecord({
  properties,
  attributes,
}: Pick<Operation, 'properties' | 'attributes'>): Record<string, Attribute> {
  return Object.fromEntries([...properties.entries(), ...attributes.entries()]);
}
