// Builds everything that is generated: parsers from the grammars, tables and typed operation classes from the
// dialects, the library with its type declarations, and the files of each command-line tool.
//
//   node scripts/build.mjs             all of it
//   node scripts/build.mjs --no-types  without the library's type declarations (a few seconds instead of twenty)
//   node scripts/build.mjs --generate  only the generated sources
//   node scripts/build.mjs --watch     rebuilds the tools on every change
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import peggy from 'peggy';
import { parse as parseYaml } from 'yaml';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const flags = new Set(process.argv.slice(2));

/** Every file under `folder` whose name ends in `suffix`, sorted. */
function filesUnder(folder, suffix) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith(suffix) && statSync(name).isFile())
    .sort();
}

function writeIfChanged(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** `name.peggy` becomes `generated/name.js` beside it; allowed start rules are named in its first comment line. */
function generateParsers() {
  for (const grammar of filesUnder('src', '.peggy')) {
    const source = readFileSync(grammar, 'utf8');
    const starts = /^\/\/ start: (.*)$/m.exec(source)?.[1].split(/[ ,]+/).filter(Boolean);
    if (!starts) throw new Error(`${grammar}: expected a '// start: Rule, ...' line`);
    const target = join(dirname(grammar), 'generated', basename(grammar, '.peggy'));
    const code = peggy.generate(source, {
      output: 'source',
      format: 'es',
      allowedStartRules: starts,
      grammarSource: grammar,
    });
    writeIfChanged(`${target}.js`, code);
    writeIfChanged(
      `${target}.d.ts`,
      [
        'export interface Position { offset: number; line: number; column: number }',
        'export class SyntaxError extends Error {',
        '  readonly location: { start: Position; end: Position };',
        '  readonly expected: readonly unknown[] | null;',
        '  readonly found: string | null;',
        '}',
        `export type StartRule = ${starts.map((rule) => `'${rule}'`).join(' | ')};`,
        'export function parse(input: string, options?: { startRule?: StartRule; [option: string]: unknown }): any;',
        '',
      ].join('\n'),
    );
  }
}

/** All target descriptions become one table, so that no YAML is read at start-up. */
function generateTargets() {
  const targets = filesUnder('src/targets/descriptions', '.yaml').map((file) =>
    parseYaml(readFileSync(file, 'utf8')),
  );
  writeIfChanged(
    'src/targets/generated/descriptions.ts',
    `export const descriptions = ${JSON.stringify(Object.assign({}, ...targets), null, 2)} as const;\n`,
  );
}

/** Runs the dialect generator, which is itself a tool of this project, from a throw-away bundle. */
async function generateDialects() {
  const generator = 'tools/tile-tblgen/main.ts';
  if (!existsSync(generator)) return;
  await bundle([{ in: generator, out: 'tile-tblgen' }], 'dist/build');
  execFileSync(
    process.execPath,
    ['dist/build/tile-tblgen.cjs', '--dialects=dialects', '--out=src/dialects/generated'],
    {
      stdio: 'inherit',
    },
  );
}

const bundleOptions = (entryPoints, outdir) => ({
  entryPoints,
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'import.meta.url': '__tilewright_file_url' },
  banner: {
    js: "const __tilewright_file_url = require('node:url').pathToFileURL(__filename).href;",
  },
});

async function bundle(entryPoints, outdir) {
  await esbuild.build(bundleOptions(entryPoints, outdir));
}

/** The tools by name, with the file that each starts in. */
function toolEntries() {
  return readdirSync('tools')
    .map((name) => ({ in: `tools/${name}/main.ts`, out: name }))
    .filter((entry) => existsSync(entry.in));
}

/** Runs that call what most runs of a tool call; what they compile is kept. Other tools say their version. */
const TYPICAL_RUNS = {
  'tile-opt': ['kernels/gemm.mlir', '--canonicalize', '--cse', '-o', '/dev/null'],
  'tile-lit': [
    'lit-tests/kernels/gemm',
    '--filter-out=run.test',
    '--exec-root=dist/build/lit',
    '--skip-test-time-recording',
  ],
};

/**
 * One file of a tool in the form that `scripts/tool-launcher.cjs` loads. What it takes from other files becomes constants
 * of its own, which are as fast as in one large file; getters, as of a converted module, are not. That needs the other
 * file to have run, which holds where files do not import each other in a circle.
 */
