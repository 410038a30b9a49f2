/** Reads a dialect file: YAML with the position of everything in it, so that every message points at its line. */

import { isAlias, isMap, isScalar, LineCounter, parseDocument, type Node } from 'yaml';
import { didYouMean, SourceFile, type Diagnostic } from '../support/index.js';
import { ExpressionError, parseConstraint, parseTrait } from './constraint-ast.js';
import { readPass } from './pass-source.js';
import { readPattern, readPatternFile } from './pattern-source.js';
import { propertyAsAttribute } from './property-constraint.js';
import {
  EFFECT_KINDS,
  type Arity,
  type DialectData,
  type EffectKind,
  type EntityData,
  type EnumData,
  type EnumStorage,
  type OperationData,
  type PatternData,
  type ParameterData,
  type ParametricData,
  type TraitData,
} from './schema.js';
import { YamlReader } from './yaml-reader.js';

/** What a dialect file says, where it says it, and what is wrong with its form. */
export interface SourceOf<Data> {
  readonly source: SourceFile;
  /** Undefined where the file is too broken to say anything. */
  readonly data: Data | undefined;
  readonly diagnostics: Diagnostic[];
  /** Reports an error at a value, by its path; `offset` is inside the text of a scalar. */
  readonly report: (path: readonly string[], message: string, offset?: number) => void;
}

export type DialectSource = SourceOf<DialectData>;

const TOP_KEYS = [
  'dialect',
  'summary',
  'description',
  'dependsOn',
  'types',
  'attributes',
  'enums',
  'constraints',
  'operations',
  'patterns',
  'passes',
];
const PARAMETRIC_KEYS = [
  'summary',
  'description',
  'example',
  'parameters',
  'assemblyFormat',
  'alias',
  'isBare',
];
const ENUM_KEYS = ['summary', 'description', 'storage', 'isBare', 'isBitSet', 'separator', 'cases'];
const ENUM_STORAGES: readonly EnumStorage[] = ['attribute', 'i32', 'i64', 'string'];
const CONSTRAINT_KEYS = ['is', 'summary'];
const OPERATION_KEYS = [
  'summary',
  'description',
  'example',
  'operands',
  'results',
  'attributes',
  'properties',
  'regions',
  'successors',
  'traits',
  'interfaces',
  'effects',
  'assemblyFormat',
  'emit',
];
const ENTITY_KEYS = ['is', 'summary', 'default', 'effects'];
/** Names for several traits at once. */
const TRAIT_LISTS: Readonly<Record<string, readonly string[]>> = {
  ElementwiseMappable: ['Elementwise', 'Scalarizable', 'Vectorizable', 'Tensorizable'],
  GraphRegionNoTerminator: ['NoTerminator', 'SingleBlock', 'HasOnlyGraphRegion'],
};
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OPERATION_NAME = /^[A-Za-z_][A-Za-z0-9_.]*$/;

/** Reads the declarations of a dialect file. */
export class Reader extends YamlReader {
  effects(node: Node | null | undefined): EffectKind[] | undefined {
    if (node === undefined) return undefined;
    return this.list(node, `'effects'`).flatMap(({ text, node: at }) => {
      if ((EFFECT_KINDS as readonly string[]).includes(text)) return [text as EffectKind];
      this.reportNode(
        at,
        `unknown effect '${text}'${didYouMean(text, EFFECT_KINDS)}; effects are ${EFFECT_KINDS.join(', ')}`,
      );
      return [];
    });
  }

