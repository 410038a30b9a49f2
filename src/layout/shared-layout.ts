/** Chooses the layout of a tile in shared memory so that the accesses to it are free of bank conflicts, and proves it. */

import { bankConflicts, type BankModel } from './bank-conflicts.js';
import type { Fragment } from './fragment.js';
import { isPowerOfTwo, LayoutError, rowMajorStrides } from './int-tuple.js';
import { Layout } from './layout.js';
import {
  byteShift,
  ComposedLayout,
  elementSwizzle,
  Swizzle,
  swizzleModeOf,
  type SwizzleMode,
} from './swizzle.js';
import { vectorWidth } from './vector-width.js';

/**
 * How the tile is read or written. All positions in the tile are meant, not one. Rows are along the last dimension.
 */
export type SharedAccess =
  /** ldmatrix or stmatrix, transposed or not: lanes give 8 consecutive rows of 16 bytes, from row 8i and chunk j. */
  | { readonly kind: 'ldmatrix'; readonly name?: string }
  /**
   * Cooperative copy in vectors of `bytes`, as `copyFragment` deals them to a power of two of threads: consecutive
   * threads take consecutive vectors of a row, as many as the largest power of two that divides the vectors of a
   * row (threads then go on to the next row); where that is 1, vectors are taken in row-major order.
   */
  | { readonly kind: 'rows'; readonly bytes: 4 | 8 | 16; readonly name?: string }
  /** MFMA operand with K along rows: lane L takes `bytes` at row `L % edge`, vector `floor(L / edge)`. */
  | {
      readonly kind: 'operand';
      readonly edge: 16 | 32;
      readonly bytes: 4 | 8 | 16;
      readonly name?: string;
    }
  /** Every thread moves its registers, `width` elements at a time. */
  | {
      readonly kind: 'fragment';
      readonly fragment: Fragment;
      readonly width: number;
      readonly name?: string;
    };

export interface SharedAccessResult {
  readonly name: string;
  /** Worst conflict degree over all positions; 1 is free. */
  readonly degree: number;
  /** Cycles for the whole tile, and without any conflict. */
  readonly cycles: number;
  readonly idealCycles: number;
}

export interface SharedLayoutRequest {
  /** Extents of the tile; the last dimension is contiguous. */
  readonly shape: readonly number[];
  readonly elementBits: number;
  readonly accesses: readonly SharedAccess[];
  readonly model?: BankModel;
}

export interface SharedLayoutChoice {
  /** From tile coordinates to element offsets. */
  readonly layout: Layout | ComposedLayout;
  /** A TMA mode, an XOR that is none of these (rows over 128 bytes, or chunks of 8 bytes), or padded rows. */
  readonly kind: SwizzleMode | 'xor' | 'padded';
  /**
   * Columns per panel where rows are cut into panels that lie one after the other (each a tile of its own for TMA);
   * the layout's last mode is then `(panel, panels)`. Undefined where rows are whole.
   */
  readonly panelColumns: number | undefined;
  /** Memory that the tile takes, padding included. */
  readonly bytes: number;
  readonly isConflictFree: boolean;
  /** In the order of the request; proven by walking every position. */
  readonly accesses: readonly SharedAccessResult[];
}

/**
 * Receives the tile elements (row-major numbers, -1 for idle lanes) at which the lanes of one warp access start; false
 * ends the walk.
 */
export type AccessVisitor = (elements: Int32Array) => boolean;

/** Bytes that each lane moves. */
export function accessBytesOf(access: SharedAccess, elementBits: number): number {
  if (access.kind === 'ldmatrix') return 16;
  if (access.kind === 'fragment') return (access.width * elementBits) / 8;
  return access.bytes;
}

