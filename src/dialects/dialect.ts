/** A declared dialect as the IR uses it; its data is read from text only when somebody asks for it. */

import {
  DialectAttr,
  DialectType,
  type AttributeDefinition,
  type DialectDefinition,
  type InterfaceKey,
  type OperationDefinition,
  type Parameter,
  type TextSink,
  type TypeDefinition,
} from '../ir/index.js';
import { BareAttr, BareEnumAttr } from './accessors.js';
import type { CustomDirective } from './directives.js';
import { canonicalEnumText, registerAttributeDefinitions } from './attribute-values.js';
import type { DialectHooks, ParameterHooks, ParametricHooks } from './hook-types.js';
import { DeclaredOperation } from './operation-definition.js';
import { compileParametricFormat, type ParametricSyntax } from './parametric-format.js';
import type { DialectData, EnumData, ParametricData, PatternData } from './schema.js';
import type { ConstraintScope } from './scope.js';
import { registerTypeDefinitions } from './type-constraint.js';
import { parseEnumCases } from './format-attributes.js';
import { didYouMean, InternalError } from '../support/index.js';
import type { ParameterParser } from '../syntax/asm-parser.js';

type TypeClass = new (definition: TypeDefinition, parameters: readonly Parameter[]) => DialectType;
type AttributeClass = new (
  definition: AttributeDefinition,
  parameters: readonly Parameter[],
) => DialectAttr;

/** The generated classes of a dialect's types and attributes, by mnemonic. */
export interface ParametricClasses {
  readonly types?: Readonly<Record<string, TypeClass>>;
  readonly attributes?: Readonly<Record<string, AttributeClass>>;
}

/** Finds another dialect that constraint expressions mention. */
export type DialectLookup = (name: string) => Dialect | undefined;

export class Dialect implements DialectDefinition {
  private read: DialectData | undefined;
  private hasPatterns: boolean | undefined;
  private operationMap: ReadonlyMap<string, OperationDefinition> | undefined;
  private typeMap: ReadonlyMap<string, TypeDefinition> | undefined;
  private attributeMap: ReadonlyMap<string, AttributeDefinition> | undefined;
  private hooks: DialectHooks = {};
  private lookup: DialectLookup = () => undefined;

  constructor(
    readonly name: string,
    /** The dialect's data, or its JSON text. */
    private readonly source: DialectData | string,
    private readonly classes: () => ParametricClasses = () => ({}),
  ) {}

  /** Connects the dialect with its hand-written parts and with other dialects; before its first use. */
  connect(hooks: DialectHooks | undefined, lookup: DialectLookup): this {
    if (hooks !== undefined) this.hooks = hooks;
    this.lookup = lookup;
    return this;
  }

  get data(): DialectData {
    if (this.read === undefined) {
      this.read =
        typeof this.source === 'string' ? (JSON.parse(this.source) as DialectData) : this.source;
      // Formats of other dialects may mention this one's attributes before anything else here is used.
      registerAttributeDefinitions(this.read, new LazyMap(() => this.attributes));
      registerTypeDefinitions(this.read, new LazyMap(() => this.types));
    }
    return this.read;
  }

  /** Rewrites that the file declares; costs nothing where there are none. */
  get patterns(): readonly PatternData[] {
    this.hasPatterns ??= typeof this.source !== 'string' || this.source.includes('"patterns":[');
    return this.hasPatterns ? (this.data.patterns ?? []) : [];
  }

  get summary(): string {
    return this.data.summary;
  }

  /** Where names in this dialect's constraint expressions are looked up. */
  get scope(): ConstraintScope {
    return { dialect: this.data, lookup: (name) => this.lookup(name)?.data };
  }

