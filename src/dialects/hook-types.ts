/** What a dialect adds in TypeScript to its YAML file: folds, verifiers, hand-written forms, interfaces. */

import type {
  Attribute,
  Context,
  CustomParameter,
  CustomPrinter,
  FoldOutcome,
  InterfaceKey,
  Location,
  MemoryEffect,
  Operation,
  Parameter,
  Type,
  Value,
} from '../ir/index.js';
import type { AsmParser, CustomParser } from '../syntax/asm-parser.js';
import type { CustomDirective } from './directives.js';
import type { OperationPredicate } from './traits.js';

/** An interface with an operation's, or a dialect's, implementation of it; make one with `implement`. */
export type InterfaceEntry = readonly [InterfaceKey<unknown>, unknown];

export function implement<Implementation>(
  key: InterfaceKey<Implementation>,
  implementation: Implementation,
): InterfaceEntry {
  return [key, implementation];
}

export interface OperationHooks {
  readonly parse?: CustomParser;
  readonly print?: CustomPrinter;
  readonly verify?: (op: Operation) => boolean;
  readonly verifyRegions?: (op: Operation) => boolean;
  readonly fold?: (op: Operation, operands: readonly (Attribute | undefined)[]) => FoldOutcome;
  readonly memoryEffects?: (op: Operation) => readonly MemoryEffect[] | undefined;
  readonly inferResultTypes?: (op: {
    readonly operands: readonly Value[];
    readonly properties: ReadonlyMap<string, Attribute>;
  }) => readonly Type[] | undefined;
  readonly suggestNames?: (op: Operation) => readonly (string | undefined)[];
  readonly defaultDialect?: string;
  readonly interfaces?: readonly InterfaceEntry[];
}

export interface ParametricHooks {
  /** The reason why these parameters are not valid, or undefined. */
  readonly verify?: (parameters: readonly Parameter[]) => string | undefined;
}

/** Reads and writes a parameter declared as `custom<Name>`. */
export interface ParameterHooks {
  readonly parse: (parser: AsmParser) => CustomParameter;
  /** Absent: the parameter's `toString`. */
  readonly print?: (value: CustomParameter) => string;
}

export interface DialectHooks {
  /** By name without the dialect. */
  readonly operations?: Readonly<Record<string, OperationHooks>>;
  readonly types?: Readonly<Record<string, ParametricHooks>>;
  readonly attributes?: Readonly<Record<string, ParametricHooks>>;
  /** By the name in `custom<Name>` of types' and attributes' parameters. */
  readonly parameters?: Readonly<Record<string, ParameterHooks>>;
  /** By the name in `custom<Name>(...)` of assembly formats. */
  readonly directives?: Readonly<Record<string, CustomDirective>>;
  /** By the name in `PredOpTrait<"summary", name>`. */
  readonly predicates?: Readonly<Record<string, OperationPredicate>>;
  readonly materializeConstant?: (
    value: Attribute,
    type: Type,
    location: Location,
    context: Context,
  ) => Operation | undefined;
  readonly verifyAttribute?: (op: Operation, name: string, value: Attribute) => boolean;
  /** Interfaces of the dialect as a whole, such as `DialectInlinerInterface`. */
  readonly interfaces?: readonly InterfaceEntry[];
}