async function asScript(text) {
  const renamed = (names) => names.replace(/(\S+) as (\S+)/g, '$1: $2');
  const converted = text
    .replace(
      /^import \{([^}]*)\} from ("\.\/[^"]+");$/gm,
      (_, names, file) => `const {${renamed(names)}} = require(${file});`,
    )
    .replace(/^import ("\.\/[^"]+");$/gm, 'require($1);')
    .replace(/\bimport\(("\.\/[^"]+")\)/g, 'Promise.resolve().then(() => require($1))')
    .replace(
      /^export \{([^}]*)\};$/m,
      (_, names) => `module.exports = {${names.replace(/(\S+) as (\S+)/g, '$2: $1')}};`,
    );
  const { code } = await esbuild.transform(converted, { format: 'cjs', target: 'node20.19' });
  return code;
}

function checkOrder({ outputs }, path, open = []) {
  const at = open.indexOf(path);
  if (at >= 0) throw new Error(`files import each other: ${open.slice(at).join(', ')}`);
  for (const { path: next, kind, external } of outputs[path].imports)
    if (!external && kind === 'import-statement') checkOrder({ outputs }, next, [...open, path]);
}

/** Writes the files of one tool to `dist/code/<name>`, and what starts them to `dist/bin/<name>.cjs`. */
async function writeTool(name, { outputFiles, metafile }) {
  const folder = `dist/code/${name}`;
  mkdirSync(folder, { recursive: true });
  const isMain = ({ path }) => basename(path) === 'main.cjs';
  // The main file comes last: with it the others are complete.
  const files = [...outputFiles].sort((a, b) => Number(isMain(a)) - Number(isMain(b)));
  checkOrder(metafile, `${folder}/main.cjs`);
  for (const { path, text } of files) {
    const script = await asScript(text);
    // The line by which the launcher knows that text and bytecode belong together.
    const id = `// ${createHash('sha256').update(script).digest('hex').slice(0, 36)}\n`;
    writeFileSync(
      `${path}.new`,
      `${id}(function (require, module, __filename, __tilewright_file_url) {${script}\n})`,
    );
    renameSync(`${path}.new`, path);
  }
  const kept = new Set(files.map(({ path }) => basename(path)));
  for (const file of readdirSync(folder))
    if (!kept.has(file.replace(/\.bytecode$/, ''))) rmSync(join(folder, file));
  copyFileSync('scripts/tool-launcher.cjs', `dist/bin/${name}.cjs`);
}

/**
 * Each `tools/<name>/main.ts` becomes `dist/code/<name>`: a main file, and files that it loads when it needs them, because
 * reading and compiling what a run does not need takes longer than many runs.
 */
const toolOptions = (entry) => ({
  ...bundleOptions([{ in: entry.in, out: 'main' }], `dist/code/${entry.out}`),
  format: 'esm',
  splitting: true,
  banner: {},
  write: false,
  metafile: true,
  plugins: [
    {
      name: 'write tool',
      setup: ({ onEnd }) =>
        onEnd(async (result) => {
          if (result.errors.length === 0) await writeTool(entry.out, result);
        }),
    },
  ],
});

async function bundleTools() {
  mkdirSync('dist/bin', { recursive: true });
  for (const entry of toolEntries()) {
    if (flags.has('--watch')) {
      const context = await esbuild.context({ ...toolOptions(entry), logLevel: 'info' });
      await context.watch();
      continue;
    }
    await esbuild.build(toolOptions(entry));
    spawnSync(
      process.execPath,
      [`dist/bin/${entry.out}.cjs`, ...(TYPICAL_RUNS[entry.out] ?? ['--version'])],
      {
        env: { ...process.env, TILEWRIGHT_KEEP_BYTECODE: entry.out },
        stdio: 'ignore',
        timeout: 60_000,
      },
    );
  }
}

generateParsers();
generateTargets();
await generateDialects();
if (!flags.has('--generate')) {
  await bundleTools();
  await esbuild.build({
    ...bundleOptions([{ in: 'src/index.ts', out: 'index' }], 'dist/lib'),
    outExtension: {},
    format: 'esm',
    banner: {},
    define: {},
    packages: 'external',
  });
  if (!flags.has('--no-types') && !flags.has('--watch')) {
    execFileSync(
      process.execPath,
      [
        'node_modules/typescript/bin/tsc',
        '--noEmit',
        'false',
        '--declaration',
        '--emitDeclarationOnly',
        '--outDir',
        'dist/types',
      ],
      { stdio: 'inherit' },
    );
  }
}
