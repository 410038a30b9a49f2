/** Where the time goes: wall time of the parser, each pass and the output, as a tree or a list. */

import type { Analysis } from '../analysis/index.js';
import { passTitle } from '../passes/pass.js';
import type { PassInstrumentation } from './instrumentation.js';
import type { NestedElement, PassElement } from './pipeline.js';

export type TimingDisplay = 'tree' | 'list';

class Timer {
  readonly children = new Map<unknown, Timer>();
  /** Milliseconds. */
  total = 0;
  private startedAt = 0;

  constructor(readonly name: string) {}

  start(): void {
    this.startedAt = performance.now();
  }

  stop(): void {
    this.total += performance.now() - this.startedAt;
  }

  child(key: unknown, name: string): Timer {
    let timer = this.children.get(key);
    if (timer === undefined) this.children.set(key, (timer = new Timer(name)));
    return timer;
  }
}

/** Measures from its construction on. */
export class Timing implements PassInstrumentation {
  private readonly root = new Timer('Total');
  private readonly stack: Timer[] = [this.root];

  constructor() {
    this.root.start();
  }

  /** Measures a part that is no pass: `Parser`, `Output`. */
  measure<Result>(name: string, body: () => Result): Result {
    this.begin(name, name);
    try {
      return body();
    } finally {
      this.end();
    }
  }

  beforePipeline(element: NestedElement): void {
    this.begin(element, `'${element.anchor}' Pipeline`);
  }

  afterPipeline(): void {
    this.end();
  }

  beforePass(element: PassElement): void {
    this.begin(element, passTitle(element.pass));
  }

  afterPass(): void {
    this.end();
  }

  afterPassFailed(): void {
    this.end();
  }

  beforeAnalysis(analysis: Analysis<unknown>): void {
    this.begin(analysis, `(A) ${analysis.name}`);
  }

  afterAnalysis(): void {
    this.end();
  }

  private begin(key: unknown, name: string): void {
    const timer = this.stack[this.stack.length - 1].child(key, name);
    timer.start();
    this.stack.push(timer);
  }

  private end(): void {
    if (this.stack.length > 1) this.stack.pop()!.stop();
  }

  /** The report in the form of `--mlir-timing`. */
  report(display: TimingDisplay, format: 'text' | 'json'): string {
    while (this.stack.length > 1) this.end();
    this.root.total = 0;
    this.root.stop();
    const lines = display === 'tree' ? this.treeLines() : this.listLines();
    if (format === 'json') return this.json();
    const rule = `===${'-'.repeat(73)}===\n`;
    const body = lines.map(
      ({ name, total, depth }) =>
        `  ${seconds(total)} (${this.percentage(total)}%)  ${'  '.repeat(depth)}${name}\n`,
    );
    return `${rule}                         ... Execution time report ...\n${rule}  Total Execution Time: ${(this.root.total / 1000).toFixed(4)} seconds\n\n  ----Wall Time----  ----Name----\n${body.join('')}`;
  }

  private rest(): number {
    let rest = this.root.total;
    for (const child of this.root.children.values()) rest -= child.total;
    return Math.max(0, rest);
  }

  private percentage(total: number): string {
    const share = this.root.total === 0 ? 0 : (100 * total) / this.root.total;
    return share.toFixed(1).padStart(5);
  }

  private treeLines(): { name: string; total: number; depth: number }[] {
    const lines: { name: string; total: number; depth: number }[] = [];
    const visit = (timer: Timer, depth: number): void => {
      for (const child of timer.children.values()) {
        lines.push({ name: child.name, total: child.total, depth });
        visit(child, depth + 1);
      }
    };
    visit(this.root, 0);
    return [...lines, ...this.totals()];
  }

  /** By name, longest first; the time of nested passes is not counted twice. */
  private listLines(): { name: string; total: number; depth: number }[] {
    const totals = new Map<string, number>();
    const visit = (timer: Timer): void => {
      for (const child of timer.children.values()) {
        let own = child.total;
        for (const nested of child.children.values()) own -= nested.total;
        totals.set(child.name, (totals.get(child.name) ?? 0) + own);
        visit(child);
      }
    };
    visit(this.root);
    const lines = [...totals].map(([name, total]) => ({ name, total, depth: 0 }));
    lines.sort((a, b) => b.total - a.total);
    return [...lines, ...this.totals()];
  }

  private totals(): { name: string; total: number; depth: number }[] {
    return [
      { name: 'Rest', total: this.rest(), depth: 0 },
      { name: 'Total', total: this.root.total, depth: 0 },
    ];
  }

  private json(): string {
    const wall = (total: number): object => ({
      duration: Number((total / 1000).toFixed(6)),
      percentage: Number(this.percentage(total)),
    });
    const tree = (timer: Timer): object => ({
      wall: wall(timer.total),
      name: timer.name,
      passes: [...timer.children.values()].map(tree),
    });
    const entries = [...this.root.children.values()].map(tree);
    for (const { name, total } of this.totals()) entries.push({ wall: wall(total), name });
    return `${JSON.stringify(entries, undefined, 2)}\n`;
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(4).padStart(8);
}
