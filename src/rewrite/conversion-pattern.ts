/** Patterns of dialect conversion. */

import type { Operation, OpView, OpViewClass, Value } from '../ir/index.js';
import { InternalError } from '../support/index.js';
import type { ConversionRewriter } from './conversion-rewriter.js';
import { pattern, type PatternInfo, type PatternResult, type RewritePattern } from './pattern.js';
import type { Rewriter } from './rewriter.js';
import type { TypeConverter } from './type-converter.js';

/** The operands of an operation under conversion, as the type converter of its pattern wants them. */
export interface ConvertedOperands {
  /** The single value that stands for an operand; an internal error where it was split or dropped. */
  one(value: Value): Value;
  /** The values that stand for an operand. */
  all(value: Value): readonly Value[];
  /** The values that stand for all operands, in order. */
  readonly operands: readonly Value[];
}

/** A pattern for dialect conversion: it is given its operands in their converted types. */
export interface ConversionPattern extends RewritePattern {
  readonly typeConverter?: TypeConverter;
}

/** A conversion pattern on operations of one typed class. */
export function conversionPattern<View extends OpView>(
  root: OpViewClass<View>,
  info: PatternInfo & { readonly typeConverter?: TypeConverter },
  rewrite: (op: View, converted: ConvertedOperands, rewriter: ConversionRewriter) => PatternResult,
): ConversionPattern;
/** A conversion pattern on operations of one name, or on all of them where the name is `any`. */
export function conversionPattern(
  root: string,
  info: PatternInfo & { readonly typeConverter?: TypeConverter },
  rewrite: (
    op: Operation,
    converted: ConvertedOperands,
    rewriter: ConversionRewriter,
  ) => PatternResult,
): ConversionPattern;
export function conversionPattern(
  root: string | OpViewClass<OpView>,
  info: PatternInfo & { readonly typeConverter?: TypeConverter },
  rewrite: (op: never, converted: ConvertedOperands, rewriter: ConversionRewriter) => PatternResult,
): ConversionPattern {
  const run = (view: Operation | OpView, rewriter: Rewriter): PatternResult => {
    const op = 'op' in view ? view.op : view;
    const converting = rewriter as ConversionRewriter;
    const outer = converting.typeConverter;
    converting.typeConverter = info.typeConverter;
    try {
      const parts = new Map<Value, readonly Value[]>();
      for (const { value } of op.opOperands) {
        if (parts.has(value)) continue;
        const values = converting.convertedValues(value);
        if (values === undefined)
          return rewriter.notifyMatchFailure(
            op,
            `operand type '${value.type}' cannot be converted`,
          );
        parts.set(value, values);
      }
      return rewrite(view as never, convertedOperands(op, parts), converting);
    } finally {
      converting.typeConverter = outer;
    }
  };
  const plain =
    typeof root === 'string' ? pattern(root, info, run) : pattern(root, info, run as never);
  return { ...plain, typeConverter: info.typeConverter };
}

function convertedOperands(
  op: Operation,
  parts: ReadonlyMap<Value, readonly Value[]>,
): ConvertedOperands {
  const all = (value: Value): readonly Value[] => parts.get(value) ?? [value];
  return {
    all,
    one(value) {
      const values = all(value);
      if (values.length === 1) return values[0];
      throw new InternalError(
        `an operand of '${op.name}' stands for ${values.length} values where one was expected`,
      );
    },
    operands: op.operands.flatMap(all),
  };
}
