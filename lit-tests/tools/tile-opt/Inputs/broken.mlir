%0 = arith.constant
