/** Register layouts of matrix instructions, as data tables, and the fragments of one instruction tile. */

import { joinModes, type DimensionMode } from './dimension-modes.js';
import { Fragment } from './fragment.js';
import { LayoutError } from './int-tuple.js';

/** A is M x K, B is K x N, C (and D) is M x N. */
export type MatrixOperand = 'A' | 'B' | 'C';

/** `[extent, step along the first dimension, step along the second]`, fastest mode first. */
type ModeRow = readonly [extent: number, first: number, second: number];

interface OperandTable {
  readonly thread: readonly ModeRow[];
  readonly value: readonly ModeRow[];
}

/** A matrix instruction: extents, warp size, element widths and where each lane's registers lie. */
export interface MatrixInstruction {
  readonly name: string;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Lanes that execute it together. */
  readonly lanes: 32 | 64;
  /** Bits per element of A and B, and of C. */
  readonly operandBits: number;
  readonly accumulatorBits: number;
  readonly operands: Readonly<Record<MatrixOperand, OperandTable>>;
}

/** Coordinates (row, column) of C in every mma.sync with m = 16: lane = 4g + t holds rows g, g+8 and columns 2t, 2t+1. */
const ACCUMULATOR_M16N8: OperandTable = {
  thread: [
    [4, 0, 2],
    [8, 1, 0],
  ],
  value: [
    [2, 0, 1],
    [2, 8, 0],
  ],
};
const ACCUMULATOR_M8N8: OperandTable = {
  thread: [
    [4, 0, 2],
    [8, 1, 0],
  ],
  value: [[2, 0, 1]],
};

/**
 * mma.sync operands by one rule: lane = 4g + t; a register of `e` elements lies at k = e*t; `rows` of A are g or
 * g, g+8; `halves` repeats the pattern every 4e along k. (PTX ISA, "Matrix Fragments for mma".)
 */
function mmaSync(
  name: string,
  [m, n, k]: readonly [number, number, number],
  operandBits: number,
  accumulatorBits = 32,
): MatrixInstruction {
  const elements = Math.max(1, 32 / operandBits);
  const halves = k / (4 * elements);
  const withoutUnits = (modes: readonly ModeRow[]): ModeRow[] =>
    modes.filter(([extent]) => extent > 1);
  return {
    name,
    m,
    n,
    k,
    lanes: 32,
    operandBits,
    accumulatorBits,
    operands: {
      A: {
        thread: [
          [4, 0, elements],
          [8, 1, 0],
        ],
        value: withoutUnits([
          [elements, 0, 1],
          [m / 8, 8, 0],
          [halves, 0, 4 * elements],
        ]),
      },
      B: {
        thread: [
          [4, elements, 0],
          [8, 0, 1],
        ],
        value: withoutUnits([
          [elements, 1, 0],
          [halves, 4 * elements, 0],
        ]),
      },
      C: m === 16 ? ACCUMULATOR_M16N8 : ACCUMULATOR_M8N8,
    },
  };
}

/**
 * MFMA operands by one rule (D = edge, e = elements per lane, L = lane): A row = L % D, k = e*(L / D) + j; B alike;
 * C column = L % D, row = 4*(L / D) + r % 4 + (256 / D)*(r / 4). (AMD matrix instruction calculator.)
 */
function mfma(name: string, edge: 16 | 32, k: number, operandBits: 8 | 16 | 32): MatrixInstruction {
  const groups = 64 / edge;
  const elements = k / groups;
  const value = (first: 0 | 1): ModeRow[] =>
    elements === 1 ? [] : [[elements, first === 0 ? 0 : 1, first === 0 ? 1 : 0]];
  return {
    name,
    m: edge,
    n: edge,
    k,
    lanes: 64,
    operandBits,
    accumulatorBits: 32,
    operands: {
      A: {
        thread: [
          [edge, 1, 0],
          [groups, 0, elements],
        ],
        value: value(0),
      },
      B: {
        thread: [
          [edge, 0, 1],
          [groups, elements, 0],
        ],
        value: value(1),
      },
      C: {
        thread: [
          [edge, 0, 1],
          [groups, 4, 0],
        ],
        value:
          edge === 16
            ? [[4, 1, 0]]
            : [
                [4, 1, 0],
                [4, 8, 0],
              ],
      },
    },
  };
}

/** The f64 instruction deals rows of C to registers in steps of 4: row = L / 16 + 4*r. */
function mfmaF64(name: string): MatrixInstruction {
  const { operands, ...shape } = mfma(name, 16, 4, 32);
  const rows: OperandTable = {
    thread: [
      [16, 0, 1],
      [4, 1, 0],
    ],
    value: [[4, 4, 0]],
  };
  return { ...shape, operandBits: 64, accumulatorBits: 64, operands: { ...operands, C: rows } };
}

