/** Applies a schedule to kernels: finds what its names mean, changes it, and reports what it cannot do. */

import { LayoutFragmentAttr, LayoutSharedAttr } from '../dialects/generated/layout.js';
import { TileFragmentType, TileSharedType } from '../dialects/generated/tile.js';
import {
  Builder,
  FusedLocation,
  i64,
  IntegerAttr,
  isShapedType,
  NameLocation,
  StringAttr,
  symbolName,
  type Attribute,
  type Location,
  type Operation,
  type Value,
} from '../ir/index.js';
import { Layout, type ComposedLayout, type Fragment } from '../layout/index.js';
import {
  DiagnosticError,
  didYouMean,
  SourceFile,
  type Diagnostic,
  type Position,
} from '../support/index.js';
import { parseAttribute } from '../syntax/index.js';
import { planRetiling } from './retile.js';
import {
  kernelSchedule,
  pathKey,
  type KernelSchedule,
  type Positions,
  type Schedule,
  type SettingPath,
} from './schedule.js';
import {
  copyParts,
  isLoop,
  isTileType,
  TileDimensions,
  type TileDimension,
} from './tile-dimensions.js';

/** The tile kernels of a module, in order. */
export function tileKernels(module: Operation): Operation[] {
  const kernels: Operation[] = [];
  module.walk((op) => {
    if (op.name.text === 'tile.kernel') kernels.push(op);
  });
  return kernels;
}

/**
 * Applies a schedule to all kernels of a module, in place. Results stay what they are, up to the order of sums.
 * @returns false where something was reported through the module's context; the module may be half changed then.
 */
export function applySchedule(
  module: Operation,
  schedule: Schedule,
  positions: Positions = new Map(),
): boolean {
  const kernels = tileKernels(module);
  const names = kernels.map((kernel) => symbolName(kernel) ?? '');
  let isOk = true;
  for (const key of Object.keys(schedule.kernels)) {
    if (key === '*' ? kernels.length > 0 : names.includes(key)) continue;
    const message =
      names.length === 0
        ? "the module has no 'tile.kernel' to schedule"
        : `no kernel is named '${key}'${didYouMean(key, names) || `; there are ${names.join(', ')}`}`;
    const position = positions.get(pathKey(['kernels', key]));
    module.context.emit('error', position, message);
    isOk = false;
  }
  kernels.forEach((kernel, i) => {
    const found = kernelSchedule(schedule, names[i]);
    if (found === undefined) return;
    const application = new Application(kernel, found.key, found.settings, positions);
    if (!application.run()) isOk = false;
  });
  return isOk;
}

/** The labels of a location: the names in `loc("label")`. */
function labelsOf(location: Location): string[] {
  if (location instanceof NameLocation) return [location.name, ...labelsOf(location.child)];
  if (location instanceof FusedLocation) return location.locations.flatMap(labelsOf);
  return [];
}

/** What a name of a section stands for: operations, each with the names that it answers to. */
interface Candidate {
  readonly op: Operation;
  readonly names: readonly string[];
}

class Application {
  private isOk = true;

  constructor(
    private readonly kernel: Operation,
    private readonly key: string,
    private readonly settings: KernelSchedule,
    private readonly positions: Positions,
  ) {}

  run(): boolean {
    this.setTiles();
    this.setThreads();
    this.setRasterization();
    this.setPersistence();
    this.setStages();
    this.setStrings('gemms', 'policy', 'tile.gemm', (op) => [op.operand(2).name]);
    this.setStrings('copies', 'mode', 'tile.copy', copyNames);
    this.setLayouts();
    return this.isOk;
  }

  private position(...path: SettingPath): Position {
    return this.positions.get(pathKey(['kernels', this.key, ...path]));
  }

  private error(path: SettingPath, message: string, notes: readonly Diagnostic[] = []): void {
    this.isOk = false;
    this.kernel.context.emit('error', this.position(...path), message, notes);
  }

  // Whole kernels

  private setThreads(): void {
    const { threads } = this.settings;
    if (threads === undefined) return;
    const old = this.kernel.getAttribute('threads');
    const type = old instanceof IntegerAttr ? old.type : i64;
    this.kernel.setAttribute('threads', IntegerAttr.get(threads, type));
  }

