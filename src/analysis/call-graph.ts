/** Who calls whom. */

import { CallInterface } from '../dialects/interfaces.js';
import type { Operation } from '../ir/index.js';
import { defineAnalysis } from './analysis-manager.js';
import { callableBody, calleeOf } from './dataflow/control-flow.js';

/** A callable with a body, and those that its body calls. */
export interface CallGraphNode {
  readonly op: Operation;
  /** Each call in the body, not in callables nested in it, that goes to a node. */
  readonly calls: readonly { readonly call: Operation; readonly target: CallGraphNode }[];
}

export class CallGraph {
  private readonly nodes = new Map<Operation, { op: Operation; calls: CallGraphNode['calls'] }>();

  constructor(root: Operation) {
    root.walk((op) => {
      if (callableBody(op) !== undefined) this.nodes.set(op, { op, calls: [] });
    }, 'pre');
    for (const node of this.nodes.values()) {
      node.calls = callsIn(node.op).flatMap((call) => {
        const callee = calleeOf(call);
        const target = callee === undefined ? undefined : this.nodes.get(callee);
        return target === undefined ? [] : [{ call, target }];
      });
    }
  }

  /** All callables with a body, in the order of the program. */
  get callables(): readonly Operation[] {
    return [...this.nodes.keys()];
  }

  nodeOf(op: Operation): CallGraphNode | undefined {
    return this.nodes.get(op);
  }

  /** Sets of nodes that call each other around, each after those that it calls (Tarjan); in a set, callees come first. */
  stronglyConnectedComponents(): readonly (readonly CallGraphNode[])[] {
    const found: CallGraphNode[][] = [];
    const numbers = new Map<CallGraphNode, number>();
    const lows = new Map<CallGraphNode, number>();
    const open: CallGraphNode[] = [];
    const isOpen = new Set<CallGraphNode>();
    const enter = (node: CallGraphNode): { node: CallGraphNode; next: number } => {
      numbers.set(node, numbers.size);
      lows.set(node, numbers.get(node)!);
      open.push(node);
      isOpen.add(node);
      return { node, next: 0 };
    };
    for (const start of this.nodes.values()) {
      if (numbers.has(start)) continue;
      const stack = [enter(start)];
      while (stack.length > 0) {
        const frame = stack[stack.length - 1];
        const { node } = frame;
        const lower = (by: number): void => void lows.set(node, Math.min(lows.get(node)!, by));
        if (frame.next < node.calls.length) {
          const { target } = node.calls[frame.next++];
          if (!numbers.has(target)) stack.push(enter(target));
          else if (isOpen.has(target)) lower(numbers.get(target)!);
          continue;
        }
        stack.pop();
        const caller = stack.at(-1)?.node;
        if (caller !== undefined) lows.set(caller, Math.min(lows.get(caller)!, lows.get(node)!));
        if (lows.get(node) !== numbers.get(node)) continue;
        const component = open.splice(open.indexOf(node)).reverse();
        for (const one of component) isOpen.delete(one);
        found.push(component);
      }
    }
    return found;
  }
}

/** The calls in a callable's body, without those in callables nested in it. */
export function callsIn(callable: Operation): readonly Operation[] {
  const calls: Operation[] = [];
  callable.walk((op) => {
    if (op !== callable && callableBody(op) !== undefined) return 'skip';
    if (op.getInterface(CallInterface) !== undefined) calls.push(op);
    return 'advance';
  }, 'pre');
  return calls;
}

/** Preserved by passes that leave calls and callables alone. */
export const callGraphAnalysis = defineAnalysis<CallGraph>({
  name: 'CallGraph',
  compute: (op) => new CallGraph(op),
});
