"""A matrix product in Triton for comparison: blocks in groups of rows, f32 accumulation, a few configurations to choose from."""

import triton
import triton.language as tl

CONFIGURATIONS = [
    triton.Config({"BLOCK_M": m, "BLOCK_N": n, "BLOCK_K": k, "GROUP_M": 8}, num_stages=stages, num_warps=warps)
    for m, n, k, stages, warps in (
        (128, 256, 64, 3, 8), (128, 128, 64, 3, 8), (128, 128, 32, 4, 4), (256, 128, 64, 3, 8), (64, 128, 64, 4, 4),
    )
]


@triton.autotune(configs=CONFIGURATIONS, key=["m", "n", "k"])
@triton.jit
def matmul_kernel(
    a, b, c, m, n, k, a_row, a_column, b_row, b_column, c_row, c_column,
    BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr, BLOCK_K: tl.constexpr, GROUP_M: tl.constexpr,
):
    block = tl.program_id(0)
    rows, columns = tl.cdiv(m, BLOCK_M), tl.cdiv(n, BLOCK_N)
    group = block // (GROUP_M * columns)
    first = group * GROUP_M
    height = min(rows - first, GROUP_M)
    row = first + block % (GROUP_M * columns) % height
    column = block % (GROUP_M * columns) // height
    i = row * BLOCK_M + tl.arange(0, BLOCK_M)
    j = column * BLOCK_N + tl.arange(0, BLOCK_N)
    step = tl.arange(0, BLOCK_K)
    total = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    for start in range(0, k, BLOCK_K):
        p = start + step
        x = tl.load(a + i[:, None] * a_row + p[None, :] * a_column, mask=(i[:, None] < m) & (p[None, :] < k), other=0.0)
        y = tl.load(b + p[:, None] * b_row + j[None, :] * b_column, mask=(p[:, None] < k) & (j[None, :] < n), other=0.0)
        total = tl.dot(x, y, total)
    inside = (i[:, None] < m) & (j[None, :] < n)
    tl.store(c + i[:, None] * c_row + j[None, :] * c_column, total.to(c.dtype.element_ty), mask=inside)