  private setRasterization(): void {
    const { rasterize } = this.settings;
    if (rasterize === undefined) return;
    this.replaceAnnotation(
      'tile.rasterize',
      rasterize === 'none'
        ? undefined
        : {
            order: StringAttr.get(rasterize.order),
            panel: IntegerAttr.get(rasterize.panel),
          },
    );
  }

  private setPersistence(): void {
    const { persistent } = this.settings;
    if (persistent === undefined) return;
    const attributes: Record<string, Attribute> =
      typeof persistent === 'string' ? {} : { blocks: IntegerAttr.get(persistent.blocks) };
    this.replaceAnnotation('tile.persistent', persistent === 'none' ? undefined : attributes);
  }

  /** Puts an annotation of the whole kernel in place of its own; undefined: the kernel has none afterwards. */
  private replaceAnnotation(
    name: string,
    attributes: Readonly<Record<string, Attribute>> | undefined,
  ): void {
    const body = this.kernel.regions[0].entryBlock;
    for (const op of [...body.operations()]) if (op.name.text === name) op.erase();
    if (attributes === undefined) return;
    const builder = new Builder(this.kernel.context);
    builder.setInsertionPointToStart(body);
    builder.location = this.kernel.location;
    builder.create(name, { attributes });
  }

  // Named operations

  private candidates(
    operation: string,
    namesOf: (op: Operation) => readonly (string | undefined)[],
  ): Candidate[] {
    const found: Candidate[] = [];
    this.kernel.walk((op) => {
      if (op.name.text !== operation) return;
      const names = [...namesOf(op), ...labelsOf(op.location)];
      found.push({ op, names: names.filter((name) => name !== undefined) });
    }, 'pre');
    return found;
  }

  /** The operations that a name stands for; reports where there are none. */
  private select(
    path: SettingPath,
    what: string,
    candidates: readonly Candidate[],
  ): readonly Operation[] {
    const written = path[1];
    const name = written.replaceAll('%', '').replace(/\s*->\s*/, ' -> ');
    const selected = candidates.filter(({ names }) => names.includes(name));
    if (selected.length > 0) return selected.map(({ op }) => op);
    const names = [...new Set(candidates.flatMap((candidate) => candidate.names))];
    const hint =
      names.length === 0
        ? `; kernel '${this.kernelName}' has none`
        : didYouMean(name, names) || `; there are ${names.join(', ')}`;
    this.error(path, `no ${what} is named '${written}'${hint}`);
    return [];
  }

  private get kernelName(): string {
    return symbolName(this.kernel) ?? '';
  }

  private setStages(): void {
    for (const [name, { stages }] of Object.entries(this.settings.loops ?? {})) {
      const loops = this.candidates('tile.pipelined', (op) => [
        op.regions[0].entryBlock.arguments[0].name,
      ]);
      for (const loop of this.select(['loops', name], 'pipelined loop', loops))
        if (stages !== undefined) {
          loop.setAttribute('stages', IntegerAttr.get(stages));
          for (const list of ['stage', 'order']) loop.setAttribute(list, undefined);
        }
    }
  }

  private setStrings(
    section: 'gemms' | 'copies',
    field: 'policy' | 'mode',
    operation: string,
    namesOf: (op: Operation) => readonly (string | undefined)[],
  ): void {
    const what = section === 'gemms' ? 'matrix product' : 'copy';
    const settings = (this.settings[section] ?? {}) as Record<string, Record<string, string>>;
    for (const [name, fields] of Object.entries(settings)) {
      const value = fields[field];
      for (const op of this.select([section, name], what, this.candidates(operation, namesOf)))
        if (value !== undefined) op.setAttribute(field, StringAttr.get(value));
    }
  }

  // Layouts

  private setLayouts(): void {
    for (const [name, text] of Object.entries(this.settings.layouts ?? {})) {
      const tiles = this.candidates('tile.alloc', (op) => op.results.map((tile) => tile.name));
      for (const op of this.select(['layouts', name], 'tile', tiles))
        for (const tile of op.results) this.setLayout(['layouts', name], tile, text);
    }
  }