/** Walks the accesses of all warps to a tile, in order. */
export function forEachWarpAccess(
  access: SharedAccess,
  shape: readonly number[],
  elementBits: number,
  warpSize: number,
  visit: AccessVisitor,
): void {
  const columns = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const lanes = new Int32Array(warpSize);
  const vector = (accessBytesOf(access, elementBits) * 8) / elementBits;
  const perRow = Math.floor(columns / vector);
  switch (access.kind) {
    case 'ldmatrix':
      // Each group of 8 lanes is a phase of its own, so any full warp of matrices stands for all ways to combine them.
      for (let chunk = 0; chunk < perRow; chunk += 1) {
        for (let first = 0; first < rows; first += warpSize) {
          for (let lane = 0; lane < warpSize; lane += 1) {
            const row = first + lane;
            lanes[lane] = row < rows ? row * columns + chunk * vector : -1;
          }
          if (!visit(lanes)) return;
        }
      }
      return;
    case 'rows': {
      const power = perRow & -perRow;
      const sharing = power === 1 ? perRow : Math.min(power, warpSize);
      for (let left = 0; left < perRow; left += sharing) {
        for (let first = 0; first < rows * sharing; first += warpSize) {
          for (let lane = 0; lane < warpSize; lane += 1) {
            const row = Math.floor((first + lane) / sharing);
            const chunk = left + ((first + lane) % sharing);
            lanes[lane] = row < rows ? row * columns + chunk * vector : -1;
          }
          if (!visit(lanes)) return;
        }
      }
      return;
    }
    case 'operand': {
      const { edge } = access;
      const groups = warpSize / edge;
      for (let row = 0; row < rows; row += edge) {
        for (let chunk = 0; chunk < perRow; chunk += groups) {
          for (let lane = 0; lane < warpSize; lane += 1) {
            const own = row + (lane % edge);
            const at = chunk + Math.floor(lane / edge);
            lanes[lane] = own < rows && at < perRow ? own * columns + at * vector : -1;
          }
          if (!visit(lanes)) return;
        }
      }
      return;
    }
    case 'fragment': {
      const { fragment, width } = access;
      for (let warp = 0; warp < fragment.threads; warp += warpSize) {
        for (let register = 0; register < fragment.registers; register += width) {
          for (let lane = 0; lane < warpSize; lane += 1) {
            const element =
              warp + lane < fragment.threads
                ? fragment.elementAt(warp + lane, register)
                : fragment.size;
            lanes[lane] = element < fragment.size ? element : -1;
          }
          if (!visit(lanes)) return;
        }
      }
    }
  }
}

function nameOf(access: SharedAccess, elementBits: number): string {
  if (access.name !== undefined) return access.name;
  return access.kind === 'ldmatrix'
    ? 'ldmatrix'
    : `${access.kind} of ${accessBytesOf(access, elementBits)} bytes`;
}

/**
 * Conflicts of an access to a tile whose layout maps its coordinates (one top-level mode per dimension) to element
 * offsets. Exact: all positions are walked.
 *
 * @throws LayoutError when the layout lacks a mode per dimension, or a lane's vector is misaligned or torn apart by it.
 */
export function sharedAccessConflicts(
  layout: Layout | ComposedLayout,
  shape: readonly number[],
  elementBits: number,
  access: SharedAccess,
  model: BankModel = 'nvidia',
): SharedAccessResult {
  const bytes = accessBytesOf(access, elementBits);
  const vector = (bytes * 8) / elementBits;
  if (access.kind === 'fragment' && access.fragment.vectorWidth % access.width !== 0) {
    throw new LayoutError(
      `expected an access of a divisor of ${access.fragment.vectorWidth} elements, found ${access.width}`,
    );
  }
  if (vector > 1 && vectorWidth(layout, { elementBits, maxBits: bytes * 8 }) < vector) {
    throw new LayoutError(`layout ${layout} does not keep vectors of ${bytes} bytes whole`);
  }
  return measure(tabulate(layout, shape), shape, elementBits, access, model);
}

/** Offsets of a tile's rows and columns; leading dimensions are stacked into rows. */
function tabulate(layout: Layout | ComposedLayout, shape: readonly number[]): OffsetTables {
  const inner = layout instanceof Layout ? layout : layout.layout;
  const modes = inner.modes;
  if (modes.length !== shape.length || modes.some((mode, at) => mode.size !== shape[at])) {
    throw new LayoutError(`expected a layout of shape (${shape.join(',')}), found ${layout}`);
  }
  const columns = modes[modes.length - 1];
  const rows = Layout.concatenate(...modes.slice(0, -1).reverse());
  return {
    rows: rows.toTable(),
    columns: columns.toTable(),
    base: layout instanceof Layout ? 0 : layout.offset,
    swizzle: layout instanceof Layout ? NO_SWIZZLE : layout.swizzle,
  };
}

const NO_SWIZZLE = new Swizzle(0, 0, 0);

/** Offset of element `row * columns.length + column`: the sum of both and `base`, swizzled. */
interface OffsetTables {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly base: number;
  readonly swizzle: Swizzle;
}

function measure(
  offsets: OffsetTables,
  shape: readonly number[],
  elementBits: number,
  access: SharedAccess,
  model: BankModel,
  limit = Infinity,
): SharedAccessResult {
  const warpSize = model === 'nvidia' ? 32 : 64;
  const accessBytes = Math.max(1, accessBytesOf(access, elementBits));
  const addresses = new Float64Array(warpSize);
  const { rows, columns, base, swizzle } = offsets;
  const width = columns.length;
  let [degree, cycles, idealCycles] = [0, 0, 0];
  forEachWarpAccess(access, shape, elementBits, warpSize, (elements) => {
    for (let lane = 0; lane < warpSize; lane += 1) {
      const element = elements[lane];
      if (element < 0) {
        addresses[lane] = -1;
        continue;
      }
      const row = Math.floor(element / width);
      const offset = swizzle.apply(base + rows[row] + columns[element - row * width]);
      addresses[lane] = Math.floor((offset * elementBits) / 8);
    }
    const conflicts = bankConflicts({ addresses, accessBytes, model });
    degree = Math.max(degree, conflicts.degree);
    cycles += conflicts.cycles;
    idealCycles += conflicts.phases;
    return degree <= limit;
  });
  return { name: nameOf(access, elementBits), degree, cycles, idealCycles };
}