  entities(node: Node | null | undefined, kind: string, path: readonly string[]): EntityData[] {
    if (node === undefined) return [];
    return this.entries(node, `'${kind}'`).map(({ key, keyNode, value }) => {
      const here = [...path, kind, key];
      if (!NAME.test(key)) this.reportNode(keyNode, `'${key}' is not a valid name`);
      this.mark(here, keyNode);
      let text: string;
      let isNode: Node | null = value;
      let details: Partial<EntityData> = {};
      if (isMap(value)) {
        const fields = this.fields(value, `'${key}'`, ENTITY_KEYS);
        text = this.required(fields, 'is', `'${key}'`, keyNode);
        isNode = fields.get('is') ?? null;
        const summary = this.text(fields.get('summary'), `'summary'`);
        const fallback = this.text(fields.get('default'), `'default'`);
        const effects = this.effects(fields.get('effects'));
        if (fields.get('default')) this.mark([...here, 'default'], fields.get('default')!);
        details = {
          ...(summary !== undefined && { summary }),
          ...(fallback !== undefined && { default: fallback }),
          ...(effects !== undefined && { effects }),
        };
      } else text = this.text(value, `'${key}'`) ?? 'any';
      if (isNode) this.mark([...here, 'is'], isNode, text);
      return { name: key, ...this.arity(text, here), ...details };
    });
  }

  /** Takes `optional<T>`, `variadic<T>` or `variadicOfVariadic<T, sizes>` apart. */
  private arity(
    text: string,
    path: readonly string[],
  ): { arity: Arity; is: string; segments?: string } {
    try {
      parseConstraint(text);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.report([...path, 'is'], error.message, error.offset);
      return { arity: 'single', is: 'any' };
    }
    const nested = /^\s*variadicOfVariadic\s*<([\s\S]*),\s*([A-Za-z_]\w*)\s*>\s*$/.exec(text);
    if (nested !== null) return { arity: 'variadic', is: nested[1].trim(), segments: nested[2] };
    const match = /^\s*(optional|variadic)\s*<([\s\S]*)>\s*$/.exec(text);
    return match === null
      ? { arity: 'single', is: text.trim() }
      : { arity: match[1] as Arity, is: match[2].trim() };
  }

  traits(node: Node | null | undefined, path: readonly string[]): TraitData[] {
    const traits: TraitData[] = [];
    for (const { text, node: at } of this.list(node, `'traits'`)) {
      const here = (index: number): string[] => [...path, 'traits', String(index)];
      this.mark(here(traits.length), at, text);
      try {
        const trait = parseTrait(text);
        const all =
          Object.hasOwn(TRAIT_LISTS, trait.name) && trait.args.length === 0
            ? TRAIT_LISTS[trait.name].map((name) => ({ name, args: [] }))
            : [trait];
        for (const one of all) {
          this.mark(here(traits.length), at, text);
          traits.push(one);
        }
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        this.report(here(traits.length), error.message, error.offset);
      }
    }
    return traits;
  }

  operation(dialect: string, key: string, keyNode: Node, value: Node | null): OperationData {
    const path = ['operations', key];
    const what = `operation '${key}'`;
    if (!OPERATION_NAME.test(key)) this.reportNode(keyNode, `'${key}' is not a valid name`);
    this.mark(path, keyNode);
    const fields = this.fields(value, what, OPERATION_KEYS);
    const text = (name: string): string | undefined => this.text(fields.get(name), `'${name}'`);
    const [description, example, assemblyFormat] = [
      text('description'),
      text('example'),
      text('assemblyFormat'),
    ];
    for (const name of ['assemblyFormat', 'example']) {
      const node = fields.get(name);
      if (node) this.mark([...path, name], node, text(name));
    }
    const effects = this.effects(fields.get('effects'));
    const emit = fields.get('emit');
    const operation: OperationData = {
      name: `${dialect}.${key}`,
      summary: this.required(fields, 'summary', what, keyNode),
      ...(description !== undefined && { description }),
      ...(example !== undefined && { example }),
      operands: this.entities(fields.get('operands'), 'operands', path),
      results: this.entities(fields.get('results'), 'results', path),
      attributes: [
        ...this.entities(fields.get('attributes'), 'attributes', path),
        ...this.entities(fields.get('properties'), 'properties', path).map((entity) => ({
          ...entity,
          is: propertyAsAttribute(entity.is),
          isProperty: true,
        })),
      ],
      regions: this.entities(fields.get('regions'), 'regions', path),
      successors: this.entities(fields.get('successors'), 'successors', path),
      traits: this.traits(fields.get('traits'), path),
      interfaces: this.list(fields.get('interfaces'), `'interfaces'`).map((item) => item.text),
      ...(effects !== undefined && { effects }),
      ...(assemblyFormat !== undefined && { assemblyFormat: assemblyFormat.trimEnd() }),
      ...(emit && {
        emit: Object.fromEntries(
          this.entries(emit, `'emit'`).map((entry) => [
            entry.key,
            this.text(entry.value, `'${entry.key}'`) ?? '',
          ]),
        ),
      }),
    };
    this.checkNames(operation, path);
    return operation;
  }

