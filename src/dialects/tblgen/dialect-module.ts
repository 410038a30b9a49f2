/** Writes the TypeScript module of one dialect: its data and the classes of its operations, types and attributes. */

import { customKindName, enumOfKind } from '../parametric-format.js';
import type { DialectData, EnumData, ParameterData, ParametricData } from '../schema.js';
import { findDeclared, type ConstraintScope } from '../scope.js';
import { attributeClass, camelCase, enumType, literal, typeClass } from './names.js';
import { comment, Imports, writeOperationClass } from './operation-class.js';

const PARAMETER_TYPES: Readonly<Record<string, string>> = {
  type: 'Type',
  attribute: 'Attribute',
  integer: 'number',
  string: 'string',
  keyword: 'string',
  bool: 'boolean',
  shape: 'readonly number[]',
  integers: 'readonly number[]',
  types: 'readonly Type[]',
  attributes: 'readonly Attribute[]',
};

function parameterType({ kind }: ParameterData, scope: ConstraintScope, imports: Imports): string {
  if (customKindName(kind) !== undefined) {
    imports.ir.add('CustomParameter');
    return 'CustomParameter';
  }
  if (enumOfKind(kind, scope) !== undefined) {
    const declared = findDeclared(scope, kind, ['enum']);
    const owner = declared!.owner.dialect;
    const name = enumType(owner, kind.slice(kind.indexOf('.') + 1));
    if (owner !== scope.dialect.dialect) imports.addForeign(owner, name);
    return name;
  }
  const type = PARAMETER_TYPES[kind];
  if (type.includes('Type')) imports.ir.add('Type');
  if (type.includes('Attribute')) imports.ir.add('Attribute');
  return type;
}

function parametricClass(
  data: ParametricData,
  kind: 'type' | 'attribute',
  scope: ConstraintScope,
  imports: Imports,
): string {
  const { dialect } = scope.dialect;
  const isType = kind === 'type';
  const name = (isType ? typeClass : attributeClass)(dialect, data.mnemonic);
  const base = isType ? 'DeclaredType' : data.isBare ? 'BareAttr' : 'DeclaredAttr';
  const factory = isType ? 'DialectType' : 'DialectAttr';
  imports.helpers.add(base);
  imports.ir.add(factory);
  const parameters = data.parameters.map((parameter) => ({
    ...parameter,
    type: parameterType(parameter, scope, imports),
    accessor: camelCase(parameter.name),
  }));
  // Optional parameters can be left out where only optional ones follow.
  const args = parameters.map(({ accessor, type, isOptional }, index) => {
    const isTrailing = isOptional && parameters.slice(index).every((it) => it.isOptional);
    const text = `${type}${isOptional ? ' | undefined' : ''}`;
    return `${accessor}${isTrailing ? '?' : ''}: ${text}`;
  });
  const map = isType ? 'types' : 'attributes';
  return [
    `/** ${comment(data.summary)} */`,
    `export class ${name} extends ${base} {`,
    `  static get(${args.join(', ')}): ${name} {`,
    `    const definition = ${dialect}Dialect.${map}.get(${literal(data.mnemonic)})!;`,
    `    return ${factory}.get(definition, [${parameters.map((it) => it.accessor).join(', ')}]) as ${name};`,
    '  }',
    ...parameters.map(
      ({ accessor, type, isOptional }, index) =>
        `  get ${accessor}(): ${type}${isOptional ? ' | undefined' : ''} { return this.parameters[${index}] as ${type}; }`,
    ),
    '}',
    '',
  ].join('\n');
}