interface Candidate {
  readonly layout: Layout | ComposedLayout;
  readonly kind: SharedLayoutChoice['kind'];
  readonly panelColumns?: number;
  readonly elements: number;
}

const choices = new Map<string, SharedLayoutChoice>();

/**
 * Picks the layout that is free of conflicts and takes the least memory, the simplest among equals (no swizzle, then fewer
 * XOR bits, then panels, then padding). Where none is free: the lowest worst degree, then the fewest cycles in total,
 * then memory, then simplicity.
 *
 * Candidates. Rows of a power of two of bytes, at least one chunk: plain, and the XOR of 1, 2, ... low bits of the chunk
 * index with the row's bits; for rows up to 128 bytes with chunks of 16 these are the TMA modes 32B, 64B, 128B, for
 * longer rows the low 3 bits of the chunk index are XORed with `row & 7`. Chunks are 16 bytes, so that a 16-byte vector
 * stays whole; chunks of 8 bytes (XOR with `row & 15`) are tried too when no access is wider. Rows of another
 * multiple of 32 bytes: cut into panels as wide as the largest power of two that divides them, up to 128 bytes, each panel
 * with its TMA mode, or the XOR of chunks of 8 bytes when no access is wider. All rows: padded to every multiple of the widest access up to 128 bytes more, which is all there is
 * for other lengths (an odd number of chunks is free of conflicts as it is).
 */
export function chooseSharedLayout(request: SharedLayoutRequest): SharedLayoutChoice {
  const { shape, elementBits, accesses, model = 'nvidia' } = request;
  const key = JSON.stringify([
    shape,
    elementBits,
    model,
    accesses.map((access) =>
      access.kind === 'fragment' ? { ...access, fragment: String(access.fragment) } : access,
    ),
  ]);
  const known = choices.get(key);
  if (known !== undefined) return known;
  checkRequest(request);
  const candidates = candidatesFor(request);
  const best = chooseFree(candidates, request) ?? chooseLeastConflicts(candidates, request);
  if (choices.size > 1024) choices.clear();
  choices.set(key, best);
  return best;
}

/** The free candidate of least memory, the simplest among equals; undefined when every candidate has a conflict. */
function chooseFree(
  candidates: readonly Candidate[],
  request: SharedLayoutRequest,
): SharedLayoutChoice | undefined {
  // A stable sort keeps the order of simplicity.
  const bySize = [...candidates].sort((a, b) => a.elements - b.elements);
  for (const candidate of bySize) {
    const choice = judge(candidate, request, 1);
    if (choice !== undefined) return choice;
  }
  return undefined;
}

function chooseLeastConflicts(
  candidates: readonly Candidate[],
  request: SharedLayoutRequest,
): SharedLayoutChoice {
  let best: SharedLayoutChoice | undefined;
  let bestScore: readonly number[] = [];
  for (const candidate of candidates) {
    const choice = judge(candidate, request, Infinity)!;
    const degree = Math.max(...choice.accesses.map((access) => access.degree));
    const cycles = choice.accesses.reduce((sum, access) => sum + access.cycles, 0);
    const score = [degree, cycles, choice.bytes];
    if (best === undefined || isLess(score, bestScore)) [best, bestScore] = [choice, score];
  }
  return best!;
}

/** Walks all accesses; undefined as soon as one conflicts more than `limit`. */
function judge(
  candidate: Candidate,
  { shape, elementBits, accesses, model = 'nvidia' }: SharedLayoutRequest,
  limit: number,
): SharedLayoutChoice | undefined {
  const offsets = tabulate(candidate.layout, shape);
  const results: SharedAccessResult[] = [];
  for (const access of accesses) {
    const result = measure(offsets, shape, elementBits, access, model, limit);
    if (result.degree > limit) return undefined;
    results.push(result);
  }
  return {
    layout: candidate.layout,
    kind: candidate.kind,
    panelColumns: candidate.panelColumns,
    bytes: Math.ceil((candidate.elements * elementBits) / 8),
    isConflictFree: results.every((result) => result.degree <= 1),
    accesses: results,
  };
}

