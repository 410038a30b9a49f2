/** Which dimensions of a tensor a tile spans that is copied from or to it, or added to it. */

import { DenseArrayAttr, i64, type Operation } from '../../ir/index.js';
import type { CustomDirective } from '../directives.js';

/**
 * The dimension of the tensor that each dimension of the tile lies along: those that `dims` lists, else the last ones. Along
 * the others the region has one element.
 */
export function spannedDimensions(
  op: Operation,
  tensorRank: number,
  tileRank: number,
): readonly number[] {
  const given = op.getAttribute('dims');
  if (given instanceof DenseArrayAttr) return given.values;
  return Array.from({ length: tileRank }, (_, dimension) => tensorRank - tileRank + dimension);
}

/** `custom<SpannedDimensions>($dims)`: `dims` `(` integer (`,` integer)* `)` */
export const spannedDimensionsForm: CustomDirective = {
  parse: (parser, [slot]) => {
    if (!parser.parseOptionalKeyword('dims')) return false;
    const dims: number[] = [];
    parser.expectPunctuation('(');
    do dims.push(Number(parser.parseInteger()));
    while (parser.parseOptionalPunctuation(','));
    parser.expectPunctuation(')');
    slot.attribute = DenseArrayAttr.get(i64, dims);
    return true;
  },
  print: (printer, [slot]) => {
    if (slot.attribute instanceof DenseArrayAttr)
      printer.write(`dims(${slot.attribute.values.join(', ')})`);
  },
};
