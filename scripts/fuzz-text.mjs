// Damages programs, dialect files, IRDL programs, pattern files, check files and pipelines, and gives them to the tools
// until something breaks or hangs. fast-check makes the cases from a seed for each batch of 200, and makes a case that
// fails smaller.
//
//   node scripts/fuzz-text.mjs --cases=100000             a hundred thousand cases in all
//   node scripts/fuzz-text.mjs --subject=parser --seed=7  from the batch with that seed on
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
const SUBJECTS = [
  'parser',
  'dialect file',
  'check file',
  'pipeline',
  'IRDL program',
  'pattern file',
];
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

/** Runs the batches whose seeds begin with `from`; resolves with the seed behind the last one that was run. */
function runFrom(subjectName, from, end) {
  return new Promise((settle) => {
    const worker = new Worker(outfile, { workerData: { root, subjectName } });
    let seed = from;
    let text = '';
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(`did not end in ${timeout / 1000} seconds`), timeout);
    };
    const stop = (next) => {
      clearTimeout(timer);
      void worker.terminate();
      settle(next);
    };
    const report = (complaint) => {
      complaints++;
      console.log(`${subjectName}, seed ${seed}: ${complaint}\n${text}\n`);
    };
    const fail = (complaint) => {
      report(complaint);
      stop(seed + 1);
    };
    const send = () => worker.postMessage({ seed, runs: BATCH });
    worker.on('error', (error) => fail(error.stack ?? error.message));
    worker.on('message', (message) => {
      watch();
      if (message.kind === 'begin') {
        ({ text } = message);
        return;
      }
      if (message.complaint !== undefined) {
        ({ text } = message);
        report(message.complaint);
      }
      if (++seed >= end) stop(end);
      else {
        if (process.stderr.isTTY)
          process.stderr.write(`\r${subjectName}: ${(seed - first) * BATCH} of ${perSubject}`);
        send();
      }
    });
    watch();
    send();
  });
}

const batches = Math.ceil(perSubject / BATCH);
for (const name of subjects) {
  const started = performance.now();
  const end = first + batches;
  for (let at = first; at < end;) at = await runFrom(name, at, end);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${name}: ${batches * BATCH} cases, seeds ${first} to ${end - 1}, ${seconds} s`);
}
console.log(complaints === 0 ? 'nothing broke' : `${complaints} batches went wrong`);
process.exit(complaints === 0 ? 0 : 1);