const ALL: readonly MatrixInstruction[] = [
  mmaSync('mma.m16n8k8.f16', [16, 8, 8], 16),
  mmaSync('mma.m16n8k8.f16.f16', [16, 8, 8], 16, 16),
  mmaSync('mma.m16n8k16.f16', [16, 8, 16], 16),
  mmaSync('mma.m16n8k16.f16.f16', [16, 8, 16], 16, 16),
  mmaSync('mma.m16n8k8.bf16', [16, 8, 8], 16),
  mmaSync('mma.m16n8k16.bf16', [16, 8, 16], 16),
  mmaSync('mma.m16n8k4.tf32', [16, 8, 4], 32),
  mmaSync('mma.m16n8k8.tf32', [16, 8, 8], 32),
  mmaSync('mma.m8n8k16.i8', [8, 8, 16], 8),
  mmaSync('mma.m16n8k16.i8', [16, 8, 16], 8),
  mmaSync('mma.m16n8k32.i8', [16, 8, 32], 8),
  mmaSync('mma.m16n8k32.f8E4M3FN', [16, 8, 32], 8),
  mmaSync('mma.m16n8k32.f8E5M2', [16, 8, 32], 8),
  mmaSync('mma.m8n8k32.i4', [8, 8, 32], 4),
  mmaSync('mma.m16n8k32.i4', [16, 8, 32], 4),
  mmaSync('mma.m16n8k64.i4', [16, 8, 64], 4),
  mmaSync('mma.m8n8k4.f64', [8, 8, 4], 64, 64),
  mfma('mfma.16x16x16.f16', 16, 16, 16),
  mfma('mfma.32x32x8.f16', 32, 8, 16),
  mfma('mfma.16x16x16.bf16', 16, 16, 16),
  mfma('mfma.32x32x8.bf16', 32, 8, 16),
  mfma('mfma.16x16x16.i8', 16, 16, 8),
  mfma('mfma.32x32x8.i8', 32, 8, 8),
  mfma('mfma.16x16x32.i8', 16, 32, 8),
  mfma('mfma.32x32x16.i8', 32, 16, 8),
  mfma('mfma.16x16x32.f8E4M3FNUZ', 16, 32, 8),
  mfma('mfma.32x32x16.f8E4M3FNUZ', 32, 16, 8),
  mfma('mfma.16x16x32.f8E5M2FNUZ', 16, 32, 8),
  mfma('mfma.32x32x16.f8E5M2FNUZ', 32, 16, 8),
  mfma('mfma.16x16x8.xf32', 16, 8, 32),
  mfma('mfma.32x32x4.xf32', 32, 4, 32),
  mfma('mfma.16x16x4.f32', 16, 4, 32),
  mfma('mfma.32x32x2.f32', 32, 2, 32),
  mfmaF64('mfma.16x16x4.f64'),
];

/**
 * Instructions by name: `mma.<shape>.<element>` (mma.sync, 32 lanes) and `mfma.<shape>.<element>` (64 lanes); with the
 * accumulator's element after it where that is narrower than 32 bits.
 */
export const MATRIX_INSTRUCTIONS: ReadonlyMap<string, MatrixInstruction> = new Map(
  ALL.map((instruction) => [instruction.name, instruction]),
);

/** @throws LayoutError for an unknown name; the message lists what there is. */
export function findMatrixInstruction(name: string): MatrixInstruction {
  const instruction = MATRIX_INSTRUCTIONS.get(name);
  if (instruction !== undefined) return instruction;
  const known = [...MATRIX_INSTRUCTIONS.keys()].join(', ');
  throw new LayoutError(`expected a matrix instruction among ${known}, found '${name}'`);
}

export interface OperandForm {
  /**
   * The instruction gets B as its first operand and A as its second, and so computes the transposed product: each MFMA
   * lane then holds consecutive columns of one row of C. M and N of the tile trade places with those of the instruction.
   */
  readonly swapped?: boolean;
  /** The tile's dimensions are stored in the other order: A as K x M, B as N x K, C as N x M. */
  readonly transposed?: boolean;
}

/** Modes of one operand of one instruction tile, with steps per tile dimension. */
export interface OperandModes {
  readonly shape: readonly [number, number];
  readonly thread: readonly DimensionMode[];
  readonly value: readonly DimensionMode[];
}

const SWAPPED: Readonly<Record<MatrixOperand, MatrixOperand>> = { A: 'B', B: 'A', C: 'C' };

/** Tile extents of an operand of an instruction, as the instruction names them. */
function operandShape({ m, n, k }: MatrixInstruction, operand: MatrixOperand): [number, number] {
  return operand === 'A' ? [m, k] : operand === 'B' ? [k, n] : [m, n];
}

/** See {@link mmaFragment}; the modes before they are joined into a tile's numbering. */
export function operandModes(
  instruction: string | MatrixInstruction,
  operand: MatrixOperand,
  form: OperandForm = {},
): OperandModes {
  const data = typeof instruction === 'string' ? findMatrixInstruction(instruction) : instruction;
  const swapped = form.swapped ?? false;
  // Swapping operands transposes every tile once, storing it transposed does so again.
  const exchange = swapped !== (form.transposed ?? false);
  const role = swapped ? SWAPPED[operand] : operand;
  const [first, second] = operandShape(data, role);
  const toMode = ([extent, a, b]: ModeRow): DimensionMode => ({
    extent,
    steps: exchange ? [b, a] : [a, b],
  });
  return {
    shape: exchange ? [second, first] : [first, second],
    thread: data.operands[role].thread.map(toMode),
    value: data.operands[role].value.map(toMode),
  };
}

const atoms = new Map<string, Fragment>();

/**
 * The fragment of one instruction tile: A is [M, K], B is [K, N], C is [M, N] (or as `form` says). Registers count
 * elements in the order in which the instruction packs them.
 */
export function mmaFragment(
  instruction: string | MatrixInstruction,
  operand: MatrixOperand,
  form: OperandForm = {},
): Fragment {
  const data = typeof instruction === 'string' ? findMatrixInstruction(instruction) : instruction;
  const key = `${data.name} ${operand} ${form.swapped ?? false} ${form.transposed ?? false}`;
  const isKnown = MATRIX_INSTRUCTIONS.get(data.name) === data;
  let fragment = isKnown ? atoms.get(key) : undefined;
  if (fragment === undefined) {
    const { shape, thread, value } = operandModes(data, operand, form);
    fragment = new Fragment(shape, joinModes(thread, shape), joinModes(value, shape));
    if (isKnown) atoms.set(key, fragment);
  }
  return fragment;
}
