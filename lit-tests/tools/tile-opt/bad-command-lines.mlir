// Wrong flags, passes and options are named, with the nearest that exists.
// RUN: not tile-opt --canonicalise %s 2>&1 | filecheck %s --check-prefix=FLAG
// RUN: not tile-opt --canonicalize='max-iteration=3' %s 2>&1 | filecheck %s --check-prefix=OPTION
// RUN: not tile-opt --canonicalize='max-iterations=many' %s 2>&1 | filecheck %s --check-prefix=VALUE
// RUN: not tile-opt --pass-pipeline='builtin.module(cse,canonicalise)' %s 2>&1 | filecheck %s --check-prefix=PASS
// RUN: not tile-opt --pass-pipeline='builtin.module(canonicalize{top-don})' %s 2>&1 | filecheck %s --check-prefix=PASSOPTION
// RUN: not tile-opt --pass-pipeline='builtin.module(cse' %s 2>&1 | filecheck %s --check-prefix=PARENTHESES
// RUN: not tile-opt --pass-pipeline=cse %s 2>&1 | filecheck %s --check-prefix=ANCHOR
// RUN: not tile-opt --pass-pipeline='func.func(cse)' %s 2>&1 | filecheck %s --check-prefix=ROOT
// RUN: not tile-opt --pass-pipeline='builtin.module(cse)' --cse %s 2>&1 | filecheck %s --check-prefix=BOTH
// RUN: not tile-opt --verify-each=maybe %s 2>&1 | filecheck %s --check-prefix=BOOLEAN
// RUN: not tile-opt --diagnostic-format=xml %s 2>&1 | filecheck %s --check-prefix=CHOICE
// RUN: not tile-opt --mlir-print-ir-before=cce --cse %s 2>&1 | filecheck %s --check-prefix=DUMP
// RUN: not tile-opt --mlir-elide-elementsattrs-if-larger=many %s 2>&1 | filecheck %s --check-prefix=NUMBER

%0 = arith.constant 1 : i32

// FLAG: tile-opt: error: unknown command line argument '--canonicalise'; did you mean '--canonicalize'?; try 'tile-opt --help'
// OPTION: <Pass-Options-Parser>:1:1: error: no such option max-iteration; did you mean 'max-iterations'?
// OPTION: note: failed to add `canonicalize` with options `max-iteration=3`
// VALUE: error: for the --max-iterations option: 'many' value invalid for integer argument
// PASS: MLIR Textual PassPipeline Parser:1:20: error: 'canonicalise' does not refer to a registered pass or pass pipeline; did you mean 'canonicalize'?
// PASS-NEXT: builtin.module(cse,canonicalise)
// PASS-NEXT: ^~~~~~~~~~~~{{$}}
// PASSOPTION: MLIR Textual PassPipeline Parser:1:29: error: no such option top-don; did you mean 'top-down'?
// PARENTHESES: MLIR Textual PassPipeline Parser:1:19: error: encountered unbalanced parentheses while parsing pipeline
// ANCHOR: error: expected pass pipeline to be wrapped with the anchor operation type, e.g. 'builtin.module(...)'
// ROOT: error: can't run 'func.func' pass manager on 'builtin.module' op
// BOTH: error: '-pass-pipeline' option can't be used with individual pass options
// BOOLEAN: error: for the --verify-each option: 'maybe' is invalid value for boolean argument, try 0 or 1
// CHOICE: error: for the --diagnostic-format option: cannot find option named 'xml', expected one of 'text', 'json', 'sarif'
// DUMP: error: for the --mlir-print-ir-before option: cannot find option named 'cce'; did you mean 'cse'?
// NUMBER: {{^}}error: for the --mlir-elide-elementsattrs-if-larger option: 'many' value invalid for integer argument