function enumCode(data: EnumData, dialect: string, imports: Imports): string {
  const name = enumType(dialect, data.name);
  const cases = Object.keys(data.cases);
  const union = cases.map(literal).join(' | ');
  const lines = [
    `/** ${comment(data.summary)} */`,
    // A bit set may hold several cases; the union stays for editors to offer.
    `export type ${name} = ${data.isBitSet ? `${union} | (string & {})` : union};`,
    '',
  ];
  if (data.storage === 'attribute') {
    const className = attributeClass(dialect, data.name);
    const base = data.isBare ? 'BareEnumAttr' : 'DeclaredAttr';
    imports.helpers.add(base);
    imports.ir.add('DialectAttr');
    lines.push(
      `/** ${comment(data.summary)}, as an attribute */`,
      `export class ${className} extends ${base} {`,
      `  static get(value: ${name}): ${className} {`,
      `    return DialectAttr.get(${dialect}Dialect.attributes.get(${literal(data.name)})!, [value]) as ${className};`,
      '  }',
      `  get value(): ${name} { return this.parameters[0] as ${name}; }`,
      '}',
      '',
    );
  }
  return lines.join('\n');
}

/** The text of `generated/<dialect>.ts`. */
export function writeDialectModule(
  data: DialectData,
  lookup: (name: string) => DialectData | undefined,
): string {
  const scope: ConstraintScope = { dialect: data, lookup };
  const imports = new Imports();
  const { dialect } = data;
  const body = [
    ...data.enums.map((it) => enumCode(it, dialect, imports)),
    ...data.types.map((it) => parametricClass(it, 'type', scope, imports)),
    ...data.attributes.map((it) => parametricClass(it, 'attribute', scope, imports)),
    ...data.operations.map((it) => writeOperationClass(it, scope, imports)),
  ].join('\n');
  const entry = (mnemonic: string, name: string): string => `${literal(mnemonic)}: ${name}`;
  const types = data.types.map(({ mnemonic }) => entry(mnemonic, typeClass(dialect, mnemonic)));
  const attributes = [
    ...data.attributes.map(({ mnemonic }) => entry(mnemonic, attributeClass(dialect, mnemonic))),
    ...data.enums
      .filter(({ storage }) => storage === 'attribute')
      .map(({ name }) => entry(name, attributeClass(dialect, name))),
  ];
  const sorted = (names: Iterable<string>): string => [...names].sort().join(', ');
  const values = new Set(['OpView', 'DialectType', 'DialectAttr']);
  const irNames = [...imports.ir].sort();
  const irImports = irNames.map((name) => (values.has(name) ? name : `type ${name}`)).join(', ');
  return [
    `// Generated from dialects/${dialect}.yaml: do not edit.`,
    ...(irNames.length > 0 ? [`import { ${irImports} } from '../../ir/index.js';`] : []),
    ...(imports.helpers.size > 0
      ? [`import { ${sorted(imports.helpers)} } from '../accessors.js';`]
      : []),
    `import { Dialect } from '../dialect.js';`,
    ...[...imports.foreign].map(
      ([other, names]) => `import type { ${sorted(names)} } from './${other}.js';`,
    ),
    '',
    `/** ${comment(data.summary)} */`,
    `export const ${dialect}Dialect: Dialect = new Dialect(${literal(dialect)}, ${literal(JSON.stringify(data))}, () => ({`,
    `  types: { ${types.join(', ')} },`,
    `  attributes: { ${attributes.join(', ')} },`,
    '}));',
    '',
    body,
  ].join('\n');
}

/** The text of `generated/index.ts`. */
export function writeIndexModule(dialects: readonly DialectData[]): string {
  const names = dialects.map(({ dialect }) => dialect);
  return [
    '// Generated from the files in dialects/: do not edit.',
    `import type { Dialect } from '../dialect.js';`,
    ...names.map((name) => `import { ${name}Dialect } from './${name}.js';`),
    '',
    ...names.map((name) => `export * from './${name}.js';`),
    '',
    '/** Every dialect that is built in. */',
    `export const generatedDialects: readonly Dialect[] = [${names.map((name) => `${name}Dialect`).join(', ')}];`,
    '',
  ].join('\n');
}
