/** Runs a pipeline again and again until it changes nothing more. */

import { fingerprint } from '../rewrite/index.js';
import { definePass } from './pass.js';
import { integerOption, stringOption } from './pass-options.js';

export const compositeFixedPointPass = definePass({
  name: 'composite-fixed-point-pass',
  title: 'CompositeFixedPointPass',
  summary: 'Composite fixed point pass',
  description: 'Runs its pipeline until the program stays the same, or so many times at most.',
  options: {
    name: stringOption('CompositeFixedPointPass', 'Composite pass display name'),
    pipeline: stringOption('', 'Composite pass inner pipeline'),
    'max-iterations': integerOption(10, 'Maximum number of iterations if inner pipeline', {
      minimum: 1,
    }),
  },
  statistics: { 'num-iterations': 'Number of times the pipeline ran' },
  run(root, { options, runPipeline, statistics }) {
    if (options.pipeline === '')
      return root.emitError(`composite pass '${options.name}' has no pipeline`);
    let before = fingerprint(root);
    for (let iteration = 0; iteration < options['max-iterations']; iteration++) {
      if (!runPipeline(options.pipeline, root)) return false;
      statistics['num-iterations']++;
      const after = fingerprint(root);
      if (after === before) return true;
      before = after;
    }
    root.emitWarning(
      `composite pass '${options.name}' didn't converge in ${options['max-iterations']} iterations`,
    );
    return true;
  },
});
