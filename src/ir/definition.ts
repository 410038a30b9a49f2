/** What the IR must know of a registered operation. Dialects supply these; the IR itself knows no dialect by name. */

import type { AsmPrinter } from './asm-printer.js';
import type { Attribute } from './attribute.js';
import type { Context } from './context.js';
import type { AttributeDefinition, TypeDefinition } from './dialect-type.js';
import type { Location } from './location.js';
import type { Operation } from './operation.js';
import type { Region } from './region.js';
import type { Type } from './type.js';
import type { Value } from './value.js';

/** Traits by their ODS names (`Pure`, `Terminator`, `IsolatedFromAbove`); those with arguments carry them. */
export type Traits = ReadonlyMap<string, TraitArguments>;
export type TraitArguments = readonly string[];

/** A result of folding: an existing value, a constant to materialize, for each result of the operation. */
export type FoldResult = Value | Attribute;

/** What `fold` returns: a replacement for each result, `true` after an update in place, or undefined. */
export type FoldOutcome = readonly FoldResult[] | true | undefined;

/** A typed name under which an operation implements an interface. */
export class InterfaceKey<Implementation> {
  /** Never set: it only ties the key to its implementation's type. */
  declare readonly implementation: Implementation;

  constructor(readonly name: string) {}
}

/** What an operation does to memory: to a particular operand or result, or to memory at large. */
export interface MemoryEffect {
  readonly kind: 'read' | 'write' | 'allocate' | 'free';
  readonly value?: Value;
}

/** Yielded by a printer of the custom form where a region belongs; the driver prints it without recursion. */
export interface RegionRequest {
  readonly region: Region;
  /** Whether the entry block's header with its arguments is printed. Default true. */
  readonly printEntryArguments?: boolean;
  /** Whether terminators are printed. Default true; false only where parsing restores them. */
  readonly printTerminators?: boolean;
  /** Whether an empty entry block still gets its braces and label. */
  readonly printEmptyBlock?: boolean;
}

/** Writes an operation's custom form after its name. A generator where there are regions. */
export type CustomPrinter = (
  op: Operation,
  printer: AsmPrinter,
) => void | Generator<RegionRequest, void>;

export interface OperationDefinition {
  /** With the dialect: `arith.addi`. */
  readonly name: string;
  readonly summary: string;
  readonly traits: Traits;
  /** Attributes that belong to the operation itself and are kept as properties. */
  readonly inherentAttributes: ReadonlySet<string>;
  /** Values for inherent attributes that are absent, by name. */
  readonly defaultAttributes?: ReadonlyMap<string, Attribute>;
  readonly regionCount: number | 'variadic';
  /** Graph regions have no order between their operations; SSACFG regions are checked for dominance. */
  readonly regionKind: 'ssacfg' | 'graph';
  readonly interfaces: ReadonlyMap<InterfaceKey<unknown>, unknown>;
  /** Constraints that the declaration implies; reports through `op.emitOpError` and returns whether all hold. */
  readonly verifyInvariants?: (op: Operation) => boolean;
  /** Checks written by hand, after the invariants hold. */
  readonly verify?: (op: Operation) => boolean;
  /** Checks that look into regions, after the operations inside were verified. */
  readonly verifyRegions?: (op: Operation) => boolean;
  /** Given the constant value of each operand where known. */
  readonly fold?: (op: Operation, operands: readonly (Attribute | undefined)[]) => FoldOutcome;
  /** The memory effects, or undefined when they are not known. Absent: derived from traits. */
  readonly memoryEffects?: (op: Operation) => readonly MemoryEffect[] | undefined;
  readonly inferResultTypes?: (op: {
    readonly operands: readonly Value[];
    readonly properties: ReadonlyMap<string, Attribute>;
  }) => readonly Type[] | undefined;
  readonly print?: CustomPrinter;
  /** The custom form's parser; its type is the parser's business, so it is opaque here. */
  readonly parse?: unknown;
  /** Dialect whose prefix the custom forms of operations directly inside may leave out: `return` in a `func.func`. */
  readonly defaultDialect?: string;
  /** Names to suggest for results, e.g. `c1_i32` for a constant; indexed by result. */
  readonly suggestNames?: (op: Operation) => readonly (string | undefined)[];
  /** The operation that an implicit terminator of its regions is, e.g. `scf.yield`. */
  readonly implicitTerminator?: string;
}

/** A dialect as the IR sees it. */
export interface DialectDefinition {
  readonly name: string;
  readonly summary: string;
  readonly operations: ReadonlyMap<string, OperationDefinition>;
  /** By mnemonic. */
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly attributes: ReadonlyMap<string, AttributeDefinition>;
  /** Builds the operation for a constant of a type, used by folding; returns it detached, or undefined. */
  readonly materializeConstant?: (
    value: Attribute,
    type: Type,
    location: Location,
    context: Context,
  ) => Operation | undefined;
  /** Checks a discardable attribute `dialect.name` on any operation; reports and returns whether it holds. */
  readonly verifyAttribute?: (op: Operation, name: string, value: Attribute) => boolean;
  /** The dialect's implementation of an interface of whole dialects, such as the inliner's. */
  readonly getInterface?: <Implementation>(
    key: InterfaceKey<Implementation>,
  ) => Implementation | undefined;
}