  get operations(): ReadonlyMap<string, OperationDefinition> {
    if (this.operationMap === undefined) {
      const { scope, hooks } = this;
      const findDirective = (name: string): CustomDirective | undefined => this.directive(name);
      const prefix = this.name.length + 1;
      this.operationMap = new Map(
        this.data.operations.map((data) => [
          data.name,
          new DeclaredOperation(
            data,
            scope,
            hooks.operations?.[data.name.slice(prefix)],
            findDirective,
            (name) => hooks.predicates?.[name],
          ),
        ]),
      );
    }
    return this.operationMap;
  }

  /** A `custom<Name>` of this dialect, or of one that it depends on. */
  directive(name: string): CustomDirective | undefined {
    const own = this.hooks.directives?.[name];
    if (own !== undefined) return own;
    for (const other of this.data.dependsOn) {
      const found = this.lookup(other)?.hooks.directives?.[name];
      if (found !== undefined) return found;
    }
    return undefined;
  }

  get types(): ReadonlyMap<string, TypeDefinition> {
    if (this.typeMap === undefined) {
      const { types: classes } = this.classes();
      const map = new Map<string, TypeDefinition>(
        this.data.types.map((data) => {
          const { mnemonic } = data;
          const definition: TypeDefinition = {
            kind: 'type',
            ...this.parametric(data, () => this.hooks.types?.[mnemonic]),
            create: (parameters) =>
              new (classes?.[mnemonic] ?? DialectType)(definition, parameters),
          };
          return [mnemonic, definition];
        }),
      );
      this.typeMap = new WithPrefixForm(map, typePrefixForm(this.name, map));
    }
    return this.typeMap;
  }

  get attributes(): ReadonlyMap<string, AttributeDefinition> {
    if (this.attributeMap === undefined) {
      const { attributes: classes } = this.classes();
      const map = new Map<string, AttributeDefinition>();
      for (const data of this.data.attributes) {
        const { mnemonic } = data;
        const definition: AttributeDefinition = {
          kind: 'attribute',
          ...this.parametric(data, () => this.hooks.attributes?.[mnemonic]),
          create: (parameters) =>
            new (classes?.[mnemonic] ?? (data.isBare ? BareAttr : DialectAttr))(
              definition,
              parameters,
            ),
        };
        map.set(mnemonic, definition);
      }
      for (const data of this.data.enums)
        if (data.storage === 'attribute')
          map.set(data.name, enumDefinition(this.name, data, classes?.[data.name]));
      this.attributeMap = new WithPrefixForm(map, attributePrefixForm(this.name, map));
    }
    return this.attributeMap;
  }

  private parametric(
    data: ParametricData,
    hooks: () => ParametricHooks | undefined,
  ): Omit<TypeDefinition, 'kind' | 'create'> {
    let compiled: ParametricSyntax | undefined;
    const findHooks = (name: string): ParameterHooks | undefined => this.hooks.parameters?.[name];
    const syntax = (): ParametricSyntax =>
      (compiled ??= compileParametricFormat(data, this.scope, findHooks, (message) => {
        throw new InternalError(
          `the format of '${this.name}.${data.mnemonic}' is wrong: ${message}`,
        );
      }));
    const parse: ParameterParser = (parser) => syntax().parse(parser);
    return {
      dialect: this.name,
      mnemonic: data.mnemonic,
      parameterNames: data.parameters.map(({ name }) => name),
      ...(data.parameters.length > 0 && {
        parseParameters: parse,
        printParameters: (parameters: readonly Parameter[], sink: TextSink) =>
          syntax().print(parameters, sink),
      }),
      verify: (parameters) => hooks()?.verify?.(parameters),
      ...(data.alias !== undefined && { alias: data.alias }),
    };
  }

  get materializeConstant(): DialectDefinition['materializeConstant'] {
    return this.hooks.materializeConstant;
  }

  get verifyAttribute(): DialectDefinition['verifyAttribute'] {
    return this.hooks.verifyAttribute;
  }

  getInterface<Implementation>(key: InterfaceKey<Implementation>): Implementation | undefined {
    return this.hooks.interfaces?.find(([one]) => one === key)?.[1] as Implementation | undefined;
  }
}

