/** Makes symbols private, so that symbol-dce and inline may remove what nobody uses. */

import { StringAttr, SYMBOL_VISIBILITY, symbolName } from '../ir/index.js';
import { Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';
import { listOption } from './pass-options.js';

export const symbolPrivatizePass = definePass({
  name: 'symbol-privatize',
  title: 'SymbolPrivatize',
  summary: 'Mark symbols private',
  description:
    'All symbols of the symbol table that the pass runs on become private, except those named; a program whose entry points are excluded can then be stripped of everything else.',
  options: {
    exclude: listOption('Comma separated list of symbols that should not be marked private'),
  },
  run(root, { context, options }) {
    if (!root.name.isSymbolTable)
      return root.emitOpError(
        'was scheduled to run under SymbolPrivatize, but does not define a symbol table',
      );
    const kept = new Set(options.exclude);
    const rewriter = new Rewriter(context);
    for (const region of root.regions)
      for (const block of region.blocks())
        for (const op of block.operations()) {
          const name = symbolName(op);
          if (name !== undefined && op.name.isSymbol && !kept.has(name))
            rewriter.setAttribute(op, SYMBOL_VISIBILITY, StringAttr.get('private'));
        }
    return true;
  },
});
