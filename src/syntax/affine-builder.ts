/** From the syntax trees of affine maps and sets to the uniqued objects: names are resolved, semi-affine uses refused. */

import {
  affineBinary,
  affineConstant,
  affineDim,
  AffineMap,
  affineSymbol,
  IntegerSet,
  isSymbolicOrConstant,
  type AffineExpr,
  type AffineOperator,
} from '../ir/index.js';

/** An operand inside an affine expression: `%i` or `symbol(%n)`. */
export interface AffineOperand {
  readonly name: string;
  readonly number: number;
  readonly at: number;
  readonly isSymbol: boolean;
}

export type AffineTree =
  | {
      readonly kind: 'binary';
      readonly operator: AffineOperator | '-';
      readonly lhs: AffineTree;
      readonly rhs: AffineTree;
      readonly at: number;
    }
  | { readonly kind: 'negated'; readonly operand: AffineTree; readonly at: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | ({ readonly kind: 'operand' } & AffineOperand);

interface SpaceTree {
  readonly dims: readonly { readonly name: string; readonly at: number }[];
  readonly symbols: readonly { readonly name: string; readonly at: number }[];
}

export type MapTree = { readonly kind: 'map'; readonly results: readonly AffineTree[] } & SpaceTree;
export type SetTree = {
  readonly kind: 'set';
  readonly constraints: readonly {
    readonly lhs: AffineTree;
    readonly operator: '>=' | '==' | '<=';
    readonly rhs: AffineTree;
  }[];
} & SpaceTree;

/** Throws the message at an offset of the tree. */
type Fail = (message: string, offset: number) => never;
/** The dimension or symbol that a leaf names. */
type Resolve = (leaf: AffineTree & { readonly kind: 'name' | 'operand' }) => AffineExpr;

/** Sums longer than this would make the recursive functions on expressions overflow. */
const MAXIMAL_DEPTH = 1000;

const NON_AFFINE: Readonly<Record<Exclude<AffineOperator, '+'>, string>> = {
  '*': 'at least one of the multiply operands has to be either a constant or symbolic',
  mod: 'right operand of mod has to be either a constant or symbolic',
  floordiv: 'right operand of floordiv has to be either a constant or symbolic',
  ceildiv: 'right operand of ceildiv has to be either a constant or symbolic',
};

function buildExpression(tree: AffineTree, resolve: Resolve, fail: Fail, depth = 0): AffineExpr {
  switch (tree.kind) {
    case 'constant':
      return affineConstant(tree.value);
    case 'name':
    case 'operand':
      return resolve(tree);
    case 'negated':
      if (depth > MAXIMAL_DEPTH) fail('affine expression is nested too deeply', tree.at);
      return affineBinary(
        '*',
        affineConstant(-1),
        buildExpression(tree.operand, resolve, fail, depth + 1),
      );
    case 'binary':
      break;
  }
  if (depth > MAXIMAL_DEPTH) fail('affine expression is nested too deeply', tree.at);
  const lhs = buildExpression(tree.lhs, resolve, fail, depth + 1);
  const rhs = buildExpression(tree.rhs, resolve, fail, depth + 1);
  const { operator } = tree;
  if (operator === '+') return affineBinary('+', lhs, rhs);
  if (operator === '-') return affineBinary('+', lhs, affineBinary('*', rhs, affineConstant(-1)));
  const isAffine = isSymbolicOrConstant(rhs) || (operator === '*' && isSymbolicOrConstant(lhs));
  if (!isAffine) fail(`non-affine expression: ${NON_AFFINE[operator]}`, tree.at);
  return affineBinary(operator, lhs, rhs);
}

function resolverOf({ dims, symbols }: SpaceTree, fail: Fail): Resolve {
  const names = new Map<string, AffineExpr>();
  const add = (list: SpaceTree['dims'], create: (position: number) => AffineExpr): void =>
    list.forEach(({ name, at }, position) => {
      if (names.has(name)) fail(`redefinition of identifier '${name}'`, at);
      names.set(name, create(position));
    });
  add(dims, affineDim);
  add(symbols, affineSymbol);
  return (leaf) => {
    const expr = leaf.kind === 'name' ? names.get(leaf.name) : undefined;
    return expr ?? fail('use of undeclared identifier', leaf.at);
  };
}

export function buildMap(tree: MapTree, fail: Fail): AffineMap {
  const resolve = resolverOf(tree, fail);
  const results = tree.results.map((result) => buildExpression(result, resolve, fail));
  return AffineMap.get(tree.dims.length, tree.symbols.length, results);
}

export function buildSet(tree: SetTree, fail: Fail): IntegerSet {
  const resolve = resolverOf(tree, fail);
  // No constraint always holds.
  if (tree.constraints.length === 0)
    return IntegerSet.get(tree.dims.length, tree.symbols.length, [affineConstant(0)], [true]);
  const constraints = tree.constraints.map(({ lhs, operator, rhs }) => {
    const [left, right] = [lhs, rhs].map((side) => buildExpression(side, resolve, fail));
    const [above, below] = operator === '<=' ? [right, left] : [left, right];
    return affineBinary('+', above, affineBinary('*', below, affineConstant(-1)));
  });
  return IntegerSet.get(
    tree.dims.length,
    tree.symbols.length,
    constraints,
    tree.constraints.map(({ operator }) => operator === '=='),
  );
}

/** A map from expressions over operands; each distinct operand becomes one dimension or symbol. */
export function buildMapOfOperands(
  trees: readonly AffineTree[],
  fail: Fail,
): {
  readonly map: AffineMap;
  readonly dimensions: readonly AffineOperand[];
  readonly symbols: readonly AffineOperand[];
} {
  const dimensions: AffineOperand[] = [];
  const symbols: AffineOperand[] = [];
  const resolve: Resolve = (leaf) => {
    if (leaf.kind === 'name') fail('expected SSA operand', leaf.at);
    const operand = leaf as AffineOperand & typeof leaf;
    const list = operand.isSymbol ? symbols : dimensions;
    let position = list.findIndex(
      ({ name, number }) => name === operand.name && number === operand.number,
    );
    if (position === -1) position = list.push(operand) - 1;
    return operand.isSymbol ? affineSymbol(position) : affineDim(position);
  };
  const results = trees.map((tree) => buildExpression(tree, resolve, fail));
  return { map: AffineMap.get(dimensions.length, symbols.length, results), dimensions, symbols };
}
