/** Which operations a conversion may leave. */

import type { Operation } from '../ir/index.js';

/** Says whether an operation is legal as it stands; undefined leaves the decision to others. */
export type LegalityCheck = (op: Operation) => boolean | undefined;

type Action = 'legal' | 'illegal' | LegalityCheck;

/** An answer about one operation. `unknown`: nothing was said about it. */
export interface Legality {
  readonly kind: 'legal' | 'illegal' | 'unknown';
  /** Legal with everything nested in it. */
  readonly isRecursive: boolean;
}

const UNKNOWN: Legality = { kind: 'unknown', isRecursive: false };

/** What is said of an operation goes before what is said of its dialect, and that before the rule for the rest. */
export class ConversionTarget {
  private readonly ops = new Map<string, Action>();
  private readonly dialects = new Map<string, Action>();
  private readonly recursive = new Map<string, LegalityCheck>();
  private rest: LegalityCheck | undefined;

  addLegalOp(...names: readonly string[]): this {
    for (const name of names) this.ops.set(name, 'legal');
    return this;
  }

  addIllegalOp(...names: readonly string[]): this {
    for (const name of names) this.ops.set(name, 'illegal');
    return this;
  }

  addLegalDialect(...names: readonly string[]): this {
    for (const name of names) this.dialects.set(name, 'legal');
    return this;
  }

  addIllegalDialect(...names: readonly string[]): this {
    for (const name of names) this.dialects.set(name, 'illegal');
    return this;
  }

  addDynamicallyLegalOp(name: string, check: LegalityCheck): this {
    this.ops.set(name, check);
    return this;
  }

  addDynamicallyLegalDialect(name: string, check: LegalityCheck): this {
    this.dialects.set(name, check);
    return this;
  }

  /** What to say of operations that nothing else was said about. */
  markUnknownOpDynamicallyLegal(check: LegalityCheck = () => true): this {
    this.rest = check;
    return this;
  }

  /** Where the operation is legal, everything nested in it is too. */
  markOpRecursivelyLegal(name: string, check: LegalityCheck = () => true): this {
    this.recursive.set(name, check);
    return this;
  }

  legalityOf(op: Operation): Legality {
    const action = this.ops.get(op.name.text) ?? this.dialects.get(op.name.dialect) ?? this.rest;
    if (action === undefined) return UNKNOWN;
    if (action === 'illegal') return { kind: 'illegal', isRecursive: false };
    const isLegal = action === 'legal' ? true : action(op);
    if (isLegal === undefined) return UNKNOWN;
    if (!isLegal) return { kind: 'illegal', isRecursive: false };
    return { kind: 'legal', isRecursive: this.recursive.get(op.name.text)?.(op) === true };
  }
}