  private setLayout(path: SettingPath, tile: Value, text: string): void {
    const attribute = this.parseLayout(path, text);
    if (attribute === undefined) return;
    const { type } = tile;
    const notes = [tile.definingOp!.note('the tile is allocated here')];
    if (!(type instanceof TileSharedType || type instanceof TileFragmentType)) {
      this.error(path, `expected a shared or fragment tile, found '${type}'`, notes);
      return;
    }
    const isShared = type instanceof TileSharedType;
    const wanted = isShared ? '#layout.shared' : '#layout.fragment';
    const isRight = isShared
      ? attribute instanceof LayoutSharedAttr
      : attribute instanceof LayoutFragmentAttr;
    if (!isRight) {
      this.error(
        path,
        `expected a '${wanted}' for a tile of type '${type}', found '${text}'`,
        notes,
      );
      return;
    }
    const shape = layoutShape(attribute);
    if (shape.join() !== type.shape.join()) {
      this.error(
        path,
        `expected a layout of shape ${type.shape.join('x')} for '%${tile.name}', found ${shape.join('x')}`,
        notes,
      );
      return;
    }
    tile.type = isShared
      ? TileSharedType.get(type.shape, type.elementType, attribute)
      : TileFragmentType.get(type.shape, type.elementType, attribute);
  }

  private parseLayout(
    path: SettingPath,
    text: string,
  ): LayoutSharedAttr | LayoutFragmentAttr | undefined {
    const { context } = this.kernel;
    const found: Diagnostic[] = [];
    const fork = context.fork();
    fork.addDiagnosticHandler((diagnostic) => found.push(diagnostic));
    const attribute = readAttribute(() => parseAttribute(new SourceFile('<layout>', text), fork));
    if (attribute instanceof LayoutSharedAttr || attribute instanceof LayoutFragmentAttr)
      return attribute;
    if (typeof attribute === 'string') this.error(path, attribute, found);
    else this.error(path, found[0]?.message ?? `expected a layout, found '${text}'`);
    return undefined;
  }

  // Tiles

  private setTiles(): void {
    for (const [name, { from, to }] of Object.entries(this.settings.tiles ?? {})) {
      // Each change makes new extents that the next one starts from.
      const dimensions = new TileDimensions(this.kernel);
      const path = ['tiles', name];
      const dimension = this.findDimension(dimensions, name, from);
      if (dimension === undefined) continue;
      if (from !== undefined && dimension.extent !== from) {
        this.error(path, `expected extent ${from} of '${name}', found ${dimension.extent}`, [
          this.firstNote(dimension),
        ]);
        continue;
      }
      if (dimension.extent === to) continue;
      const plan = planRetiling(dimensions, dimension, to);
      if ('apply' in plan) plan.apply();
      else {
        this.error(
          path,
          `'${name}' cannot become ${to} where it is ${dimension.extent}: ${plan.reason}`,
          [plan.op.note('here')],
        );
      }
    }
  }

  private firstNote(dimension: TileDimension): Diagnostic {
    const { owner } = dimension.slots[0];
    const op = 'definingOp' in owner ? (owner.definingOp ?? this.kernel) : owner;
    return op.note('it occurs here');
  }

  /** The dimension that a name was given to, that a place has, or that alone has the old extent. */
  private findDimension(
    dimensions: TileDimensions,
    name: string,
    from: number | undefined,
  ): TileDimension | undefined {
    const declared = this.settings.dimensions ?? {};
    if (Object.hasOwn(declared, name))
      return this.dimensionAt(dimensions, declared[name], ['dimensions', name]);
    if (this.isPlace(name)) return this.dimensionAt(dimensions, name, ['tiles', name]);
    if (from === undefined) {
      const hint =
        didYouMean(name, Object.keys(declared)) ||
        `; declare it, as in 'dimensions: { ${name}: ${this.somePlace(dimensions)} }', or give the old extent, as in '128 -> 64'`;
      this.error(['tiles', name], `no tile dimension is named '${name}'${hint}`);
      return undefined;
    }
    const candidates = dimensions.all().filter(({ extent }) => extent === from);
    const movable = candidates.filter(
      (one) =>
        one.obstacles.length === 0 &&
        one.slots.some(({ kind }) => kind === 'block' || kind === 'loop'),
    );
    if (movable.length === 1) return movable[0];
    const what = movable.length === 0 ? 'none' : movable.map(describeDimension).join(' and ');
    this.error(
      ['tiles', name],
      `expected one tile dimension of extent ${from} that blocks or loops divide, found ${what}` +
        (movable.length === 0 ? '' : `; say which in 'dimensions'`),
    );
    return undefined;
  }

