/** How the types of operands and results that a text leaves out follow from those that are known. */

import type { Attribute, Type } from '../ir/index.js';
import type { CompiledConstraints } from './compiled.js';
import { attributeType } from './entity-types.js';
import type { EntityData, OperationData } from './schema.js';
import { typeRelations, type TypeRelation } from './traits.js';

/** The types of each operand and result entity by name; absent while not known. */
export type KnownTypes = Map<string, readonly Type[]>;

export class TypePlan {
  private readonly steps: readonly TypeRelation[];
  private readonly buildable: ReadonlyMap<string, Type>;
  /** Entities whose types cannot be determined. */
  readonly undetermined: readonly EntityData[];

  /** `given` names the entities whose types will be known at the start. */
  constructor(
    private readonly data: OperationData,
    compiled: CompiledConstraints,
    given: ReadonlySet<string>,
  ) {
    const known = new Set([...given, ...data.attributes.map((entity) => entity.name)]);
    const buildable = new Map<string, Type>();
    const collect = (
      entities: readonly EntityData[],
      constraints: readonly { buildable?: Type }[],
    ): void =>
      entities.forEach((entity, index) => {
        const type = constraints[index].buildable;
        if (type === undefined || known.has(entity.name)) return;
        buildable.set(entity.name, type);
        known.add(entity.name);
      });
    collect(data.operands, compiled.operands);
    collect(data.results, compiled.results);
    // Attributes relate types only through traits; those that are not typed simply contribute nothing.
    const relations = typeRelations(data);
    const steps: TypeRelation[] = [];
    for (let isChanged = true; isChanged;) {
      isChanged = false;
      for (const relation of relations) {
        if (!known.has(relation.from) || steps.includes(relation)) continue;
        if (given.has(relation.to) || buildable.has(relation.to)) continue;
        steps.push(relation);
        known.add(relation.to);
        isChanged = true;
      }
    }
    this.steps = steps;
    this.buildable = buildable;
    this.undetermined = [...data.operands, ...data.results].filter(
      (entity) => !known.has(entity.name),
    );
  }

  /**
   * Adds what follows to `known`. `counts` says how many operands each operand entity has: a single type that is
   * carried over to several operands applies to each. A variable-length result whose number nothing determines
   * takes as many types as it is derived from.
   */
  complete(
    known: KnownTypes,
    counts: (name: string) => number | undefined,
    attribute: (name: string) => Attribute | undefined,
  ): void {
    for (const [name, type] of this.buildable) {
      if (!known.has(name)) known.set(name, repeat([type], counts(name) ?? 1));
    }
    for (const { from, to, transform, transformRange } of this.steps) {
      if (known.has(to)) continue;
      const source = known.get(from) ?? this.typeOfAttribute(attribute(from));
      if (source === undefined) continue;
      if (transformRange !== undefined) {
        const types = transformRange(source);
        if (types === undefined) return;
        known.set(to, types);
        continue;
      }
      if (source.length === 0) continue;
      const types: Type[] = [];
      for (const type of source) {
        const image = transform(type);
        if (image === undefined) return;
        types.push(image);
      }
      const isSingleResult = this.data.results.some(
        ({ name, arity }) => name === to && arity === 'single',
      );
      known.set(to, isSingleResult ? types.slice(0, 1) : repeat(types, counts(to) ?? types.length));
    }
  }

  /**
   * The same for an operation whose operands and results are all single: what follows is put into `types`, which has a
   * place for each operand and then for each result.
   */
  completeSingles(): (
    types: (Type | undefined)[],
    attributes: ReadonlyMap<string, Attribute>,
  ) => void {
    const slots = [...this.data.operands, ...this.data.results].map(({ name }) => name);
    const fixed = [...this.buildable].map(([name, type]) => ({ to: slots.indexOf(name), type }));
    const steps = this.steps
      .map(({ from, to, transform }) => ({
        from: slots.indexOf(from),
        attribute: from,
        to: slots.indexOf(to),
        transform,
      }))
      .filter(({ to }) => to !== -1);
    return (types, attributes) => {
      for (const { to, type } of fixed) types[to] ??= type;
      for (const { from, attribute, to, transform } of steps) {
        if (types[to] !== undefined) continue;
        const source = from === -1 ? attributeType(attributes.get(attribute)) : types[from];
        if (source !== undefined) types[to] = transform(source);
      }
    };
  }

  private typeOfAttribute(attribute: Attribute | undefined): readonly Type[] | undefined {
    const type = attributeType(attribute);
    return type === undefined ? undefined : [type];
  }
}

function repeat(types: readonly Type[], count: number): readonly Type[] {
  if (types.length === count) return types;
  return Array.from({ length: count }, (_, i) => types[Math.min(i, types.length - 1)]);
}
