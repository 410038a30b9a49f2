// Every mistake in the patterns of a dialect file is reported where it stands.
// RUN: not tile-opt %s --load-dialect=%S/Inputs/wrong-patterns.yaml 2>&1 | filecheck %s
// RUN: not tile-opt %s --load-dialect=%S/Inputs/wrong-pattern-form.yaml 2>&1 | filecheck %s --check-prefix=FORM
// RUN: not tile-opt %s --apply-patterns=%S/Inputs/turns.yaml 2>&1 | filecheck %s --check-prefix=FILE
// RUN: not tile-opt %s --apply-patterns=%S/Inputs/none.yaml 2>&1 | filecheck %s --check-prefix=NONE

// FILE: turns.yaml:2:1: error: unknown key 'dialect' in the file
// NONE: error: cannot open input file '{{.*}}none.yaml'

// CHECK: wrong-patterns.yaml:20:12: error: unknown operation 'wrong.ona'; did you mean 'wrong.one'?
// CHECK: wrong-patterns.yaml:24:12: error: unknown dialect 'rwong'
// CHECK: wrong-patterns.yaml:30:9: error: 'wrong.one' has 1 operand, found 2
// CHECK: wrong-patterns.yaml:34:28: error: 'wrong.one' has no attribute 'knid'
// CHECK: wrong-patterns.yaml:39:14: error: 'match' binds no '$y'; did you mean '$x'?
// CHECK: wrong-patterns.yaml:43:14: error: expected a value, but '$c' is an attribute
// CHECK: wrong-patterns.yaml:47:14: error: unknown predicate 'positve'; did you mean 'positive'?
// CHECK: wrong-patterns.yaml:48:33: error: unknown function 'ad'; did you mean 'add'?
// CHECK: wrong-patterns.yaml:52:14: error: 'wrong.one' has 1 result, but there are 2 replacements
// CHECK: wrong-patterns.yaml:55:36: error: '1 : i3x' is no attribute: expected non-function type
// CHECK: wrong-patterns.yaml:56:37: error: an attribute needs its type: write it in quotes, as in '1 : i32'
// CHECK: wrong-patterns.yaml:16:24: error: expected ')', ',', or '=' but end of input found

// FORM: wrong-pattern-form.yaml:17:3: error: 'Name' is not a valid name for a pattern: expected kebab-case
// FORM: wrong-pattern-form.yaml:20:5: error: unknown key 'rewrit' in pattern 'Name'; did you mean 'rewrite'?
// FORM: wrong-pattern-form.yaml:21:14: error: expected 'benefit' to be an integer
// FORM: wrong-pattern-form.yaml:17:3: error: pattern 'Name' has no 'rewrite'
// FORM: wrong-pattern-form.yaml:14:3: error: pattern 'no-match' has no 'match'
