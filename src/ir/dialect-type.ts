/** Types and attributes that a dialect declares: a definition and the values of its parameters. */

import { Attribute } from './attribute.js';
import { Interner } from './interner.js';
import { prettyOpaqueBody, type TextSink } from './text-sink.js';
import { Type } from './type.js';

/** The value of one parameter; a shape is an array of extents; undefined where an optional parameter is absent. */
export type Parameter =
  | Type
  | Attribute
  | string
  | number
  | bigint
  | boolean
  | readonly number[]
  | readonly Type[]
  | readonly Attribute[]
  | CustomParameter
  | undefined;

/** A parameter with a textual form of its own, such as a layout of the layout algebra. */
export interface CustomParameter {
  /** Canonical text: equal values have equal texts. */
  toString(): string;
}

/** What the IR must know of a declared type or attribute; built from the dialect's YAML. */
export interface ParametricDefinition {
  readonly dialect: string;
  readonly mnemonic: string;
  readonly parameterNames: readonly string[];
  /** Writes what follows the mnemonic, including its angle brackets; absent where there are no parameters. */
  readonly printParameters?: (parameters: readonly Parameter[], sink: TextSink) => void;
  /** The parser of what `printParameters` writes; its type is the parser's business, so it is opaque here. */
  readonly parseParameters?: unknown;
  /** The reason why these parameters are not valid, or undefined. */
  readonly verify?: (parameters: readonly Parameter[]) => string | undefined;
  /** Name to base aliases on when a printed module repeats the attribute; absent for none. */
  readonly alias?: string;
}

export interface TypeDefinition extends ParametricDefinition {
  readonly kind: 'type';
  /** The class with typed accessors, `DialectType` for a dialect loaded at run time. */
  readonly create: (parameters: readonly Parameter[]) => DialectType;
}

export interface AttributeDefinition extends ParametricDefinition {
  readonly kind: 'attribute';
  readonly create: (parameters: readonly Parameter[]) => DialectAttr;
}

function parameterKey(parameter: Parameter): string {
  if (parameter instanceof Type || parameter instanceof Attribute) return `#${parameter.identity}`;
  if (Array.isArray(parameter))
    return `[${parameter.map((item: Parameter) => parameterKey(item)).join()}]`;
  return `${typeof parameter}:${String(parameter)}`;
}

const types = new WeakMap<TypeDefinition, Interner<DialectType>>();
const attributes = new WeakMap<AttributeDefinition, Interner<DialectAttr>>();

/** A declared type: `!dialect.mnemonic<...>`. */
export class DialectType extends Type {
  /** Use `DialectType.get`: constructing directly would break uniquing. */
  constructor(
    readonly definition: TypeDefinition,
    readonly parameters: readonly Parameter[],
  ) {
    super();
  }

  static get(definition: TypeDefinition, parameters: readonly Parameter[]): DialectType {
    let interner = types.get(definition);
    if (interner === undefined) types.set(definition, (interner = new Interner()));
    return interner.get(parameters.map(parameterKey).join(';'), () =>
      definition.create([...parameters]),
    );
  }

  /** The parameter of that name. */
  parameter(name: string): Parameter {
    return this.parameters[this.definition.parameterNames.indexOf(name)];
  }

  print(sink: TextSink): void {
    sink.write(`!${this.definition.dialect}.${this.definition.mnemonic}`);
    this.definition.printParameters?.(this.parameters, sink);
  }
}

/** A declared attribute: `#dialect.mnemonic<...>`. */
export class DialectAttr extends Attribute {
  /** Use `DialectAttr.get`: constructing directly would break uniquing. */
  constructor(
    readonly definition: AttributeDefinition,
    readonly parameters: readonly Parameter[],
  ) {
    super();
  }

  static get(definition: AttributeDefinition, parameters: readonly Parameter[]): DialectAttr {
    let interner = attributes.get(definition);
    if (interner === undefined) attributes.set(definition, (interner = new Interner()));
    return interner.get(parameters.map(parameterKey).join(';'), () =>
      definition.create([...parameters]),
    );
  }

  parameter(name: string): Parameter {
    return this.parameters[this.definition.parameterNames.indexOf(name)];
  }

  print(sink: TextSink): void {
    sink.write(`#${this.definition.dialect}.${this.definition.mnemonic}`);
    this.definition.printParameters?.(this.parameters, sink);
  }
}

const opaques = new Interner<OpaqueType>();

/** A type of a dialect that is not loaded, kept as it was written: `!dialect<...>` or `!dialect.name<...>`. */
export class OpaqueType extends Type {
  private constructor(
    readonly dialect: string,
    /** All that follows `!dialect`. */
    readonly body: string,
  ) {
    super();
  }

  static get(dialect: string, body: string): OpaqueType {
    const pretty = prettyOpaqueBody(body);
    return opaques.get(`${dialect}${pretty}`, () => new OpaqueType(dialect, pretty));
  }

  print(sink: TextSink): void {
    sink.write(`!${this.dialect}${this.body}`);
  }
}
