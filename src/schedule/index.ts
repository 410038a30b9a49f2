export * from './apply.js';
export * from './apply-schedule.js';
export * from './schedule.js';
export * from './lazy-reader.js';
export * from './settings.js';
export {
  accessParts,
  copyParts,
  gemmRoles,
  isLoop,
  isTileType,
  loopBounds,
  parallelIndex,
  type CopyParts,
} from './tile-dimensions.js';
export { IndexForms, type IndexForm } from './index-form.js';
