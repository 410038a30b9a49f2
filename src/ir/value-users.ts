/** Comments that list the users of values: `// users: %2, %1`. */

import type { Operation } from './operation.js';
import type { BlockArgument, Value } from './value.js';
import type { ValueNames } from './value-names.js';

export class ValueUsers {
  constructor(private readonly names: ValueNames) {}

  /** Behind an operation; one without results shows the number by which it is listed as a user. */
  ofOperation(op: Operation): string {
    if (op.results.length === 0) {
      const number = this.names.operationNumber(op);
      const isListed = op.operandCount > 0 && number !== undefined;
      return isListed ? ` // id: %${number}` : '';
    }
    const texts = op.results.map((result) => {
      const users = this.userList(result);
      const list = users.join(', ');
      return op.results.length > 1 && users.length > 0 ? `(${list})` : list || 'unused';
    });
    if (!op.hasUses) return ' // unused';
    const isSingle = op.results.length === 1 && this.userList(op.results[0]).length === 1;
    return ` // ${isSingle ? 'user' : 'users'}: ${texts.join(', ')}`;
  }

  /** A line of its own at the start of the argument's block. */
  ofArgument(argument: BlockArgument): string {
    const name = this.names.operand(argument);
    const users = this.userList(argument);
    return `// ${name} is ${users.length === 0 ? 'unused' : `used by ${users.join(', ')}`}`;
  }

  private userList(value: Value): string[] {
    const users = [...new Set(value.users())].reverse();
    return users.flatMap((user) => {
      if (user.results.length > 0) return user.results.map((result) => this.names.operand(result));
      const number = this.names.operationNumber(user);
      return number === undefined ? [] : [`%${number}`];
    });
  }
}
