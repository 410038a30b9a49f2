/** Writes kernels that execute every operation of `arith` that works on scalars, on every type that it takes. */

/** One operation on values `%a` and `%b` of an operand type, with a result for each of its types. */
export interface ArithCase {
  readonly name: string;
  readonly operand: string;
  /** What computes `%r` (and `%s` where there are two results), after `%a`, `%b` and `%c` (an `i1`) are there. */
  readonly text: string;
  readonly results: readonly string[];
}

const integers = ['i1', 'i4', 'i8', 'i16', 'i32', 'i64'];
const floats = ['f4E2M1FN', 'f16', 'bf16', 'f32', 'f64'];
const withIndex = [...integers, 'index'];

const bitsOf = (type: string): number => Number(/\d+/.exec(type)?.[0] ?? 64);

function binaryCases(names: readonly string[], types: readonly string[], b = '%b'): ArithCase[] {
  return names.flatMap((name) =>
    types.map((type) => ({
      name: `${name}_${type}`,
      operand: type,
      text: `%r = arith.${name} %a, ${b} : ${type}`,
      results: [type],
    })),
  );
}

function compareCases(name: string, predicates: string, types: readonly string[]): ArithCase[] {
  return predicates.split(' ').flatMap((predicate) =>
    types.map((type) => ({
      name: `${name}_${predicate}_${type}`,
      operand: type,
      text: `%r = arith.${name} ${predicate}, %a, %b : ${type}`,
      results: ['i1'],
    })),
  );
}

function castCases(
  name: string,
  from: readonly string[],
  to: readonly string[],
  fits: (from: string, to: string) => boolean,
  value = '%a',
): ArithCase[] {
  return from.flatMap((source) =>
    to
      .filter((target) => fits(source, target))
      .map((target) => ({
        name: `${name}_${source}_${target}`,
        operand: source,
        text: `%r = arith.${name} ${value} : ${source} to ${target}`,
        results: [target],
      })),
  );
}

function pairCases(name: string, resultsOf: (type: string) => readonly string[]): ArithCase[] {
  // Of packed elements there are none.
  const wide = integers.filter((type) => type !== 'i4');
  return wide.map((type) => {
    const results = resultsOf(type);
    const types = name === 'addui_extended' ? results.join(', ') : type;
    return {
      name: `${name}_${type}`,
      operand: type,
      text: `%r, %s = arith.${name} %a, %b : ${types}`,
      results,
    };
  });
}

const widens = (from: string, to: string): boolean => bitsOf(from) < bitsOf(to);
const narrows = (from: string, to: string): boolean => bitsOf(from) > bitsOf(to);
const always = (): boolean => true;

/**
 * Results that a narrow type cannot hold are computed further with, where text that forgot to cut them would show.
 */
const chains: readonly ArithCase[] = ['i4', 'i8', 'i16', 'i32', 'i64'].flatMap((type) =>
  ['addi', 'subi', 'muli'].map((name) => ({
    name: `chain_${name}_${type}`,
    operand: type,
    text: `%t = arith.${name} %a, %b : ${type}\n    %r = arith.shrsi %t, %one : ${type}`,
    results: [type],
  })),
);

export const arithCases: readonly ArithCase[] = [
  ...binaryCases(['addi', 'subi', 'muli', 'andi', 'ori', 'xori'], withIndex),
  ...binaryCases(['minsi', 'maxsi', 'minui', 'maxui'], withIndex),
  ...binaryCases(['divsi', 'divui', 'remsi', 'remui'], withIndex, '%divisor'),
  ...binaryCases(['ceildivsi', 'ceildivui', 'floordivsi'], withIndex, '%divisor'),
  ...binaryCases(['shli', 'shrsi', 'shrui'], withIndex, '%amount'),
  ...chains,
  ...pairCases('addui_extended', (type) => [type, 'i1']),
  ...pairCases('mulsi_extended', (type) => [type, type]),
  ...pairCases('mului_extended', (type) => [type, type]),
  ...compareCases('cmpi', 'eq ne slt sle sgt sge ult ule ugt uge', withIndex),
  ...binaryCases(['addf', 'subf', 'mulf', 'divf', 'remf'], floats),
  ...binaryCases(['maximumf', 'minimumf', 'maxnumf', 'minnumf'], floats),
  ...compareCases(
    'cmpf',
    'false oeq ogt oge olt ole one ord ueq ugt uge ult ule une uno true',
    floats,
  ),
  ...floats.map((type) => ({
    name: `negf_${type}`,
    operand: type,
    text: `%r = arith.negf %a : ${type}`,
    results: [type],
  })),
  ...[...withIndex, ...floats].map((type) => ({
    name: `select_${type}`,
    operand: type,
    text: `%r = arith.select %c, %a, %b : ${type}`,
    results: [type],
  })),
  ...castCases('extsi', integers, integers, widens),
  ...castCases('extui', integers, integers, widens),
  ...castCases('trunci', integers, integers, narrows),
  ...castCases('extf', floats, floats, widens),
  ...castCases('truncf', floats, floats, narrows),
  ...castCases('sitofp', integers, floats, always),
  ...castCases('uitofp', integers, floats, always),
  ...castCases('fptosi', floats, integers.slice(1), always, '%inRange'),
  ...castCases('fptoui', floats, integers, always, '%inRange'),
  ...castCases('index_cast', integers, ['index'], always),
  ...castCases('index_cast', ['index'], integers, always),
  ...castCases('index_castui', ['index'], integers, always),
  ...castCases('index_castui', ['i1', 'i4', 'i8', 'i16'], ['index'], always),
  ...castCases(
    'bitcast',
    [...integers, ...floats],
    [...integers, ...floats],
    (from, to) => bitsOf(from) === bitsOf(to),
  ),
];

