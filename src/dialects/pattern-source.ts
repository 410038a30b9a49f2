/** Reads the patterns of a YAML file. */

import { isScalar, type Node } from 'yaml';
import type { PatternData } from './schema.js';
import type { Reader } from './yaml-source.js';

const PATTERN_KEYS = ['law', 'match', 'where', 'rewrite', 'benefit', 'labels', 'canonicalization'];
const PATTERN_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function readPattern(
  reader: Reader,
  key: string,
  keyNode: Node,
  value: Node | null,
): PatternData {
  const path = ['patterns', key];
  const what = `pattern '${key}'`;
  if (!PATTERN_NAME.test(key))
    reader.reportNode(keyNode, `'${key}' is not a valid name for a pattern: expected kebab-case`);
  reader.mark(path, keyNode);
  const fields = reader.fields(value, what, PATTERN_KEYS);
  const expression = (name: string): string => {
    const text = reader.required(fields, name, what, keyNode);
    if (fields.get(name)) reader.mark([...path, name], fields.get(name)!, text);
    return text;
  };
  const benefit = fields.get('benefit');
  const isInteger = isScalar(benefit) && Number.isInteger(benefit.value);
  if (benefit !== undefined && !isInteger)
    reader.reportNode(benefit, `expected 'benefit' to be an integer`);
  const where = reader.list(fields.get('where'), `'where'`);
  where.forEach(({ text, node }, index) =>
    reader.mark([...path, 'where', String(index)], node, text),
  );
  return {
    name: key,
    law: reader.required(fields, 'law', what, keyNode),
    match: expression('match'),
    where: where.map(({ text }) => text),
    rewrite: expression('rewrite'),
    ...(isInteger && { benefit: Number(benefit.value) }),
    labels: reader.list(fields.get('labels'), `'labels'`).map(({ text }) => text),
    canonicalization: fields.has('canonicalization')
      ? reader.boolean(fields.get('canonicalization'), `'canonicalization'`)
      : true,
  };
}

/** Reads a file with nothing but patterns. */
export function readPatternFile(reader: Reader, root: Node | null): readonly PatternData[] {
  const fields = reader.fields(root, 'the file', ['patterns']);
  if (!fields.has('patterns')) {
    reader.reportNode(root, `the file has no 'patterns'`);
    return [];
  }
  return reader
    .entries(fields.get('patterns'), `'patterns'`)
    .map((entry) => readPattern(reader, entry.key, entry.keyNode, entry.value));
}
