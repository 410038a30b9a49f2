/** The compiled constraints of one operation. */

import { compileAttribute, type AttributeConstraint } from './attribute-constraint.js';
import { ExpressionError, parseConstraint } from './constraint-ast.js';
import type { RegionConstraint } from './operation-verifier.js';
import type { OperationData } from './schema.js';
import type { ConstraintScope } from './scope.js';
import { compileType, integerArguments, type TypeConstraint } from './type-constraint.js';
import { didYouMean } from '../support/index.js';

export interface CompiledConstraints {
  readonly operands: readonly TypeConstraint[];
  readonly results: readonly TypeConstraint[];
  readonly attributes: readonly AttributeConstraint[];
  readonly regions: readonly RegionConstraint[];
}

const SIZES: Readonly<
  Record<string, { readonly words: string; readonly test: (count: number, n: number) => boolean }>
> = {
  sized: { words: '', test: (count, n) => count === n },
  minSized: { words: 'at least ', test: (count, n) => count >= n },
  maxSized: { words: 'at most ', test: (count, n) => count <= n },
};

/** `any`, `sized<1>`, `minSized<1>`, `maxSized<1>`. */
export function compileRegion(text: string): RegionConstraint {
  const ast = parseConstraint(text);
  if (ast.kind !== 'name') throw new ExpressionError('expected a region constraint', 0);
  if (ast.name === 'any') return { summary: 'any region', accepts: () => true };
  const size = Object.hasOwn(SIZES, ast.name) ? SIZES[ast.name] : undefined;
  if (size === undefined) {
    const hint = didYouMean(ast.name, ['any', ...Object.keys(SIZES)]);
    throw new ExpressionError(`unknown region constraint '${ast.name}'${hint}`, ast.offset);
  }
  const [n] = integerArguments(ast.args);
  if (n === undefined)
    throw new ExpressionError(`'${ast.name}' expects a number of blocks`, ast.offset);
  return {
    summary: `region with ${size.words}${n} blocks`,
    accepts: (count) => size.test(count, n),
  };
}

export function compileConstraints(
  data: OperationData,
  scope: ConstraintScope,
): CompiledConstraints {
  const type = ({ is }: { is: string }): TypeConstraint => compileType(parseConstraint(is), scope);
  return {
    operands: data.operands.map(type),
    results: data.results.map(type),
    attributes: data.attributes.map(({ is }) => compileAttribute(parseConstraint(is), scope)),
    regions: data.regions.map(({ is }) => compileRegion(is)),
  };
}
