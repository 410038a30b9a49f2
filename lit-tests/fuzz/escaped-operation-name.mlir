// The name of an operation that is not loaded may hold characters that a string escapes; found by damaged programs.
// RUN: tile-opt %s --allow-unregistered-dialect | tile-opt --allow-unregistered-dialect | filecheck %s

// CHECK{LITERAL}: "t\\a\22b.c"() : () -> ()
"t\\a\22b.c"() : () -> ()
