export { tileReduceMain } from './main.js';
export { reduceProgram, REDUCTIONS } from './reducer.js';
export type { InterestingTest, Progress, ReduceOptions, ReduceResult } from './reducer.js';
export type { Reduction, ReductionEnvironment, SiteRange } from './reduction.js';
