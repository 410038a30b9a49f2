/** The profile as one HTML page that needs nothing else: the roofline, and the program's lines with what each one costs. */

import type { SourceFile } from '../../support/index.js';
import type { Target } from '../../targets/target.js';
import type { SimulatorProfile } from '../sim/index.js';
import { profileColumns, roofline } from './profile.js';

const escapeText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const style = `:root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --faint: #6b7585; --rule: #d8dde5; --mark: #b3261e; --bar: #2f6fb7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --paper: #14181f; --faint: #98a2b3; --rule: #333b48; --mark: #ff8a80; --bar: #7fb2ea; } }
body { margin: 2rem auto; max-width: 84rem; padding: 0 1.5rem; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin-bottom: 0.2rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
p, figcaption { color: var(--faint); margin: 0.2rem 0 1rem; } figure { margin: 0; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.6rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; } tfoot td { font-weight: 600; border-top: 2px solid var(--rule); }
th button { all: unset; cursor: pointer; font-weight: 600; } th button:focus-visible { outline: 2px solid var(--bar); }
th[aria-sort=descending] button::after { content: " \\2193"; } th[aria-sort=ascending] button::after { content: " \\2191"; }
code { font: 13px/1.5 ui-monospace, monospace; } .source { color: var(--faint); } .bad { color: var(--mark); font-weight: 600; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .faint { fill: var(--faint); }`;

/** Sorts the table by the column whose title was pressed: numbers by size, `-` last, the rest by the alphabet. */
const script = `for (const button of document.querySelectorAll('th button')) button.onclick = () => {
  const heading = button.parentElement, column = heading.cellIndex;
  const down = heading.getAttribute('aria-sort') !== 'descending';
  for (const other of heading.parentElement.children) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  const key = (row) => { const text = row.cells[column].dataset.key; return column === 1 ? text : text === '-' ? -1 : parseFloat(text); };
  const body = document.querySelector('tbody');
  const rows = [...body.rows].sort((a, b) => (key(a) > key(b) ? 1 : key(a) < key(b) ? -1 : 0));
  body.append(...(down ? rows.reverse() : rows));
};`;

/** The roof of a target and where the kernel stands under it, on logarithmic axes. */
function rooflinePlot(profile: SimulatorProfile, target: Target): string {
  const { flopPerByte } = roofline(profile.totals, target);
  const { f16_flop_per_clock, clock_ghz, memory_tb_per_second } = target.rates;
  const peak = (f16_flop_per_clock * target.multiprocessors * clock_ghz) / 1000;
  const ridge = peak / memory_tb_per_second;
  const [left, top, width, height] = [60, 20, 620, 250];
  const [lowest, highest] = [-2, 4];
  const floor = Math.log10(memory_tb_per_second) + lowest;
  const x = (intensity: number): number =>
    left + ((Math.log10(intensity) - lowest) / (highest - lowest)) * width;
  const y = (rate: number): number =>
    top + height - ((Math.log10(rate) - floor) / (Math.log10(peak) + 0.3 - floor)) * height;
  const ticks = Array.from({ length: highest - lowest + 1 }, (_, i) => 10 ** (lowest + i));
  const shown = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 2 });
  const marks = ticks.map(
    (tick) =>
      `<line x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${top + height}" stroke="var(--rule)"/><text class="faint" x="${x(tick)}" y="${top + height + 18}" text-anchor="middle">${shown(tick)}</text>`,
  );
  const at = flopPerByte === undefined || flopPerByte === 0 ? undefined : flopPerByte;
  const reachable = at === undefined ? 0 : Math.min(peak, at * memory_tb_per_second);
  const kernel =
    at === undefined
      ? ''
      : `<line x1="${x(at)}" x2="${x(at)}" y1="${y(reachable)}" y2="${top + height}" stroke="var(--mark)" stroke-dasharray="4 3"/><circle cx="${x(at)}" cy="${y(reachable)}" r="5" fill="var(--mark)"/><text x="${x(at) + 10}" y="${y(reachable) + 18}">${shown(at)} flop per byte: at most ${shown(reachable)} TFLOP/s</text>`;
  return `<svg viewBox="0 0 720 310" width="720" role="img" aria-label="Roofline of ${escapeText(target.name)}">
${marks.join('\n')}
<polyline fill="none" stroke="var(--bar)" stroke-width="2.5" points="${x(10 ** lowest)},${y(10 ** lowest * memory_tb_per_second)} ${x(ridge)},${y(peak)} ${x(10 ** highest)},${y(peak)}"/>
<text x="${x(10 ** highest)}" y="${y(peak) - 7}" text-anchor="end">${shown(peak)} TFLOP/s of matrix instructions</text>
<text class="faint" x="${left}" y="${y(10 ** lowest * memory_tb_per_second) - 22}">${shown(memory_tb_per_second)} TB/s</text>
${kernel}
<text class="faint" x="${left + width / 2}" y="${top + height + 36}" text-anchor="middle">operations for each byte of global memory</text>
</svg>`;
}

/** The page for one kernel; `source` is the program whose lines the profile names. */
export function profilePage(
  kernel: string,
  profile: SimulatorProfile,
  target: Target,
  source: SourceFile,
): string {
  const { memorySeconds, matrixSeconds, boundBy } = roofline(profile.totals, target);
  const micro = (seconds: number): string => `${(seconds * 1e6).toPrecision(3)} &micro;s`;
  const isBad = (title: string, value: string): boolean =>
    (title === 'conflicts' && value !== '0') || (title === 'useful' && /^\d?\d%$/.test(value));
  const cell = (title: string, value: string): string =>
    `<td data-key="${escapeText(value)}"${isBad(title, value) ? ' class="bad"' : ''}>${escapeText(value)}</td>`;
  const rows = profile.lines.map((line) => {
    const text = line.file === source.name && line.line > 0 ? source.getLine(line.line).trim() : '';
    const place = `<td data-key="${line.line}"><code>${line.line}</code> <code class="source">${escapeText(text.slice(0, 34))}</code></td>`;
    const counters = profileColumns.map(([title, show]) => cell(title, show(line)));
    return `<tr>${place}${cell('operation', line.operation)}${counters.join('')}</tr>`;
  });
  const headings = ['line', 'operation', ...profileColumns.map(([title]) => title)].map(
    (title) => `<th scope="col"><button>${title}</button></th>`,
  );
  const totals = profileColumns.map(([title, show]) => cell(title, show(profile.totals)));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeText(kernel)} for ${escapeText(target.name)}</title>
<style>
${style}
</style>
<h1>${escapeText(kernel)} for ${escapeText(target.name)}</h1>
<p>${profile.blocks} blocks in ${profile.launches} launches, ${profile.barriers} barriers. At least ${micro(memorySeconds)} for memory and ${micro(matrixSeconds)} for matrix instructions; bound by ${boundBy}.</p>
<h2>Roofline</h2>
<figure>${rooflinePlot(profile, target)}</figure>
<h2>Lines of ${escapeText(source.name)}</h2>
<p>Requests of whole warps, all blocks of one schedule. Bank conflicts and sectors that are not used in full are marked; press a title to sort. &ldquo;To wait&rdquo; is how many operations a thread begins between starting a copy and waiting for it, on average.</p>
<div class="wide"><table>
<thead><tr>${headings.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
<tfoot><tr><td>total</td><td></td>${totals.join('')}</tr></tfoot>
</table></div>
<script>
${script}
</script>
</html>
`;
}
