// RUN: tile-opt --help | filecheck %s
// RUN: tile-opt -version | filecheck %s --check-prefix=VERSION
// RUN: tile-opt -cse -canonicalize=max-iterations=3 -dump-pass-pipeline %s 2>&1 | filecheck %s --check-prefix=FLAGS

// CHECK: OVERVIEW:
// CHECK: USAGE: tile-opt [options] [passes] <input file>
// CHECK: --pass-pipeline=<pipeline>
// CHECK: Passes:
// CHECK: --canonicalize[=<options>] - Canonicalize operations
// VERSION: {{^tile-opt [0-9]+\.[0-9]+}}
// FLAGS: builtin.module(cse,canonicalize{max-iterations=3
