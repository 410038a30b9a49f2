/** Rewrite patterns: a root to match, a benefit, a law, and the rewrite itself; and sets of them indexed by root. */

import {
  InterfaceKey,
  type Operation,
  type OperationName,
  type OpView,
  type OpViewClass,
} from '../ir/index.js';
import type { MatchFailure } from './match-failure.js';
import type { Rewriter } from './rewriter.js';

/** Success is `true` or nothing at all, and must have changed the IR; failure comes from `notifyMatchFailure`. */
export type PatternResult = MatchFailure | true | void;

/** What is known of a pattern besides its code. */
export interface PatternInfo {
  /** Kebab-case: `arith-fold-add-zero`. Options that enable and disable patterns use it. */
  readonly name: string;
  /** Patterns of higher benefit are tried first. Default 1. */
  readonly benefit?: number;
  /** The equation that makes the rewrite right: `x + 0 -> x`. */
  readonly law?: string;
  /** Names of sets that the pattern belongs to, for options that enable and disable patterns. */
  readonly labels?: readonly string[];
}

/** The operations that a pattern starts from. */
export type PatternRoot =
  | { readonly kind: 'op'; readonly name: string }
  | { readonly kind: 'interface'; readonly key: InterfaceKey<unknown> }
  | { readonly kind: 'any' };

export interface RewritePattern extends PatternInfo {
  readonly benefit: number;
  readonly root: PatternRoot;
  /** A cheap test that most operations fail; `rewrite` says why they do, for those who want to know. */
  readonly mayMatch?: (op: Operation) => boolean;
  readonly rewrite: (op: Operation, rewriter: Rewriter) => PatternResult;
}

/** Whether an attempt is known to fail, and nobody wants to hear why. */
export function isHopeless(
  { mayMatch }: RewritePattern,
  op: Operation,
  rewriter: Rewriter,
): boolean {
  return mayMatch !== undefined && !rewriter.wantsReasons && !mayMatch(op);
}

/** A pattern on operations of one typed class: the rewrite is given the typed view. */
export function pattern<View extends OpView>(
  root: OpViewClass<View>,
  info: PatternInfo,
  rewrite: (op: View, rewriter: Rewriter) => PatternResult,
): RewritePattern;
/** A pattern on operations that implement an interface: the rewrite is given the implementation too. */
export function pattern<Implementation>(
  root: InterfaceKey<Implementation>,
  info: PatternInfo,
  rewrite: (op: Operation, rewriter: Rewriter, implementation: Implementation) => PatternResult,
): RewritePattern;
/** A pattern on operations of one name, or on every operation where the name is `any`. */
export function pattern(
  root: string,
  info: PatternInfo,
  rewrite: (op: Operation, rewriter: Rewriter) => PatternResult,
): RewritePattern;
export function pattern(
  root: string | InterfaceKey<unknown> | OpViewClass<OpView>,
  info: PatternInfo,
  rewrite: (op: never, rewriter: Rewriter, implementation: never) => PatternResult,
): RewritePattern {
  const benefit = info.benefit ?? 1;
  const call = rewrite as (
    op: unknown,
    rewriter: Rewriter,
    implementation?: unknown,
  ) => PatternResult;
  if (typeof root === 'string') {
    return {
      ...info,
      benefit,
      root: root === 'any' ? { kind: 'any' } : { kind: 'op', name: root },
      rewrite: call,
    };
  }
  if (root instanceof InterfaceKey) {
    return {
      ...info,
      benefit,
      root: { kind: 'interface', key: root },
      rewrite: (op, rewriter) => call(op, rewriter, op.getInterface(root)),
    };
  }
  return {
    ...info,
    benefit,
    root: { kind: 'op', name: root.opName },
    rewrite: (op, rewriter) => call(new root(op), rewriter),
  };
}

/** Which patterns of a set to use, by name or label. */
export interface PatternFilter {
  readonly disabled?: readonly string[];
  /** Where not empty, only these are used. */
  readonly enabled?: readonly string[];
}

/** Patterns, indexed by the operations they may apply to. */
export class PatternSet {
  private readonly patterns: RewritePattern[] = [];
  /** By the identity of the operation's name. */
  private readonly byName: (readonly RewritePattern[] | undefined)[] = [];

  constructor(patterns: Iterable<RewritePattern> = []) {
    this.add(...patterns);
  }

  add(...patterns: readonly RewritePattern[]): this {
    this.patterns.push(...patterns);
    this.byName.length = 0;
    return this;
  }

  all(): readonly RewritePattern[] {
    return this.patterns;
  }

  filter(filter: PatternFilter): PatternSet {
    const isNamed = (names: readonly string[], { name, labels = [] }: RewritePattern): boolean =>
      names.includes(name) || labels.some((label) => names.includes(label));
    const { enabled = [], disabled = [] } = filter;
    return new PatternSet(
      this.patterns.filter(
        (one) => (enabled.length === 0 || isNamed(enabled, one)) && !isNamed(disabled, one),
      ),
    );
  }

  /** The patterns to try on an operation of that name: highest benefit first, then in the order they were added. */
  for(name: OperationName): readonly RewritePattern[] {
    return (this.byName[name.identity] ??= this.select(name));
  }

  private select(name: OperationName): readonly RewritePattern[] {
    return this.patterns
      .filter(({ root }) => {
        if (root.kind === 'any') return true;
        if (root.kind === 'op') return root.name === name.text;
        return name.getInterface(root.key) !== undefined;
      })
      .sort((a, b) => b.benefit - a.benefit);
  }
}
