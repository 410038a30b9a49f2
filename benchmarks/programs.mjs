// Programs that the benchmarks measure on. They are valid for mlir-opt too.

/**
 * One function with about `count` integer operations, of which passes can remove half: every ninth operation starts a
 * step of a chain with a repeated constant, a sum of constants, a product with one, and a repeated sum.
 */
export function arithmetic(count, { generic = false } = {}) {
  const lines = generic
    ? [
        '"builtin.module"() ({',
        '"func.func"() <{function_type = (i32, i32) -> i32, sym_name = "chain"}> ({',
        '^bb0(%start: i32, %x: i32):',
      ]
    : ['module {', 'func.func @chain(%start: i32, %x: i32) -> i32 {'];
  const constant = (name, value) =>
    lines.push(
      generic
        ? `  %${name} = "arith.constant"() <{value = ${value} : i32}> : () -> i32`
        : `  %${name} = arith.constant ${value} : i32`,
    );
  const binary = (name, op, a, b) =>
    lines.push(
      generic
        ? `  %${name} = "arith.${op}"(%${a}, %${b}) <{overflowFlags = #arith.overflow<none>}> : (i32, i32) -> i32`
        : `  %${name} = arith.${op} %${a}, %${b} : i32`,
    );
  constant('one', 1);
  let last = 'start';
  for (let step = 0; step * 8 < count; step++) {
    constant(`c_${step}`, step % 100);
    binary(`next_${step}`, 'addi', `c_${step}`, 'one');
    binary(`same_${step}`, 'muli', last, 'one');
    binary(`sum_${step}`, 'addi', last, 'x');
    binary(`again_${step}`, 'addi', last, 'x');
    binary(`product_${step}`, 'muli', `sum_${step}`, `again_${step}`);
    binary(`shifted_${step}`, 'addi', `product_${step}`, `next_${step}`);
    binary(`chain_${step}`, 'addi', `shifted_${step}`, `same_${step}`);
    last = `chain_${step}`;
  }
  if (generic)
    lines.push(`  "func.return"(%${last}) : (i32) -> ()`, '}) : () -> ()', '}) : () -> ()');
  else lines.push(`  return %${last} : i32`, '}', '}');
  return `${lines.join('\n')}\n`;
}

/** `depth` conditions inside each other. */
export function nested(depth) {
  return `func.func @nested(%c: i1) {\n${'scf.if %c {\n'.repeat(depth)}${'}\n'.repeat(depth)}return\n}\n`;
}

/** A function body on one line of about `length` characters. */
export function longLine(length) {
  let text = 'func.func @line(%v0: i32) {';
  for (let i = 1; text.length < length; i++) text += ` %v${i} = arith.addi %v${i - 1}, %v0 : i32`;
  return `${text} return }\n`;
}

/** One operation with `count` operands. */
export function manyOperands(count) {
  const list = (item) => Array(count).fill(item).join(', ');
  return `func.func @wide(%a: i32) {\n  "test.wide"(${list('%a')}) : (${list('i32')}) -> ()\n  return\n}\n`;
}

/** A constant with `count` different elements. */
export function manyElements(count) {
  const elements = Array.from({ length: count }, (_, i) => i).join(', ');
  return `func.func @elements() {\n  %c = arith.constant dense<[${elements}]> : tensor<${count}xi32>\n  return\n}\n`;
}
