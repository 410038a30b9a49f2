// Keeps the documents honest: runs the commands whose output they show and compares. In Markdown,
//
//   <!-- output of: npx tile-opt kernels/gemm.mlir -->
//
// before a code block says where its text comes from; `...` stands for anything left out. A program that the command
// needs besides the tools is named in front: `<!-- output with g++ of: ... -->`; without it the block is not checked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfNeeded, capture, root, toolPath, which } from './checkout.mjs';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/estimate.md',
  'docs/schedules.md',
  'docs/tools.md',
];
const BLOCK = /^<!-- output (?:with (\S+) )?of: (.*) -->\n+```\w*\n([\s\S]*?)^```$/gm;

/** A regular expression for a shown text: all of it literally, `...` and space at the ends of lines aside. */
function shownPattern(text) {
  const trimmed = text.replace(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '');
  const parts = trimmed.split(/[ \t]*\.\.\./);
  return new RegExp(
    parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('[\\s\\S]*?'),
  );
}

/** The line of the shown text up to which the output agrees, for the message. */
function agreement(shown, output) {
  const lines = shown.trimEnd().split('\n');
  let count = 0;
  while (count < lines.length && shownPattern(lines.slice(0, count + 1).join('\n')).test(output))
    count++;
  return { count, line: lines[count] };
}

buildIfNeeded();
let isOk = true;
let checked = 0;
for (const document of DOCUMENTS) {
  const text = readFileSync(join(root, document), 'utf8');
  for (const { 1: program, 2: command, 3: shown, index } of text.matchAll(BLOCK)) {
    const line = text.slice(0, index).split('\n').length;
    if (program !== undefined && which(program) === undefined) {
      console.log(`${document}:${line}: not checked: there is no ${program}`);
      continue;
    }
    checked++;
    const local = command.replaceAll(/\bnpx (\S+)/g, (_, name) => `node ${toolPath(name)}`);
    const result = await capture('/bin/sh', ['-c', local]);
    const output = result.all.replace(/[ \t]+$/gm, '');
    if (result.status === 0 && shownPattern(shown).test(output)) continue;
    isOk = false;
    console.log(`${document}:${line}: the text shown is not the output of '${command}'`);
    if (result.status !== 0) console.log(`  status ${result.status}: ${result.all.slice(0, 2000)}`);
    else {
      const { count, line: differing } = agreement(shown, output);
      console.log(`  line ${count + 1} of the text is not there: ${differing}`);
    }
  }
}
console.log(`${checked} outputs checked`);
if (checked === 0) isOk = false;
process.exitCode = isOk ? 0 : 1;
