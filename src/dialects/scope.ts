/** Where the names in constraint expressions are looked up: the dialect itself and the others it may mention. */

import { didYouMean } from '../support/index.js';
import { ExpressionError } from './constraint-ast.js';
import type { ConstraintData, DialectData, EnumData, ParametricData } from './schema.js';

export interface ConstraintScope {
  readonly dialect: DialectData;
  /** Another dialect by its name. */
  readonly lookup: (name: string) => DialectData | undefined;
}

/** What a dialect declares under a name, with the dialect that declares it. */
export type Declared =
  | { readonly kind: 'type'; readonly owner: DialectData; readonly declaration: ParametricData }
  | {
      readonly kind: 'attribute';
      readonly owner: DialectData;
      readonly declaration: ParametricData;
    }
  | { readonly kind: 'enum'; readonly owner: DialectData; readonly declaration: EnumData }
  | {
      readonly kind: 'constraint';
      readonly owner: DialectData;
      readonly declaration: ConstraintData;
    };

type DeclaredKind = Declared['kind'];

function findIn(
  owner: DialectData,
  name: string,
  kinds: readonly DeclaredKind[],
): Declared | undefined {
  for (const kind of kinds) {
    if (kind === 'constraint') {
      const declaration = Object.hasOwn(owner.constraints, name)
        ? owner.constraints[name]
        : undefined;
      if (declaration !== undefined) return { kind, owner, declaration };
    } else if (kind === 'enum') {
      const declaration = owner.enums.find((candidate) => candidate.name === name);
      if (declaration !== undefined) return { kind, owner, declaration };
    } else {
      const list = kind === 'type' ? owner.types : owner.attributes;
      const declaration = list.find((candidate) => candidate.mnemonic === name);
      if (declaration !== undefined) return { kind, owner, declaration };
    }
  }
  return undefined;
}

/** Finds `name` in the dialect itself, or `dialect.name` in that dialect. */
export function findDeclared(
  scope: ConstraintScope,
  name: string,
  kinds: readonly DeclaredKind[],
): Declared | undefined {
  // Mnemonics may contain dots themselves: `async.token` of the dialect in hand.
  const own = findIn(scope.dialect, name, kinds);
  const dot = name.indexOf('.');
  if (own !== undefined || dot === -1) return own;
  const owner =
    name.slice(0, dot) === scope.dialect.dialect ? scope.dialect : scope.lookup(name.slice(0, dot));
  return owner && findIn(owner, name.slice(dot + 1), kinds);
}

function declaredNames(owner: DialectData, kinds: readonly DeclaredKind[]): string[] {
  return kinds.flatMap((kind) => {
    if (kind === 'constraint') return Object.keys(owner.constraints);
    if (kind === 'enum') return owner.enums.map((declaration) => declaration.name);
    return (kind === 'type' ? owner.types : owner.attributes).map((item) => item.mnemonic);
  });
}

export function unknownName(
  scope: ConstraintScope,
  what: string,
  name: string,
  offset: number,
  builtin: Iterable<string>,
  kinds: readonly DeclaredKind[],
): ExpressionError {
  const dot = name.indexOf('.');
  const owner = dot === -1 ? undefined : scope.lookup(name.slice(0, dot));
  const candidates =
    owner === undefined
      ? [...builtin, ...declaredNames(scope.dialect, kinds)]
      : declaredNames(owner, kinds).map((mnemonic) => `${owner.dialect}.${mnemonic}`);
  return new ExpressionError(`unknown ${what} '${name}'${didYouMean(name, candidates)}`, offset);
}
