/** One stream of events for everything that changes the IR; logs, counters and traces read it. */

import type { Context, Operation } from '../ir/index.js';

/** What a driver did or tried. `begin` and `end` enclose what happens inside. */
export type ActionEvent =
  | {
      readonly kind: 'apply-pattern';
      readonly pattern: string;
      readonly phase: 'begin';
      readonly op: Operation;
    }
  | {
      readonly kind: 'apply-pattern';
      readonly pattern: string;
      readonly phase: 'end';
      /** Name of the root; the operation itself may be gone. */
      readonly opName: string;
      readonly isSuccess: boolean;
      /** Why the pattern did not apply, where it said so. */
      readonly reason?: string;
    }
  | { readonly kind: 'fold'; readonly opName: string; readonly op: Operation }
  | { readonly kind: 'erase-dead'; readonly opName: string; readonly op: Operation }
  | {
      readonly kind: 'greedy-iteration';
      readonly phase: 'begin' | 'end';
      readonly iteration: number;
      readonly op: Operation;
    }
  | {
      readonly kind: 'pass-execution';
      readonly phase: 'begin' | 'end';
      readonly pass: string;
      readonly op: Operation;
    };

export type ActionHandler = (event: ActionEvent) => void;

const streams = new WeakMap<Context, ActionHandler[]>();

/** Subscribes to the events of a context; returns a function that unsubscribes. */
export function subscribeToActions(context: Context, handler: ActionHandler): () => void {
  const handlers = streams.get(context) ?? [];
  streams.set(context, [...handlers, handler]);
  return () => {
    const left = (streams.get(context) ?? []).filter((other) => other !== handler);
    if (left.length === 0) streams.delete(context);
    else streams.set(context, left);
  };
}

/** Where to send events of a context; undefined while nobody listens, so that nothing is built in vain. */
export function actionSink(context: Context): ActionHandler | undefined {
  const handlers = streams.get(context);
  if (handlers === undefined) return undefined;
  return (event) => {
    for (const handler of handlers) handler(event);
  };
}
