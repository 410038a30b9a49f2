/** The pass that applies a schedule file. */

import { readFileSync } from 'node:fs';
import { createDiagnostic, DiagnosticError } from '../support/index.js';
import { definePass, integerOption, listOption, stringOption } from '../passes/index.js';
import { applySchedule } from './apply.js';
import { loadScheduleReader, scheduleReader } from './lazy-reader.js';
import { chosenSchedule } from './schedule.js';

/** Where no tool says how files are read: relative to the working directory. */
function readScheduleFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DiagnosticError(
      createDiagnostic('error', undefined, `cannot open input file '${path}': ${reason}`),
    );
  }
}

export const applySchedulePass = definePass({
  name: 'apply-schedule',
  summary: 'apply the decisions of a schedule file to kernels: tile extents, threads, stages, ...',
  description:
    'Sets what a YAML file says of the kernels of a module. Results stay what they are, up to the order of sums; a ' +
    'change that could alter them is an error which says why. `set` overrides settings, `point` chooses among lists.',
  anchor: 'builtin.module',
  requires: ['tile', 'layout', 'arith'],
  mainOption: 'file',
  load: loadScheduleReader,
  options: {
    file: stringOption('', 'the schedule, a YAML file', '<file.yaml>'),
    point: integerOption(-1, 'which combination of the listed values to apply, from 0', {
      minimum: -1,
    }),
    set: listOption('settings that replace those of the file, such as gemm.threads=256'),
  },
  run: (module, { options, context, readFile }) => {
    if (options.file === '')
      return module.emitError("pass 'apply-schedule' needs a schedule: expected file=<file.yaml>");
    const text = (readFile ?? readScheduleFile)(options.file);
    const report = context.report.bind(context);
    const { overrideSpace, readSchedule } = scheduleReader();
    const space = overrideSpace(readSchedule(text, options.file, report), options.set);
    const point = options.point < 0 ? undefined : options.point;
    const schedule = chosenSchedule(space, point, (number) => `point=${number}`);
    return applySchedule(module, schedule, space.positions);
  },
});
