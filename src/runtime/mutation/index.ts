export { demandedRate, formatRates, mutationMain, mutationPrograms } from './main.js';
export { MutationSubject, parseKernels, type Fate } from './judge.js';
export { mutantsOf, mutationClasses, type Mutant, type MutationClass } from './mutants.js';
export { catchRate, runMutations, type ClassResult, type JudgedMutant } from './run.js';
