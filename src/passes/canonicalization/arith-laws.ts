/** Canonicalization of arith: laws on choices, bits and casts, as data. */

import {
  IntegerAttr,
  IntegerType,
  Value,
  i1,
  i64,
  type Attribute,
  type Type,
} from '../../ir/index.js';
import {
  declarePattern,
  type DeclarativeFunctions,
  type DeclarativePattern,
  type OpMatch,
  type RewritePattern,
  type ValueMatch,
} from '../../rewrite/index.js';

const typeOf = (bound: Value | Attribute): Type | undefined =>
  bound instanceof Value ? bound.type : undefined;
const widthOf = (bound: Value | Attribute): number => {
  const type = typeOf(bound);
  return type instanceof IntegerType ? type.width : 0;
};

const functions: DeclarativeFunctions = {
  predicates: {
    'same type': (a, b) => typeOf(a) === typeOf(b),
    boolean: (value) => typeOf(value) === i1,
    'wider than a boolean': (value) => widthOf(value) > 1,
    narrower: (a, b) => widthOf(a) < widthOf(b),
    'holds an index': (value) => widthOf(value) >= 64,
    true: (value) =>
      value instanceof IntegerAttr && value.type === i1 && BigInt.asUintN(1, value.value) === 1n,
  },
};

const op = (name: string, ...operands: ValueMatch[]): OpMatch => ({
  op: `arith.${name}`,
  operands,
});
const compare = (predicate: number, a: ValueMatch, b: ValueMatch): OpMatch => ({
  ...op('cmpi', a, b),
  attributes: { predicate },
});
const constant = (is: string): ValueMatch => ({ constant: { is } });

const SELECTS: readonly DeclarativePattern[] = [
  {
    name: 'arith-select-of-not',
    law: 'not c ? a : b -> c ? b : a',
    match: op('select', op('xori', '$c', constant('true')), '$a', '$b'),
    rewrite: { op: 'arith.select', operands: ['$c', '$b', '$a'] },
  },
  {
    name: 'arith-select-equal',
    law: 'a == b ? a : b -> b',
    match: op('select', compare(0, '$a', '$b'), '$a', '$b'),
    rewrite: '$b',
  },
  {
    name: 'arith-select-not-equal',
    law: 'a != b ? a : b -> a',
    match: op('select', compare(1, '$a', '$b'), '$a', '$b'),
    rewrite: '$a',
  },
  {
    name: 'arith-select-same-condition-true',
    law: 'c ? (c ? a : b) : d -> c ? a : d',
    match: op('select', '$c', op('select', '$c', '$a', '_'), '$d'),
    rewrite: { op: 'arith.select', operands: ['$c', '$a', '$d'] },
  },
  {
    name: 'arith-select-same-condition-false',
    law: 'c ? d : (c ? a : b) -> c ? d : b',
    match: op('select', '$c', '$d', op('select', '$c', '_', '$b')),
    rewrite: { op: 'arith.select', operands: ['$c', '$d', '$b'] },
  },
  {
    name: 'arith-select-to-extui',
    law: 'c ? 1 : 0 -> zext(c)',
    match: { ...op('select', '$c', { constant: 1 }, { constant: 0 }), bind: '$r' },
    where: [
      { if: 'boolean', of: ['$c'] },
      { if: 'wider than a boolean', of: ['$r'] },
    ],
    rewrite: { op: 'arith.extui', operands: ['$c'] },
  },
  {
    name: 'arith-select-to-extui-of-not',
    law: 'c ? 0 : 1 -> zext(not c)',
    match: { ...op('select', '$c', { constant: 0 }, { constant: 1 }), bind: '$r' },
    where: [
      { if: 'boolean', of: ['$c'] },
      { if: 'wider than a boolean', of: ['$r'] },
    ],
    rewrite: {
      op: 'arith.extui',
      operands: [
        {
          op: 'arith.xori',
          operands: ['$c', { constant: IntegerAttr.bool(true), type: '$c' }],
          types: ['$c'],
        },
      ],
    },
  },
];

