/**
 * Dialect conversion: rewrites until no illegal operation is left, through several patterns where one does not
 * suffice, and takes everything back where it cannot be done.
 */

import type { Operation } from '../ir/index.js';
import { InternalError, type Diagnostic } from '../support/index.js';
import { actionSink, type ActionHandler } from './actions.js';
import { CAST_NAME, ConversionRewriter } from './conversion-rewriter.js';
import type { ConversionTarget } from './conversion-target.js';
import { tryFold } from './fold.js';
import type { RewriteListener } from './listener.js';
import { MatchFailure } from './match-failure.js';
import { isHopeless, PatternSet, type RewritePattern } from './pattern.js';

export interface ConversionConfig {
  /** Whether casts left at the end are replaced by the type converter's materializations. Default true. */
  readonly buildMaterializations?: boolean;
  readonly listener?: RewriteListener;
}

/** Converts what it can: only operations that the target calls illegal must go. Returns whether they are gone. */
export function applyPartialConversion(
  roots: Operation | readonly Operation[],
  target: ConversionTarget,
  patterns: PatternSet | readonly RewritePattern[],
  config: ConversionConfig = {},
): boolean {
  return new Conversion('partial', target, patterns, config).run(roots);
}

/** Converts everything: whatever is left must be legal. Returns whether it is. */
export function applyFullConversion(
  roots: Operation | readonly Operation[],
  target: ConversionTarget,
  patterns: PatternSet | readonly RewritePattern[],
  config: ConversionConfig = {},
): boolean {
  return new Conversion('full', target, patterns, config).run(roots);
}

/**
 * Says which operations below the roots could be made legal, or are already, as a partial conversion of them all would
 * do it. Changes nothing.
 */
export function applyAnalysisConversion(
  roots: Operation | readonly Operation[],
  target: ConversionTarget,
  patterns: PatternSet | readonly RewritePattern[],
  config: ConversionConfig = {},
): ReadonlySet<Operation> {
  return new Conversion('analysis', target, patterns, config).analyze(roots);
}

/** Patterns in a row before an operation counts as going round in circles. */
const MAX_DEPTH = 64;

/** One attempt at an operation: the pattern and why it did not work out. */
interface Attempt {
  readonly op: Operation;
  readonly pattern: string;
  readonly reason: string;
}

class Conversion implements RewriteListener {
  private readonly patterns: PatternSet;
  private rewriter!: ConversionRewriter;
  private actions: ActionHandler | undefined;
  /** Operations that came in since the innermost pattern started. */
  private inserted: Operation[] = [];
  private readonly erased = new Set<Operation>();
  /** Operations that were there at the start and that could be made legal. */
  private readonly legalizable = new Set<Operation>();
  private attempts: Attempt[] = [];
  private reason = '';
  private readonly applying: string[] = [];

  constructor(
    private readonly kind: 'partial' | 'full' | 'analysis',
    private readonly target: ConversionTarget,
    patterns: PatternSet | readonly RewritePattern[],
    private readonly config: ConversionConfig,
  ) {
    this.patterns = patterns instanceof PatternSet ? patterns : new PatternSet(patterns);
  }

  run(given: Operation | readonly Operation[]): boolean {
    const roots = this.start(given);
    if (roots.length === 0) return true;
    return this.rewriter.transaction(() => {
      for (const root of roots) if (!this.convertAll(root)) return false;
      return this.resolveCasts();
    });
  }

  analyze(given: Operation | readonly Operation[]): ReadonlySet<Operation> {
    const roots = this.start(given);
    if (roots.length === 0) return this.legalizable;
    this.rewriter.transaction(() => {
      for (const root of roots) this.convertAll(root);
      return false;
    });
    return this.legalizable;
  }

