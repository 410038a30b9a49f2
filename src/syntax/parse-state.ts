/** What the parser of a custom form fills for one operation after the other. */

import {
  unknownLocation,
  type Attribute,
  type Block,
  type Location,
  type OperationName,
  type Region,
  type Type,
  type Value,
} from '../ir/index.js';
import type { OperationParseState } from './asm-parser.js';

/** Used again where an operation is finished: most leave most of its lists empty, and a map is dear to allocate. */
export class ParseState implements OperationParseState {
  offset = 0;
  location: Location = unknownLocation;
  operands: Value[] = [];
  resultTypes: Type[] = [];
  attributes = new Map<string, Attribute>();
  regions: Region[] = [];
  successors: Block[] = [];

  constructor(public name: OperationName) {}

  begin(name: OperationName, offset: number, location: Location): void {
    this.name = name;
    this.offset = offset;
    this.location = location;
    if (this.operands.length > 0) this.operands = [];
    if (this.resultTypes.length > 0) this.resultTypes = [];
    if (this.attributes.size > 0) this.attributes = new Map();
    if (this.regions.length > 0) this.regions = [];
    if (this.successors.length > 0) this.successors = [];
  }
}
