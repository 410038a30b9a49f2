/** Loads what reads schedule files only when there is one to read: the YAML library would double a tool's start-up time. */

import { InternalError } from '../support/index.js';
import type * as ScheduleFile from './schedule-file.js';

type Reader = typeof ScheduleFile;

let reader: Reader | undefined;

/** Must have ended before `scheduleReader` is called. */
export async function loadScheduleReader(): Promise<void> {
  reader ??= await import('./schedule-file.js');
}

export function scheduleReader(): Reader {
  if (reader === undefined) throw new InternalError('the reader of schedules is not loaded yet');
  return reader;
}
