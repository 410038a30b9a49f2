// RUN: tile-translate --help | filecheck %s --check-prefix=HELP
// RUN: not tile-translate %s 2>&1 | filecheck %s --check-prefix=NONE
// RUN: not tile-translate --mlir-to-nothing %s 2>&1 | filecheck %s --check-prefix=UNKNOWN

// HELP: USAGE: tile-translate --<translation> [options] <input file>
// NONE: error: expected exactly one translation, but got 0; known translations:
// UNKNOWN: tile-translate: error: unknown command line argument '--mlir-to-nothing'
