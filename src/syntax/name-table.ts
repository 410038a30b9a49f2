/** A hash table of names for scopes inside each other: the names that were added last are taken out first. */

const INITIAL_CAPACITY = 16;

/**
 * A definition looks a name up that is not there. In a `Map` of many names that visits strings all over the memory,
 * which took a sixth of the time of parsing; here the hashes stand side by side. Taking out the names added last
 * leaves the table as it was before them, so no slot has to be marked as once used.
 */
export class NameTable<Entry extends { readonly name: string }> {
  private readonly entries: Entry[] = [];
  /** By slot: position in `entries` plus one, 0 where the slot is free. */
  private positions = new Int32Array(INITIAL_CAPACITY);
  /** By slot: hash of the name. */
  private hashes = new Int32Array(INITIAL_CAPACITY);

  get size(): number {
    return this.entries.length;
  }

  get(name: string): Entry | undefined {
    const position = this.positions[this.slotOf(name, hashOf(name))];
    return position === 0 ? undefined : this.entries[position - 1];
  }

  /** Adds an entry, unless one of that name is there: then gives that one. */
  add(entry: Entry): Entry | undefined {
    const hash = hashOf(entry.name);
    const slot = this.slotOf(entry.name, hash);
    const position = this.positions[slot];
    if (position !== 0) return this.entries[position - 1];
    this.hashes[slot] = hash;
    this.positions[slot] = this.entries.push(entry);
    if (this.entries.length * 2 > this.positions.length) this.grow();
    return undefined;
  }

  /** Takes out what was added since the table had that size. */
  truncate(size: number): void {
    while (this.entries.length > size) {
      const { name } = this.entries[this.entries.length - 1];
      this.positions[this.slotOf(name, hashOf(name))] = 0;
      this.entries.pop();
    }
  }

  /** Where a name is, or where it would be put. */
  private slotOf(name: string, hash: number): number {
    const { entries, hashes, positions } = this;
    const mask = positions.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const position = positions[slot];
      if (position === 0) return slot;
      if (hashes[slot] === hash && entries[position - 1].name === name) return slot;
    }
  }

  private grow(): void {
    const { hashes, positions } = this;
    const inOrder = new Int32Array(this.entries.length);
    for (let slot = 0; slot < positions.length; slot++)
      if (positions[slot] !== 0) inOrder[positions[slot] - 1] = hashes[slot];
    this.positions = new Int32Array(positions.length * 2);
    this.hashes = new Int32Array(positions.length * 2);
    const mask = this.positions.length - 1;
    // In the order in which they were added, as `truncate` takes for granted.
    for (let index = 0; index < inOrder.length; index++) {
      let slot = inOrder[index] & mask;
      while (this.positions[slot] !== 0) slot = (slot + 1) & mask;
      this.hashes[slot] = inOrder[index];
      this.positions[slot] = index + 1;
    }
  }
}

function hashOf(name: string): number {
  let hash = name.length;
  for (let index = 0; index < name.length; index++)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash ^ (hash >>> 15);
}