/** Index values travel as i32. */
const stored = (type: string): string => (type === 'index' ? 'i32' : type);

/** Cases of one type of operands and of results, which one kernel executes. */
export interface ArithGroup {
  readonly name: string;
  readonly cases: readonly ArithCase[];
}

/** All cases, in as few kernels as their types allow: a kernel costs more than an operation. */
export function arithGroups(): ArithGroup[] {
  const groups = new Map<string, ArithCase[]>();
  for (const each of arithCases) {
    const name = `arith_${[each.operand, ...each.results].join('_')}`;
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return [...groups].map(([name, cases]) => ({ name, cases }));
}

/** Values that operations take beside `%a` and `%b`. */
function helpers(type: string): string[] {
  const isInteger = !floats.includes(type);
  const constant = (value: number): string =>
    type === 'i1' ? `arith.constant ${value === 1}` : `arith.constant ${value} : ${type}`;
  const most = type === 'i1' ? 0 : Math.min(bitsOf(type), 32) / 2 - 1;
  return [
    '%c = tile.load %C[%i] : memref<64xi1>',
    ...(isInteger
      ? [
          `%one = ${constant(1)}`,
          `%divisor = arith.ori %b, %one : ${type}`,
          `%most = ${constant(most)}`,
          `%amount = arith.andi %b, %most : ${type}`,
        ]
      : [
          `%zero = arith.constant 0.0 : ${type}`,
          // Conversions to integers are defined for numbers that these can hold.
          `%inRange = arith.maximumf %a, %zero : ${type}`,
        ]),
  ];
}

function load(value: string, tensor: string, type: string): string[] {
  if (type !== 'index') return [`%${value} = tile.load %${tensor}[%i] : memref<64x${type}>`];
  return [
    `%${value}_stored = tile.load %${tensor}[%i] : memref<64xi32>`,
    // Indices are non-negative and small, as those of tensors are.
    `%${value}_masked = arith.andi %${value}_stored, %mask : i32`,
    `%${value} = arith.index_cast %${value}_masked : i32 to index`,
  ];
}

function store(value: string, tensor: string, row: number, rows: number, type: string): string[] {
  const place = `%${tensor}[%row${row}, %i] : memref<${rows}x64x${stored(type)}>`;
  if (type !== 'index') return [`tile.store %${value}, ${place}`];
  return [
    `%${value}_stored = arith.index_cast %${value} : index to i32`,
    `tile.store %${value}_stored, ${place}`,
  ];
}

/** A kernel that stores in row n what case n gives for every pair of elements of two tensors. */
export function arithProgram({ name, cases }: ArithGroup): string {
  const { operand, results } = cases[0];
  const rows = cases.length;
  const tensors = ['A', 'B'].map((tensor) => `%${tensor}: memref<64x${stored(operand)}>`);
  const outputs = results.map((type, i) => `%${'RS'[i]}: memref<${rows}x64x${stored(type)}>`);
  const body = [
    ...load('a', 'A', operand),
    ...load('b', 'B', operand),
    ...helpers(operand),
    ...cases.flatMap(({ text }, row) => [
      `%row${row} = arith.constant ${row} : index`,
      ...text.replace(/%([rst])\b/g, `%$1${row}`).split(/\n\s*/),
      ...results.flatMap((type, i) => store(`${'rs'[i]}${row}`, 'RS'[i], row, rows, type)),
    ]),
  ];
  return `tile.kernel @${name}(${[...tensors, '%C: memref<64xi1>', ...outputs].join(', ')})
    blocks(%block) = (1) threads(64) {
  %mask = arith.constant 1023 : i32
  tile.parallel (%i) in (64) {
    ${body.join('\n    ')}
  }
}
`;
}
