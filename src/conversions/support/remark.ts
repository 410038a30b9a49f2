/** Remarks of conversions, by category: shown where `--remarks` asks for them. */

import type { Operation } from '../../ir/index.js';
import { createDiagnostic, type Diagnostic } from '../../support/index.js';

/** Categories of remarks that conversions make. */
export type RemarkCategory = 'gemm' | 'layout' | 'copy' | 'barrier';

export function remark(
  op: Operation,
  category: RemarkCategory,
  message: string,
  notes: readonly Diagnostic[] = [],
): void {
  op.context.report({
    ...createDiagnostic('remark', op.location.position(), message, notes),
    code: category,
  });
}
