// Damages programs, dialect files, check files and pipelines, and gives them to the tools until something breaks or
// hangs.
//
//   node scripts/fuzz-text.mjs --cases=100000             a hundred thousand cases in all
//   node scripts/fuzz-text.mjs --subject=parser --seed=7  from that case on
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as esbuild from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const options = new Map(
  process.argv.slice(2).map((argument) => {
    const match = /^--(cases|subject|seed|timeout)=(.+)$/.exec(argument);
    if (!match) {
      console.error(
        `unknown argument '${argument}'; expected --cases, --subject, --seed or --timeout, each with =value`,
      );
      process.exit(2);
    }
    return [match[1], match[2]];
  }),
);
const SUBJECTS = ['parser', 'dialect file', 'check file', 'pipeline'];
const subjects = options.has('subject') ? [options.get('subject')] : SUBJECTS;
if (!subjects.every((name) => SUBJECTS.includes(name))) {
  console.error(
    `unknown subject '${options.get('subject')}'; expected one of ${SUBJECTS.join(', ')}`,
  );
  process.exit(2);
}
const perSubject = Math.ceil(Number(options.get('cases') ?? 10_000) / subjects.length);
const first = Number(options.get('seed') ?? 1);
const timeout = 1000 * Number(options.get('timeout') ?? 30);
const BATCH = 200;

const outfile = join(root, '.tilewright-cache/bundles/fuzz-worker.cjs');
mkdirSync(dirname(outfile), { recursive: true });
await esbuild.build({
  entryPoints: [join(root, 'tests/fuzz/worker.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  logLevel: 'warning',
  define: { 'import.meta.url': '__tilewright_file_url' },
  banner: {
    js: "const __tilewright_file_url = require('node:url').pathToFileURL(__filename).href;",
  },
});

let complaints = 0;

/** Runs the cases from `from` on; resolves with the number behind the last one that was run. */
function runFrom(subjectName, from, end) {
  return new Promise((settle) => {
    const worker = new Worker(outfile, { workerData: { root, subjectName } });
    let seed = from;
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => report(`did not end in ${timeout / 1000} seconds`), timeout);
    };
    const stop = (next) => {
      clearTimeout(timer);
      void worker.terminate();
      settle(next);
    };
    const report = (text) => {
      complaints++;
      console.log(`${subjectName} case ${seed}: ${text}`);
      stop(seed + 1);
    };
    const send = (at) => worker.postMessage({ from: at, to: Math.min(end, at + BATCH) });
    worker.on('error', (error) => report(error.stack ?? error.message));
    worker.on('message', (message) => {
      watch();
      if (message.kind === 'begin') seed = message.seed;
      else if (message.kind === 'complaint') {
        complaints++;
        console.log(`${subjectName} case ${message.seed}: ${message.complaint}\n${message.text}\n`);
      } else if (message.to >= end) stop(end);
      else {
        if (process.stderr.isTTY)
          process.stderr.write(`\r${subjectName}: ${message.to - first} of ${perSubject}`);
        send(message.to);
      }
    });
    watch();
    send(from);
  });
}

for (const name of subjects) {
  const end = first + perSubject;
  for (let at = first; at < end;) at = await runFrom(name, at, end);
  console.log(`${name}: ${perSubject} cases`);
}
console.log(complaints === 0 ? 'nothing broke' : `${complaints} cases went wrong`);
process.exit(complaints === 0 ? 0 : 1);