  private somePlace(dimensions: TileDimensions): string {
    const [first] = dimensions
      .all()
      .filter(({ slots }) => slots.some(({ kind }) => kind === 'tile'));
    return first === undefined ? 'As.0' : describeDimension(first).replace(/'/g, '').split(' ')[0];
  }

  private places(): { tiles: Map<string, Value>; variables: Map<string, Value | Operation> } {
    const tiles = new Map<string, Value>();
    const variables = new Map<string, Value | Operation>();
    for (const argument of this.kernel.regions[0].entryBlock.arguments)
      if (argument.name !== undefined && !isShapedType(argument.type))
        variables.set(argument.name, argument);
    this.kernel.walk((op) => {
      for (const result of op.results)
        if (result.name !== undefined && isTileType(result.type)) tiles.set(result.name, result);
      if (!isLoop(op)) return;
      const { name } = op.regions[0].entryBlock.arguments[0];
      if (name !== undefined) variables.set(name, op);
    }, 'pre');
    return { tiles, variables };
  }

  private isPlace(name: string): boolean {
    const { variables } = this.places();
    return splitPlace(name).index !== undefined || variables.has(splitPlace(name).name);
  }

  private dimensionAt(
    dimensions: TileDimensions,
    place: string,
    path: SettingPath,
  ): TileDimension | undefined {
    const { name, index } = splitPlace(place);
    const { tiles, variables } = this.places();
    if (index === undefined) {
      const owner = variables.get(name);
      const found = owner === undefined ? undefined : dimensions.at(owner, 0);
      if (found !== undefined && found.extent > 0) return found;
      let message = `no loop variable or block index is named '${name}'`;
      if (owner !== undefined) message = `no copy moves a tile by its extent with '${name}'`;
      else if (tiles.has(name)) message += `; a dimension of the tile is '${name}.0'`;
      else message += didYouMean(name, variables.keys());
      this.error(path, message);
      return undefined;
    }
    const tile = tiles.get(name);
    if (tile === undefined) {
      const hint = didYouMean(name, tiles.keys()) || `; there are ${[...tiles.keys()].join(', ')}`;
      this.error(path, `no tile is named '${name}'${hint}`);
      return undefined;
    }
    const { shape } = tile.type as TileSharedType;
    if (index < shape.length) return dimensions.at(tile, index);
    this.error(
      path,
      `tile '${name}' has ${shape.length} dimensions, so the last is '${name}.${shape.length - 1}'`,
      [tile.definingOp!.note('the tile is allocated here')],
    );
    return undefined;
  }
}

/** `'As.0' (with acc.0, by)` */
function describeDimension({ slots }: TileDimension): string {
  const names = slots.flatMap(({ owner, dimension, kind }) => {
    if (kind === 'tile') return `${(owner as Value).name ?? 'tile'}.${dimension}`;
    if (kind === 'block') return (owner as Value).name ?? [];
    if (kind === 'loop')
      return (owner as Operation).regions[0].entryBlock.arguments[0].name ?? 'loop';
    return [];
  });
  const [first, ...rest] = [...new Set(names)];
  return rest.length === 0 ? `'${first}'` : `'${first}' (with ${rest.join(', ')})`;
}

function copyNames(op: Operation): readonly (string | undefined)[] {
  const { source, destination } = copyParts(op);
  const [from, to] = [source.name, destination.name];
  return [from, to, from === undefined || to === undefined ? undefined : `${from} -> ${to}`];
}

function layoutShape(attribute: LayoutSharedAttr | LayoutFragmentAttr): readonly number[] {
  if (attribute instanceof LayoutFragmentAttr) return (attribute.fragment as Fragment).shape;
  const layout = attribute.layout as Layout | ComposedLayout;
  const inner = layout instanceof Layout ? layout : layout.layout;
  return inner.modes.map((mode) => mode.size);
}

/** An attribute, or what was thrown at it. */
function readAttribute<Result>(read: () => Result): Result | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostic.message;
    throw error;
  }
}

/** `%As.0` and `As[0]` name a dimension of a tile, `k` what has no dimensions. */
function splitPlace(place: string): { readonly name: string; readonly index?: number } {
  const [, name, dotted, bracketed] = /^%?(.+?)(?:\.(\d+)|\[(\d+)\])?$/.exec(place)!;
  const index = dotted ?? bracketed;
  return index === undefined ? { name } : { name, index: Number(index) };
}
