// One run shows every error, and no consequences of another.
// RUN: tile-opt --allow-unregistered-dialect --verify-diagnostics %s

// expected-note@+1 {{previously defined here}}
%a = "t.a"() : () -> i32
// expected-error@+1 {{redefinition of SSA value '%a'}}
%a = "t.a"() : () -> i32
// expected-error@+1 {{expected non-function type}}
%b = "t.a"() {x = 1 : } : () -> i32
// Nothing is said about a value whose definition failed.
"t.use"(%b) : (i32) -> ()
// expected-error@+1 {{use of undeclared SSA value name}}
"t.use"(%undeclared) : (i32) -> ()
"t.region"() ({
  // expected-error@+1 {{reference to an undefined block}}
  "t.branch"()[^nowhere] : () -> ()
}) : () -> ()
// expected-error@+1 {{inferred shape of elements literal ([2]) does not match type ([3])}}
"t.a"() {x = dense<[1, 2]> : tensor<3xi32>} : () -> ()
// expected-error@+1 {{undefined symbol alias id 'none'}}
"t.a"() {x = #none} : () -> ()
