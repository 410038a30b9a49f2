/** Programs that fold: every arithmetic operation on constants at the edges of its type, and the identities. */

const INTEGER_OPERATIONS = [
  ...[
    'addi',
    'subi',
    'muli',
    'divui',
    'divsi',
    'ceildivui',
    'ceildivsi',
    'floordivsi',
    'remui',
    'remsi',
  ],
  ...['andi', 'ori', 'xori', 'shli', 'shrui', 'shrsi', 'maxsi', 'maxui', 'minsi', 'minui'],
];
const INTEGERS = {
  i8: ['0', '1', '-1', '7', '-8', '127', '-128'],
  i32: ['0', '5', '-3', '31', '2147483647', '-2147483648'],
  index: ['0', '1', '3', '-2', '64'],
} as const;
const FLOAT_OPERATIONS = [
  ...['addf', 'subf', 'mulf', 'divf', 'remf', 'maximumf', 'minimumf', 'maxnumf', 'minnumf'],
];
const FLOATS = {
  f32: ['0.0', '-0.0', '1.0', '-2.5', '3.0e38', '1.0e-40', '0x7F800000'],
  f16: ['0.0', '1.0', '-2.5', '65504.0', '6.0e-8', '0.333251953125'],
  bf16: ['0.0', '1.0', '3.140625', '-1.0e38'],
} as const;
const COMPARISONS = ['eq', 'ne', 'slt', 'sle', 'sgt', 'sge', 'ult', 'ule', 'ugt', 'uge'];
const FLOAT_COMPARISONS = ['oeq', 'ogt', 'olt', 'one', 'ord', 'ueq', 'ugt', 'ule', 'une', 'uno'];
const CONVERSIONS: readonly (readonly [string, string, string])[] = [
  ['extsi', 'i8', 'i32'],
  ['extui', 'i8', 'i32'],
  ['trunci', 'i32', 'i8'],
  ['index_cast', 'i8', 'index'],
  ['index_cast', 'index', 'i8'],
  ['index_castui', 'i8', 'index'],
  ['sitofp', 'i32', 'f32'],
  ['uitofp', 'i32', 'f32'],
  ['sitofp', 'i8', 'f16'],
  ['fptosi', 'f32', 'i32'],
  ['fptoui', 'f32', 'i32'],
  ['extf', 'f16', 'f32'],
  ['truncf', 'f32', 'f16'],
  ['bitcast', 'f32', 'i32'],
  ['bitcast', 'i32', 'f32'],
];

type ScalarType = keyof typeof INTEGERS | keyof typeof FLOATS;

function constants(type: string): readonly string[] {
  return { ...INTEGERS, ...FLOATS }[type as ScalarType] ?? [];
}

/** A function that applies an operation to two constants and returns the result. */
function binary(name: string, type: string, result: string, operation: string): string[] {
  const values = constants(type);
  return values.flatMap((x, i) =>
    values.map(
      (y, j) => `func.func @${name}_${type}_${i}_${j}() -> ${result} {
  %x = arith.constant ${x} : ${type}
  %y = arith.constant ${y} : ${type}
  %r = ${operation} %x, %y : ${type}
  return %r : ${result}
}`,
    ),
  );
}

/** All pairs of constants for every operation; one program for each operation and type. */
export function constantPrograms(): ReadonlyMap<string, string> {
  const programs = new Map<string, string>();
  for (const type of Object.keys(INTEGERS)) {
    for (const name of INTEGER_OPERATIONS)
      programs.set(`${name} ${type}`, binary(name, type, type, `arith.${name}`).join('\n'));
    for (const name of COMPARISONS)
      programs.set(
        `cmpi ${name} ${type}`,
        binary(`cmpi_${name}`, type, 'i1', `arith.cmpi ${name},`).join('\n'),
      );
  }
  for (const type of Object.keys(FLOATS)) {
    for (const name of FLOAT_OPERATIONS)
      programs.set(`${name} ${type}`, binary(name, type, type, `arith.${name}`).join('\n'));
    for (const name of FLOAT_COMPARISONS)
      programs.set(
        `cmpf ${name} ${type}`,
        binary(`cmpf_${name}`, type, 'i1', `arith.cmpf ${name},`).join('\n'),
      );
  }
  for (const [name, from, to] of CONVERSIONS) {
    const functions = constants(from).map(
      (x, i) => `func.func @${name}_${from}_${to}_${i}() -> ${to} {
  %x = arith.constant ${x} : ${from}
  %r = arith.${name} %x : ${from} to ${to}
  return %r : ${to}
}`,
    );
    programs.set(`${name} ${from} ${to}`, functions.join('\n'));
  }
  return programs;
}

/** Operations on an argument and a constant on either side: what the identities see. */
export function identityPrograms(): ReadonlyMap<string, string> {
  const programs = new Map<string, string>();
  const add = (name: string, type: string, operation: string, result = type): void => {
    const functions = constants(type).flatMap((c, i) =>
      ['%x, %c', '%c, %x', '%x, %x'].map(
        (operands, j) => `func.func @${name}_${type}_${i}_${j}(%x: ${type}) -> ${result} {
  %c = arith.constant ${c} : ${type}
  %r = ${operation} ${operands} : ${type}
  return %r : ${result}
}`,
      ),
    );
    programs.set(`${name} ${type}`, functions.join('\n'));
  };
  for (const name of INTEGER_OPERATIONS) add(name, 'i8', `arith.${name}`);
  for (const name of FLOAT_OPERATIONS) add(name, 'f32', `arith.${name}`);
  for (const name of COMPARISONS) add(`cmpi_${name}`, 'i8', `arith.cmpi ${name},`, 'i1');
  return programs;
}
