/** What a schedule may say of a kernel: every setting as data, from which the reader and the JSON schema both come. */

/** How blocks walk the grid, as `tile.rasterize` spells it. */
export interface Rasterization {
  readonly order: 'row' | 'column';
  readonly panel: number;
}

/** A grid of so many blocks, which walk all tiles, as `tile.persistent` spells it. */
export interface PersistentGrid {
  readonly blocks: number;
}

/** A new extent for a named tile dimension; `from` is what the program must have there. */
export interface TileExtent {
  readonly from?: number;
  readonly to: number;
}

/** One value of a setting. */
export type SettingValue = number | string | Rasterization | PersistentGrid | TileExtent;

/** A kind of value: how text becomes one, and what editors are told. */
export interface ValueKind {
  /** For messages: `expected a whole number of at least 1`. */
  readonly expected: string;
  /** The value, or undefined where the text is none. */
  readonly parse: (text: string) => SettingValue | undefined;
  /** JSON schema of one value. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Names to suggest for a misspelt one. */
  readonly names?: readonly string[];
}

const wholeNumber = (text: string): number | undefined =>
  /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;

const count: ValueKind = {
  expected: 'a whole number of at least 1',
  parse: wholeNumber,
  schema: { type: 'integer', minimum: 1 },
};

function oneOf(...names: readonly string[]): ValueKind {
  return {
    expected: `one of ${names.join(', ')}`,
    parse: (text) => (names.includes(text) ? text : undefined),
    schema: { enum: names },
    names,
  };
}

/** `As.0` and `As[0]` are the same; the second needs quotes inside of YAML's braces. */
const PLACE = /^%?[\w$.-]+(\[\d+\])?$/;

const place: ValueKind = {
  expected:
    "a tile dimension such as 'As.0', a loop variable such as 'k' or a block index such as 'bx'",
  parse: (text) => (PLACE.test(text) ? text : undefined),
  schema: { type: 'string', pattern: PLACE.source },
};

const EXTENT = /^([1-9]\d{0,8})(?:\s*->\s*([1-9]\d{0,8}))?$/;

const extent: ValueKind = {
  expected: "an extent such as '64', or the old and the new one such as '128 -> 64'",
  parse: (text) => {
    const match = EXTENT.exec(text);
    if (match === null) return undefined;
    const [, first, second] = match;
    return second === undefined
      ? { to: Number(first) }
      : { from: Number(first), to: Number(second) };
  },
  schema: { anyOf: [count.schema, { type: 'string', pattern: EXTENT.source }] },
};

const RASTER = /^(row|column) panel\(([1-9]\d{0,5})\)$/;

const rasterization: ValueKind = {
  expected: "'none', 'row panel(N)' or 'column panel(N)'",
  parse: (text) => {
    if (text === 'none') return text;
    const match = RASTER.exec(text);
    return match === null
      ? undefined
      : { order: match[1] as Rasterization['order'], panel: Number(match[2]) };
  },
  schema: { anyOf: [{ const: 'none' }, { type: 'string', pattern: RASTER.source }] },
};

const PERSISTENT_BLOCKS = /^blocks\(([1-9]\d{0,8})\)$/;

const persistence: ValueKind = {
  expected: "'none', 'auto' or 'blocks(N)'",
  parse: (text) => {
    if (text === 'none' || text === 'auto') return text;
    const match = PERSISTENT_BLOCKS.exec(text);
    return match === null ? undefined : { blocks: Number(match[1]) };
  },
  schema: {
    anyOf: [{ enum: ['none', 'auto'] }, { type: 'string', pattern: PERSISTENT_BLOCKS.source }],
  },
};

