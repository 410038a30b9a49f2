/** `[%i, 4, ?]`: lists whose entries are constants or values, as views and slices use them. */

import { DenseArrayAttr, i64, type AsmPrinter, type Value } from '../ir/index.js';
import type { AsmParser, UnresolvedOperand } from '../syntax/asm-parser.js';
import type { CustomDirective } from './directives.js';

/** Stands for an entry that is a value, in the attribute of constant entries: the smallest 64-bit integer. */
export const DYNAMIC_INDEX = -(2 ** 63);

/** list ::= `[` ((operand | integer) (`,` ...)*)? `]` */
export function parseIndexList(parser: AsmParser): {
  readonly operands: UnresolvedOperand[];
  readonly attribute: DenseArrayAttr;
} {
  const operands: UnresolvedOperand[] = [];
  const values: number[] = [];
  parser.expectPunctuation('[');
  if (!parser.parseOptionalPunctuation(']')) {
    do {
      const operand = parser.parseOptionalOperand();
      if (operand !== undefined) {
        operands.push(operand);
        values.push(DYNAMIC_INDEX);
      } else {
        values.push(
          Number(parser.parseOptionalInteger() ?? parser.fail('expected SSA value or integer')),
        );
      }
    } while (parser.parseOptionalPunctuation(','));
    parser.expectPunctuation(']');
  }
  return { operands, attribute: DenseArrayAttr.get(i64, values) };
}

export function printIndexList(
  printer: AsmPrinter,
  operands: readonly Value[],
  values: readonly number[],
): void {
  let next = 0;
  printer.write('[');
  values.forEach((value, index) => {
    if (index > 0) printer.write(', ');
    if (value === DYNAMIC_INDEX) printer.writeOperand(operands[next++]);
    else printer.write(String(value));
  });
  printer.write(']');
}

/** `custom<DynamicIndexList>($values, $static_values)` */
export const dynamicIndexList: CustomDirective = {
  parse: (parser, [operands, constants]) => {
    const list = parseIndexList(parser);
    operands.operands = list.operands;
    constants.attribute = list.attribute;
  },
  print: (printer, [operands, constants]) =>
    printIndexList(
      printer,
      operands.operands ?? [],
      (constants.attribute as DenseArrayAttr).values,
    ),
};