const BITS: readonly DeclarativePattern[] = [
  ...(['extui', 'extsi'] as const).flatMap((extension) =>
    (['andi', 'ori', 'xori'] as const).map((bitwise): DeclarativePattern => ({
      name: `arith-${bitwise}-of-${extension}`,
      law: 'ext(a) op ext(b) -> ext(a op b)',
      match: op(bitwise, op(extension, '$a'), op(extension, '$b')),
      where: [{ if: 'same type', of: ['$a', '$b'] }],
      rewrite: {
        op: `arith.${extension}`,
        operands: [{ op: `arith.${bitwise}`, operands: ['$a', '$b'], types: ['$a'] }],
      },
    })),
  ),
];

const EXTENSIONS: readonly DeclarativePattern[] = [
  ...(['extui', 'extsi'] as const).flatMap((extension): DeclarativePattern[] => [
    {
      name: `arith-trunc-of-${extension}`,
      law: 'trunc(ext(x)) -> ext(x) where the result is wider than x',
      match: { ...op('trunci', op(extension, '$x')), bind: '$r' },
      where: [{ if: 'narrower', of: ['$x', '$r'] }],
      rewrite: { op: `arith.${extension}`, operands: ['$x'] },
    },
    {
      name: `arith-not-zero-of-${extension}`,
      law: 'ext(c) != 0 -> c',
      match: compare(1, op(extension, '$c'), { constant: 0 }),
      where: [{ if: 'boolean', of: ['$c'] }],
      rewrite: '$c',
    },
    ...([0, 1] as const).map((predicate): DeclarativePattern => ({
      name: `arith-${predicate === 0 ? 'equal' : 'not-equal'}-of-${extension}`,
      law: 'ext(a) == ext(b) -> a == b',
      match: compare(predicate, op(extension, '$a'), op(extension, '$b')),
      where: [{ if: 'same type', of: ['$a', '$b'] }],
      rewrite: {
        op: 'arith.cmpi',
        operands: ['$a', '$b'],
        attributes: { predicate: IntegerAttr.get(predicate, i64) },
      },
    })),
  ]),
  ...(
    [
      ['index_cast', 'extsi'],
      ['index_castui', 'extui'],
    ] as const
  ).map(([cast, extension]): DeclarativePattern => ({
    name: `arith-${cast}-of-${extension}`,
    law: 'an index from a wider number is the index from the number',
    match: op(cast, op(extension, '$x')),
    rewrite: { op: `arith.${cast}`, operands: ['$x'] },
  })),
  ...(['index_cast', 'index_castui'] as const).map((cast): DeclarativePattern => ({
    name: `arith-${cast}-there-and-back`,
    law: 'an index through a number that holds all its bits is the index',
    match: { ...op(cast, { ...op(cast, '$x'), bind: '$wide' }), bind: '$r' },
    where: [
      { if: 'same type', of: ['$x', '$r'] },
      { if: 'holds an index', of: ['$wide'] },
    ],
    rewrite: '$x',
  })),
  {
    name: 'arith-bitcast-there-and-back',
    law: 'bitcast(bitcast(x)) -> x where the types agree',
    match: { ...op('bitcast', op('bitcast', '$x')), bind: '$r' },
    where: [{ if: 'same type', of: ['$x', '$r'] }],
    rewrite: '$x',
  },
];

const FLOATS: readonly DeclarativePattern[] = (['mulf', 'divf'] as const).map((name) => ({
  name: `arith-${name}-of-negations`,
  law: '(-a) op (-b) -> a op b',
  match: op(name, op('negf', '$a'), op('negf', '$b')),
  rewrite: { op: `arith.${name}`, operands: ['$a', '$b'] },
}));

/** Laws that hold whatever the operands are, besides those on constants in sums. */
export const arithLaws: readonly RewritePattern[] = [
  ...SELECTS,
  ...BITS,
  ...EXTENSIONS,
  ...FLOATS,
].map((one) => declarePattern(one, functions));
