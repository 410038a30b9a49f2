/** Dumps the IR around passes: `--mlir-print-ir-before`, `-after`, `-after-change`, `-after-failure` and tree dirs. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printOperation, symbolName, type Operation, type PrintOptions } from '../ir/index.js';
import { passTitle } from '../passes/pass.js';
import { fingerprint } from '../rewrite/index.js';
import type { DiffOptions } from './ir-diff.js';
import type { PassInstrumentation } from './instrumentation.js';
import { describeOp } from './pass-manager.js';
import type { PassElement } from './pipeline.js';

/** Which passes to dump around: by name, or all. */
export type DumpSelection = 'all' | readonly string[];

export interface DumpOptions {
  readonly before?: DumpSelection;
  readonly after?: DumpSelection;
  /** Only dump after a pass that changed something. `diff`: only what changed. */
  readonly afterChange?: boolean | 'diff';
  readonly afterFailure?: boolean;
  /** Print the whole program, not only the operation that the pass ran on. */
  readonly moduleScope?: boolean;
  /** Write each dump to a file below this directory instead. */
  readonly treeDirectory?: string;
  readonly color?: boolean;
  /** Computes differences; needed for `diff` only, since it is loaded only then. */
  readonly formatDiff?: (before: string, after: string, options: DiffOptions) => string;
  readonly print?: PrintOptions;
  readonly write: (text: string) => void;
}

/** Longest unchanged stretch that a diff shows around a change, in lines. */
const DIFF_CONTEXT = 3;

export class IrDumps implements PassInstrumentation {
  private readonly fingerprints: string[] = [];
  private readonly texts: string[] = [];
  /** Numbers for the names of files: how many passes ran on each operation. */
  private readonly counters = new Map<string, number>();

  constructor(private readonly options: DumpOptions) {}

  beforePass(element: PassElement, op: Operation): void {
    const { before, afterChange } = this.options;
    if (isSelected(before, element)) this.dump('Before', element, op);
    if (afterChange === undefined || afterChange === false) return;
    this.fingerprints.push(fingerprint(op));
    if (afterChange === 'diff') this.texts.push(this.print(op));
  }

  afterPass(element: PassElement, op: Operation): void {
    const { after, afterChange } = this.options;
    if (afterChange === undefined || afterChange === false) {
      if (isSelected(after, element)) this.dump('After', element, op);
      return;
    }
    const hasChanged = this.fingerprints.pop() !== fingerprint(op);
    const text = this.texts.pop();
    // With no selection of passes every change is of interest.
    if (!hasChanged || !isSelected(after ?? 'all', element)) return;
    if (text === undefined) this.dump('After', element, op);
    else this.dumpText('After', element, op, this.diff(text, this.print(op)));
  }

  afterPassFailed(element: PassElement, op: Operation): void {
    if (this.options.afterChange) {
      this.fingerprints.pop();
      this.texts.pop();
    }
    if (this.options.afterFailure || isSelected(this.options.after, element))
      this.dump('After', element, op, ' Failed');
  }

  private dump(when: string, element: PassElement, op: Operation, suffix = ''): void {
    this.dumpText(when, element, op, `${this.print(op)}\n\n`, suffix);
  }

  private dumpText(
    when: string,
    { pass }: PassElement,
    op: Operation,
    text: string,
    suffix = '',
  ): void {
    const scope = this.options.moduleScope && op.parentOp !== null ? ` (${describeOp(op)})` : '';
    const header = `// -----// IR Dump ${when} ${passTitle(pass)}${suffix} (${pass.name})${scope} //----- //\n`;
    if (this.options.treeDirectory === undefined) this.options.write(header + text);
    else this.writeFile(this.options.treeDirectory, pass.name, op, header + text);
  }

  private print(op: Operation): string {
    let root = op;
    if (this.options.moduleScope) while (root.parentOp !== null) root = root.parentOp;
    return `${printOperation(root, this.options.print).trimEnd()}\n`;
  }

  private diff(before: string, after: string): string {
    const { formatDiff, color } = this.options;
    return formatDiff?.(before, after, { context: DIFF_CONTEXT, color }) ?? after;
  }

  /** `directory/builtin_module_no-symbol-name/func_func_f/0_1_canonicalize.mlir`. */
  private writeFile(directory: string, pass: string, op: Operation, text: string): void {
    const chain: Operation[] = [];
    for (let at: Operation | null = op; at !== null; at = at.parentOp) chain.unshift(at);
    const folders = chain.map(
      (one) =>
        `${one.name.text.replace(/\./g, '_')}_${fileName(symbolName(one) ?? 'no-symbol-name')}`,
    );
    let path = directory;
    const numbers: number[] = [];
    for (const folder of folders) {
      path = join(path, folder);
      const next = this.counters.get(path) ?? 0;
      numbers.push(next);
      // Counters of the operations around stand still while the nested pipeline runs.
      if (folder === folders[folders.length - 1]) this.counters.set(path, next + 1);
    }
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, `${numbers.join('_')}_${pass}.mlir`), text);
  }
}

function fileName(symbol: string): string {
  return symbol.replace(/[^\w.$-]/g, '_');
}

function isSelected(selection: DumpSelection | undefined, { pass }: PassElement): boolean {
  return selection === 'all' || (selection?.includes(pass.name) ?? false);
}
