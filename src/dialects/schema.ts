/** The shape of a dialect's YAML file, as `dialects/schema.json` checks it in editors. */

/** One file: everything a dialect declares. */
export interface DialectFile {
  readonly dialect: string;
  readonly summary: string;
  readonly description?: string;
  /** Dialects whose types, attributes or operations this one mentions. */
  readonly dependsOn?: readonly string[];
  readonly types?: Readonly<Record<string, ParametricDeclaration>>;
  readonly attributes?: Readonly<Record<string, ParametricDeclaration>>;
  readonly enums?: Readonly<Record<string, EnumDeclaration>>;
  /** Named type constraints for this dialect's operations: name -> constraint expression and its summary. */
  readonly constraints?: Readonly<
    Record<string, { readonly is: string; readonly summary?: string }>
  >;
  readonly operations?: Readonly<Record<string, OperationDeclaration>>;
  /** Rewrites, by name. */
  readonly patterns?: Readonly<Record<string, PatternDeclaration>>;
  /** Passes, by the argument that starts them. */
  readonly passes?: Readonly<Record<string, PassDeclaration>>;
}

export type PassOptionType = 'boolean' | 'integer' | 'string' | 'list' | 'enum';

export interface PassOptionDeclaration {
  readonly type: PassOptionType;
  readonly summary: string;
  /** Where the option is not given; without it `false`, 0, an empty text or list, and an enum's first case. */
  readonly default?: boolean | number | string;
  /** Of an integer. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of an enum. */
  readonly cases?: readonly string[];
}

/** A pass: it applies patterns of its file, or runs what a plugin gives for its name. */
export interface PassDeclaration {
  readonly summary: string;
  readonly description?: string;
  readonly options?: Readonly<Record<string, PassOptionDeclaration>>;
  /** Statistic -> what it counts. */
  readonly statistics?: Readonly<Record<string, string>>;
  /** Dialects whose operations the pass builds. */
  readonly requires?: readonly string[];
  /** The operation that the pass runs on; any that is isolated from above where absent. */
  readonly anchor?: string;
  /** Names of patterns of the same file. */
  readonly patterns?: readonly string[];
}

/** A rewrite: a graph of operations and what takes its place. */
export interface PatternDeclaration {
  /** The equation that makes it right: `-(-x) -> x`. */
  readonly law: string;
  /** `angle.negate(angle.negate($x))` */
  readonly match: string;
  /** Further conditions: `sameType($x, $y)`. */
  readonly where?: readonly string[];
  /** `$x`, `angle.add($x, constant(add($a, $b)))`; one for each result, separated by commas. */
  readonly rewrite: string;
  /** Default: the number of operations that it matches. */
  readonly benefit?: number;
  readonly labels?: readonly string[];
  /** Whether `canonicalize` applies it; `apply-patterns` does in any case. Default true. */
  readonly canonicalization?: boolean;
}

/** A type or attribute, under its mnemonic. */
export interface ParametricDeclaration {
  readonly summary: string;
  readonly description?: string;
  readonly example?: string;
  /**
   * Name -> kind, in order. Kinds: `type`, `attribute`, `integer`, `string`, `bool`, `keyword`, `shape` (dimensions
   * `4x?x` in front of a type), `integers`, `types`, `attributes`, an enum's name, or `custom<Name>` for a parameter
   * whose text a registered TypeScript parser reads. A trailing `?` makes it optional.
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Format of what follows the mnemonic; default: `<` all parameters, comma separated `>`. */
  readonly assemblyFormat?: string;
  /** Base name of printed aliases: a module that repeats the attribute prints `#name = ...` once. */
  readonly alias?: string;
  /** For attributes: whether it is printed `#dialect<mnemonic ...>`, without brackets of its own. */
  readonly isBare?: boolean;
}

export type EnumStorage = 'attribute' | 'i32' | 'i64' | 'string';

export interface EnumDeclaration {
  readonly summary: string;
  readonly description?: string;
  /** `attribute` wraps it as `#dialect.mnemonic<case>`; `i32`/`i64` as an integer attribute; `string` as a string. */
  readonly storage: EnumStorage;
  /** For `attribute`: whether it is written `#dialect<mnemonic case>`, without brackets of its own. */
  readonly isBare?: boolean;
  /** Whether cases may be combined (a bit set). */
  readonly isBitSet?: boolean;
  /** Written between the cases of a bit set; `|` where absent. */
  readonly separator?: string;
  /** Case -> value. */
  readonly cases: Readonly<Record<string, number>>;
}

/** An operand, result, attribute, region or successor: a constraint expression, or that with details. */
export type Entity =
  | string
  | {
      readonly is: string;
      readonly summary?: string;
      /** Default of an attribute, in attribute syntax. */
      readonly default?: string;
      /** Memory effects on this operand or result: `read`, `write`, `allocate`, `free`. */
      readonly effects?: readonly string[];
    };

