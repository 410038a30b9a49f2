export * from './asm-parser.js';
export { parseAttribute, parseModule, parseType, type ParseOptions } from './parser.js';
