// RUN: tile-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// expected-error@+1 {{expected a stride nested like the shape}}
"test.use"() {a = #layout.shared<(128,32):(32,1,1)>} : () -> ()
