/** The reference of a dialect as Markdown. */

import { compileAttribute } from './attribute-constraint.js';
import { parseConstraint } from './constraint-ast.js';
import type { Dialect } from './dialect.js';
import type {
  EntityData,
  EnumData,
  OperationData,
  ParametricData,
  PassData,
  PassOptionData,
} from './schema.js';
import type { ConstraintScope } from './scope.js';
import { compileType } from './type-constraint.js';

const sentence = (summary: string): string => `_${summary}_`;
const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ').trim();
const code = (text: string, language = 'mlir'): string[] => [
  '```' + language,
  text.trimEnd(),
  '```',
  '',
];

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line), ''];
}

class Writer {
  constructor(private readonly scope: ConstraintScope) {}

  private typeSummary({ is, arity }: EntityData): string {
    const { summary } = compileType(parseConstraint(is), this.scope);
    return arity === 'single' ? summary : `${arity} of ${summary}`;
  }

  private attributeSummary(entity: EntityData): string {
    const { summary } = compileAttribute(parseConstraint(entity.is), this.scope);
    const text = entity.arity === 'single' ? summary : `optional ${summary}`;
    return entity.default === undefined ? text : `${text}, default \`${entity.default}\``;
  }

  operation(data: OperationData): string[] {
    const traits = data.traits.map(({ name, args }) =>
      args.length === 0 ? name : `${name}<${args.join(', ')}>`,
    );
    const values = (entities: readonly EntityData[]): string[][] =>
      entities.map((it) => [`\`${it.name}\``, this.typeSummary(it), it.summary ?? '']);
    return [
      `### \`${data.name}\``,
      '',
      sentence(data.summary),
      '',
      ...(data.assemblyFormat === undefined || data.assemblyFormat === 'custom'
        ? []
        : [
            'Syntax:',
            '',
            ...code(`operation ::= \`${data.name}\` ${data.assemblyFormat}`, 'ebnf'),
          ]),
      ...(data.description === undefined ? [] : [data.description.trim(), '']),
      ...(data.example === undefined ? [] : ['Example:', '', ...code(data.example)]),
      ...(traits.length === 0 ? [] : [`Traits: ${traits.map((it) => `\`${it}\``).join(', ')}`, '']),
      ...(data.interfaces.length === 0
        ? []
        : [`Interfaces: ${data.interfaces.map((it) => `\`${it}\``).join(', ')}`, '']),
      ...table(
        ['Attribute', 'Constraint', 'Description'],
        data.attributes.map((it) => [
          `\`${it.name}\``,
          this.attributeSummary(it),
          it.summary ?? '',
        ]),
      ),
      ...table(['Operand', 'Constraint', 'Description'], values(data.operands)),
      ...table(['Result', 'Constraint', 'Description'], values(data.results)),
      ...table(
        ['Region', 'Constraint'],
        data.regions.map((it) => [`\`${it.name}\``, it.is]),
      ),
      ...table(
        ['Successor', 'Constraint'],
        data.successors.map((it) => [`\`${it.name}\``, it.arity === 'single' ? 'any' : it.arity]),
      ),
    ];
  }

  parametric(data: ParametricData, sigil: string): string[] {
    return [
      `### \`${sigil}${this.scope.dialect.dialect}.${data.mnemonic}\``,
      '',
      sentence(data.summary),
      '',
      ...(data.description === undefined ? [] : [data.description.trim(), '']),
      ...(data.example === undefined ? [] : ['Example:', '', ...code(data.example)]),
      ...table(
        ['Parameter', 'Kind'],
        data.parameters.map(({ name, kind, isOptional }) => [
          `\`${name}\``,
          isOptional ? `optional ${kind}` : kind,
        ]),
      ),
    ];
  }

  enumeration(data: EnumData): string[] {
    return [
      `### \`${data.name}\``,
      '',
      sentence(data.summary),
      '',
      ...table(
        ['Case', 'Value'],
        Object.entries(data.cases).map(([name, value]) => [`\`${name}\``, String(value)]),
      ),
    ];
  }
}

function optionKind({ type, cases, minimum, maximum }: PassOptionData): string {
  const bounds = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
  ];
  return [cases === undefined ? type : cases.map((it) => `\`${it}\``).join(', '), ...bounds].join(
    ', ',
  );
}

function passReference(data: PassData): string[] {
  return [
    `### \`--${data.name}\``,
    '',
    sentence(data.summary),
    '',
    ...(data.description === undefined ? [] : [data.description.trim(), '']),
    ...(data.anchor === undefined ? [] : [`Runs on \`${data.anchor}\`.`, '']),
    ...(data.patterns.length === 0
      ? []
      : [`Patterns: ${data.patterns.map((it) => `\`${it}\``).join(', ')}`, '']),
    ...table(
      ['Option', 'Value', 'Default', 'Description'],
      data.options.map((it) => [
        `\`${it.name}\``,
        optionKind(it),
        it.default === undefined ? '' : `\`${it.default}\``,
        it.summary,
      ]),
    ),
    ...table(
      ['Statistic', 'Description'],
      Object.entries(data.statistics).map(([name, summary]) => [`\`${name}\``, summary]),
    ),
  ];
}

/** The reference of a dialect: operations, types, attributes, enums and passes, with constraints and examples. */
export function dialectToMarkdown(dialect: Dialect): string {
  const { scope } = dialect;
  const { data } = dialect;
  const writer = new Writer(scope);
  const section = <Item>(
    title: string,
    items: readonly Item[],
    write: (item: Item) => string[],
  ): string[] => (items.length === 0 ? [] : [`## ${title}`, '', ...items.flatMap(write)]);
  return [
    `# '${data.dialect}' dialect`,
    '',
    sentence(data.summary),
    '',
    ...(data.description === undefined ? [] : [data.description.trim(), '']),
    ...section('Operations', data.operations, (it) => writer.operation(it)),
    ...section('Types', data.types, (it) => writer.parametric(it, '!')),
    ...section('Attributes', data.attributes, (it) => writer.parametric(it, '#')),
    ...section('Enums', data.enums, (it) => writer.enumeration(it)),
    ...section('Passes', data.passes ?? [], passReference),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}
