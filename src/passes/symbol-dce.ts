/** Removes symbols that nobody outside can see and nobody inside refers to. */

import { nearestSymbolTable, symbolName, symbolVisibility, type Operation } from '../ir/index.js';
import { Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';
import { referencedSymbols, symbolReferencesOf } from './symbol-uses.js';

export const symbolDcePass = definePass({
  name: 'symbol-dce',
  title: 'SymbolDCE',
  summary: 'Eliminate dead symbols',
  description:
    'A symbol is alive when it can be seen from outside of the operation that the pass runs on, or when something alive refers to it. All others go.',
  statistics: { "num-dce'd": "Number of symbols DCE'd" },
  run(root, { context, statistics }) {
    if (!root.name.isSymbolTable)
      return root.emitOpError(
        'was scheduled to run under SymbolDCE, but does not define a symbol table',
      );
    const live = liveSymbols(root);
    const dead: Operation[] = [];
    root.walk((op) => {
      if (op === root || symbolName(op) === undefined || !op.name.isSymbol || live.has(op))
        return 'advance';
      dead.push(op);
      return 'skip';
    }, 'pre');
    const rewriter = new Rewriter(context);
    for (const op of dead) {
      if (op.hasUses) continue;
      rewriter.erase(op);
      statistics["num-dce'd"]++;
    }
    return true;
  },
});

/** Symbols reached from those that are visible, and from operations that are no symbols at all. */
function liveSymbols(root: Operation): ReadonlySet<Operation> {
  const live = new Set<Operation>();
  const pending: Operation[] = [root];
  const mark = (op: Operation): void => {
    if (live.has(op)) return;
    live.add(op);
    pending.push(op);
  };
  // What is nested in a symbol counts only once that symbol is alive.
  for (let op = pending.pop(); op !== undefined; op = pending.pop()) {
    const owner = op;
    op.walk((nested) => {
      if (nested !== owner && nested.name.isSymbol && symbolName(nested) !== undefined) {
        if (isVisible(nested, root)) mark(nested);
        return 'skip';
      }
      for (const reference of symbolReferencesOf(nested))
        for (const symbol of referencedSymbols(nested, reference)) mark(symbol);
      return 'advance';
    }, 'pre');
  }
  return live;
}

/** Whether a symbol can be seen from outside of `root`: it and every table around it are visible. */
function isVisible(symbol: Operation, root: Operation): boolean {
  const visibility = symbolVisibility(symbol);
  if (visibility === 'public') return true;
  const table = nearestSymbolTable(symbol);
  return visibility === 'nested' && table !== root && table !== undefined && isVisible(table, root);
}
