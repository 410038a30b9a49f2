/** Options that the sweeps have in common. */

import { InvalidArgumentError } from 'commander';

/** Parses a list in which every name must be known. */
export function namesOf<Name extends string>(
  known: readonly Name[],
): (text: string) => readonly Name[] {
  return (text) =>
    text.split(',').map((name) => {
      const found = known.find((each) => each === name);
      if (found === undefined)
        throw new InvalidArgumentError(`expected some of ${known.join(', ')}, found '${name}'`);
      return found;
    });
}
