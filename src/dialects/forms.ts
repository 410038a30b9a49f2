/** Pieces that hand-written custom forms share. */

import { Region, type AsmPrinter, type Type, type Value } from '../ir/index.js';
import type {
  AsmParser,
  OperationParseState,
  ParsedArgument,
  RegionParseRequest,
  UnresolvedOperand,
} from '../syntax/asm-parser.js';

/** list ::= `(` (element (`,` element)*)? `)` */
export function parseParenthesized<Element>(
  parser: AsmParser,
  parseElement: () => Element,
): Element[] {
  const elements: Element[] = [];
  parser.expectPunctuation('(');
  if (parser.parseOptionalPunctuation(')')) return elements;
  do elements.push(parseElement());
  while (parser.parseOptionalPunctuation(','));
  parser.expectPunctuation(')');
  return elements;
}

/** operands ::= `(` (operand (`,` operand)*)? `)` */
export function parseParenthesizedOperands(parser: AsmParser): UnresolvedOperand[] {
  return parseParenthesized(parser, () => parser.parseOperand());
}

/** Results of a structured operation: `-> (types)` or `-> type`; nothing where no arrow follows. */
export function parseOptionalArrowTypes(parser: AsmParser): Type[] {
  if (!parser.parseOptionalPunctuation('->')) return [];
  if (!parser.parseOptionalPunctuation('(')) return [parser.parseType()];
  if (parser.parseOptionalPunctuation(')')) return [];
  const types = parser.parseTypeList();
  parser.expectPunctuation(')');
  return types;
}

/** What `iter_args(%a = %init, ...)` and the like spell out. */
export interface ParsedAssignments {
  readonly arguments: readonly ParsedArgument[];
  readonly operands: readonly UnresolvedOperand[];
}

/** assignments ::= `(` (argument `=` operand (`,` ...)*)? `)` */
export function parseAssignments(parser: AsmParser): ParsedAssignments {
  const args: ParsedArgument[] = [];
  const operands: UnresolvedOperand[] = [];
  parseParenthesized(parser, () => {
    args.push(parser.parseArgument());
    parser.expectPunctuation('=');
    operands.push(parser.parseOperand());
  });
  return { arguments: args, operands };
}

/** ` keyword(%a = %x, %b = %y)` */
export function printAssignments(
  printer: AsmPrinter,
  args: readonly Value[],
  values: readonly Value[],
): void {
  printer.write('(');
  args.forEach((argument, index) => {
    if (index > 0) printer.write(', ');
    printer.writeOperand(argument);
    printer.write(' = ');
    printer.writeOperand(values[index]);
  });
  printer.write(')');
}

/** ` -> (types)`, nothing for no types. */
export function printArrowTypes(printer: AsmPrinter, types: readonly Type[]): void {
  if (types.length === 0) return;
  printer.write(' -> (');
  printer.writeTypes(types);
  printer.write(')');
}

/** Parses a region and adds it to the operation. */
export function* parseRegionInto(
  state: OperationParseState,
  request: Omit<RegionParseRequest, 'region'> = {},
): Generator<RegionParseRequest, Region> {
  const region = new Region();
  state.regions.push(region);
  yield { region, ...request };
  return region;
}
