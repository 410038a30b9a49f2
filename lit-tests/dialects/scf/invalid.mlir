// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --verify-diagnostics

func.func @f(%a: index) {
  // expected-error@+1 {{'scf.for' op expected 3 or more operands, but found 2}}
  "scf.for"(%a, %a) ({ }) : (index, index) -> ()
  return
}

// -----

func.func @f(%a: index) {
  // expected-error@+1 {{'scf.for' op expected induction variable to be same type as bounds and step}}
  "scf.for"(%a, %a, %a) ({ ^bb0(%i: i32): scf.yield }) : (index, index, index) -> ()
  return
}

// -----

func.func @f(%a: index, %x: f32) {
  // expected-error@+1 {{'scf.for' op different number of inits and region iter_args: 1 != 0}}
  "scf.for"(%a, %a, %a, %x) ({ ^bb0(%i: index): scf.yield }) : (index, index, index, f32) -> f32
  return
}

// -----

func.func @f(%a: index, %x: f32) {
  // expected-error@+1 {{'scf.for' op 0-th region iter_arg and 0-th yielded value have different type: 'f32' != 'index'}}
  %r = scf.for %i = %a to %a step %a iter_args(%y = %x) -> (f32) {
    scf.yield %i : index
  }
  return
}

// -----

func.func @f(%c: i1) -> i32 {
  // expected-error@+1 {{'scf.if' op must have an else block if defining values}}
  %r = "scf.if"(%c) ({
    %a = arith.constant 1 : i32
    scf.yield %a : i32
  }, {}) : (i1) -> i32
  return %r : i32
}

// -----

func.func @f(%c: i1) {
  // expected-error@+1 {{'scf.yield' op expects parent op to be one of 'scf.execute_region, scf.for, scf.if, scf.index_switch, scf.while'}}
  scf.yield
}

// -----

func.func @f(%c: i32) {
  // expected-error@+1 {{'scf.if' op operand #0 must be 1-bit signless integer, but got 'i32'}}
  "scf.if"(%c) ({ scf.yield }, {}) : (i32) -> ()
  return
}