function checkRequest({ shape, elementBits, accesses }: SharedLayoutRequest): void {
  byteShift(elementBits);
  const columns = shape[shape.length - 1];
  for (const access of accesses) {
    const bytes = accessBytesOf(access, elementBits);
    const vector = (bytes * 8) / elementBits;
    if (!Number.isInteger(vector) || columns % vector !== 0) {
      throw new LayoutError(
        `expected rows that are a multiple of ${bytes} bytes for ${nameOf(access, elementBits)}, found ${columns} elements of ${elementBits} bits`,
      );
    }
    if (access.kind !== 'fragment') continue;
    if (access.fragment.shape.join() !== shape.join()) {
      throw new LayoutError(
        `expected a fragment of shape [${shape.join(', ')}], found [${access.fragment.shape.join(', ')}]`,
      );
    }
    if (access.fragment.vectorWidth % access.width !== 0) {
      throw new LayoutError(
        `expected an access of a divisor of ${access.fragment.vectorWidth} elements, found ${access.width}`,
      );
    }
  }
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at !== -1 && a[at] < b[at];
}

function candidatesFor({ shape, elementBits, accesses }: SharedLayoutRequest): Candidate[] {
  const columns = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const rowBytes = (columns * elementBits) / 8;
  const widest = Math.max(
    Math.ceil(elementBits / 8),
    ...accesses.map((access) => accessBytesOf(access, elementBits)),
  );
  const candidates: Candidate[] = [];
  const plain = Layout.rowMajor([...shape]);
  if (rowBytes % widest === 0) {
    candidates.push({ layout: plain, kind: 'none', elements: rows * columns });
  }
  if (isPowerOfTwo(rowBytes)) {
    const shift = byteShift(elementBits);
    for (const chunk of widest <= 8 ? [16, 8] : [16]) {
      const chunkBits = Math.log2(chunk);
      const rowBit = Math.max(7, Math.log2(rowBytes));
      for (let bits = 1; chunk << bits <= Math.min(128, rowBytes); bits += 1) {
        const swizzle = new Swizzle(bits, chunkBits - shift, rowBit - chunkBits);
        candidates.push({
          layout: new ComposedLayout(swizzle, 0, plain),
          kind: swizzleModeOf(swizzle, elementBits) ?? 'xor',
          elements: swizzledElements(rows * columns, swizzle),
        });
      }
    }
  }
  candidates.push(...panelled(shape, elementBits, widest));
  const unit = Math.max(widest, 4);
  for (
    let padded = Math.ceil((rowBytes + 1) / unit) * unit;
    padded <= rowBytes + 128;
    padded += unit
  ) {
    const stride = (padded * 8) / elementBits;
    const strides = rowMajorStrides([...shape.slice(0, -1), stride]);
    const layout = new Layout([...shape], strides);
    // The last row needs no padding after it.
    candidates.push({ layout, kind: 'padded', elements: (rows - 1) * stride + columns });
  }
  return candidates;
}

/** Rows cut into panels of a power of two of bytes; none where that is no more than one panel or under 32 bytes. */
function panelled(shape: readonly number[], elementBits: number, widest: number): Candidate[] {
  const columns = shape[shape.length - 1];
  const rowBytes = (columns * elementBits) / 8;
  if (!Number.isInteger(rowBytes)) return [];
  const panelBytes = Math.min(128, rowBytes & -rowBytes);
  const mode = ({ 32: '32B', 64: '64B', 128: '128B' } as const)[panelBytes];
  if (mode === undefined || isPowerOfTwo(rowBytes)) return [];
  const panelColumns = (panelBytes * 8) / elementBits;
  const rows = shape.length > 1 ? shape[shape.length - 2] : 1;
  const outer = rowMajorStrides([...shape.slice(0, -2), rows * columns]).slice(0, -1);
  const inner = Layout.concatenate(
    ...shape.slice(0, -2).map((extent, at) => new Layout(extent, outer[at])),
    ...(shape.length > 1 ? [new Layout(rows, panelColumns)] : []),
    new Layout([panelColumns, columns / panelColumns], [1, rows * panelColumns]),
  );
  const candidate = (swizzle: Swizzle, kind: Candidate['kind']): Candidate => ({
    layout: new ComposedLayout(swizzle, 0, inner),
    kind,
    panelColumns,
    elements: swizzledElements(inner.size, swizzle),
  });
  const chunks = candidate(elementSwizzle(mode, elementBits), mode);
  if (widest > 8) return [chunks];
  // 128 bytes are 16 chunks of 8: as many neighbouring rows read one column without a conflict.
  const halves = new Swizzle(Math.log2(panelBytes / 8), 3 - byteShift(elementBits), 4);
  return [chunks, candidate(halves, 'xor')];
}

/** A swizzle permutes aligned blocks of its chunks' span; a tile that ends inside one may be spread over the whole. */
function swizzledElements(elements: number, swizzle: Swizzle): number {
  const span = 2 ** (swizzle.base + swizzle.bits);
  return Math.ceil(elements / span) * span;
}
