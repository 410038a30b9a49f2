/** Runs pipelines: nesting, verification between passes, failures. */

import { writeFileSync } from 'node:fs';
import { AnalysisManager, dominanceAnalysis, PreservedAnalyses } from '../analysis/index.js';
import { verifyOperation, type Context, type Operation } from '../ir/index.js';
import type { PassContext, PassDefinition } from '../passes/pass.js';
import { actionSink } from '../rewrite/index.js';
import { createDiagnostic, DiagnosticError, type Diagnostic } from '../support/index.js';
import type { PassInstrumentation } from './instrumentation.js';
import {
  checkAcceptedDialects,
  checkLeftDialects,
  checkRequiredDialects,
} from './level-contract.js';
import {
  ANY_ANCHOR,
  parsePipelineElements,
  type NestedElement,
  type PassElement,
  type Pipeline,
  type PipelineElement,
} from './pipeline.js';

export interface PassManagerOptions {
  /** Whether the IR and the contracts of levels are checked around each pass. Default true. */
  readonly verifyEach?: boolean;
  readonly instrumentations?: readonly PassInstrumentation[];
  /** Receives what passes print for people. Default: dropped. */
  readonly write?: (text: string) => void;
  /** Reads the files that options of passes name. Default: passes read files relative to the working directory. */
  readonly readFile?: (path: string) => string;
  /** Writes the files that options of passes name. Default: relative to the working directory. */
  readonly writeFile?: (path: string, text: string) => void;
}

/** A bug in a pass, with the pass where it showed. The IR may be half changed. */
export class PassCrash extends Error {
  constructor(
    readonly pass: PassDefinition,
    readonly op: Operation,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'PassCrash';
  }
}

export class PassManager {
  private readonly verifyEach: boolean;
  private readonly instrumentations: readonly PassInstrumentation[];
  private readonly write: (text: string) => void;
  private readonly readFile: ((path: string) => string) | undefined;
  private readonly writeFile: (path: string, text: string) => void;
  private readonly statistics = new Map<PassElement, Record<string, number>>();

  constructor(
    readonly context: Context,
    readonly pipeline: Pipeline,
    options: PassManagerOptions = {},
  ) {
    this.verifyEach = options.verifyEach ?? true;
    this.instrumentations = options.instrumentations ?? [];
    this.write = options.write ?? (() => undefined);
    this.readFile = options.readFile;
    this.writeFile = options.writeFile ?? ((path, text) => writeFileSync(path, text));
  }

  /**
   * Runs the pipeline on `root`. Returns whether all passes succeeded; why not was reported to the context. Throws
   * `PassCrash` where a pass breaks.
   */
  run(root: Operation): boolean {
    const { anchor, elements } = this.pipeline;
    if (anchor !== ANY_ANCHOR && anchor !== root.name.text)
      return root.emitError(`can't run '${anchor}' pass manager on '${root.name}' op`);
    for (const one of this.instrumentations) one.beforeRun?.(this.pipeline, root);
    let isSuccess = false;
    try {
      isSuccess = this.runElements(elements, new AnalysisManager(root, this.instrumentations));
    } finally {
      for (const one of reversed(this.instrumentations))
        one.afterRun?.(this.pipeline, root, isSuccess);
    }
    return isSuccess;
  }

  /** The counters of each pass that ran, by its place in the pipeline. */
  statisticsOf(element: PassElement): Readonly<Record<string, number>> {
    return this.statistics.get(element) ?? {};
  }

  private runElements(elements: readonly PipelineElement[], analyses: AnalysisManager): boolean {
    return elements.every((element) =>
      element.kind === 'pass'
        ? this.runPass(element, analyses) !== undefined
        : this.runNested(element, analyses) !== undefined,
    );
  }

  /** Each operation goes through the whole nested pipeline before the next one starts. */
  private runNested(
    element: NestedElement,
    analyses: AnalysisManager,
  ): PreservedAnalyses | undefined {
    const targets: Operation[] = [];
    for (const region of analyses.op.regions) {
      for (const block of region.blocks()) {
        for (const op of block.operations()) if (isTarget(op, element.anchor)) targets.push(op);
      }
    }
    const preserved = new PreservedAnalyses();
    preserved.preserveAll();
    for (const op of targets) {
      for (const one of this.instrumentations) one.beforePipeline?.(element, op);
      const nested = analyses.nest(op);
      for (const inner of element.elements) {
        const kept =
          inner.kind === 'pass' ? this.runPass(inner, nested) : this.runNested(inner, nested);
        if (kept === undefined) return undefined;
        preserved.intersect(kept);
      }
      for (const one of reversed(this.instrumentations)) one.afterPipeline?.(element, op);
    }
    analyses.invalidateOwn(preserved);
    return preserved;
  }