const layout: ValueKind = {
  expected: "a layout such as '#layout.shared<(64,32):(32,1)>'",
  parse: (text) => (/^#layout\.\w+<[\s\S]*>$/.test(text.trim()) ? text.trim() : undefined),
  schema: { type: 'string', pattern: '^#layout\\.\\w+<.*>$' },
};

/** A setting of a kernel. */
export type Setting =
  /** `threads: 128` */
  | { readonly form: 'value'; readonly kind: ValueKind; readonly summary: string }
  /** `tiles: { BM: 64 }`: a value for each name. */
  | {
      readonly form: 'named';
      readonly kind: ValueKind;
      readonly names: string;
      readonly summary: string;
      /** Not a decision, so a list of values makes no sense. */
      readonly isFixed?: true;
    }
  /** `loops: { k: { stages: 3 } }`: some values for each name. */
  | {
      readonly form: 'fields';
      readonly fields: Readonly<
        Record<string, { readonly kind: ValueKind; readonly summary: string }>
      >;
      readonly names: string;
      readonly summary: string;
    };

/** Law: a schedule holds only settings of this table, each value as its kind parses it. */
export const KERNEL_SETTINGS = {
  threads: { form: 'value', kind: count, summary: 'threads of one block' },
  rasterize: {
    form: 'value',
    kind: rasterization,
    summary: 'the order in which blocks walk the grid; none: as they are numbered',
  },
  persistent: {
    form: 'value',
    kind: persistence,
    summary:
      'how many blocks walk the tiles of the grid; auto: one for each multiprocessor, none: a block for each tile',
  },
  dimensions: {
    form: 'named',
    kind: place,
    names: 'a name of your own',
    summary: 'names for tile dimensions, each by one place where the dimension occurs',
    isFixed: true,
  },
  tiles: {
    form: 'named',
    kind: extent,
    names: "a name of 'dimensions', or a place such as 'As.0', 'k' or 'bx'",
    summary: 'new extents of tile dimensions, everywhere that they occur',
  },
  loops: {
    form: 'fields',
    fields: { stages: { kind: count, summary: 'iterations that are under way at once' } },
    names: 'a loop variable or the label of a loop',
    summary: 'how pipelined loops overlap',
  },
  gemms: {
    form: 'fields',
    fields: {
      policy: { kind: oneOf('square', 'rows', 'cols'), summary: 'how warps divide the product' },
    },
    names: 'the accumulator, or the label of a product',
    summary: 'matrix products',
  },
  copies: {
    form: 'fields',
    fields: {
      mode: { kind: oneOf('auto', 'sync', 'async'), summary: 'how a copy is carried out' },
    },
    names: "a tile or tensor of the copy, 'A -> As' for both ends, or the label of a copy",
    summary: 'copies',
  },
  layouts: {
    form: 'named',
    kind: layout,
    names: 'a tile, or the label of its allocation',
    summary: 'where the elements of tiles live',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof KERNEL_SETTINGS;

/** The JSON schema of schedule files, for editors. */
export function scheduleJsonSchema(): Record<string, unknown> {
  /** A decision: one value, or a list to sweep over. */
  const choice = (kind: ValueKind, summary: string): Record<string, unknown> => ({
    description: summary,
    anyOf: [kind.schema, { type: 'array', minItems: 1, items: kind.schema }],
  });
  const properties = Object.fromEntries(
    Object.entries<Setting>(KERNEL_SETTINGS).map(([name, setting]) => {
      if (setting.form === 'value') return [name, choice(setting.kind, setting.summary)];
      const description = `${setting.summary}; keys: ${setting.names}`;
      if (setting.form === 'fields') {
        const fields = Object.entries(setting.fields).map(([field, { kind, summary }]) => [
          field,
          choice(kind, summary),
        ]);
        return [
          name,
          {
            description,
            type: 'object',
            additionalProperties: {
              type: 'object',
              additionalProperties: false,
              properties: Object.fromEntries(fields) as unknown,
            },
          },
        ];
      }
      const { kind, isFixed } = setting;
      const value = isFixed ? kind.schema : choice(kind, '');
      delete (value as { description?: string }).description;
      return [name, { description, type: 'object', additionalProperties: value }];
    }),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Tilewright schedule',
    description:
      'Decisions for kernels that are made outside of the program; see docs/schedules.md',
    type: 'object',
    required: ['kernels'],
    additionalProperties: false,
    properties: {
      summary: { description: 'what the schedule is for', type: 'string' },
      kernels: {
        description: "settings of kernels by symbol; '*' stands for all others",
        type: 'object',
        additionalProperties: { type: 'object', additionalProperties: false, properties },
      },
    },
  };
}