/**
 * `#dialect<mnemonic ...>`: the form in which the mnemonic stands inside the brackets. The parser of attributes asks for
 * the definition without a mnemonic then; this one reads the mnemonic and hands over to its definition.
 */
function parsePrefixForm(
  definitions: ReadonlyMap<string, TypeDefinition | AttributeDefinition>,
): ParameterParser {
  return (parser) => {
    parser.expectPunctuation('<');
    const offset = parser.offset;
    const mnemonic = parser.parseAnyKeyword('a mnemonic');
    const definition = definitions.get(mnemonic);
    if (definition === undefined)
      return parser.fail(
        `unknown mnemonic '${mnemonic}'${didYouMean(mnemonic, definitions.keys())}`,
        offset,
      );
    const parse = definition.parseParameters as ParameterParser | undefined;
    const parameters = parse === undefined ? [] : parse(parser);
    const problem = definition.verify?.(parameters);
    if (problem !== undefined) parser.fail(problem, offset);
    parser.expectPunctuation('>');
    return [mnemonic, ...parameters];
  };
}

export function typePrefixForm(
  dialect: string,
  definitions: ReadonlyMap<string, TypeDefinition>,
): TypeDefinition {
  return {
    kind: 'type',
    dialect,
    mnemonic: '',
    parameterNames: [],
    parseParameters: parsePrefixForm(definitions),
    create: ([mnemonic, ...parameters]) =>
      DialectType.get(definitions.get(mnemonic as string)!, parameters),
  };
}

export function attributePrefixForm(
  dialect: string,
  definitions: ReadonlyMap<string, AttributeDefinition>,
): AttributeDefinition {
  return {
    kind: 'attribute',
    dialect,
    mnemonic: '',
    parameterNames: [],
    parseParameters: parsePrefixForm(definitions),
    create: ([mnemonic, ...parameters]) =>
      DialectAttr.get(definitions.get(mnemonic as string)!, parameters),
  };
}

/** The definitions by mnemonic, and under the empty one, which is not listed, that of the prefix form. */
export class WithPrefixForm<Definition> extends Map<string, Definition> {
  constructor(
    entries: Iterable<readonly [string, Definition]>,
    private readonly prefixForm: Definition,
  ) {
    super(entries);
  }

  override get(mnemonic: string): Definition | undefined {
    return mnemonic === '' ? this.prefixForm : super.get(mnemonic);
  }
}

/** An enum stored as an attribute of its own: `#dialect.mnemonic<case>`. */
function enumDefinition(
  dialect: string,
  data: EnumData,
  generated: AttributeClass | undefined,
): AttributeDefinition {
  const AttributeOf = generated ?? (data.isBare ? BareEnumAttr : DialectAttr);
  const expected = `expected ${data.name} to be one of: ${Object.keys(data.cases).join(', ')}`;
  const parse: ParameterParser = (parser) => {
    if (!data.isBare) parser.expectPunctuation('<');
    const text = parseEnumCases(parser, data) ?? parser.fail(expected);
    if (!data.isBare) parser.expectPunctuation('>');
    return [canonicalEnumText(data, text)];
  };
  const definition: AttributeDefinition = {
    kind: 'attribute',
    dialect,
    mnemonic: data.name,
    parameterNames: ['value'],
    parseParameters: parse,
    printParameters: (parameters, sink) =>
      sink.write(data.isBare ? (parameters[0] as string) : `<${parameters[0] as string}>`),
    create: (parameters) => new AttributeOf(definition, parameters),
  };
  return definition;
}

/** A map that is computed at its first look-up. */
class LazyMap<Key, Value> extends Map<Key, Value> {
  constructor(private readonly compute: () => ReadonlyMap<Key, Value>) {
    super();
  }

  override get(key: Key): Value | undefined {
    return this.compute().get(key);
  }
}
