/** Ways of looking at a program instead of printing it: estimates, pictures of layouts, sweeps over schedules. */

import type { Operation } from '../ir/index.js';
import type { SourceFile } from '../support/index.js';
import { findTarget, unknownTargetMessage, type Target } from '../targets/target.js';
import { optionGroup, type OptionReader, type OptionSpec } from './command-line.js';
import { ToolError, type ToolSession } from './tool-session.js';

const { optional, value, flag } = optionGroup('Looking into programs');

export const INSPECT_OPTIONS: readonly OptionSpec[] = [
  value('arch', '<name,...>', 'architectures to look at the program for (default sm_80)'),
  optional(
    'estimate',
    'text|json',
    'print registers, shared memory, occupancy, traffic, work and least time of each kernel',
  ),
  optional(
    'show-layout',
    'table|svg|<layout>',
    'draw who owns each element of the tiles, or of a layout that is given (svg: in front of it for SVG)',
  ),
  value('value', '<%tile,...>', 'draw the layouts of these tiles only'),
  value(
    'sweep-schedules',
    '<file.yaml>',
    'print a table of all combinations of the values that a schedule lists',
  ),
  flag('run', 'sweep: run each point on the simulator and compare with the program as written'),
];

/** What is printed instead of the program; undefined where something was reported. */
export type Inspection = (root: Operation, source: SourceFile) => string | undefined;

/** The targets of `--arch`. */
export function targetsOf(options: OptionReader): Target[] {
  const names = options.list('arch');
  return (names.length === 0 ? ['sm_80'] : names).map((name) => {
    const target = findTarget(name);
    if (target === undefined) throw new ToolError(unknownTargetMessage(name));
    return target;
  });
}

const MODES = ['estimate', 'show-layout', 'sweep-schedules'] as const;

/**
 * What the flags ask for; undefined where the program is to be printed. The code for it is loaded only then.
 * @throws ToolError where flags do not go together.
 */
export async function chooseInspection(
  session: ToolSession,
  hasPasses: boolean,
): Promise<Inspection | undefined> {
  const { options } = session;
  const given = MODES.filter((name) => options.value(name) !== undefined);
  // A sweep prints estimates anyway; `--estimate` then chooses their form.
  const [mode, other] = given.includes('sweep-schedules')
    ? ['sweep-schedules', given.find((name) => name === 'show-layout')]
    : given;
  if (other !== undefined) throw new ToolError(`--${mode} and --${other} exclude each other`);
  const needs = { value: 'show-layout', run: 'sweep-schedules' } as const;
  for (const [name, owner] of Object.entries(needs))
    if (options.value(name) !== undefined && mode !== owner)
      throw new ToolError(`--${name} needs --${owner}`);
  if (mode === undefined && options.value('arch') !== undefined)
    throw new ToolError(
      `--arch needs ${MODES.map((name) => `--${name}`).join(' or ')}; a pass takes it as its option, as in --tile-to-cuda=arch=sm_80`,
    );
  switch (mode) {
    case 'estimate':
      return (await import('./show-estimate.js')).estimateInspection(session);
    case 'show-layout':
      return (await import('./show-layout.js')).layoutInspection(session);
    case 'sweep-schedules':
      if (hasPasses)
        throw new ToolError('--sweep-schedules reads programs as written, without passes');
      return (await import('./sweep.js')).sweepInspection(session);
    default:
      return undefined;
  }
}

/** Whether the value of `--show-layout` is a layout of its own: `#layout.fragment<...>`, `svg:#layout.shared<...>`. */
export function isLayoutAttribute(text: string | undefined): text is string {
  return text !== undefined && /^\s*(svg:|table:)?\s*#/.test(text);
}
