/** What a custom form prints with. */

import type { AffineMap } from './affine.js';
import type { Attribute } from './attribute.js';
import type { Block } from './block.js';
import type { Operation } from './operation.js';
import type { TextSink } from './text-sink.js';
import type { Type } from './type.js';
import type { BlockArgument, Value } from './value.js';

export interface AsmPrinter extends TextSink {
  /** `%name`, with `#i` for one of several results. */
  writeOperand(value: Value): void;
  /** Comma separated operands. */
  writeOperands(values: Iterable<Value>): void;
  /** Comma separated types. */
  writeTypes(types: Iterable<Type>): void;
  /** An attribute without its `: type` suffix. */
  writeAttributeWithoutType(attribute: Attribute): void;
  /** `^name`. */
  writeSuccessor(block: Block): void;
  writeSymbol(name: string): void;
  /** ` {a = 1}` with a leading space, nothing when every attribute is elided; inherent ones included. */
  writeOptionalAttributeDict(op: Operation, elided: ReadonlySet<string>): void;
  /** The same behind the keyword `attributes`. */
  writeOptionalAttributeDictWithKeyword(op: Operation, elided: ReadonlySet<string>): void;
  /** `%name: type` with its location where those are printed. */
  writeRegionArgument(argument: BlockArgument): void;
  /** The map's results, comma separated, with operands in place of dimensions and `symbol(...)` around symbols. */
  writeAffineMapOfOperands(map: AffineMap, operands: readonly Value[]): void;
  /** Starts a new line at the current indentation plus `extra` levels. */
  newline(extra?: number): void;
}
