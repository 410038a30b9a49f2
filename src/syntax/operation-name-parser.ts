/** Which operation a name in the text means, and what to say where it means none. */

import type { OperationName } from '../ir/index.js';
import type { Diagnostic } from '../support/index.js';
import { CustomFormParser } from './custom-form-parser.js';

export abstract class OperationNameParser extends CustomFormParser {
  /** For each default dialect, what the spellings that were met mean. */
  private readonly spellings = new Map<string, Map<string, OperationName>>();

  /** What spellings mean in a region with that default dialect, as far as it is known yet. */
  protected spellingsIn(defaultDialect: string): Map<string, OperationName> {
    let known = this.spellings.get(defaultDialect);
    if (known === undefined) this.spellings.set(defaultDialect, (known = new Map()));
    return known;
  }

  protected refuseUnregistered(name: OperationName, offset: number): void {
    if (this.context.allowUnregisteredDialects) return;
    const { dialect, text } = name;
    const known = this.context.dialects.get(dialect);
    if (known === undefined || !text.includes('.')) {
      this.fail(
        'operation being parsed with an unregistered dialect. If this is intended, please use ' +
          '-allow-unregistered-dialect with the MLIR tool used',
        offset,
        this.suggestion(dialect, this.context.dialects.keys(), offset),
      );
    }
    this.fail(
      `unregistered operation '${text}' found in dialect ('${dialect}') that does not allow unknown operations`,
      offset,
      this.suggestion(text, known.operations.keys(), offset),
    );
  }

  protected resolveOperationName(
    spelling: string,
    defaultDialect: string,
    offset: number,
  ): OperationName {
    const hasDialect = spelling.includes('.');
    const isElided = !hasDialect && defaultDialect !== '';
    const text = isElided ? `${defaultDialect}.${spelling}` : spelling;
    const name = this.context.getOperationName(text);
    if (name.definition?.parse !== undefined) {
      this.spellingsIn(defaultDialect).set(spelling, name);
      return name;
    }
    if (name.definition !== undefined)
      this.fail(`custom op '${text}' has no custom form: expected the generic form`, offset);
    if (hasDialect && !this.context.dialects.has(name.dialect)) {
      const known = [...this.context.dialects.keys()].sort();
      const notes = this.suggestion(name.dialect, known, offset);
      notes.push(this.note(`Registered dialects: ${known.join(', ')}`, offset));
      this.fail(`Dialect \`${name.dialect}' not found for custom op '${spelling}' `, offset, notes);
    }
    const tried = isElided ? ` (tried '${text}' as well)` : '';
    const notes = this.suggestOperation(spelling, name.dialect, offset);
    this.fail(`custom op '${spelling}' is unknown${tried}`, offset, notes);
  }

  /** A note with the operation that was likely meant: of that dialect, or of the same name in another. */
  private suggestOperation(spelling: string, dialect: string, offset: number): Diagnostic[] {
    const operations = this.context.dialects.get(dialect)?.operations;
    const hasDialect = spelling.includes('.');
    for (const other of hasDialect ? [] : this.context.dialects.values()) {
      const name = `${other.name}.${spelling}`;
      if (other.operations.has(name)) return [this.note(`did you mean '${name}'?`, offset)];
    }
    const known = [...(operations?.keys() ?? [])];
    const names = hasDialect ? known : known.map((name) => name.slice(dialect.length + 1));
    return this.suggestion(spelling, names, offset);
  }
}
