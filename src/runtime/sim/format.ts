// Simulator reports as text.
import type { SimulatorReport } from './types.js';

/** One line: `kernel.cu:37: data race at ... [race; block (0, 1, 0), thread 5; 12 times]`. */
export function formatReport(report: SimulatorReport): string {
  const place = report.line > 0 ? `${report.file}:${report.line}: ` : '';
  const facts: string[] = [report.kind];
  if (report.thread >= 0) facts.push(`block (${report.block.join(', ')}), thread ${report.thread}`);
  if (report.count > 1) facts.push(`${report.count} times`);
  return `${place}${report.message} [${facts.join('; ')}]`;
}
