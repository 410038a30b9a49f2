/** `--show-layout`: draws where the elements of tiles live, as terminal tables or as one SVG document. */

import { LayoutFragmentAttr, LayoutSharedAttr } from '../dialects/generated/layout.js';
import { TileFragmentType } from '../dialects/generated/tile.js';
import { inferredCopy, sharedTiles } from '../estimate/index.js';
import type { Context, Operation, Value } from '../ir/index.js';
import {
  fragmentPicture,
  Layout,
  LayoutError,
  pictureTable,
  picturesSvg,
  sharedPicture,
  type ComposedLayout,
  type Fragment,
  type Picture,
} from '../layout/index.js';
import { kernelName } from '../runtime/interpreter/index.js';
import { tileKernels } from '../schedule/index.js';
import { createDiagnostic, DiagnosticError, didYouMean, SourceFile } from '../support/index.js';
import { parseAttribute } from '../syntax/index.js';
import type { Target } from '../targets/target.js';
import { targetsOf, type Inspection } from './inspect.js';
import { ToolError, type ToolSession } from './tool-session.js';

type Format = 'table' | 'svg';

/** Rows and columns that are drawn: what fits a terminal, and what an SVG viewer still shows with ease. */
const SHOWN: Record<Format, { readonly rows: number; readonly columns: number }> = {
  table: { rows: 32, columns: 32 },
  svg: { rows: 64, columns: 64 },
};

/** As asked for, else by the name of the output file. */
function formatOf(session: ToolSession, wanted: string): Format {
  if (wanted === 'table' || wanted === 'svg') return wanted;
  return session.options.value('o')?.endsWith('.svg') ? 'svg' : 'table';
}

function render(session: ToolSession, pictures: readonly Picture[], format: Format): string {
  if (format === 'svg') return picturesSvg(pictures);
  const isOnTerminal = (session.options.value('o') ?? '-') === '-' && session.useOutputColor;
  return pictures.map((picture) => pictureTable(picture, isOnTerminal)).join('\n');
}

/** Draws the tiles of a program after layout inference. */
export function layoutInspection(session: ToolSession): Inspection {
  const { options } = session;
  const wanted = options.choice('show-layout', ['', 'table', 'svg'], '');
  const format = formatOf(session, wanted);
  const targets = targetsOf(options);
  const names = options.list('value').map((name) => name.replace(/^%/, ''));
  return (root) => {
    const pictures: Picture[] = [];
    for (const target of targets) {
      const module = hasLayouts(root) ? root : inferredCopy(root, target);
      if (module === undefined) return undefined;
      const found = tilesOf(module);
      if (!checkNames(root, names, found)) return undefined;
      const isSeveral = targets.length > 1;
      for (const kernel of tileKernels(module))
        pictures.push(...kernelPictures(kernel, names, target, isSeveral, SHOWN[format]));
    }
    return render(session, pictures, format);
  };
}

/** Whether every tile has a layout already, because passes gave them theirs or the author did. */
function hasLayouts(module: Operation): boolean {
  const tiles = tilesOf(module);
  return (
    tiles.length > 0 && tiles.every(({ type }) => (type as TileFragmentType).layout !== undefined)
  );
}

function tilesOf(module: Operation): Value[] {
  const tiles: Value[] = [];
  module.walk((op) => {
    if (op.name.text === 'tile.alloc') tiles.push(...op.results);
  }, 'pre');
  return tiles;
}

function checkNames(root: Operation, names: readonly string[], tiles: readonly Value[]): boolean {
  const known = [...new Set(tiles.flatMap(({ name }) => name ?? []))];
  if (tiles.length === 0) return root.emitError("expected a 'tile.alloc' to draw, found none");
  for (const name of names) {
    if (known.includes(name)) continue;
    const hint =
      didYouMean(name, known) || `; there are ${known.map((one) => `%${one}`).join(', ')}`;
    return root.emitError(`no tile is named '%${name}'${hint}`);
  }
  return true;
}

function kernelPictures(
  kernel: Operation,
  names: readonly string[],
  target: Target,
  isSeveral: boolean,
  shown: { readonly rows: number; readonly columns: number },
): Picture[] {
  const shared = sharedTiles(kernel, target);
  const pictures: Picture[] = [];
  for (const tile of tilesOf(kernel)) {
    if (names.length > 0 && !names.includes(tile.name ?? '')) continue;
    const where = isSeveral ? `${kernelName(kernel)} on ${target.name}` : kernelName(kernel);
    const { type } = tile;
    const written = String(type).replace(/, #layout[\s\S]*>$/, '>');
    const options = { title: `%${tile.name ?? 'tile'} : ${written} in ${where}`, ...shown };
    const known = shared.get(tile);
    if (known !== undefined) pictures.push(sharedPicture(known, options));
    else if (type instanceof TileFragmentType && type.layout instanceof LayoutFragmentAttr) {
      const fragment = type.layout.fragment as Fragment;
      pictures.push(fragmentPicture(fragment, { ...options, warpSize: target.warp_size }));
    }
  }
  return pictures;
}

/** Draws the layout attribute that the flag itself gives; undefined where something was reported. */
export function showLayoutAttribute(session: ToolSession, context: Context): string | undefined {
  const value = session.options.value('show-layout')!;
  const [, prefix = '', text] = /^\s*(?:(svg|table):)?\s*([\s\S]*)$/.exec(value)!;
  const format = formatOf(session, prefix);
  const [target] = targetsOf(session.options);
  const source = new SourceFile('<layout>', text);
  session.output.addSource(source);
  const remove = context.addDiagnosticHandler((found) => session.output.report(found));
  try {
    const attribute = parseAttribute(source, context);
    if (attribute === undefined) return undefined;
    return render(session, [attributePicture(attribute, source, target, SHOWN[format])], format);
  } finally {
    remove();
  }
}

function attributePicture(
  attribute: unknown,
  source: SourceFile,
  target: Target,
  shown: { readonly rows: number; readonly columns: number },
): Picture {
  if (attribute instanceof LayoutFragmentAttr)
    return fragmentPicture(attribute.fragment as Fragment, {
      ...shown,
      warpSize: target.warp_size,
    });
  if (!(attribute instanceof LayoutSharedAttr)) {
    const position = { source, start: 0, end: source.text.length };
    throw new DiagnosticError(
      createDiagnostic(
        'error',
        position,
        `expected a '#layout.fragment' or '#layout.shared' to draw, found '${source.text.trim()}'`,
      ),
    );
  }
  const layout = attribute.layout as Layout | ComposedLayout;
  const inner = layout instanceof Layout ? layout : layout.layout;
  const shape = inner.modes.map((mode) => mode.size);
  try {
    // Nothing is known of the element type: 16 bits, as most tiles have.
    return sharedPicture(
      { layout, shape, elementBits: 16, model: target.vendor, accesses: [] },
      shown,
    );
  } catch (error) {
    if (error instanceof LayoutError) throw new ToolError(error.message);
    throw error;
  }
}
