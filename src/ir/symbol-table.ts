/** Symbols: names that operations define in the body of an enclosing symbol table. */

import type { SymbolRefAttr } from './attribute.js';
import { StringAttr } from './attribute.js';
import { InterfaceKey } from './definition.js';
import type { Operation } from './operation.js';

/** An operation that refers to symbols and checks what they name. */
export interface SymbolUser {
  /** Checks the symbols that the operation refers to; reports and returns whether all is well. */
  readonly verifySymbolUses: (op: Operation) => boolean;
}

/** The verifier asks each operation that has it, after the operation's own `verify`. */
export const SymbolUserInterface = new InterfaceKey<SymbolUser>('SymbolUserOpInterface');

/** The attribute that holds a symbol's name. */
export const SYMBOL_NAME = 'sym_name';
export const SYMBOL_VISIBILITY = 'sym_visibility';

/** The name that an operation defines, if it is a symbol. */
export function symbolName(op: Operation): string | undefined {
  const name = op.getAttribute(SYMBOL_NAME);
  return name instanceof StringAttr ? name.value : undefined;
}

export type SymbolVisibility = 'public' | 'private' | 'nested';

export function symbolVisibility(op: Operation): SymbolVisibility {
  const visibility = op.getAttribute(SYMBOL_VISIBILITY);
  return visibility instanceof StringAttr ? (visibility.value as SymbolVisibility) : 'public';
}

/** The symbols defined directly in the body of a symbol table operation. */
export function* symbolsOf(table: Operation): IterableIterator<[string, Operation]> {
  for (const region of table.regions) {
    for (const block of region.blocks()) {
      for (const op of block.operations()) {
        const name = symbolName(op);
        if (name !== undefined) yield [name, op];
      }
    }
  }
}

/** The operation of that name directly in a symbol table. */
export function lookupSymbolIn(table: Operation, name: string): Operation | undefined {
  for (const [other, op] of symbolsOf(table)) if (other === name) return op;
  return undefined;
}

/** The nearest enclosing symbol table, `op` itself excluded. */
export function nearestSymbolTable(op: Operation): Operation | undefined {
  for (let parent = op.parentOp; parent !== null; parent = parent.parentOp) {
    if (parent.name.isSymbolTable) return parent;
  }
  return undefined;
}

/** What a reference used at `from` names: looked up in the nearest symbol table, its nested parts inside that. */
export function resolveSymbol(from: Operation, reference: SymbolRefAttr): Operation | undefined {
  let found: Operation | undefined;
  for (
    let table = nearestSymbolTable(from);
    table !== undefined;
    table = nearestSymbolTable(table)
  ) {
    found = lookupSymbolIn(table, reference.root);
    if (found !== undefined) break;
  }
  for (const part of reference.path.slice(1)) {
    if (found === undefined) return undefined;
    found = lookupSymbolIn(found, part);
  }
  return found;
}

/** A table of the symbols in one operation, for repeated look-ups. */
export class SymbolTable {
  private readonly symbols: Map<string, Operation>;

  constructor(readonly op: Operation) {
    this.symbols = new Map(symbolsOf(op));
  }

  lookup(name: string): Operation | undefined {
    return this.symbols.get(name);
  }

  /** `base`, or `base_0`, `base_1`, ... where that is taken. */
  uniqueName(base: string): string {
    let name = base;
    for (let suffix = 0; this.symbols.has(name); suffix++) name = `${base}_${suffix}`;
    return name;
  }

  insert(op: Operation): void {
    this.symbols.set(symbolName(op)!, op);
  }
}
