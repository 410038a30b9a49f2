/** Reads the passes of a YAML file. */

import { isScalar, type Node } from 'yaml';
import { didYouMean } from '../support/index.js';
import type { DialectData, PassData, PassOptionData, PassOptionType } from './schema.js';
import type { YamlReader } from './yaml-reader.js';

const PASS_KEYS = [
  'summary',
  'description',
  'options',
  'statistics',
  'requires',
  'anchor',
  'patterns',
];
const OPTION_KEYS = ['type', 'summary', 'default', 'minimum', 'maximum', 'cases'];
const OPTION_TYPES: readonly PassOptionType[] = ['boolean', 'integer', 'string', 'list', 'enum'];
const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function checkName(reader: YamlReader, what: string, name: string, node: Node): void {
  if (!KEBAB_CASE.test(name))
    reader.reportNode(node, `'${name}' is not a valid name for ${what}: expected kebab-case`);
}

function integer(
  reader: YamlReader,
  fields: ReadonlyMap<string, Node | null>,
  name: string,
): number | undefined {
  if (!fields.has(name)) return undefined;
  const node = fields.get(name);
  if (isScalar(node) && Number.isSafeInteger(node.value)) return node.value as number;
  reader.reportNode(node, `expected '${name}' to be an integer`);
  return undefined;
}

/** The default of an option, as its type wants it. */
function defaultValue(
  reader: YamlReader,
  fields: ReadonlyMap<string, Node | null>,
  type: PassOptionType,
  cases: readonly string[],
): boolean | number | string | undefined {
  const node = fields.get('default');
  if (node === undefined) return undefined;
  switch (type) {
    case 'boolean':
      return reader.boolean(node, `'default'`);
    case 'integer':
      return integer(reader, fields, 'default');
    case 'string':
      return reader.text(node, `'default'`);
    case 'list':
      reader.reportNode(node, `a list has no 'default': it is empty where the option is not given`);
      return undefined;
    case 'enum': {
      const text = reader.text(node, `'default'`);
      if (text !== undefined && !cases.includes(text))
        reader.reportNode(
          node,
          `expected 'default' to be one of ${cases.join(', ')}, found '${text}'`,
        );
      return text;
    }
  }
}

function readOption(
  reader: YamlReader,
  name: string,
  keyNode: Node,
  value: Node | null,
): PassOptionData {
  const what = `option '${name}'`;
  checkName(reader, 'an option', name, keyNode);
  const fields = reader.fields(value, what, OPTION_KEYS);
  const typeText = reader.required(fields, 'type', what, keyNode);
  const type = OPTION_TYPES.find((one) => one === typeText);
  if (type === undefined && fields.get('type'))
    reader.reportNode(
      fields.get('type'),
      `unknown type '${typeText}'${didYouMean(typeText, OPTION_TYPES)}; expected one of ${OPTION_TYPES.join(', ')}`,
    );
  const cases = reader.list(fields.get('cases'), `'cases'`).map(({ text }) => text);
  if (type === 'enum' && cases.length === 0) reader.reportNode(keyNode, `${what} has no 'cases'`);
  for (const [key, owner] of [
    ['cases', 'enum'],
    ['minimum', 'integer'],
    ['maximum', 'integer'],
  ] as const)
    if (fields.has(key) && type !== undefined && type !== owner)
      reader.reportNode(fields.get(key), `'${key}' belongs to options of type '${owner}'`);
  const [minimum, maximum] = [
    integer(reader, fields, 'minimum'),
    integer(reader, fields, 'maximum'),
  ];
  const fallback = type === undefined ? undefined : defaultValue(reader, fields, type, cases);
  return {
    name,
    type: type ?? 'string',
    summary: reader.required(fields, 'summary', what, keyNode),
    ...(fallback !== undefined && { default: fallback }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(cases.length > 0 && { cases }),
  };
}

export function readPass(
  reader: YamlReader,
  name: string,
  keyNode: Node,
  value: Node | null,
): PassData {
  const what = `pass '${name}'`;
  const path = ['passes', name];
  checkName(reader, 'a pass', name, keyNode);
  reader.mark(path, keyNode);
  const fields = reader.fields(value, what, PASS_KEYS);
  const text = (key: string): string | undefined => reader.text(fields.get(key), `'${key}'`);
  const [description, anchor] = [text('description'), text('anchor')];
  const entries = (key: string): ReturnType<YamlReader['entries']> =>
    fields.has(key) ? reader.entries(fields.get(key), `'${key}'`) : [];
  const patterns = reader.list(fields.get('patterns'), `'patterns'`);
  patterns.forEach(({ node }, index) => reader.mark([...path, 'patterns', String(index)], node));
  return {
    name,
    summary: reader.required(fields, 'summary', what, keyNode),
    ...(description !== undefined && { description }),
    options: entries('options').map((entry) =>
      readOption(reader, entry.key, entry.keyNode, entry.value),
    ),
    statistics: Object.fromEntries(
      entries('statistics').map((entry) => {
        checkName(reader, 'a statistic', entry.key, entry.keyNode);
        return [entry.key, reader.text(entry.value, `'${entry.key}'`) ?? ''];
      }),
    ),
    requires: reader.list(fields.get('requires'), `'requires'`).map((item) => item.text),
    ...(anchor !== undefined && { anchor }),
    patterns: patterns.map((item) => item.text),
  };
}

/** Reports patterns of passes that the file does not have. */
export function checkPasses(
  { passes = [], patterns = [] }: DialectData,
  report: (path: readonly string[], message: string) => void,
): void {
  const known = patterns.map(({ name }) => name);
  for (const pass of passes)
    pass.patterns.forEach((name, index) => {
      if (!known.includes(name))
        report(
          ['passes', pass.name, 'patterns', String(index)],
          `the file has no pattern '${name}'${didYouMean(name, known)}`,
        );
    });
}
