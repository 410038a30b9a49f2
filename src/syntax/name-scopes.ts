/** The names of values while a text is parsed: scopes, forward references, and what is wrong with them. */

import {
  type Location,
  type Operation,
  type OpResult,
  type Type,
  unknownLocation,
  Value,
} from '../ir/index.js';
import { NameTable } from './name-table.js';

/** Stands for a value that is used before its definition in the text. */
export class ForwardReference extends Value {
  constructor(
    type: Type,
    /** Name as written, without `%`. */
    readonly spelling: string,
    readonly offset: number,
  ) {
    super(type);
  }

  get definingOp(): Operation | undefined {
    return undefined;
  }

  get parentBlock(): null {
    return null;
  }

  get location(): Location {
    return unknownLocation;
  }
}

/** One name: a value, or several results of one operation. */
export interface NamedValues {
  /** Without `%`. */
  readonly name: string;
  readonly count: number;
  readonly offset: number;
  /** The first value; undefined until it is built, and for a name whose definition failed. */
  first: Value | undefined;
}

/** Names that do not reach across an operation that is isolated from above. */
interface IsolatedScope {
  readonly names: NameTable<NamedValues>;
  /** By `name#number`. */
  readonly forward: Map<string, ForwardReference>;
  /** For each region that is open inside the scope, the number of names in front of it. */
  readonly regions: number[];
}

export interface NameProblem {
  readonly message: string;
  readonly offset: number;
  readonly note?: { readonly message: string; readonly offset: number };
}

export class NameScopes {
  private readonly outer: IsolatedScope[] = [];
  private current: IsolatedScope = newScope();

  /** Enters a region, with names of its own when it is isolated. */
  push(isIsolated: boolean): void {
    if (isIsolated) {
      this.outer.push(this.current);
      this.current = newScope();
    }
    this.current.regions.push(this.current.names.size);
  }

  /** Leaves a region; gives the uses whose definition never came, in the order of the text. */
  pop(isIsolated: boolean): ForwardReference[] {
    const size = this.current.regions.pop()!;
    if (!isIsolated) {
      this.current.names.truncate(size);
      return [];
    }
    const left = [...this.current.forward.values()];
    this.current = this.outer.pop()!;
    return left.sort((a, b) => a.offset - b.offset);
  }

  lookUp(name: string): NamedValues | undefined {
    return this.current.names.get(name);
  }

  /** Defines a name, whose forward references become uses of the values. */
  define(values: NamedValues): NameProblem | undefined {
    const { name } = values;
    const { names, forward } = this.current;
    const previous = names.add(values);
    if (previous !== undefined) {
      return {
        message: `redefinition of SSA value '%${name}'`,
        offset: values.offset,
        note: { message: 'previously defined here', offset: previous.offset },
      };
    }
    return forward.size === 0 ? undefined : this.resolveForward(name, values);
  }

  private resolveForward(name: string, values: NamedValues): NameProblem | undefined {
    const { forward } = this.current;
    for (let number = 0; number < values.count; number++) {
      const key = `${name}#${number}`;
      const reference = forward.get(key);
      if (reference === undefined) continue;
      forward.delete(key);
      const value = valueOf(values, number);
      if (value === undefined) continue;
      if (value.type !== reference.type) {
        return {
          message: `definition of SSA value '%${key}' has type '${value.type}'`,
          offset: values.offset,
          note: {
            message: `previously used here with type '${reference.type}'`,
            offset: reference.offset,
          },
        };
      }
      reference.replaceAllUsesWith(value);
    }
    return undefined;
  }

  /** The value of a name as a value of that type; a forward reference where the name is not defined yet. */
  resolve(name: string, number: number, type: Type, offset: number): Value | NameProblem {
    const known = this.current.names.get(name);
    if (known !== undefined) {
      if (known.first === undefined) return new ForwardReference(type, name, offset);
      if (number >= known.count) return { message: 'reference to invalid result number', offset };
      const value = valueOf(known, number)!;
      return value.type === type ? value : mismatch(name, value.type, known.offset, type, offset);
    }
    const key = `${name}#${number}`;
    let reference = this.current.forward.get(key);
    if (reference === undefined) {
      reference = new ForwardReference(type, name, offset);
      this.current.forward.set(key, reference);
    } else if (reference.type !== type) {
      return mismatch(name, reference.type, reference.offset, type, offset);
    }
    return reference;
  }
}

function newScope(): IsolatedScope {
  return { names: new NameTable(), forward: new Map(), regions: [] };
}

function valueOf(values: NamedValues, number: number): Value | undefined {
  if (number === 0 || values.first === undefined) return values.first;
  const { owner, index } = values.first as OpResult;
  return owner.results[index + number];
}

function mismatch(
  name: string,
  known: Type,
  knownOffset: number,
  type: Type,
  offset: number,
): NameProblem {
  return {
    message: `use of value '%${name}' expects different type than prior uses: '${type}' vs '${known}'`,
    offset,
    note: { message: 'prior use here', offset: knownOffset },
  };
}
