/** Statements of a kernel's text: the names and expressions of its values, and the positions that compilers report. */

import { SourceLocation, type Operation, type Value } from '../../ir/index.js';
import type { Target } from '../target.js';
import { primary, type Expression } from './expression.js';
import type { EmitKind } from './instructions.js';
import { sourceComment } from './source-comment.js';
import { NameTable, type TextWriter } from './text-writer.js';
import { defaultName, scalarType } from './types.js';

/** Thrown for an operation that no target text exists for; the module emitter reports it at the operation. */
export class UnsupportedOperation extends Error {
  constructor(readonly op: Operation) {
    super(`'${op.name}' has no spelling in emitted text; lower it first`);
  }
}

export interface StatementWriterOptions {
  readonly kind: EmitKind;
  readonly target: Target;
  /** Emit `#line` in front of every statement, so that compilers and the simulator report IR positions. */
  readonly lineDirectives: boolean;
}

export class StatementWriter {
  protected readonly names = new NameTable();
  protected readonly expressions = new Map<Value, Expression>();
  private lastComment = '';

  constructor(
    protected readonly writer: TextWriter,
    protected readonly options: StatementWriterOptions,
  ) {}

  /** Gives a value a name of its own: the author's, without the number that printing adds to repeated names. */
  declare(value: Value, wanted: string): string {
    return this.declareAs(value, value.name?.replace(/_\d+$/, '') ?? wanted);
  }

  /** Gives a value this name, or the nearest free one. */
  declareAs(value: Value, wanted: string): string {
    const name = this.names.unique(wanted);
    this.expressions.set(value, primary(name));
    return name;
  }

  expression(value: Value): Expression {
    const known = this.expressions.get(value);
    if (known !== undefined) return known;
    throw new UnsupportedOperation(value.definingOp!);
  }

  protected statement(op: Operation, text: string): void {
    this.writeLocation(op);
    this.writer.line(text);
  }

  /** A `#line` directive where they are wanted, else a comment where the text of the IR's source line begins. */
  protected writeLocation(op: Operation): void {
    if (!(op.location instanceof SourceLocation)) return;
    const { source, offset } = op.location;
    const { line } = source.getLineColumn(offset);
    const comment = sourceComment(source.getLine(line));
    if (comment !== undefined && comment !== this.lastComment) {
      this.lastComment = comment;
      this.writer.line(`// ${comment}`);
    }
    if (this.options.lineDirectives)
      this.writer.directive(`#line ${line} ${JSON.stringify(source.name)}`);
  }

  protected emitVariable(op: Operation, expression: Expression, result = op.results[0]): void {
    const type = scalarType(result.type);
    const name = this.declare(result, this.telltaleName(op) ?? defaultName(result.type));
    this.statement(op, `const ${type} ${name} = ${expression.text};`);
  }

  /** A name that says what simple index arithmetic computes: `thread_over_4`. */
  private telltaleName(op: Operation): string | undefined {
    const word = TELLTALES.get(op.name.text);
    if (word === undefined) return undefined;
    if (op.name.text === 'arith.xori') return word;
    const [base, factor] = op.operands.map((operand) => this.expression(operand).text);
    return /^[a-z]\w*$/.test(base) && /^\d+$/.test(factor)
      ? `${base}_${word}_${factor}`
      : undefined;
  }
}

/** Words for the names of values that divide, multiply or swizzle an index. */
const TELLTALES: ReadonlyMap<string, string> = new Map([
  ['arith.divui', 'over'],
  ['arith.remui', 'mod'],
  ['arith.muli', 'times'],
  ['arith.xori', 'swizzled'],
]);
