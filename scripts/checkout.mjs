// What the scripts share: a checkout with its packages installed and its tools built, whatever state it was in.
// Runs before anything is installed, so it uses nothing but Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Ends the script with a message for the user. */
export function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}

export function requireNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = engines.node.replace(/^>=/, '').split('.').map(Number);
  const found = process.versions.node.split('.').map(Number);
  if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < (wanted[1] ?? 0))) {
    fail(`Node ${engines.node} is needed, but this is ${process.versions.node}`);
  }
}

/** Seconds since `start`, as text. */
export const seconds = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** The path of a program on PATH, or undefined. */
export function which(name) {
  const folders = (process.env.PATH ?? '').split(':').filter(Boolean);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Runs a program to its end and returns what it printed, stdout and stderr together. */
export function capture(program, args, options = {}) {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    let stdout = '';
    let all = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (all += text));
    const finish = (status, text) =>
      resolve({ status, stdout, all: all + text, seconds: (performance.now() - start) / 1000 });
    child.on('error', (error) => finish(1, `${program}: ${error.message}\n`));
    child.on('close', (status) => finish(status ?? 1, ''));
  });
}

function runOrFail(what, program, args) {
  const start = performance.now();
  process.stdout.write(`${what} ...`);
  const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (result.status === 0) {
    process.stdout.write(` done (${seconds(start)})\n`);
    return;
  }
  process.stdout.write(' failed\n');
  process.stderr.write(result.error ? `${result.error.message}\n` : result.stdout + result.stderr);
  fail(`'${[program, ...args].join(' ')}' failed`);
}

/** `npm ci` where packages are missing or older than the lock file. It also builds (the `prepare` script). */
export function installIfNeeded() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  runOrFail('npm ci (installs the packages and builds the tools)', 'npm', ['ci']);
}

/** Modification times of the files under `path` that a build reads. */
function* sourceTimes(path) {
  if (!statSync(path).isDirectory()) {
    yield statSync(path).mtimeMs;
    return;
  }
  for (const name of readdirSync(path)) {
    if (name !== 'generated') yield* sourceTimes(join(path, name));
  }
}

/** Names of the command-line tools. */
export function toolNames() {
  return readdirSync(join(root, 'tools')).filter((name) =>
    existsSync(join(root, 'tools', name, 'main.ts')),
  );
}

/** The bundle of a tool, to be run with Node. */
export const toolPath = (name) => join(root, 'dist', 'bin', `${name}.cjs`);

function isBuilt() {
  const bundles = toolNames().map(toolPath);
  if (!bundles.every((path) => existsSync(path))) return false;
  const oldest = Math.min(...bundles.map((path) => statSync(path).mtimeMs));
  const sources = ['src', 'tools', 'dialects', 'scripts/build.mjs', 'package.json'];
  return sources.every((path) => {
    for (const time of sourceTimes(join(root, path))) if (time > oldest) return false;
    return true;
  });
}

/** Builds the tools where one is missing or older than a source file. */
export function buildIfNeeded() {
  if (isBuilt()) return;
  runOrFail('building the tools', process.execPath, ['scripts/build.mjs', '--no-types']);
}
