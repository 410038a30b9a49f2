/** Pictures of layouts for people: one grid of labelled, coloured cells, drawn as terminal table or as SVG. */

import { worstPhase } from './access-phases.js';
import { BANK_BYTES, BANKS, type BankModel } from './bank-conflicts.js';
import type { Fragment } from './fragment.js';
import { LayoutError } from './int-tuple.js';
import { Layout } from './layout.js';
import type { SharedAccess } from './shared-layout.js';
import { ComposedLayout } from './swizzle.js';

export interface PictureCell {
  /** What owns or stores the element: `t12` or `b17`. */
  readonly label: string;
  /** A second line: `r3`, or the offset. */
  readonly detail: string;
  /** Cells of one group share a colour; -1 for none. */
  readonly group: number;
  /** Groups of groups (warps), between which lines are drawn. */
  readonly section: number;
  /** Met by a bank conflict. */
  readonly isMarked: boolean;
}

export interface Picture {
  /** Of a tile: `%acc`; empty for a bare layout. */
  readonly title: string;
  /** The layout, and what is to be said of it. */
  readonly notes: readonly string[];
  /** Notes about trouble, such as bank conflicts. */
  readonly warnings: readonly string[];
  readonly rows: number;
  readonly columns: number;
  /** Extents of the whole, of which the first rows and columns are drawn. */
  readonly allRows: number;
  readonly allColumns: number;
  cell(row: number, column: number): PictureCell;
}

export interface PictureOptions {
  readonly title?: string;
  /** Most rows and columns that are drawn. Default 32 by 32. */
  readonly rows?: number;
  readonly columns?: number;
}

const WARP = 32;

function extents(
  allRows: number,
  allColumns: number,
  { rows = 32, columns = 32 }: PictureOptions,
): Pick<Picture, 'rows' | 'columns' | 'allRows' | 'allColumns'> {
  return {
    rows: Math.min(allRows, rows),
    columns: Math.min(allColumns, columns),
    allRows,
    allColumns,
  };
}

/** Which thread and register hold each element; leading dimensions are stacked into rows. */
export function fragmentPicture(
  fragment: Fragment,
  options: PictureOptions & { readonly warpSize?: number } = {},
): Picture {
  const { warpSize = WARP } = options;
  const columns = fragment.shape[fragment.shape.length - 1];
  const { starts, pairs } = fragment.getOwnerIndex();
  const { threads, registers, replication } = fragment;
  const copies = replication > 1 ? `, ${replication} threads hold each element` : '';
  return {
    title: options.title ?? '',
    notes: [
      `fragment ${fragment}`,
      `${threads} threads with ${registers} registers each${copies}; vectors of ${fragment.vectorWidth}`,
    ],
    warnings: [],
    ...extents(fragment.size / columns, columns, options),
    cell: (row, column) => {
      const element = row * columns + column;
      const holders = starts[element + 1] - starts[element];
      if (holders === 0) return { label: '-', detail: '', group: -1, section: -1, isMarked: false };
      const pair = pairs[starts[element]];
      const thread = Math.floor(pair / registers);
      return {
        label: `t${thread}`,
        detail: `r${pair - thread * registers}${holders > 1 ? `x${holders}` : ''}`,
        group: thread % warpSize,
        section: Math.floor(thread / warpSize),
        isMarked: false,
      };
    },
  };
}

/** An access of a program to a shared tile. */
export interface PictureAccess {
  /** What the program does: `tile.gemm reads`. */
  readonly name: string;
  readonly access: SharedAccess;
  /** The access sees the tile with its two dimensions exchanged. */
  readonly isTransposed?: boolean;
}

export interface SharedTile {
  readonly layout: Layout | ComposedLayout;
  readonly shape: readonly number[];
  readonly elementBits: number;
  readonly model: BankModel;
  readonly accesses: readonly PictureAccess[];
}

