/** Prints the program in the middle of a pipeline. */

import { printOperation } from '../ir/index.js';
import { definePass } from './pass.js';
import { stringOption } from './pass-options.js';

export const printIrPass = definePass({
  name: 'print-ir',
  title: 'PrintIR',
  summary: 'Print IR on the debug stream',
  options: { label: stringOption('', 'a label that is printed in front') },
  run(root, { options, write, markAllAnalysesPreserved }) {
    markAllAnalysesPreserved();
    const label = options.label === '' ? '' : ` ${options.label}`;
    write(`// -----// IR Dump${label} //----- //\n${printOperation(root)}\n`);
  },
});
