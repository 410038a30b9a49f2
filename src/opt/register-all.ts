/** All passes, pipelines, canonicalization patterns and translations that the tools know. */

import { conversions } from '../conversions/index.js';
import { genericPasses } from '../passes/index.js';
import { registerPass } from '../pipelines/index.js';
import '../pipelines/tile-to-cuda.js';
import '../pipelines/tile-to-hip.js';
import { applySchedulePass } from '../schedule/index.js';
import { registerDialectTranslations } from './dialect-translations.js';
import { registerTextTranslations } from './text-translations.js';

let isDone = false;

/** Makes everything known; once is enough, more does no harm. */
export function registerAll(): void {
  if (isDone) return;
  isDone = true;
  registerPass(...genericPasses, ...conversions, applySchedulePass);
  registerTextTranslations();
  registerDialectTranslations();
}
