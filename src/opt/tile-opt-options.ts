/** The flags of tile-opt, besides those that all tools have. */

import { allPasses, allPipelines } from '../pipelines/index.js';
import { optionGroup, type OptionSpec } from './command-line.js';

const pipeline = optionGroup('Pass pipeline');
const watch = optionGroup('Watching passes');

export const TILE_OPT_OPTIONS: readonly OptionSpec[] = [
  pipeline.value(
    'pass-pipeline',
    '<pipeline>',
    "textual pipeline, e.g. 'builtin.module(func.func(cse),canonicalize)'",
    ['p'],
  ),
  pipeline.flag('dump-pass-pipeline', 'print the pipeline with all options before it runs'),
  pipeline.flag('verify-each', 'verify after each pass (default); =false to leave it out'),
  pipeline.flag('verify-roundtrip', 'check that the program survives printing and parsing'),
  pipeline.optional(
    'verify-semantics',
    'seed',
    'interpret the kernels on random inputs after each pass; name the first that changed a result',
  ),
  pipeline.flag('run-reproducer', 'run the pipeline stored in the input'),
  pipeline.flag('show-dialects', 'list the dialects that are known'),
  watch.value('mlir-print-ir-before', '<pass>', 'print the IR before these passes'),
  watch.flag('mlir-print-ir-before-all', 'print the IR before each pass'),
  watch.value('mlir-print-ir-after', '<pass>', 'print the IR after these passes'),
  watch.flag('mlir-print-ir-after-all', 'print the IR after each pass'),
  watch.optional(
    'mlir-print-ir-after-change',
    'diff',
    'only print after passes that changed something; diff: only what changed',
  ),
  watch.flag('mlir-print-ir-after-failure', 'print the IR after a pass that failed'),
  watch.flag('mlir-print-ir-module-scope', 'always print the whole program'),
  watch.value('mlir-print-ir-tree-dir', '<directory>', 'print to files below a directory instead'),
  watch.flag('mlir-timing', 'report where the time went'),
  watch.value('mlir-timing-display', 'tree|list', 'form of the report'),
  watch.value('mlir-output-format', 'text|json', 'format of the report'),
  watch.flag('mlir-pass-statistics', 'report the counters of passes'),
  watch.value('mlir-pass-statistics-display', 'pipeline|list', 'form of the report'),
  watch.value('log-actions-to', '<file|->', 'log passes, iterations, patterns and folds'),
  watch.flag('debug-patterns', 'say for each pattern why it did not apply'),
  watch.flag('pattern-statistics', 'count how often each pattern was tried and applied'),
  watch.value('mlir-generate-reproducer', '<file>', 'write the input with the pipeline to a file'),
  watch.value('mlir-pass-pipeline-crash-reproducer', '<file>', 'write that file when a pass fails'),
  watch.flag(
    'mlir-pass-pipeline-local-reproducer',
    'the IR just before the pass that failed, with that pass alone',
  ),
];

/** Flags that name passes and pipelines: `--cse --canonicalize='max-iterations=3'`. */
export function passOptions(): OptionSpec[] {
  const passes = optionGroup('Passes');
  const pipelines = optionGroup('Named pipelines');
  return [
    ...allPasses().map(({ name, summary }) => passes.optional(name, '<options>', summary)),
    ...allPipelines().map(({ name, summary }) => pipelines.optional(name, '<options>', summary)),
  ];
}
