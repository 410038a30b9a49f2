// A dialect from a YAML file works like a built-in one; an error in the file points into it.
// RUN: tile-opt %s --load-dialect=%S/Inputs/shop.yaml --verify-roundtrip | filecheck %s
// RUN: tile-opt %s --load-dialect=%S/Inputs/shop.yaml --show-dialects | filecheck %s --check-prefix=LIST
// RUN: not tile-opt %s --load-dialect=%S/Inputs/bad.yaml 2>&1 | filecheck %s --check-prefix=BAD
// RUN: not tile-opt %s --load-dialect=%S/Inputs/worse.yaml 2>&1 | filecheck %s --check-prefix=WORSE
// RUN: not tile-opt %s --load-dialect=%S/Inputs/absent.yaml 2>&1 | filecheck %s --check-prefix=ABSENT
// RUN: not tile-opt %s 2>&1 | filecheck %s --check-prefix=WITHOUT

%0 = arith.constant 1 : i32
// CHECK: shop.sell %{{.*}} : i32
shop.sell %0 : i32

// LIST: Available Dialects: {{.*}}arith{{.*}},shop
// BAD: bad.yaml:[[#]]:[[#]]: error:
// WORSE: worse.yaml:[[#]]:[[#]]: error:
// ABSENT: error: cannot open input file '{{.*}}absent.yaml': No such file or directory
// WITHOUT: error: {{[Dd]}}ialect `shop' not found for custom op 'shop.sell'
