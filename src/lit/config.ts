/** Reads `lit.config.yaml` files: what a suite is, inherited from folder to folder. */

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import { didYouMean } from '../support/index.js';
import type { Substitution } from './substitutions.js';

export const CONFIG_NAME = 'lit.config.yaml';

/** A suite's settings as they stand in one folder; plain data, since it travels to workers. */
export interface SuiteConfig {
  readonly name: string;
  /** Absolute folder of the suite's topmost configuration. */
  readonly sourceRoot: string;
  /** Absolute folder under which tests write. */
  readonly execRoot: string;
  /** Ends of the names of test files, with their dot. */
  readonly suffixes: readonly string[];
  /** Names of files and folders that are left out. */
  readonly excludes: readonly string[];
  /** Values of `-D NAME=VAL`, and the defaults of those that the command line does not name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly substitutions: readonly Substitution[];
  readonly features: readonly string[];
  /** Commands that names in RUN lines stand for. */
  readonly tools: Readonly<Record<string, readonly string[]>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Expressions that every test of the folder requires. */
  readonly requires: readonly string[];
  readonly isUnsupported: boolean;
  /** Seconds that a test may take; 0 for no limit. */
  readonly timeout: number | undefined;
  readonly recursionLimit: number;
}

/** A configuration that cannot be used; the message begins with its position. */
export class LitConfigError extends Error {}

const KEYS = [
  'name',
  'suffixes',
  'excludes',
  'parameters',
  'substitutions',
  'features',
  'tools',
  'environment',
  'requires',
  'unsupported',
  'timeout',
  'recursion_limit',
] as const;

class ConfigReader {
  private readonly counter = new LineCounter();

  constructor(
    private readonly path: string,
    private readonly given: ReadonlyMap<string, string>,
  ) {}

  private fail(message: string, offset: number): never {
    const { line, col } = this.counter.linePos(offset);
    throw new LitConfigError(`${this.path}:${line}:${col}: error: ${message}`);
  }

  private offsetOf(node: unknown): number {
    return (node as Node | null)?.range?.[0] ?? 0;
  }

  read(
    parent: SuiteConfig | undefined,
    execRootOf: (name: string, root: string) => string,
  ): SuiteConfig {
    const folder = dirname(this.path);
    const document = parseDocument(readFileSync(this.path, 'utf8'), { lineCounter: this.counter });
    const [problem] = document.errors;
    if (problem !== undefined) this.fail(problem.message.split('\n')[0], problem.pos[0]);
    const root: unknown = document.contents;
    if (root !== null && !isMap(root)) this.fail('expected a mapping', this.offsetOf(root));
    const map = root as YAMLMap | null;
    for (const { key } of map?.items ?? []) {
      const name = String(isScalar(key) ? key.value : key);
      if (!(KEYS as readonly string[]).includes(name)) {
        this.fail(`unknown key '${name}'${didYouMean(name, KEYS)}`, this.offsetOf(key));
      }
    }
    const name = this.getString(map, 'name');
    // A name begins a suite; a configuration without one adds to that of the folder above.
    const base = name === undefined ? parent : undefined;
    if (name === undefined && parent === undefined) {
      this.fail("expected a 'name' (no folder above has a configuration)", 0);
    }
    const suiteName = name ?? parent!.name;
    const sourceRoot = base?.sourceRoot ?? folder;
    const parameters = {
      ...base?.parameters,
      ...this.getStrings(map, 'parameters'),
      ...Object.fromEntries(this.given),
    };
    const expand = (text: string): string =>
      text.replace(/%\{([^}]*)\}/g, (whole, key: string) => {
        if (key === 'config-dir') return folder;
        return Object.hasOwn(parameters, key) ? parameters[key] : whole;
      });
    const tools = Object.entries(this.getStrings(map, 'tools')).map(([key, value]) => {
      const [program, ...rest] = expand(value).split(/\s+/);
      const isFile = program.startsWith('.') || (program.includes('/') && !isAbsolute(program));
      return [key, [isFile ? resolve(folder, program) : program, ...rest]] as const;
    });
    const timeout = this.getNumber(map, 'timeout');
    return {
      name: suiteName,
      sourceRoot,
      execRoot: base?.execRoot ?? execRootOf(suiteName, sourceRoot),
      suffixes: this.getList(map, 'suffixes') ?? base?.suffixes ?? [],
      excludes: [...(base?.excludes ?? []), ...(this.getList(map, 'excludes') ?? [])],
      parameters,
      substitutions: [
        ...(base?.substitutions ?? []),
        ...Object.entries(this.getStrings(map, 'substitutions')).map(
          ([key, value]): Substitution => [key, expand(value)],
        ),
        ...Object.entries(parameters).map(([key, value]): Substitution => [`%{${key}}`, value]),
      ],
      features: [...(base?.features ?? []), ...(this.getList(map, 'features') ?? []).map(expand)],
      tools: { ...base?.tools, ...Object.fromEntries(tools) },
      environment: {
        ...base?.environment,
        ...Object.fromEntries(
          Object.entries(this.getStrings(map, 'environment')).map(([key, value]) => [
            key,
            expand(value),
          ]),
        ),
      },
      requires: [...(base?.requires ?? []), ...(this.getList(map, 'requires') ?? [])],
      isUnsupported: this.getBoolean(map, 'unsupported') ?? base?.isUnsupported ?? false,
      timeout: timeout ?? base?.timeout,
      recursionLimit: this.getNumber(map, 'recursion_limit') ?? base?.recursionLimit ?? 10,
    };
  }

  private getScalar(map: YAMLMap | null, key: string, type: string, what: string): unknown {
    const node = map?.get(key, true) as Node | undefined;
    if (node === undefined) return undefined;
    if (!isScalar(node) || typeof node.value !== type) {
      this.fail(`expected '${key}' to be ${what}`, this.offsetOf(node));
    }
    return node.value;
  }

  private getString(map: YAMLMap | null, key: string): string | undefined {
    return this.getScalar(map, key, 'string', 'a string') as string | undefined;
  }

  private getBoolean(map: YAMLMap | null, key: string): boolean | undefined {
    return this.getScalar(map, key, 'boolean', 'true or false') as boolean | undefined;
  }

  private getNumber(map: YAMLMap | null, key: string): number | undefined {
    const value = this.getScalar(map, key, 'number', 'a number') as number | undefined;
    if (value !== undefined && !(value >= 0)) {
      this.fail(`expected '${key}' not to be negative`, this.offsetOf(map!.get(key, true)));
    }
    return value;
  }

  private getList(map: YAMLMap | null, key: string): string[] | undefined {
    const node = map?.get(key, true) as Node | undefined;
    if (node === undefined) return undefined;
    const value: unknown = (node as { toJSON(): unknown }).toJSON();
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
      this.fail(`expected '${key}' to be a list of strings`, this.offsetOf(node));
    }
    return value as string[];
  }

  private getStrings(map: YAMLMap | null, key: string): Record<string, string> {
    const node = map?.get(key, true) as Node | undefined;
    if (node === undefined) return {};
    if (!isMap(node)) this.fail(`expected '${key}' to map names to strings`, this.offsetOf(node));
    const result: Record<string, string> = {};
    for (const item of (node as YAMLMap).items) {
      if (!isScalar(item.value) || item.value.value === null || !isScalar(item.key)) {
        this.fail(`expected '${key}' to map names to strings`, this.offsetOf(item.key));
      }
      result[String((item.key as { value: unknown }).value)] = String(
        (item.value as { value: unknown }).value,
      );
    }
    return result;
  }
}

/** Finds the configuration of any folder, reading each file once. */
export class ConfigTree {
  private readonly cache = new Map<string, SuiteConfig | undefined>();

  /**
   * @param execRoot folder for all that tests write; undefined for `.tilewright-cache/lit` of the project
   * @param parameters values that the command line gives
   */
  constructor(
    private readonly execRoot: string | undefined,
    private readonly parameters: ReadonlyMap<string, string>,
  ) {}

  /** @throws LitConfigError */
  get(folder: string): SuiteConfig | undefined {
    if (this.cache.has(folder)) return this.cache.get(folder);
    const parentFolder = dirname(folder);
    const parent = parentFolder === folder ? undefined : this.get(parentFolder);
    const path = join(folder, CONFIG_NAME);
    const config = existsSync(path)
      ? new ConfigReader(path, this.parameters).read(parent, (name, root) =>
          this.execRootOf(name, root),
        )
      : parent;
    this.cache.set(folder, config);
    return config;
  }

  private execRootOf(name: string, sourceRoot: string): string {
    const base = this.execRoot ?? join(projectRoot(sourceRoot), '.tilewright-cache', 'lit');
    return join(base, name.replace(/[^A-Za-z0-9_.-]+/g, '-') || basename(sourceRoot));
  }
}

/** The nearest folder above that is a package or a repository; the folder itself where there is none. */
function projectRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json')) || existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}
