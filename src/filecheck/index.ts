/** FileCheck: whether a text holds, in order, what the directives of a check file ask for. */

export { filecheck, type FileCheckResult } from './filecheck.js';
export { filecheckMain } from './main.js';
export type { FileCheckOptions } from './options.js';
export { Regex, RegexBudgetError, type RegexMatch } from './regex.js';
export { EreSyntaxError } from './ere-ast.js';
