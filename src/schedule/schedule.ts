/** Schedules as immutable values: settings by path, alternatives to sweep over, and overrides as immer patches. */

import { applyPatches, enablePatches, type Patch } from 'immer';
import { createDiagnostic, DiagnosticError, type Span } from '../support/index.js';
import type {
  PersistentGrid,
  Rasterization,
  SettingName,
  SettingValue,
  TileExtent,
} from './settings.js';

enablePatches();

type Named<Value> = Readonly<Record<string, Value>>;

/** What is decided for one kernel. */
export interface KernelSchedule {
  readonly threads?: number;
  readonly rasterize?: 'none' | Rasterization;
  readonly persistent?: 'none' | 'auto' | PersistentGrid;
  readonly dimensions?: Named<string>;
  readonly tiles?: Named<TileExtent>;
  readonly loops?: Named<{ readonly stages?: number }>;
  readonly gemms?: Named<{ readonly policy?: string }>;
  readonly copies?: Named<{ readonly mode?: string }>;
  readonly layouts?: Named<string>;
}

/** Settings by kernel symbol; `*` stands for the kernels that are not named. */
export interface Schedule {
  readonly kernels: Named<KernelSchedule>;
}

/** `kernels`, a kernel, a setting, and below that names and fields. */
export type SettingPath = readonly string[];

/** A setting for which the file lists several values. */
export interface Choice {
  readonly path: SettingPath;
  readonly values: readonly SettingValue[];
}

/** Where each setting is written, by `path.join('\0')`. */
export type Positions = ReadonlyMap<string, Span>;

/** A schedule with what may vary in it. */
export interface ScheduleSpace {
  /** The first value of each choice. */
  readonly schedule: Schedule;
  readonly choices: readonly Choice[];
  readonly positions: Positions;
}

/** One way to make all choices. */
export interface SchedulePoint {
  /** From 0, in the order in which `points` gives them. */
  readonly number: number;
  readonly schedule: Schedule;
  /** The values chosen, in the order of the choices. */
  readonly values: readonly SettingValue[];
}

export function pathKey(path: SettingPath): string {
  return path.join('\0');
}

/** `kernels.gemm.tiles.BM` */
export function formatPath(path: SettingPath): string {
  return path.join('.');
}

/** How many ways there are to make all choices. */
export function pointCount({ choices }: ScheduleSpace): number {
  return choices.reduce((product, { values }) => product * values.length, 1);
}

/** The schedule with some settings replaced or added; everything else is shared with the original. */
export function overrideSchedule(
  schedule: Schedule,
  settings: readonly { readonly path: SettingPath; readonly value: SettingValue }[],
): Schedule {
  let current = schedule;
  for (const { path, value } of settings) {
    const patches: Patch[] = [];
    let at: unknown = current;
    path.forEach((key, depth) => {
      const isLast = depth === path.length - 1;
      const map = at as Record<string, unknown> | undefined;
      const below = map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
      if (isLast) patches.push({ op: 'add', path: [...path], value });
      else if (below === undefined && at !== undefined)
        patches.push({ op: 'add', path: path.slice(0, depth + 1), value: emptyAlong(path, depth) });
      at = below;
    });
    current = applyPatches(current as object, patches) as Schedule;
  }
  return current;
}

/** Nested empty maps for the rest of a path below `depth`, without its last key. */
function emptyAlong(path: SettingPath, depth: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let at = path.length - 2; at > depth; at--) value = { [path[at]]: value };
  return value;
}

/** The point of a number; the last choice varies fastest. */
export function schedulePoint(space: ScheduleSpace, number: number): SchedulePoint {
  const values: SettingValue[] = [];
  let rest = number;
  for (const choice of [...space.choices].reverse()) {
    values.unshift(choice.values[rest % choice.values.length]);
    rest = Math.floor(rest / choice.values.length);
  }
  const settings = space.choices.map(({ path }, i) => ({ path, value: values[i] }));
  return { number, schedule: overrideSchedule(space.schedule, settings), values };
}

/**
 * The schedule of a point, or the only one where none is given.
 * @throws DiagnosticError where there is no such point, or several and none was chosen; `flag` spells how to choose.
 */
export function chosenSchedule(
  space: ScheduleSpace,
  point: number | undefined,
  flag: (number: number) => string,
): Schedule {
  const count = pointCount(space);
  const fail = (at: SettingPath, message: string): never => {
    throw new DiagnosticError(createDiagnostic('error', space.positions.get(pathKey(at)), message));
  };
  if (point !== undefined && point >= count)
    fail([], `the schedule has ${count} point${count === 1 ? '' : 's'}, found ${flag(point)}`);
  const [choice] = space.choices;
  if (choice !== undefined && point === undefined)
    fail(
      choice.path,
      `'${formatPath(choice.path)}' lists ${choice.values.length} values where one is applied; choose with ${flag(0)} to ${flag(count - 1)}, or go through all with tile-opt --sweep-schedules`,
    );
  return schedulePoint(space, point ?? 0).schedule;
}

/** The settings of a kernel: its own, or those of `*`. */
export function kernelSchedule(
  schedule: Schedule,
  kernel: string,
): { readonly key: string; readonly settings: KernelSchedule } | undefined {
  for (const key of [kernel, '*'])
    if (Object.hasOwn(schedule.kernels, key)) return { key, settings: schedule.kernels[key] };
  return undefined;
}

/** The value as a schedule file spells it. */
export function formatSetting(value: SettingValue): string {
  if (typeof value !== 'object') return String(value);
  if ('blocks' in value) return `blocks(${value.blocks})`;
  if ('panel' in value) return `${value.order} panel(${value.panel})`;
  return String(value.to);
}

export type { SettingName };