  /** Formats and accessors know the parts of an operation by one set of names. */
  private checkNames(operation: OperationData, path: readonly string[]): void {
    const seen = new Map<string, string>();
    for (const kind of ['operands', 'results', 'attributes', 'regions', 'successors'] as const) {
      for (const { name, isProperty } of operation[kind]) {
        const section = isProperty ? 'properties' : kind;
        const other = seen.get(name);
        if (other !== undefined)
          this.report([...path, section, name], `'${name}' is already declared in '${other}'`);
        seen.set(name, section);
      }
    }
  }

  parametric(section: string, key: string, keyNode: Node, value: Node | null): ParametricData {
    const path = [section, key];
    const what = `${section === 'types' ? 'type' : 'attribute'} '${key}'`;
    this.mark(path, keyNode);
    const fields = this.fields(value, what, PARAMETRIC_KEYS);
    const text = (name: string): string | undefined => this.text(fields.get(name), `'${name}'`);
    const [description, example, assemblyFormat, alias] = [
      text('description'),
      text('example'),
      text('assemblyFormat'),
      text('alias'),
    ];
    const formatNode = fields.get('assemblyFormat');
    if (formatNode) this.mark([...path, 'assemblyFormat'], formatNode, assemblyFormat);
    const parameters: ParameterData[] = [];
    if (fields.get('parameters')) {
      for (const entry of this.entries(fields.get('parameters'), `'parameters'`)) {
        const kind = this.text(entry.value, `'${entry.key}'`) ?? 'attribute';
        this.mark([...path, 'parameters', entry.key], entry.value ?? entry.keyNode);
        parameters.push({
          name: entry.key,
          kind: kind.replace(/\?$/, '').trim(),
          isOptional: kind.endsWith('?'),
        });
      }
    }
    return {
      mnemonic: key,
      summary: this.required(fields, 'summary', what, keyNode),
      ...(description !== undefined && { description }),
      ...(example !== undefined && { example: example.trim() }),
      parameters,
      ...(assemblyFormat !== undefined && { assemblyFormat: assemblyFormat.trimEnd() }),
      ...(alias !== undefined && { alias }),
      ...(this.boolean(fields.get('isBare'), `'isBare'`) && { isBare: true }),
    };
  }

  enumeration(key: string, keyNode: Node, value: Node | null): EnumData {
    const what = `enum '${key}'`;
    this.mark(['enums', key], keyNode);
    const fields = this.fields(value, what, ENUM_KEYS);
    const storage = this.required(fields, 'storage', what, keyNode);
    // An absent field was reported above; one that is there and empty was not.
    if (fields.get('storage') && !(ENUM_STORAGES as readonly string[]).includes(storage)) {
      this.reportNode(
        fields.get('storage'),
        `unknown storage '${storage}'${didYouMean(storage, ENUM_STORAGES)}; expected one of ${ENUM_STORAGES.join(', ')}`,
      );
    }
    const cases: Record<string, number> = {};
    if (!fields.get('cases')) this.reportNode(keyNode, `${what} has no 'cases'`);
    else {
      for (const entry of this.entries(fields.get('cases'), `'cases'`)) {
        const number = isScalar(entry.value) ? Number(entry.value.value) : NaN;
        if (!Number.isInteger(number))
          this.reportNode(
            entry.value ?? entry.keyNode,
            `expected the value of case '${entry.key}' to be an integer`,
          );
        cases[entry.key] = number;
      }
    }
    const description = this.text(fields.get('description'), `'description'`);
    const separator = this.text(fields.get('separator'), `'separator'`);
    return {
      name: key,
      summary: this.required(fields, 'summary', what, keyNode),
      ...(description !== undefined && { description }),
      storage: storage as EnumStorage,
      ...(this.boolean(fields.get('isBare'), `'isBare'`) && { isBare: true }),
      ...(this.boolean(fields.get('isBitSet'), `'isBitSet'`) && { isBitSet: true }),
      ...(separator !== undefined && { separator }),
      cases,
    };
  }

