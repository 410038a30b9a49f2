/** The rewriter that patterns of a dialect conversion are given. */

import type { Block, Location, Operation, OpView, Region, Type, Value } from '../ir/index.js';
import { InternalError } from '../support/index.js';
import { replacementValues, Rewriter, type Replacement } from './rewriter.js';
import type { SignatureConversion, TypeConverter } from './type-converter.js';

/** The operation that stands for a conversion between types until materializations replace it. */
export const CAST_NAME = 'builtin.unrealized_conversion_cast';

/** The rewriter of a dialect conversion. Replacements may have other types than what they replace. */
export class ConversionRewriter extends Rewriter {
  typeConverter: TypeConverter | undefined;
  /** The casts built so far, and who is to replace each at the end. */
  readonly casts = new Map<
    Operation,
    { kind: 'source' | 'target' | 'argument'; converter: TypeConverter | undefined }
  >();

  /** Replaces results one by one; a list stands for a result that was split, an empty one for a dropped result. */
  replaceOpWithMultiple(op: Operation, values: readonly (readonly Value[])[]): void {
    const replacements = op.results.map((result, index) => {
      const parts = values[index];
      if (parts.length === 1 && parts[0].type === result.type) return parts[0];
      return this.at({ block: op.parentBlock!, before: op }, () =>
        this.buildCast('source', parts, result.type, op.location),
      );
    });
    super.replaceOp(op, replacements);
  }

  override replaceOp(target: Operation | OpView, replacement: Replacement): void {
    const op = 'op' in target ? target.op : target;
    const values = replacementValues(replacement);
    if (values.length !== op.results.length) {
      throw new InternalError(
        `replacing '${op.name}', which has ${op.results.length} results, by ${values.length} values`,
      );
    }
    this.replaceOpWithMultiple(
      op,
      values.map((value) => [value]),
    );
  }

  /** Builds a cast at the insertion point; several inputs are the parts of one value. */
  buildCast(
    kind: 'source' | 'target' | 'argument',
    inputs: readonly Value[],
    type: Type,
    location: Location,
  ): Value {
    const cast = this.create(CAST_NAME, { operands: inputs, resultTypes: [type], location });
    this.casts.set(cast, { kind, converter: this.typeConverter });
    return cast.results[0];
  }

  /** The values that stand for `value` under the current type converter. */
  convertedValues(value: Value): readonly Value[] | undefined {
    const types =
      this.typeConverter === undefined ? [value.type] : this.typeConverter.convert(value.type);
    if (types === null) return undefined;
    if (types.length === 1 && types[0] === value.type) return [value];
    const source = value.definingOp;
    if (source !== undefined && source.name.text === CAST_NAME && source.results.length === 1) {
      const inputs = source.operands;
      if (inputs.length === types.length && inputs.every((input, i) => input.type === types[i]))
        return inputs;
    }
    const location = value.location;
    if (types.length === 1) return [this.buildCast('target', [value], types[0], location)];
    const cast = this.create(CAST_NAME, { operands: [value], resultTypes: types, location });
    this.casts.set(cast, { kind: 'target', converter: this.typeConverter });
    return cast.results;
  }

  /** Gives a block the arguments that a signature conversion says; the old arguments become casts of the new ones. */
  applySignatureConversion(block: Block, conversion: SignatureConversion): Block {
    const old = [...block.arguments];
    const added = conversion.types.map((type) =>
      this.addBlockArgument(block, type, block.arguments[0]?.location),
    );
    const point = { block, before: block.firstOp };
    old.forEach((argument, index) => {
      const { start, count } = conversion.ranges[index];
      const parts = added.slice(start, start + count);
      if (count === 1) parts[0].location = argument.location;
      if (!argument.hasUses) {
        if (count === 1) parts[0].name ??= argument.name;
        return;
      }
      const value =
        count === 1 && parts[0].type === argument.type
          ? parts[0]
          : this.at(point, () =>
              this.buildCast('argument', parts, argument.type, argument.location),
            );
      this.replaceAllUsesWith(argument, value);
      if (count === 1) parts[0].name ??= argument.name;
    });
    for (let index = old.length - 1; index >= 0; index--) this.eraseBlockArgument(block, index);
    return block;
  }

  /** Converts the arguments of all blocks of a region; returns false where a type cannot be converted. */
  convertRegionTypes(region: Region, converter: TypeConverter): boolean {
    for (const block of region.blocks()) {
      const types = block.arguments.map((argument) => argument.type);
      if (types.every((type) => converter.isLegalType(type))) continue;
      const conversion = converter.convertSignature(types);
      if (conversion === null) return false;
      this.applySignatureConversion(block, conversion);
    }
    return true;
  }
}
