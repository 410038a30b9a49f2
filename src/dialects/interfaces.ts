/** Interfaces: what passes ask of operations without knowing them by name. */

import {
  InterfaceKey,
  SymbolUserInterface,
  type Attribute,
  type Block,
  type BlockArgument,
  type Builder,
  type FunctionType,
  type Location,
  type OpOperand,
  type Operation,
  type Region,
  type SymbolRefAttr,
  type Type,
  type Value,
} from '../ir/index.js';

/** A loop: what is needed to move code out of it and to reason about what it carries. */
export interface LoopLike {
  /** Regions whose operations run again and again. */
  readonly loopRegions: (op: Operation) => readonly Region[];
  readonly inductionVariables: (op: Operation) => readonly BlockArgument[];
  /** Lower bounds, upper bounds and steps, one for each induction variable; undefined where there are none. */
  readonly bounds?: (op: Operation) => {
    readonly lower: readonly Value[];
    readonly upper: readonly Value[];
    readonly step: readonly Value[];
  };
  /** Initial values of what is carried from one iteration to the next. */
  readonly initialValues: (op: Operation) => readonly Value[];
  /** Block arguments that hold what is carried, in the order of the initial values. */
  readonly iterationArguments: (op: Operation) => readonly BlockArgument[];
}

/** A terminator that hands operands to its successor blocks. */
export interface BranchOp {
  /** The uses that become the arguments of the successor of that position. */
  readonly successorOperands: (op: Operation, index: number) => readonly OpOperand[];
  /** The successor that is taken when operands have these constant values; undefined where that is not known. */
  readonly successorFor?: (
    op: Operation,
    operands: readonly (Attribute | undefined)[],
  ) => Block | undefined;
  /** Hands further values to the successor of that position, behind those it is handed already. */
  readonly appendOperands?: (op: Operation, index: number, values: readonly Value[]) => void;
}

/** Where control goes inside an operation with regions: into a region, or back to the operation itself. */
export type RegionSuccessor =
  | { readonly kind: 'region'; readonly region: Region; readonly inputs: readonly Value[] }
  | { readonly kind: 'parent'; readonly inputs: readonly Value[] };

/** An operation whose regions run as control flow. */
export interface RegionBranch {
  /**
   * Where control may go; `from` is undefined for the operation's own entry, and then `constants` are the operands that
   * are known to be constant, which may rule ways out.
   */
  readonly successors: (
    op: Operation,
    from: Region | undefined,
    constants?: readonly (Attribute | undefined)[],
  ) => readonly RegionSuccessor[];
  /** The operands that enter a region (or leave as results) from the operation's own entry. */
  readonly entryOperands: (op: Operation, to: RegionSuccessor) => readonly OpOperand[];
}

/** A terminator of a region of a `RegionBranch`. */
export interface RegionBranchTerminator {
  readonly forwarded: (op: Operation, to: RegionSuccessor) => readonly OpOperand[];
  /** Those of the successors that are left when operands have these constant values. Absent: all of them. */
  readonly successors?: (
    op: Operation,
    all: readonly RegionSuccessor[],
    constants?: readonly (Attribute | undefined)[],
  ) => readonly RegionSuccessor[];
}

/** Inclusive bounds of one reading of a value's bits. */
export interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
}

/** Bounds of the signed and of the unsigned reading, as far as they are known. */
export interface KnownIntegerRanges {
  readonly signed?: IntegerRange;
  readonly unsigned?: IntegerRange;
}

/** An operation that bounds its integer results. */
export interface InferIntRange {
  /** One entry for each result, from the bounds of the operands. */
  readonly inferResultRanges: (
    op: Operation,
    operands: readonly Required<KnownIntegerRanges>[],
  ) => readonly (KnownIntegerRanges | undefined)[];
}

export interface CallOp {
  /** What is called: a symbol or a function value. */
  readonly callee: (op: Operation) => SymbolRefAttr | Value;
  readonly arguments: (op: Operation) => readonly Value[];
}

export interface Callable {
  /** The body; undefined for a declaration. */
  readonly body: (op: Operation) => Region | undefined;
  readonly resultTypes: (op: Operation) => readonly Type[];
}

