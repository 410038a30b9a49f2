/** Counts the operations of a program by name. */

import { definePass } from './pass.js';
import { booleanOption } from './pass-options.js';

export const printOpStatsPass = definePass({
  name: 'print-op-stats',
  title: 'PrintOpStats',
  summary: 'Print statistics of operations',
  options: { json: booleanOption(false, 'print the statistics as JSON') },
  run(root, { options, write, markAllAnalysesPreserved }) {
    markAllAnalysesPreserved();
    const counts = new Map<string, number>();
    root.walk((op) => void counts.set(op.name.text, (counts.get(op.name.text) ?? 0) + 1));
    const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    if (options.json) {
      const lines = rows.map(([name, count]) => `  ${JSON.stringify(name)} : ${count}`);
      write(`{\n${lines.join(',\n')}\n}\n`);
      return;
    }
    const split = rows.map(([name, count]) => {
      const dot = name.indexOf('.');
      return { dialect: name.slice(0, dot), op: name.slice(dot + 1), count };
    });
    const width = (of: (row: (typeof split)[number]) => string): number =>
      Math.max(0, ...split.map((row) => of(row).length));
    const [dialects, ops] = [width((row) => row.dialect), width((row) => row.op)];
    write('Operations encountered:\n-----------------------\n');
    for (const { dialect, op, count } of split)
      write(`  ${dialect.padStart(dialects)}.${op.padEnd(ops)} , ${count}\n`);
  },
});
