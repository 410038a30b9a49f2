/** `custom<Name>(...)`: parts of a declarative format that are written in TypeScript. */

import type {
  AsmPrinter,
  Attribute,
  Block,
  Operation,
  Region,
  RegionRequest,
  Type,
  Value,
} from '../ir/index.js';
import type {
  AsmParser,
  OperationParseState,
  RegionParseRequest,
  UnresolvedOperand,
} from '../syntax/asm-parser.js';

/** One argument of a directive while parsing: the directive fills in what it stands for. */
export interface ParseSlot {
  /** For `$operand`; set by the directive, or already there for `ref($operand)`. */
  operands?: UnresolvedOperand[];
  /** For `type($x)`. */
  types?: Type[];
  /** For `$attribute`; undefined leaves the attribute absent. */
  attribute?: Attribute | undefined;
  /** For `$region`. */
  regions?: Region[];
  /** For `$successor`. */
  successors?: Block[];
  /** For a quoted argument. */
  readonly code?: string;
}

/** One argument of a directive while printing. */
export interface PrintSlot {
  readonly operands?: readonly Value[];
  readonly types?: readonly Type[];
  readonly attribute?: Attribute | undefined;
  readonly regions?: readonly Region[];
  readonly successors?: readonly Block[];
  readonly code?: string;
}

export interface CustomDirective {
  /** Returns false where it stands first in an optional group and is not there; nothing is consumed then. */
  readonly parse: (
    parser: AsmParser,
    slots: readonly ParseSlot[],
    state: OperationParseState,
  ) => boolean | void | Generator<RegionParseRequest, void>;
  readonly print: (
    printer: AsmPrinter,
    slots: readonly PrintSlot[],
    op: Operation,
  ) => void | Generator<RegionRequest, void>;
}
