/** Which symbols a program refers to. */

import {
  ArrayAttr,
  DictionaryAttr,
  nearestSymbolTable,
  resolveSymbol,
  SymbolRefAttr,
  type Attribute,
  type Operation,
} from '../ir/index.js';

/** The symbol references inside an attribute. */
export function* symbolReferences(attribute: Attribute): Iterable<SymbolRefAttr> {
  const pending: Attribute[] = [attribute];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next instanceof SymbolRefAttr) yield next;
    else if (next instanceof ArrayAttr) pending.push(...next.elements);
    else if (next instanceof DictionaryAttr)
      for (const [, value] of next.entries()) pending.push(value);
  }
}

/** The symbol references in the attributes of one operation. */
export function* symbolReferencesOf(op: Operation): Iterable<SymbolRefAttr> {
  for (const dictionary of [op.properties, op.attributes])
    if (dictionary.size > 0) yield* symbolReferences(dictionary);
}

/** The operations that a reference made at `user` goes through: the symbol it names and the tables around that. */
export function referencedSymbols(user: Operation, reference: SymbolRefAttr): Operation[] {
  const found: Operation[] = [];
  for (let length = 1; length <= reference.path.length; length++) {
    const symbol = resolveSymbol(user, SymbolRefAttr.get(...reference.path.slice(0, length)));
    if (symbol === undefined) break;
    found.push(symbol);
  }
  // A symbol table may refer to symbols of its own with its own attributes.
  if (found.length === 0 && user.name.isSymbolTable && nearestSymbolTable(user) === undefined)
    return [];
  return found;
}
