/** Reads the event stream of rewriting for people: `--log-actions-to`, `--debug-patterns`, `--pattern-statistics`. */

import { symbolName, type Context, type Operation } from '../ir/index.js';
import { subscribeToActions, type ActionEvent } from '../rewrite/index.js';

/** `'arith.addi' (f.mlir:3:8)`. */
function describe(op: Operation): string {
  const symbol = symbolName(op);
  return symbol === undefined ? `'${op.name}'` : `'${op.name}' @${symbol}`;
}

/** Writes each action with its nesting; with a filter, only those on operations that pass it. */
export function logActions(
  context: Context,
  write: (text: string) => void,
  filter: (op: Operation) => boolean = () => true,
): () => void {
  let depth = 0;
  /** For each action that has begun, whether it is written. */
  const isShown: boolean[] = [];
  const line = (text: string): void => write(`${'  '.repeat(depth)}${text}\n`);
  return subscribeToActions(context, (event) => {
    if ('op' in event && !('phase' in event) && !filter(event.op)) return;
    if (event.kind === 'fold') line(`Action \`fold\` on Operation '${event.opName}'`);
    else if (event.kind === 'erase-dead')
      line(`Action \`erase-dead\` on Operation '${event.opName}'`);
    else if (event.phase === 'begin') {
      isShown.push(filter(event.op));
      if (!isShown.at(-1)) return;
      line(`begins Action \`${event.kind}\` ${describeBegin(event)}`);
      depth++;
    } else {
      if (isShown.pop() === false) return;
      depth--;
      line(`completed \`${event.kind}\`${describeEnd(event)}`);
    }
  });
}

type Begin = Exclude<ActionEvent, { kind: 'fold' | 'erase-dead' }>;

function describeBegin(event: Begin): string {
  if (event.kind === 'pass-execution')
    return `running \`${event.pass}\` on Operation ${describe(event.op)}`;
  if (event.kind === 'greedy-iteration')
    return `iteration ${event.iteration} on Operation ${describe(event.op)}`;
  return event.phase === 'begin'
    ? `pattern \`${event.pattern}\` on Operation ${describe(event.op)}`
    : '';
}

function describeEnd(event: Begin): string {
  if (event.kind !== 'apply-pattern' || event.phase !== 'end') return '';
  if (event.isSuccess) return ` pattern \`${event.pattern}\`: success`;
  return ` pattern \`${event.pattern}\`: failure${event.reason === undefined ? '' : `: ${event.reason}`}`;
}

/** Writes, for each pattern that was tried, whether it applied, and why not. */
export function debugPatterns(context: Context, write: (text: string) => void): () => void {
  return subscribeToActions(context, (event) => {
    if (event.kind !== 'apply-pattern' || event.phase !== 'end') return;
    const outcome = event.isSuccess ? 'applied' : `failed: ${event.reason ?? 'no reason given'}`;
    write(`* pattern '${event.pattern}' on '${event.opName}' ${outcome}\n`);
  });
}

/** Counts for each pattern how often it was tried and applied. */
export class PatternCounters {
  private readonly counts = new Map<string, { tried: number; applied: number }>();

  subscribe(context: Context): () => void {
    return subscribeToActions(context, (event) => {
      if (event.kind !== 'apply-pattern' || event.phase !== 'end') return;
      const count = this.counts.get(event.pattern) ?? { tried: 0, applied: 0 };
      count.tried++;
      if (event.isSuccess) count.applied++;
      this.counts.set(event.pattern, count);
    });
  }

  report(): string {
    const rows = [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = rows.map(
      ([name, { tried, applied }]) =>
        `  ${String(applied).padStart(7)} applied  ${String(tried).padStart(7)} tried  ${name}\n`,
    );
    const rule = `===${'-'.repeat(73)}===\n`;
    return `${rule}                         ... Pattern statistics report ...\n${rule}${lines.join('')}\n`;
  }
}
