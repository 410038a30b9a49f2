// RUN: not tile-opt %s --diagnostic-format=json 2>&1 | filecheck %s --check-prefix=JSON
// RUN: not tile-opt %s --diagnostic-format=sarif 2>&1 | filecheck %s --check-prefix=SARIF
// RUN: not tile-opt %s --color=always 2>&1 | filecheck %s --check-prefix=COLOR
// RUN: not tile-opt %s --color=never 2>&1 | filecheck %s --check-prefix=PLAIN

%0 = arith.nothing 1 : i32

// JSON: {"severity":"error","message":"{{.*}}arith.nothing{{.*}}","file":"{{.*}}diagnostic-formats.mlir","line":6,"column":6,
// SARIF: "version": "2.1.0"
// SARIF: "level": "error"
// SARIF: "startLine": 6
// COLOR: {{.\[1;31merror:.\[0m}}
// PLAIN: {{[0-9]}}: error:
