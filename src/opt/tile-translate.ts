/** tile-translate: reads a program and writes it as text of another kind. */

import { createContext } from '../dialects/index.js';
import { verifyOperation, type Context, type Operation } from '../ir/index.js';
import { parseOptions } from '../pipelines/index.js';
import { parseModule } from '../syntax/index.js';
import { didYouMean, SourceFile, type ToolMain } from '../support/index.js';
import {
  CommandLineError,
  formatHelp,
  optionGroup,
  OptionReader,
  parseCommandLine,
  type CommandLine,
} from './command-line.js';
import {
  guardTool,
  IGNORED_OPTIONS,
  loadExtensions,
  SESSION_OPTIONS,
  ToolError,
  ToolSession,
  type Chunk,
} from './tool-session.js';
import {
  allDialectTranslations,
  allTranslations,
  type DialectTranslation,
  type TranslationDefinition,
} from './translations.js';
import { toolVersion } from './version.js';

const TOOL_NAME = 'tile-translate';
const METADATA = 'metadata';

/** The whole tool. */
export const tileTranslateMain: ToolMain = async (args, io) => {
  (await import('./register-all.js')).registerAll();
  const context = createContext();
  try {
    await loadExtensions(args, io, context);
    const programs = optionGroup('Translations of programs');
    const dialects = optionGroup('Descriptions of dialects');
    const specs = [
      ...SESSION_OPTIONS,
      programs.value(
        METADATA,
        '<file.json>',
        'also write how the emitted kernels are launched: grids, shared memory, arguments',
      ),
      ...IGNORED_OPTIONS,
      ...allTranslations().map(({ name, summary }) =>
        programs.optional(name, '<options>', summary),
      ),
      ...allDialectTranslations().map(({ name, summary }) =>
        dialects.optional(name, '<dialect>', summary),
      ),
    ];
    const line = parseCommandLine(args, specs, TOOL_NAME);
    const options = new OptionReader(line);
    if (options.flag('help')) {
      const usage = `${TOOL_NAME} --<translation> [options] <input file>`;
      io.writeStdout(formatHelp('translates programs of the tile IR', usage, specs));
      return 0;
    }
    if (options.flag('version')) {
      io.writeStdout(`${TOOL_NAME} ${toolVersion()}\n`);
      return 0;
    }
    const session = new ToolSession(TOOL_NAME, io, options, context);
    return await guardTool(session, () => new TileTranslate(session, line).run());
  } catch (error) {
    if (!(error instanceof CommandLineError || error instanceof ToolError)) throw error;
    io.writeStderr(`${TOOL_NAME}: error: ${error.message}\n`);
    return 1;
  }
};

class TileTranslate {
  constructor(
    private readonly session: ToolSession,
    private readonly line: CommandLine,
  ) {}

  async run(): Promise<boolean> {
    const context = await this.session.prepareContext();
    if (context === undefined) return false;
    const programs = allTranslations();
    const dialects = allDialectTranslations();
    const names = [...programs, ...dialects].map(({ name }) => name);
    const chosen = this.line.occurrences.filter(({ name }) => names.includes(name));
    if (chosen.length !== 1) {
      const list = names.map((name) => `'--${name}'`).join(', ');
      throw new ToolError(
        `expected exactly one translation, but got ${chosen.length}; known translations: ${list}`,
      );
    }
    const [{ name, value = '' }] = chosen;
    const onDialect = dialects.find((one) => one.name === name);
    if (onDialect !== undefined) return this.describe(onDialect, value, context);
    return this.translate(
      programs.find((one) => one.name === name)!,
      value,
    );
  }

  private describe(translation: DialectTranslation, dialect: string, context: Context): boolean {
    const name = dialect !== '' ? dialect : (this.line.positionals[0] ?? '');
    if (!context.dialects.has(name)) {
      throw new ToolError(
        `no dialect '${name}' is loaded${didYouMean(name, context.dialects.keys())}`,
      );
    }
    const text = translation.runOnDialect(name, context);
    if (text === undefined) return false;
    this.session.writeOutput(text, true);
    return true;
  }

  private translate(translation: TranslationDefinition, text: string): boolean {
    const definitions = translation.options ?? {};
    const parsed = parseOptions(definitions, text);
    if (!('values' in parsed)) {
      throw new ToolError(`in the options of --${translation.name}: ${parsed.message}`);
    }
    const { positionals } = this.line;
    if (positionals.length > 1) throw new ToolError('expected one input file');
    const [path = '-'] = positionals;
    const source = new SourceFile(path === '-' ? '<stdin>' : path, this.session.readInput(path));
    const metadata: (object | undefined)[] = [];
    const { outputs, isSuccess } = this.session.processInput(source, (chunk) => {
      const root = this.parse(chunk);
      const translated = root && translation.run(root, parsed.values);
      if (translated !== undefined) metadata.push(translated.metadata);
      return translated?.text;
    });
    if (isSuccess) this.writeMetadata(translation, metadata);
    this.session.writeOutput(this.session.joinOutputs(outputs), isSuccess);
    return isSuccess;
  }

  private writeMetadata(translation: TranslationDefinition, all: readonly unknown[]): void {
    const path = this.session.options.value(METADATA);
    if (path === undefined) return;
    if (all.length !== 1)
      throw new ToolError(`--${METADATA} expects one program, but got ${all.length}`);
    if (all[0] === undefined)
      throw new ToolError(`--${METADATA}: --${translation.name} emits nothing to launch`);
    this.session.writeFile(path, `${JSON.stringify(all[0], null, 2)}\n`);
  }

  private parse({ source, context }: Chunk): Operation | undefined {
    const root = parseModule(source, context, {
      implicitModule: !this.session.options.flag('no-implicit-module'),
    });
    return root !== undefined && verifyOperation(root) ? root : undefined;
  }
}
