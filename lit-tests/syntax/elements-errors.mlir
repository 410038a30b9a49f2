// What is wrong with elements is said where it is wrong.
// RUN: tile-opt --allow-unregistered-dialect --split-input-file --verify-diagnostics %s

// expected-error@+1 {{expected shape ([2]); inferred shape of indices literal ([1, 1]); inferred shape of values literal ([2])}}
"t.a"() {a = sparse<[[0]], [1, 2]> : tensor<2xi32>} : () -> ()

// -----

// expected-error@+1 {{inferred shape of indices literal ([1, 2])}}
"t.a"() {a = sparse<[[0,1]], [1]> : tensor<2xi32>} : () -> ()

// -----

// expected-error@+1 {{sparse index #0 is not contained within the value shape, with index=[5], and type='tensor<2xi32>'}}
"t.a"() {a = sparse<[[5]], [1]> : tensor<2xi32>} : () -> ()

// -----

// expected-error@+1 {{expected elements of type 'i32', but parsed a complex number}}
"t.a"() {a = dense<(1,2)> : tensor<2xi32>} : () -> ()

// -----

// expected-error@+1 {{expected complex elements}}
"t.a"() {a = dense<1> : tensor<2xcomplex<i32>>} : () -> ()

// -----

// expected-error@+1 {{expected floating-point elements, but parsed integer}}
"t.a"() {a = dense<(1,2)> : tensor<2xcomplex<f32>>} : () -> ()

// -----

// expected-error@+1 {{expected string containing hex digits}}
"t.a"() {a = dense<["a", "b"]> : tensor<2xi32>} : () -> ()

// -----

// expected-error@+1 {{inferred shape of elements literal ([1]) does not match type ([2])}}
"t.a"() {a = dense<["a"]> : tensor<2x!t.x>} : () -> ()

// -----

// expected-error@+1 {{expected a number type for elements, got: '!t.x'}}
"t.a"() {a = dense<1> : tensor<2x!t.x>} : () -> ()

// -----

// expected-error@+1 {{expected '[' after 'distinct'}}
"t.a"() {a = distinct<1>} : () -> ()

// -----

// expected-error@+1 {{expected distinct ID}}
"t.a"() {a = distinct[x]<1>} : () -> ()

// -----

// expected-error@+1 {{referenced attribute does not match previous definition: 1 : i32}}
"t.a"() {a = distinct[0]<1 : i32>, b = distinct[0]<2 : i32>} : () -> ()

// -----

// expected-error@+1 {{expected '<' after distinct ID}}
"t.a"() {a = distinct[0] 1} : () -> ()

// -----

// expected-error@+1 {{elements literal type must have static shape}}
"t.a"() {a = sparse<[[0,1]], [1]> : tensor<?xi32>} : () -> ()

// -----

// expected-error@+1 {{expected complex elements}}
"t.a"() {a = dense<[[1,2],[3,4]]> : tensor<2x2xcomplex<i32>>} : () -> ()

// -----

// expected-error@+1 {{inferred shape of indices literal ([0])}}
"t.a"() {a = sparse<[], []> : tensor<2xi32>} : () -> ()

// -----

// expected-error@+1 {{inferred shape of indices literal ([1])}}
"t.a"() {a = sparse<[1], 3> : tensor<2xi32>} : () -> ()

// -----

// expected-error@+1 {{expected integer elements, but parsed floating-point}}
"t.a"() {a = sparse<[[1.5]], 3> : tensor<2xi32>} : () -> ()

// -----

// expected-error@+1 {{expected ',' between complex elements}}
"t.a"() {a = dense<(1.0)> : tensor<2xcomplex<f32>>} : () -> ()

// -----

// expected-error@+1 {{expected unsigned integer elements, but parsed negative value}}
"t.a"() {a = dense<[1, -1]> : tensor<2xui8>} : () -> ()

// -----

// expected-error@+1 {{elements hex data size is invalid for provided type: 'tensor<2xf32>'}}
"t.a"() {a = dense<"0x1234"> : tensor<2xf32>} : () -> ()

// -----

// expected-error@+1 {{expected floating-point elements, but parsed integer}}
"t.a"() {a = dense<[0x7F800000, 2139095040]> : tensor<2xf32>} : () -> ()

// -----

// expected-error@+1 {{element type bitwidth must be a multiple of 8}}
"t.a"() {a = array<i3: 1>} : () -> ()