  private start(given: Operation | readonly Operation[]): readonly Operation[] {
    const roots = Array.isArray(given) ? (given as readonly Operation[]) : [given as Operation];
    if (roots.length === 0) return roots;
    const { context } = roots[0];
    const listeners = this.config.listener === undefined ? [this] : [this, this.config.listener];
    this.rewriter = new ConversionRewriter(context, ...listeners);
    this.actions = actionSink(context);
    return roots;
  }

  private convertAll(root: Operation): boolean {
    const pending: Operation[] = [];
    root.walk((op) => {
      pending.push(op);
      return this.target.legalityOf(op).isRecursive ? 'skip' : 'advance';
    }, 'pre');
    for (const op of pending) {
      if (this.erased.has(op)) continue;
      this.attempts = [];
      if (this.legalize(op)) {
        this.legalizable.add(op);
        continue;
      }
      if (this.kind === 'analysis') continue;
      const legality = this.target.legalityOf(op).kind;
      if (legality === 'illegal' || this.kind === 'full') return this.reportFailure(op, legality);
    }
    return true;
  }

  /** Makes an operation legal, with all that this brings in; takes back what did not lead there. */
  private legalize(op: Operation): boolean {
    if (op.name.text === CAST_NAME && this.rewriter.casts.has(op)) return true;
    const legality = this.target.legalityOf(op);
    if (legality.kind === 'legal') return true;
    if (this.applying.length > MAX_DEPTH) return false;
    if (this.legalizeByFolding(op)) return true;
    return this.patterns.for(op.name).some((candidate) => this.legalizeByPattern(op, candidate));
  }

  private legalizeByFolding(op: Operation): boolean {
    return this.attempt(op, 'fold', () => {
      if (tryFold(op, this.rewriter) !== 'replaced') {
        this.reason = '';
        return false;
      }
      return true;
    });
  }

  private legalizeByPattern(op: Operation, candidate: RewritePattern): boolean {
    // A pattern that is not done with an operation does not apply to what it makes of it, as that need not end.
    const key = `${candidate.name}:${op.name.text}`;
    if (this.applying.includes(key)) return false;
    this.applying.push(key);
    this.actions?.({ kind: 'apply-pattern', phase: 'begin', pattern: candidate.name, op });
    const opName = op.name.text;
    const isSuccess = this.attempt(op, candidate.name, () => {
      this.rewriter.setInsertionPointBefore(op);
      this.rewriter.location = op.location;
      const before = this.rewriter.changeCount;
      if (isHopeless(candidate, op, this.rewriter)) return false;
      if (candidate.rewrite(op, this.rewriter) instanceof MatchFailure) return false;
      if (this.rewriter.changeCount === before)
        throw new InternalError(
          `pattern '${candidate.name}' succeeded on '${opName}' but changed nothing`,
        );
      return true;
    });
    this.applying.pop();
    const reason = isSuccess ? undefined : this.reason;
    const pattern = candidate.name;
    this.actions?.({ kind: 'apply-pattern', phase: 'end', pattern, opName, isSuccess, reason });
    return isSuccess;
  }

  /** Runs a rewrite, then makes legal what it brought in; on failure everything is as before. */
  private attempt(op: Operation, name: string, rewrite: () => boolean): boolean {
    const outer = this.inserted;
    this.inserted = [];
    this.reason = '';
    const erasedBefore = [...this.erased];
    const checkpoint = this.rewriter.checkpoint();
    let isSuccess = rewrite();
    if (!isSuccess && this.reason !== '')
      this.attempts.push({ op, pattern: name, reason: this.reason });
    if (isSuccess) {
      // An operation that was changed in place has to be legal now itself.
      const fresh = [...new Set([...this.inserted, op])];
      const failed = fresh.find((one) => !this.erased.has(one) && !this.legalizeGenerated(one));
      if (failed !== undefined) {
        isSuccess = false;
        this.reason = `generated operation '${failed.name}' that could not be legalized`;
        this.attempts.push({ op, pattern: name, reason: this.reason });
      }
    }
    if (!isSuccess) {
      const { reason } = this;
      this.rewriter.rollback(checkpoint);
      this.erased.clear();
      for (const one of erasedBefore) this.erased.add(one);
      this.reason = reason;
    }
    this.inserted = outer;
    return isSuccess;
  }

