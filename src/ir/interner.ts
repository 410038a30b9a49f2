/** Uniquing: equal keys give the identical object, so that equality of types and attributes is identity. */

/** Objects of one kind, by a key that determines them. */
export class Interner<T> {
  private readonly objects = new Map<string, T>();

  get(key: string, create: () => T): T {
    let object = this.objects.get(key);
    if (object === undefined) {
      object = create();
      this.objects.set(key, object);
    }
    return object;
  }
}

let nextIdentity = 1;

/** A number that no other uniqued object has; keys of compound objects are built from those of their parts. */
export function newIdentity(): number {
  return nextIdentity++;
}