  dialect(root: Node | null): DialectData {
    const fields = this.fields(root, 'the dialect', TOP_KEYS);
    const name = this.required(fields, 'dialect', 'the file', root);
    if (name !== '' && !NAME.test(name))
      this.reportNode(fields.get('dialect'), `'${name}' is not a valid name for a dialect`);
    const section = <Result>(
      key: string,
      read: (key: string, keyNode: Node, value: Node | null) => Result,
    ): Result[] => {
      const node = fields.get(key);
      if (node === undefined || node === null || isAlias(node)) return [];
      return this.entries(node, `'${key}'`).map((entry) =>
        read(entry.key, entry.keyNode, entry.value),
      );
    };
    const description = this.text(fields.get('description'), `'description'`);
    return {
      dialect: name,
      summary: this.required(fields, 'summary', 'the file', root),
      ...(description !== undefined && { description }),
      dependsOn: this.list(fields.get('dependsOn'), `'dependsOn'`).map(({ text, node }, index) => {
        this.mark(['dependsOn', String(index)], node);
        return text;
      }),
      types: section('types', (key, keyNode, value) =>
        this.parametric('types', key, keyNode, value),
      ),
      attributes: section('attributes', (key, keyNode, value) =>
        this.parametric('attributes', key, keyNode, value),
      ),
      enums: section('enums', (key, keyNode, value) => this.enumeration(key, keyNode, value)),
      constraints: Object.fromEntries(
        section('constraints', (key, keyNode, value) => {
          this.mark(['constraints', key], keyNode);
          const details = this.fields(value, `constraint '${key}'`, CONSTRAINT_KEYS);
          const is = this.required(details, 'is', `constraint '${key}'`, keyNode);
          if (details.get('is')) this.mark(['constraints', key, 'is'], details.get('is')!, is);
          const summary = this.text(details.get('summary'), `'summary'`);
          return [key, { is, ...(summary !== undefined && { summary }) }] as const;
        }),
      ),
      operations: section('operations', (key, keyNode, value) =>
        this.operation(name, key, keyNode, value),
      ),
      ...(fields.has('patterns') && {
        patterns: section('patterns', (key, keyNode, value) =>
          readPattern(this, key, keyNode, value),
        ),
      }),
      ...(fields.has('passes') && {
        passes: section('passes', (key, keyNode, value) => readPass(this, key, keyNode, value)),
      }),
    };
  }
}

/** Reads a dialect file; everything wrong with its form is in `diagnostics`. */
export function readDialectSource(text: string, fileName: string): DialectSource {
  return readSource(text, fileName, (reader, root) => reader.dialect(root));
}

/** Reads a file that holds `patterns:` and nothing else. */
export function readPatternSource(
  text: string,
  fileName: string,
): SourceOf<readonly PatternData[]> {
  return readSource(text, fileName, readPatternFile);
}

function readSource<Data>(
  text: string,
  fileName: string,
  read: (reader: Reader, root: Node | null) => Data,
): SourceOf<Data> {
  const source = new SourceFile(fileName, text);
  const reader = new Reader(source);
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false });
  for (const error of document.errors) {
    const message = error.message.split('\n')[0].replace(/\.$/, '');
    reader.reportAt(error.pos[0], error.pos[1], message.charAt(0).toLowerCase() + message.slice(1));
  }
  const data =
    document.errors.length > 0 ? undefined : read(reader, document.contents as Node | null);
  return { source, data, diagnostics: reader.diagnostics, report: reader.report };
}