/** The bank and offset of each element of a tile in shared memory, with the worst conflicts of its accesses marked. */
export function sharedPicture(tile: SharedTile, options: PictureOptions = {}): Picture {
  const { layout, shape, elementBits, model } = tile;
  const columns = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const marked = new Set<number>();
  const [notes, warnings]: [string[], string[]] = [[`shared ${layout}`], []];
  for (const { name, access, isTransposed } of tile.accesses) {
    const [seen, seenShape] = isTransposed
      ? [exchange(layout), [...shape].reverse()]
      : [layout, shape];
    const phase = worstPhase(seen, seenShape, elementBits, access, model);
    if (phase === undefined) continue;
    const bytes = (phase.vector * elementBits) / 8;
    const what = `${name}, ${bytes} byte${bytes === 1 ? '' : 's'} per lane`;
    if (phase.degree <= 1) {
      notes.push(`${what}: no bank conflict`);
      continue;
    }
    const lanes = phase.lanes.filter(({ isConflicting }) => isConflicting);
    warnings.push(
      `${what}: ${phase.degree}-way bank conflict; marked where lanes ${listed(lanes.map(({ lane }) => lane))} of one phase meet`,
    );
    for (const { element } of lanes)
      for (let i = 0; i < phase.vector; i++) {
        const at = element + i;
        // Of the exchanged tile the second dimension is the first of this one.
        const [second, first] = [Math.floor(at / shape[0]), at % shape[0]];
        marked.add(isTransposed ? first * shape[1] + second : at);
      }
  }
  return {
    title: options.title ?? '',
    notes,
    warnings,
    ...extents(rows, columns, options),
    cell: (row, column) => {
      const offset = layout.at(coordinatesOf(row * columns + column, shape));
      const bank = Math.floor((offset * elementBits) / 8 / BANK_BYTES) % BANKS;
      return {
        label: `b${bank}`,
        detail: `${offset}`,
        group: bank,
        section: 0,
        isMarked: marked.has(row * columns + column),
      };
    },
  };
}

function coordinatesOf(element: number, shape: readonly number[]): number[] {
  const coordinates: number[] = [];
  for (let dimension = shape.length - 1, rest = element; dimension >= 0; dimension--) {
    coordinates.unshift(rest % shape[dimension]);
    rest = Math.floor(rest / shape[dimension]);
  }
  return coordinates;
}

function exchange(layout: Layout | ComposedLayout): Layout | ComposedLayout {
  if (layout instanceof Layout) return Layout.concatenate(...[...layout.modes].reverse());
  const { swizzle, offset, layout: inner } = layout;
  return new ComposedLayout(swizzle, offset, exchange(inner) as Layout);
}

/** `0, 4, 8 and 5 more` */
function listed(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 4).join(', ');
  return numbers.length > 4 ? `${shown} and ${numbers.length - 4} more` : shown;
}

// Colours

/** Hue, saturation and lightness: 8 hues in 4 (AMD: 8) shades, so that neighbours differ and the order can be seen. */
function colorOf(group: number): { h: number; s: number; l: number } {
  return { h: (group % 8) * 45, s: 66, l: 90 - 7 * (Math.floor(group / 8) % 4) };
}

