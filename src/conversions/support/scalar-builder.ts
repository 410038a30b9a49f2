/** Scalar arithmetic as operations of `arith`. */

import {
  ArithCmpfOp,
  ArithCmpiOp,
  type ArithCmpfPredicate,
  type ArithCmpiPredicate,
} from '../../dialects/generated/arith.js';
import {
  FloatAttr,
  IntegerAttr,
  type Attribute,
  type Builder,
  type FloatType,
  type IntegerType,
  type Type,
  type Value,
} from '../../ir/index.js';

export class ScalarBuilder {
  constructor(readonly builder: Builder) {}

  create(
    name: string,
    operands: readonly Value[],
    type: Type,
    attributes?: Readonly<Record<string, Attribute>>,
  ): Value {
    return this.builder.create(name, { operands, resultTypes: [type], attributes }).result;
  }

  integer(value: number | bigint, type: IntegerType): Value {
    return this.create('arith.constant', [], type, { value: IntegerAttr.get(value, type) });
  }

  float(value: number, type: FloatType): Value {
    return this.create('arith.constant', [], type, { value: FloatAttr.get(value, type) });
  }

  compareFloats(predicate: ArithCmpfPredicate, lhs: Value, rhs: Value): Value {
    return ArithCmpfOp.build(this.builder, { predicate, lhs, rhs }).result;
  }

  compareIntegers(predicate: ArithCmpiPredicate, lhs: Value, rhs: Value): Value {
    return ArithCmpiOp.build(this.builder, { predicate, lhs, rhs }).result;
  }

  select(condition: Value, then: Value, otherwise: Value): Value {
    return this.create('arith.select', [condition, then, otherwise], then.type);
  }
}