/** An operation, under its name without the dialect. */
export interface OperationDeclaration {
  readonly summary: string;
  readonly description?: string;
  /** A program that is parsed, printed, re-parsed and verified by the tests. */
  readonly example?: string;
  /** Name -> type constraint; `optional<T>`, `variadic<T>`, `variadicOfVariadic<T, sizes>` for arity. */
  readonly operands?: Readonly<Record<string, Entity>>;
  readonly results?: Readonly<Record<string, Entity>>;
  /** Name -> attribute constraint; `optional<T>` or a `default` where it may be absent. */
  readonly attributes?: Readonly<Record<string, Entity>>;
  /** Name -> `any`, `sized<n>`, `minSized<n>`, `maxSized<n>`; `variadic<...>`. */
  readonly regions?: Readonly<Record<string, Entity>>;
  /** Name -> plain value: a constraint of numbers, bools, strings, enums or `array<...>` of them. */
  readonly properties?: Readonly<Record<string, Entity>>;
  /** Name -> `any`, `variadic<any>`. */
  readonly successors?: Readonly<Record<string, Entity>>;
  /** Traits by their ODS names, with arguments in angle brackets: `HasParent<scf.for, scf.if>`. */
  readonly traits?: readonly string[];
  readonly interfaces?: readonly string[];
  /** Memory effects of the operation as a whole. */
  readonly effects?: readonly string[];
  /** ODS's declarative format, or `custom` where the form is written in TypeScript. */
  readonly assemblyFormat?: string;
  /** For target dialects: the emitted statement for each target, with `$name` for operands and attributes. */
  readonly emit?: Readonly<Record<string, string>>;
}

export type Arity = 'single' | 'optional' | 'variadic';
export const EFFECT_KINDS = ['read', 'write', 'allocate', 'free'] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/** An entity after reading: its arity apart from its constraint. */
export interface EntityData {
  readonly name: string;
  readonly arity: Arity;
  /** The constraint expression inside `optional<>` or `variadic<>`. */
  readonly is: string;
  readonly summary?: string;
  readonly default?: string;
  readonly effects?: readonly EffectKind[];
  /** Of a variadic operand that is a list of lists: the attribute that holds their lengths. */
  readonly segments?: string;
  /** Of an attribute: whether it is declared as a property, whose accessors deal in plain values. */
  readonly isProperty?: boolean;
}

export interface TraitData {
  readonly name: string;
  readonly args: readonly string[];
}

/** An operation as the run-time library reads it: everything in order, nothing optional that is a list. */
export interface OperationData {
  /** With the dialect. */
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly example?: string;
  readonly operands: readonly EntityData[];
  readonly results: readonly EntityData[];
  readonly attributes: readonly EntityData[];
  readonly regions: readonly EntityData[];
  readonly successors: readonly EntityData[];
  readonly traits: readonly TraitData[];
  readonly interfaces: readonly string[];
  readonly effects?: readonly EffectKind[];
  readonly assemblyFormat?: string;
  readonly emit?: Readonly<Record<string, string>>;
}

export interface ParameterData {
  readonly name: string;
  /** Without the `?` of an optional one. */
  readonly kind: string;
  readonly isOptional: boolean;
}

export interface ParametricData {
  readonly mnemonic: string;
  readonly summary: string;
  readonly description?: string;
  readonly example?: string;
  readonly parameters: readonly ParameterData[];
  readonly assemblyFormat?: string;
  readonly alias?: string;
  readonly isBare?: boolean;
}

export interface EnumData extends EnumDeclaration {
  readonly name: string;
}

export interface ConstraintData {
  readonly is: string;
  readonly summary?: string;
}

/** A pattern after reading. */
export interface PatternData extends PatternDeclaration {
  readonly name: string;
  readonly where: readonly string[];
  readonly canonicalization: boolean;
}

export interface PassOptionData extends PassOptionDeclaration {
  readonly name: string;
}

/** A pass after reading. */
export interface PassData extends Omit<PassDeclaration, 'options'> {
  readonly name: string;
  readonly options: readonly PassOptionData[];
  readonly statistics: Readonly<Record<string, string>>;
  readonly requires: readonly string[];
  readonly patterns: readonly string[];
}

/** A dialect as the generator writes it and the library reads it. */
export interface DialectData {
  readonly dialect: string;
  readonly summary: string;
  readonly description?: string;
  readonly dependsOn: readonly string[];
  readonly types: readonly ParametricData[];
  readonly attributes: readonly ParametricData[];
  readonly enums: readonly EnumData[];
  readonly constraints: Readonly<Record<string, ConstraintData>>;
  readonly operations: readonly OperationData[];
  readonly patterns?: readonly PatternData[];
  readonly passes?: readonly PassData[];
}
