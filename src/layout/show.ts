/** Draws layouts for people: terminal tables and SVG of which thread and register own each element. */

import { BANK_BYTES, BANKS } from './bank-conflicts.js';
import type { Fragment } from './fragment.js';
import { LayoutError } from './int-tuple.js';
import { Layout } from './layout.js';
import type { ComposedLayout } from './swizzle.js';

export interface ShowOptions {
  /** Most rows and columns that are drawn; the rest is left out and said so. Default 32 by 32. */
  readonly rows?: number;
  readonly columns?: number;
  /** For memory layouts: show the bank of each element of so many bits instead of its offset. */
  readonly bankOfBits?: number;
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly allRows: number;
  readonly allColumns: number;
  text(row: number, column: number): string;
  /** Elements of one group share a colour. */
  group(row: number, column: number): number;
}

function clip(
  allRows: number,
  allColumns: number,
  options: ShowOptions,
): Omit<Grid, 'text' | 'group'> {
  return {
    rows: Math.min(allRows, options.rows ?? 32),
    columns: Math.min(allColumns, options.columns ?? 32),
    allRows,
    allColumns,
  };
}

/** Leading dimensions are stacked into rows. */
function fragmentGrid(fragment: Fragment, options: ShowOptions): Grid {
  const columns = fragment.shape[fragment.shape.length - 1];
  const owners = fragment.getOwnerIndex();
  const first = (row: number, column: number): number =>
    owners.pairs[owners.starts[row * columns + column]];
  const count = (row: number, column: number): number => {
    const element = row * columns + column;
    return owners.starts[element + 1] - owners.starts[element];
  };
  return {
    ...clip(fragment.size / columns, columns, options),
    text: (row, column) => {
      const holders = count(row, column);
      if (holders === 0) return '-';
      const pair = first(row, column);
      const thread = Math.floor(pair / fragment.registers);
      const more = holders > 1 ? `x${holders}` : '';
      return `t${thread}:r${pair - thread * fragment.registers}${more}`;
    },
    group: (row, column) =>
      count(row, column) === 0 ? -1 : Math.floor(first(row, column) / fragment.registers),
  };
}

function layoutGrid(layout: Layout | ComposedLayout, options: ShowOptions): Grid {
  const inner = layout instanceof Layout ? layout : layout.layout;
  const sizes = inner.modes.map((mode) => mode.size);
  if (sizes.length > 2) {
    throw new LayoutError(`expected a layout of at most two modes to draw, found ${sizes.length}`);
  }
  const [allRows, allColumns] = sizes.length === 1 ? [1, sizes[0]] : sizes;
  const at = (row: number, column: number): number => layout.atIndex(row + column * allRows);
  const bits = options.bankOfBits;
  const bank = (row: number, column: number): number =>
    Math.floor((at(row, column) * bits!) / 8 / BANK_BYTES) % BANKS;
  return {
    ...clip(allRows, allColumns, options),
    text: (row, column) => String(bits === undefined ? at(row, column) : bank(row, column)),
    group: (row, column) => (bits === undefined ? at(row, column) : bank(row, column)),
  };
}

function drawTable(title: string, grid: Grid): string {
  const cells = Array.from({ length: grid.rows }, (_, row) =>
    Array.from({ length: grid.columns }, (_, column) => grid.text(row, column)),
  );
  const header = Array.from({ length: grid.columns }, (_, column) => String(column));
  const widths = header.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column].length)),
  );
  const margin = String(grid.rows - 1).length;
  const line = (name: string, row: readonly string[]): string =>
    `${name.padStart(margin)} | ${row.map((cell, column) => cell.padStart(widths[column])).join(' ')}`;
  const lines = [title, line('', header), ...cells.map((row, index) => line(String(index), row))];
  if (grid.rows < grid.allRows || grid.columns < grid.allColumns) {
    lines.push(`(${grid.rows}x${grid.columns} of ${grid.allRows}x${grid.allColumns} shown)`);
  }
  return `${lines.join('\n')}\n`;
}

/** A table of `t<thread>:r<register>` per element; `x<n>` where n pairs hold it (the first is named), `-` where none does. */
export function showFragment(fragment: Fragment, options: ShowOptions = {}): string {
  return drawTable(fragment.toString(), fragmentGrid(fragment, options));
}

/** A table of the offset (or bank) of each coordinate of a layout of one or two top-level modes. */
export function showLayout(layout: Layout | ComposedLayout, options: ShowOptions = {}): string {
  return drawTable(layout.toString(), layoutGrid(layout, options));
}

const CELL_WIDTH = 56;
const CELL_HEIGHT = 22;

/** Neighbouring groups get colours far apart on the wheel. */
function colorOf(group: number): string {
  return group < 0 ? '#ffffff' : `hsl(${Math.round((group * 137.508) % 360)}, 65%, 82%)`;
}

function drawSvg(title: string, grid: Grid): string {
  const width = (grid.columns + 1) * CELL_WIDTH;
  const height = (grid.rows + 2) * CELL_HEIGHT;
  const escape = (text: string): string =>
    text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const label = (column: number, row: number, text: string): string =>
    `<text x="${(column + 0.5) * CELL_WIDTH}" y="${(row + 0.68) * CELL_HEIGHT}" text-anchor="middle">${escape(text)}</text>`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="monospace" font-size="11">`,
    `<text x="4" y="${0.68 * CELL_HEIGHT}">${escape(title)}</text>`,
  ];
  for (let column = 0; column < grid.columns; column += 1)
    parts.push(label(column + 1, 1, String(column)));
  for (let row = 0; row < grid.rows; row += 1) {
    parts.push(label(0, row + 2, String(row)));
    for (let column = 0; column < grid.columns; column += 1) {
      const [x, y] = [(column + 1) * CELL_WIDTH, (row + 2) * CELL_HEIGHT];
      parts.push(
        `<rect x="${x}" y="${y}" width="${CELL_WIDTH}" height="${CELL_HEIGHT}" fill="${colorOf(grid.group(row, column))}" stroke="#888888"/>`,
        label(column + 1, row + 2, grid.text(row, column)),
      );
    }
  }
  parts.push('</svg>');
  return `${parts.join('\n')}\n`;
}

/** {@link showFragment} as a standalone SVG document, one colour per thread. */
export function drawFragment(fragment: Fragment, options: ShowOptions = {}): string {
  return drawSvg(fragment.toString(), fragmentGrid(fragment, options));
}

/** {@link showLayout} as a standalone SVG document, one colour per offset or bank. */
export function drawLayout(layout: Layout | ComposedLayout, options: ShowOptions = {}): string {
  return drawSvg(layout.toString(), layoutGrid(layout, options));
}
