/** Knows which pass is running, so that a reproducer can hold the pass that failed and no other. */

import type { PassInstrumentation } from './instrumentation.js';
import type { NestedElement, PassElement, Pipeline, PipelineElement } from './pipeline.js';

export class FailureTracker implements PassInstrumentation {
  private readonly path: NestedElement[] = [];
  private running: PassElement | undefined;

  beforePipeline(element: NestedElement): void {
    this.path.push(element);
  }

  afterPipeline(): void {
    this.path.pop();
  }

  beforePass(element: PassElement): void {
    this.running = element;
  }

  /** The pass that ran last, in the nesting in which it ran. */
  failingPipeline(anchor: string): Pipeline {
    let element: PipelineElement | undefined = this.running;
    for (const nested of [...this.path].reverse()) {
      if (element === undefined) break;
      element = { kind: 'nested', anchor: nested.anchor, elements: [element] };
    }
    return { anchor, elements: element === undefined ? [] : [element] };
  }
}
