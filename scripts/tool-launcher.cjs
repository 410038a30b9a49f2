#!/usr/bin/env node
// What the build copies to `dist/bin/<name>.cjs`: starts `dist/code/<name>/main.cjs`, and loads the other files there when
// they are asked for, each with the bytecode that the build kept of it. Compiling the text anew takes 40 of the 160 ms that
// a small run of tile-opt takes (Node 20).
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS starts 7 ms sooner than ES modules. */
'use strict';
const { closeSync, openSync, readdirSync, readSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const v8 = require('node:v8');
const vm = require('node:vm');

/** Text and bytecode that belong together start with the same line. Its length keeps the bytecode aligned. */
const ID_LENGTH = 40;

const name = basename(__filename, '.cjs');
const folder = join(__dirname, '..', 'code', name);
const fileUrl = pathToFileURL(__filename).href;
// Most runs are short, and so is each test that a thread of tile-lit runs. That a function must run longer before TurboFan
// optimizes it saves up to a fifth of the processor time (Node 20; later ones have a quick optimizer before it, and not
// this flag). Bytecode is only taken under the flags that it was made under. A tool that reads a large program calls
// `tilewrightOptimizeSoon`, which sets V8's own value again. A run of a second is still mostly one of code that waits for
// TurboFan, which works beside it: inlining less makes that work shorter, and canonicalizing 100,000 operations takes a
// tenth less time.
if (process.versions.v8.startsWith('11.')) {
  v8.setFlagsFromString('--interrupt-budget=600000');
  // Threads that begin with room for young objects collect them less often; this one has begun already.
  if (name === 'tile-lit') v8.setFlagsFromString('--min-semi-space-size=16');
  else
    globalThis.tilewrightOptimizeSoon = () => {
      v8.setFlagsFromString('--interrupt-budget=67584');
      v8.setFlagsFromString('--max-inlined-bytecode-size=100');
      v8.setFlagsFromString('--max-inlined-bytecode-size-cumulative=200');
    };
}
// Code from bytecode cannot import modules at run time; plugins are loaded through this.
globalThis.tilewrightImport = (url) => import(url);

// All files are read into this, as fresh memory for each would cost more than the reading.
let buffer = Buffer.allocUnsafeSlow(1 << 20);

/** The bytes of a file, until the next one is read. */
function read(path) {
  const descriptor = openSync(path, 'r');
  let length = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, length, buffer.length - length);
    if (count === 0) break;
    length += count;
    if (length === buffer.length) buffer = Buffer.concat([buffer], 2 * length);
  }
  closeSync(descriptor);
  return buffer.subarray(0, length);
}

/** The script of a file, not run yet. */
function compile(file) {
  const path = join(folder, file);
  const text = read(path).latin1Slice();
  const id = text.slice(0, ID_LENGTH);
  let cachedData;
  try {
    const kept = read(`${path}.bytecode`);
    if (kept.latin1Slice(0, ID_LENGTH) === id) cachedData = kept.subarray(ID_LENGTH);
  } catch {
    // No bytecode: then V8 compiles the text, as it does for bytecode of another version of itself.
  }
  return { script: new vm.Script(text, { filename: path, cachedData }), id, path };
}

/** Files that are loaded, with what they export. */
const modules = new Map();

function load(request) {
  if (!request.startsWith('./')) return require(request);
  const file = request.slice(2);
  let entry = modules.get(file);
  if (entry === undefined) {
    entry = { ...compile(file), exports: {} };
    modules.set(file, entry);
    entry.script.runInThisContext()(load, entry, __filename, fileUrl);
  }
  return entry.exports;
}

// Set by the build: functions that ran are kept too, so they are not compiled when they are first called either.
if (process.env.TILEWRIGHT_KEEP_BYTECODE === name) {
  process.once('exit', () => {
    for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.cjs'))) {
      const { script, id, path } = modules.get(file) ?? compile(file);
      writeFileSync(
        `${path}.bytecode`,
        Buffer.concat([Buffer.from(id, 'latin1'), script.createCachedData()]),
      );
    }
  });
}
load('./main.cjs');
