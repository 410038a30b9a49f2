"""Times of torch (cuBLAS, its SDPA) and Triton for what the suite's kernels compute, by the suite's method.

Each entry of a result is a time, or a reason why there is none: a library is not installed, has no such computation, or fails.
"""

LEAST_FLUSH = 1 << 26
DTYPES = {"f16": "float16", "bf16": "bfloat16", "f32": "float32", "tf32": "float32", "f64": "float64", "i8": "int8"}


def measure(peer, warm_up, repeats, summarize):
    found = {}
    for name, make in (("torch", torch_runner), ("triton", triton_runner)):
        try:
            for variant, run in make(peer).items():
                found[variant] = time_calls(run, warm_up, repeats, summarize)
        except Exception as error:  # whatever a library throws is its answer
            found[name] = {"reason": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"}
    return found


def time_calls(run, warm_up, repeats, summarize):
    import torch

    properties = torch.cuda.get_device_properties(0)
    scratch = torch.empty(max(LEAST_FLUSH, 2 * getattr(properties, "L2_cache_size", 0)), dtype=torch.uint8, device="cuda")
    seconds = []
    for number in range(warm_up + repeats):
        scratch.fill_(number % 256)
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        run()
        end.record()
        end.synchronize()
        if number >= warm_up:
            seconds.append(begin.elapsed_time(end) / 1000)
    return summarize(seconds)


def normal(torch, shape, dtype):
    if dtype == torch.int8:
        return torch.randint(-7, 8, shape, dtype=dtype, device="cuda")
    return (torch.randn(shape, device="cuda") * 0.3).to(dtype)


def matmul_operands(torch, peer):
    """A and B of the product as views: transposed ones are stored as the kernel has them."""
    if peer["input"] not in DTYPES:
        raise NotImplementedError(f"no product of {peer['input']}")
    dtype = getattr(torch, DTYPES[peer["input"]])
    m, n, k, order = peer["m"], peer["n"], peer["k"], peer["order"]
    a = normal(torch, (k, m), dtype).t() if order[0] == "t" else normal(torch, (m, k), dtype)
    b = normal(torch, (n, k), dtype).t() if order[1] == "t" else normal(torch, (k, n), dtype)
    return a, b


def torch_runner(peer):
    import torch

    kind = peer["kind"]
    if kind == "matmul":
        if peer["input"].startswith("f8"):
            return torch_float8(torch, peer)
        a, b = matmul_operands(torch, peer)
        torch.backends.cuda.matmul.allow_tf32 = peer["input"] == "tf32"
        if peer["input"] == "i8":
            return {"torch": lambda: torch._int_mm(a, b)}
        return {"torch": lambda: torch.matmul(a, b)}
    if kind == "attention":
        import torch.nn.functional as functional

        shape = (1, peer["heads"], peer["rows"], peer["depth"])
        q, k, v = (normal(torch, shape, torch.float16) for _ in range(3))
        causal = peer["isCausal"]
        return {"torch SDPA": lambda: functional.scaled_dot_product_attention(q, k, v, is_causal=causal)}
    if kind == "softmax":
        x = normal(torch, (peer["rows"], peer["columns"]), torch.float32)
        return {"torch": lambda: torch.softmax(x, 1)}
    if kind == "add":
        dtype = getattr(torch, DTYPES[peer["type"]])
        a, b = (normal(torch, (peer["count"],), dtype) for _ in range(2))
        c = torch.empty_like(a)
        return {"torch": lambda: torch.add(a, b, out=c)}
    raise NotImplementedError(kind)


def torch_float8(torch, peer):
    if peer["order"] != "nt":
        raise NotImplementedError("8-bit products only with B transposed")
    dtype = torch.float8_e4m3fn if peer["input"] == "f8E4M3FN" else torch.float8_e4m3fnuz
    a = normal(torch, (peer["m"], peer["k"]), torch.float32).to(dtype)
    b = normal(torch, (peer["n"], peer["k"]), torch.float32).to(dtype).t()
    one = torch.ones((), device="cuda")
    return {"torch": lambda: torch._scaled_mm(a, b, scale_a=one, scale_b=one, out_dtype=torch.float16)}


def triton_runner(peer):
    if peer["kind"] != "matmul" or peer["input"] not in ("f16", "bf16"):
        return {}
    import torch
    import triton

    from triton_matmul import matmul_kernel

    a, b = matmul_operands(torch, peer)
    c = torch.empty((peer["m"], peer["n"]), dtype=a.dtype, device="cuda")

    def grid(meta):
        return (triton.cdiv(peer["m"], meta["BLOCK_M"]) * triton.cdiv(peer["n"], meta["BLOCK_N"]),)

    def run():
        matmul_kernel[grid](a, b, c, peer["m"], peer["n"], peer["k"], *a.stride(), *b.stride(), *c.stride())

    run()  # compiles and chooses a configuration
    torch.cuda.synchronize()
    return {"triton": run}