  /** Operations that a pattern brings in must become legal; in partial conversion unknown ones may stay. */
  private legalizeGenerated(op: Operation): boolean {
    if (this.legalize(op)) return true;
    return this.kind !== 'full' && this.target.legalityOf(op).kind === 'unknown';
  }

  private reportFailure(op: Operation, legality: 'legal' | 'illegal' | 'unknown'): false {
    const notes: Diagnostic[] = this.attempts.map((attempt) =>
      attempt.op.note(`pattern '${attempt.pattern}' on '${attempt.op.name}': ${attempt.reason}`),
    );
    if (notes.length === 0) {
      const candidates = this.patterns.for(op.name);
      notes.push(
        op.note(
          candidates.length === 0
            ? `no pattern starts from '${op.name}'`
            : `none of the patterns ${candidates.map((one) => `'${one.name}'`).join(', ')} applied`,
        ),
      );
    }
    const why = legality === 'illegal' ? ' that was explicitly marked illegal' : '';
    return op.emitError(`failed to legalize operation '${op.name}'${why}`, notes);
  }

  // Casts

  /** Removes casts that undo each other, and replaces the rest by what the type converter builds. */
  private resolveCasts(): boolean {
    const { rewriter } = this;
    const casts = [...rewriter.casts.keys()].filter((cast) => cast.parentBlock !== null);
    for (const cast of casts) this.foldCast(cast);
    for (let found = true; found;) {
      found = false;
      for (const cast of casts) {
        if (cast.parentBlock === null || cast.hasUses) continue;
        rewriter.erase(cast);
        found = true;
      }
    }
    if (this.config.buildMaterializations === false) return true;
    return casts.every((cast) => cast.parentBlock === null || this.materialize(cast));
  }

  /** `cast(cast(x))` back to the types of `x` is `x`. */
  private foldCast(cast: Operation): void {
    const inputs = cast.operands;
    const source = inputs[0]?.definingOp;
    if (source === undefined || source.name.text !== CAST_NAME) return;
    const isWhole =
      inputs.length === source.results.length &&
      inputs.every((input, index) => input === source.results[index]);
    if (!isWhole || source.operandCount !== cast.results.length) return;
    if (source.operands.some((value, index) => value.type !== cast.results[index].type)) return;
    cast.results.forEach((result, index) =>
      this.rewriter.replaceAllUsesWith(result, source.operand(index)),
    );
  }

  private materialize(cast: Operation): boolean {
    const { rewriter } = this;
    const { kind, converter } = rewriter.casts.get(cast)!;
    if (converter !== undefined && cast.results.length === 1) {
      const value = rewriter.at({ block: cast.parentBlock!, before: cast }, () => {
        rewriter.location = cast.location;
        const { type } = cast.results[0];
        return converter.materialize(kind, rewriter, type, cast.operands, cast.location);
      });
      if (value !== undefined) {
        rewriter.replaceAllUsesWith(cast.results[0], value);
        rewriter.erase(cast);
        return true;
      }
    }
    const from = cast.operands.map((operand) => `'${operand.type}'`).join(', ');
    const to = cast.results.map((result) => `'${result.type}'`).join(', ');
    const user = [...cast.results.flatMap((result) => [...result.users()])][0];
    return cast.emitError(
      `failed to legalize unresolved materialization from (${from}) to (${to}) that remained live after conversion`,
      user === undefined ? [] : [user.note(`see existing live user here: '${user.name}'`)],
    );
  }

  // What the rewriter reports

  onInserted(op: Operation): void {
    op.walk((nested) => void this.inserted.push(nested), 'pre');
  }

  onErased(op: Operation): void {
    this.erased.add(op);
  }

  onMatchFailure(_op: Operation, reason: string): void {
    this.reason = reason;
  }
}