  /** Returns what the pass preserved, undefined where it failed. */
  private runPass(element: PassElement, analyses: AnalysisManager): PreservedAnalyses | undefined {
    const { pass } = element;
    const { context } = this;
    const { op } = analyses;
    if (pass.anchor !== undefined && pass.anchor !== op.name.text) {
      op.emitOpError(`trying to schedule pass '${pass.name}' restricted to '${pass.anchor}' on it`);
      return undefined;
    }
    if (!checkRequiredDialects(pass, op)) return undefined;
    if (this.verifyEach && !checkAcceptedDialects(pass, op)) return undefined;
    const actions = actionSink(context);
    for (const one of this.instrumentations) one.beforePass?.(element, op);
    actions?.({ kind: 'pass-execution', phase: 'begin', pass: pass.name, op });
    const preserved = this.execute(element, analyses);
    if (preserved !== undefined) analyses.invalidate(preserved);
    const isSuccess = preserved !== undefined && this.isValidAfter(pass, analyses);
    actions?.({ kind: 'pass-execution', phase: 'end', pass: pass.name, op });
    for (const one of reversed(this.instrumentations)) {
      if (isSuccess) one.afterPass?.(element, op);
      else one.afterPassFailed?.(element, op);
    }
    return isSuccess ? preserved : undefined;
  }

  private execute(element: PassElement, analyses: AnalysisManager): PreservedAnalyses | undefined {
    const { pass } = element;
    const { op } = analyses;
    const errorsBefore = this.context.errorCount;
    const preserved = new PreservedAnalyses();
    try {
      if (pass.run(op, this.passContext(element, analyses, preserved)) !== false) return preserved;
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw new PassCrash(pass, op, error);
      this.context.report(error.diagnostic);
      return undefined;
    }
    if (this.context.errorCount === errorsBefore) op.emitError(`pass '${pass.name}' failed`);
    return undefined;
  }

  private passContext(
    element: PassElement,
    analyses: AnalysisManager,
    preserved: PreservedAnalyses,
  ): PassContext {
    const { context } = this;
    return {
      context,
      options: element.options as PassContext['options'],
      statistics: this.countersOf(element),
      getAnalysis: (analysis) => analyses.get(analysis),
      getCachedAnalysis: (analysis) => analyses.getCached(analysis),
      getChildAnalysis: (analysis, op) => analyses.nest(op).get(analysis),
      getCachedParentAnalysis: (analysis, parentOp) => analyses.getCachedParent(analysis, parentOp),
      markAllAnalysesPreserved: () => preserved.preserveAll(),
      markAnalysesPreserved: (...kept) => preserved.preserve(...kept),
      runPipeline: (text, op) =>
        this.runElements(parsePipelineElements(text, op.name.text), analyses.nest(op)),
      write: this.write,
      readFile: this.readFile,
      writeFile: this.writeFile,
      remark: (op, category, message, notes: readonly Diagnostic[] = []) =>
        context.report({
          ...createDiagnostic('remark', op.location.position(), message, notes),
          code: category,
        }),
    };
  }

  private countersOf(element: PassElement): Record<string, number> {
    let counters = this.statistics.get(element);
    if (counters === undefined) {
      counters = Object.fromEntries(
        Object.keys(element.pass.statistics ?? {}).map((name) => [name, 0]),
      );
      this.statistics.set(element, counters);
    }
    return counters;
  }

  /** Verifies what the pass left; each error gets a note that names the pass. */
  private isValidAfter(pass: PassDefinition, analyses: AnalysisManager): boolean {
    if (!this.verifyEach) return true;
    const { op } = analyses;
    const found: Diagnostic[] = [];
    const remove = this.context.addDiagnosticHandler((diagnostic) => found.push(diagnostic));
    let isValid: boolean;
    try {
      isValid =
        verifyOperation(op, analyses.getCached(dominanceAnalysis)) && checkLeftDialects(pass, op);
    } finally {
      remove();
    }
    for (const diagnostic of found) {
      if (diagnostic.severity === 'error') this.context.errorCount--;
      const note = createDiagnostic('note', undefined, `found after pass '${pass.name}'`);
      this.context.report({ ...diagnostic, notes: [...diagnostic.notes, note] });
    }
    return isValid;
  }
}

function isTarget(op: Operation, anchor: string): boolean {
  return anchor === ANY_ANCHOR ? op.name.isIsolatedFromAbove : op.name.text === anchor;
}

function reversed<T>(list: readonly T[]): T[] {
  return [...list].reverse();
}

/** `builtin.module` for `module`-like roots without a name, `'func.func' operation: @f` for symbols. */
export function describeOp(op: Operation): string {
  const name = op.getAttribute('sym_name');
  return `'${op.name}' operation${name === undefined ? '' : `: @${String(name).replace(/^"|"$/g, '')}`}`;
}
