export { checkProgram, type CheckOptions, type Verdict } from './check.js';
export { fuzz, type Failure, type FuzzOptions, type FuzzResult } from './fuzz.js';
export { generateProgram } from './generate.js';
export { failureText, fuzzMain } from './main.js';
export type { Program } from './program.js';
export { renderProgram } from './render.js';
export { reduceProgram } from './reduce.js';