export interface FunctionLike extends Callable {
  readonly functionType: (op: Operation) => FunctionType;
  readonly setFunctionType: (op: Operation, type: FunctionType) => void;
}

/** An operation that may be cast away: all that it does is to change a type. */
export interface CastOp {
  readonly areCompatible: (inputs: readonly Type[], outputs: readonly Type[]) => boolean;
}

/** An operation whose result is another view of the memory of an operand. */
export interface ViewLike {
  readonly source: (op: Operation) => Value;
}

/**
 * Whether an operation may run where the program would not have run it: always, never, or if all that is nested in it
 * may.
 */
export type Speculatability = 'always' | 'never' | 'recursively';

/** An operation for which that depends on its operands or attributes; traits say it for those for which it does not. */
export interface ConditionallySpeculatable {
  readonly speculatability: (op: Operation) => Speculatability;
}

/**
 * What a dialect says to the inliner: an interface of the dialect, not of its operations. What is absent is legal, or
 * has the default that it names.
 */
export interface DialectInliner {
  /** Whether the callable may take the place of the call; asked of the call's dialect and of the callable's. */
  readonly isLegalCall?: (call: Operation, callable: Operation) => boolean;
  /** Whether the body may become a part of the region; asked of the dialect of the operation that has the region. */
  readonly isLegalRegion?: (target: Region, body: Region) => boolean;
  /** Whether the operation may become a part of the region; asked for each operation of the body, nested ones too. */
  readonly isLegalOperation?: (op: Operation, target: Region) => boolean;
  /** What a terminator of the body gives back to the caller. Absent: its operands. */
  readonly returnedValues?: (terminator: Operation) => readonly Value[];
  /**
   * Puts a branch to `after` in front of a terminator of a body with several blocks, and returns whether it did: then
   * the terminator is removed. Absent: `cf.br` for a terminator that is `ReturnLike`.
   */
  readonly handleTerminator?: (
    terminator: Operation,
    after: Block,
    values: readonly Value[],
    builder: Builder,
  ) => boolean;
  /**
   * Converts an argument or a result of a call to the type that the other side has; asked of the call's dialect.
   * Undefined: the call stays.
   */
  readonly materializeCallConversion?: (
    builder: Builder,
    value: Value,
    type: Type,
    location: Location,
  ) => Operation | undefined;
}

export const LoopLikeInterface = new InterfaceKey<LoopLike>('LoopLikeOpInterface');
export const BranchInterface = new InterfaceKey<BranchOp>('BranchOpInterface');
export const RegionBranchInterface = new InterfaceKey<RegionBranch>('RegionBranchOpInterface');
export const RegionBranchTerminatorInterface = new InterfaceKey<RegionBranchTerminator>(
  'RegionBranchTerminatorOpInterface',
);
export const CallInterface = new InterfaceKey<CallOp>('CallOpInterface');
export const CallableInterface = new InterfaceKey<Callable>('CallableOpInterface');
export const FunctionInterface = new InterfaceKey<FunctionLike>('FunctionOpInterface');
export const CastInterface = new InterfaceKey<CastOp>('CastOpInterface');
export const ViewLikeInterface = new InterfaceKey<ViewLike>('ViewLikeOpInterface');
export const InferIntRangeInterface = new InterfaceKey<InferIntRange>('InferIntRangeInterface');
export const ConditionallySpeculatableInterface = new InterfaceKey<ConditionallySpeculatable>(
  'ConditionallySpeculatable',
);
export { SymbolUserInterface };
export const DialectInlinerInterface = new InterfaceKey<DialectInliner>('DialectInlinerInterface');

/** Names that `interfaces` in a dialect file may use. */
export const INTERFACE_NAMES: readonly string[] = [
  'InferTypeOpInterface',
  ...[
    LoopLikeInterface,
    BranchInterface,
    RegionBranchInterface,
    RegionBranchTerminatorInterface,
    CallInterface,
    CallableInterface,
    FunctionInterface,
    CastInterface,
    ViewLikeInterface,
    SymbolUserInterface,
    InferIntRangeInterface,
    ConditionallySpeculatableInterface,
  ].map((key) => key.name),
];