function toRgb({ h, s, l }: { h: number; s: number; l: number }): [number, number, number] {
  const a = (s / 100) * Math.min(l / 100, 1 - l / 100);
  const channel = (n: number): number => {
    const k = (n + h / 30) % 12;
    return Math.round(255 * (l / 100 - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

// Terminal

/** A table with one line per row; `color` uses 24-bit terminal colours. Marked cells are followed by `!`. */
export function pictureTable(picture: Picture, color = false): string {
  const { rows, columns, allRows, allColumns } = picture;
  const cells = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => picture.cell(row, column)),
  );
  const textOf = ({ label, detail, isMarked }: PictureCell): string =>
    `${label}${detail === '' ? '' : `:${detail}`}${isMarked ? '!' : ''}`;
  const width = Math.max(
    String(columns - 1).length,
    ...cells.flatMap((row) => row.map((cell) => textOf(cell).length)),
  );
  const margin = String(rows - 1).length;
  const paint = (cell: PictureCell): string => {
    const text = textOf(cell).padStart(width);
    if (!color || cell.group < 0) return text;
    const [r, g, b] = toRgb(colorOf(cell.group));
    const [background, foreground] = cell.isMarked
      ? ['200;30;30', '255;255;255']
      : [`${r};${g};${b}`, '0;0;0'];
    return `\u001b[48;2;${background};38;2;${foreground}m${text}\u001b[0m`;
  };
  const header = Array.from({ length: columns }, (_, column) => String(column).padStart(width));
  const lines = [
    ...(picture.title === '' ? [] : [picture.title]),
    ...picture.notes,
    ...picture.warnings,
    `${' '.repeat(margin)} | ${header.join(' ')}`,
    ...cells.map((row, i) => `${String(i).padStart(margin)} | ${row.map(paint).join(' ')}`),
  ];
  if (rows < allRows || columns < allColumns)
    lines.push(`(${rows}x${columns} of ${allRows}x${allColumns} shown)`);
  return `${lines.join('\n')}\n`;
}

// SVG

const CELL_WIDTH = 34;
const CELL_HEIGHT = 28;
const MARGIN = 14;
const AXIS = 30;
const LINE = 17;
/** Width of a character of the notes' font. */
const CHARACTER = 6.7;

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Some pictures below each other, as one standalone SVG document. */
export function picturesSvg(pictures: readonly Picture[]): string {
  if (pictures.length === 0) throw new LayoutError('expected a layout to draw, found none');
  let top = MARGIN;
  let width = 0;
  const parts: string[] = [];
  for (const picture of pictures) {
    const drawn = drawPicture(picture, top);
    parts.push(...drawn.parts);
    top += drawn.height + 2 * MARGIN;
    width = Math.max(width, drawn.width);
  }
  const height = top - MARGIN;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<style>',
    'text { font-family: ui-sans-serif, Helvetica, Arial, sans-serif; fill: #1f2328 }',
    '.title { font-size: 15px; font-weight: 600 } .note { font: 11px ui-monospace, Menlo, monospace; fill: #57606a }',
    '.warning { font: 11px ui-monospace, Menlo, monospace; fill: #b3261e }',
    '.axis { font-size: 9px; fill: #8c959f; text-anchor: middle } .cell { font-size: 10px; text-anchor: middle }',
    '.detail { font-size: 8px; fill: #32383f; text-anchor: middle }',
    '</style>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
  ].join('\n')}\n`;
}

function drawPicture(
  picture: Picture,
  top: number,
): { readonly parts: string[]; readonly width: number; readonly height: number } {
  const { rows, columns, allRows, allColumns } = picture;
  const parts: string[] = [];
  let y = top;
  const write = (kind: string, text: string): void => {
    y += LINE;
    parts.push(`<text class="${kind}" x="${MARGIN}" y="${y}">${escapeText(text)}</text>`);
  };
  const isClipped = rows < allRows || columns < allColumns;
  const clipped = isClipped ? [`${rows} x ${columns} of ${allRows} x ${allColumns} shown`] : [];
  if (picture.title !== '') write('title', picture.title);
  for (const note of [...picture.notes, ...clipped]) write('note', note);
  for (const warning of picture.warnings) write('warning', warning);
  const [left, gridTop] = [MARGIN + AXIS, y + LINE + 6];
  const x = (column: number): number => left + column * CELL_WIDTH;
  const yOf = (row: number): number => gridTop + row * CELL_HEIGHT;
  for (let column = 0; column < columns; column++)
    parts.push(
      `<text class="axis" x="${x(column) + CELL_WIDTH / 2}" y="${gridTop - 5}">${column}</text>`,
    );
  const marks: string[] = [];
  const borders: string[] = [];
  for (let row = 0; row < rows; row++) {
    parts.push(
      `<text class="axis" x="${left - 13}" y="${yOf(row) + CELL_HEIGHT / 2 + 3}">${row}</text>`,
    );
    for (let column = 0; column < columns; column++) {
      const cell = picture.cell(row, column);
      const [r, g, b] = cell.group < 0 ? [255, 255, 255] : toRgb(colorOf(cell.group));
      const center = x(column) + CELL_WIDTH / 2;
      const place = `x="${x(column)}" y="${yOf(row)}" width="${CELL_WIDTH}" height="${CELL_HEIGHT}"`;
      parts.push(
        `<rect ${place} fill="rgb(${r},${g},${b})" stroke="#ffffff"/>`,
        `<text class="cell" x="${center}" y="${yOf(row) + 12}">${escapeText(cell.label)}</text>`,
        `<text class="detail" x="${center}" y="${yOf(row) + 23}">${escapeText(cell.detail)}</text>`,
      );
      // One outline around each run of marked cells: what one lane accesses.
      if (cell.isMarked && (column === 0 || !picture.cell(row, column - 1).isMarked)) {
        let run = 1;
        while (column + run < columns && picture.cell(row, column + run).isMarked) run++;
        marks.push(
          `<rect x="${x(column)}" y="${yOf(row)}" width="${run * CELL_WIDTH}" height="${CELL_HEIGHT}" fill="none" stroke="#d1242f" stroke-width="2"/>`,
        );
      }
      const { section } = cell;
      if (column > 0 && picture.cell(row, column - 1).section !== section)
        borders.push(`M${x(column)} ${yOf(row)}v${CELL_HEIGHT}`);
      if (row > 0 && picture.cell(row - 1, column).section !== section)
        borders.push(`M${x(column)} ${yOf(row)}h${CELL_WIDTH}`);
    }
  }
  if (borders.length > 0)
    parts.push(`<path d="${borders.join('')}" stroke="#1f2328" stroke-width="1.5" fill="none"/>`);
  parts.push(...marks);
  const texts = [...picture.notes, ...picture.warnings].map((text) => text.length * CHARACTER);
  return {
    parts,
    width: Math.ceil(Math.max(x(columns), ...texts) + 2 * MARGIN),
    height: yOf(rows) - top,
  };
}
