// Simulator reports as text.
import type { SimulatorReport } from './types.js';

/** The kind of a report, who did it and how often: `race; block (0, 1, 0), thread 5; 12 times`. */
export function reportFacts(report: SimulatorReport): string {
  const facts: string[] = [report.kind];
  if (report.thread >= 0) facts.push(`block (${report.block.join(', ')}), thread ${report.thread}`);
  if (report.count > 1) facts.push(`${report.count} times`);
  return facts.join('; ');
}

/** A line for the report and one for each note: `kernel.cu:37: data race at ... [race; block (0, 1, 0), thread 5]`. */
export function formatReport(report: SimulatorReport): string {
  const place = ({ file, line }: { file: string; line: number }): string =>
    line > 0 ? `${file}:${line}: ` : '';
  return [
    `${place(report)}${report.message} [${reportFacts(report)}]`,
    ...report.notes.map((note) => `  ${place(note)}note: ${note.message}`),
  ].join('\n');
}
