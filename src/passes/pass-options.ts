/** Options of passes and pipelines: typed, with defaults, read from and written to text. */

/** One option: how its text becomes a value and back. */
export interface OptionDefinition<Value> {
  readonly description: string;
  readonly default: Value;
  /** What stands for the value in help: `<n>`. */
  readonly placeholder: string;
  /** The value, or a `string` that says what is wrong with the text: `'x' value invalid for integer argument!`. */
  readonly parse: (text: string) => { readonly value: Value } | string;
  format(value: Value): string;
}

export type OptionDefinitions = Readonly<Record<string, OptionDefinition<unknown>>>;

/** The values of a set of options, by name. */
export type OptionValues<Definitions> = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends OptionDefinition<infer Value>
    ? Value
    : never;
};

export interface NumberBounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

export function integerOption(
  defaultValue: number,
  description: string,
  bounds: NumberBounds = {},
): OptionDefinition<number> {
  return {
    description,
    default: defaultValue,
    placeholder: '<n>',
    parse: (text) => {
      if (!/^[+-]?\d+$/.test(text)) return `'${text}' value invalid for integer argument`;
      const value = Number(text);
      const { minimum, maximum } = bounds;
      if (minimum !== undefined && value < minimum)
        return `'${text}' is less than the minimum ${minimum}`;
      if (maximum !== undefined && value > maximum)
        return `'${text}' is more than the maximum ${maximum}`;
      return { value };
    },
    format: String,
  };
}

/** `true`, `false`, or the option's name alone for true. */
export function booleanOption(
  defaultValue: boolean,
  description: string,
): OptionDefinition<boolean> {
  return {
    description,
    default: defaultValue,
    placeholder: '<true|false>',
    parse: (text) => {
      if (text === '' || text === 'true' || text === '1') return { value: true };
      if (text === 'false' || text === '0') return { value: false };
      return `'${text}' is invalid value for boolean argument, try 0 or 1`;
    },
    format: String,
  };
}

export function stringOption(
  defaultValue: string,
  description: string,
  placeholder = '<string>',
): OptionDefinition<string> {
  return {
    description,
    default: defaultValue,
    placeholder,
    parse: (value) => ({ value }),
    format: (value) => value,
  };
}

export function enumOption<const Case extends string>(
  cases: readonly Case[],
  defaultValue: NoInfer<Case>,
  description: string,
): OptionDefinition<Case> {
  return {
    description,
    default: defaultValue,
    placeholder: `<${cases.join('|')}>`,
    parse: (text) => {
      const found = cases.find((one) => one === text);
      if (found !== undefined) return { value: found };
      return `cannot find option named '${text}', expected one of ${cases.map((one) => `'${one}'`).join(', ')}`;
    },
    format: (value) => value,
  };
}

/** Comma separated values; given more than once the lists add up. */
export function listOption(description: string): OptionDefinition<readonly string[]> {
  return {
    description,
    default: [],
    placeholder: '<a,b>',
    parse: (text) => ({ value: text === '' ? [] : splitOutsideBraces(text, ',') }),
    format: (values) => values.join(','),
  };
}

/** Splits at a separator that is outside of any brackets and quotes. */
export function splitOutsideBraces(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if ('{([<'.includes(character)) depth++;
    else if ('})]>'.includes(character)) depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** `key=value` as found in an options text; a key alone has the empty value. */
export interface OptionAssignment {
  readonly key: string;
  readonly value: string;
  /** Offset of the key in the text. */
  readonly offset: number;
}

/** Reads `k=v k2=a,b flag nested={b=2}`. */
export function parseAssignments(text: string): OptionAssignment[] {
  const assignments: OptionAssignment[] = [];
  let offset = 0;
  for (const part of splitOutsideBraces(text.replace(/[\n\t]/g, ' '), ' ')) {
    if (part !== '') {
      const equals = part.indexOf('=');
      const key = equals === -1 ? part : part.slice(0, equals);
      const value = equals === -1 ? '' : stripQuotes(part.slice(equals + 1));
      assignments.push({ key, value, offset });
    }
    offset += part.length + 1;
  }
  return assignments;
}

function stripQuotes(text: string): string {
  const isQuoted = text.length >= 2 && /^['"{]/.test(text) && text.endsWith(CLOSING[text[0]]);
  return isQuoted ? text.slice(1, -1) : text;
}
const CLOSING: Record<string, string> = { "'": "'", '"': '"', '{': '}' };

/** What is wrong with an options text, and where in it. */
export interface OptionError {
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

/** Reads the values of options from text; those not named keep their defaults. */
export function parseOptions<Definitions extends OptionDefinitions>(
  definitions: Definitions,
  text: string,
): { readonly values: OptionValues<Definitions> } | OptionError {
  const values: Record<string, unknown> = defaultOptions(definitions);
  const seen = new Set<string>();
  for (const { key, value, offset } of parseAssignments(text)) {
    const definition = Object.hasOwn(definitions, key) ? definitions[key] : undefined;
    if (definition === undefined)
      return { message: `no such option ${key}`, offset, length: key.length };
    const parsed = definition.parse(value);
    if (typeof parsed === 'string') {
      return {
        message: `for the --${key} option: ${parsed}`,
        offset,
        length: key.length + value.length + 1,
      };
    }
    const previous = values[key];
    values[key] =
      seen.has(key) && Array.isArray(previous) && Array.isArray(parsed.value)
        ? [...previous, ...parsed.value]
        : parsed.value;
    seen.add(key);
  }
  return { values: values as OptionValues<Definitions> };
}

export function defaultOptions<Definitions extends OptionDefinitions>(
  definitions: Definitions,
): OptionValues<Definitions> {
  const entries = Object.entries(definitions).map(([name, option]) => [name, option.default]);
  return Object.fromEntries(entries) as OptionValues<Definitions>;
}

/** All options in the form that `parseOptions` reads, sorted by name: `{max-iterations=10 top-down=true}`. */
export function formatOptions(
  definitions: OptionDefinitions,
  values: Readonly<Record<string, unknown>>,
): string {
  const parts = Object.keys(definitions)
    .sort()
    .filter((name) => !(Array.isArray(values[name]) && values[name].length === 0))
    .map((name) => {
      const text = definitions[name].format(values[name]);
      return `${name}=${/[ ={}]/.test(text) ? `{${text}}` : text}`;
    });
  return parts.length === 0 ? '' : `{${parts.join(' ')}}`;
}
