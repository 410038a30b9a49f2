/** `--profile-actions-to`: the event stream of rewriting as a trace that Chrome and Perfetto show. */

import type { Context } from '../ir/index.js';
import { subscribeToActions, type ActionEvent } from '../rewrite/index.js';

interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: 'B' | 'E' | 'i';
  /** Microseconds. */
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Collects events; `text` is the trace of all of them. */
export class ActionProfile {
  private readonly events: string[] = [];
  private readonly start = performance.now();

  subscribe(context: Context): () => void {
    return subscribeToActions(context, (event) => this.add(event));
  }

  private add(event: ActionEvent): void {
    const trace: TraceEvent = {
      name: titleOf(event),
      cat: 'PERF',
      ph: 'phase' in event ? (event.phase === 'begin' ? 'B' : 'E') : 'i',
      ts: Math.round((performance.now() - this.start) * 1000),
      pid: 0,
      tid: 0,
      args: argumentsOf(event),
    };
    this.events.push(JSON.stringify(trace));
  }

  get text(): string {
    return `[\n${this.events.join(',\n')}\n]\n`;
  }
}

function titleOf(event: ActionEvent): string {
  switch (event.kind) {
    case 'pass-execution':
      return event.pass;
    case 'apply-pattern':
      return event.pattern;
    case 'greedy-iteration':
      return `iteration ${event.iteration}`;
    default:
      return `${event.kind} ${event.opName}`;
  }
}

function argumentsOf(event: ActionEvent): Readonly<Record<string, unknown>> {
  if (event.kind !== 'apply-pattern' || event.phase === 'begin') return { action: event.kind };
  return { action: event.kind, root: event.opName, success: event.isSuccess, reason: event.reason };
}
