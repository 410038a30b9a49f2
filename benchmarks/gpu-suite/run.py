#!/usr/bin/env python3
"""The suite's runner for Python 3.8 and newer: needs the GPU's driver and nothing else.

    python3 run.py [--out=results.json] [--cases=PATTERN] [--device=0] [--repeats=50] [--warm-up=5] [--no-time]

Where torch or Triton are installed, their times for the same computations are measured as well (peers.py).
Exit status: 0 if all cases passed, 1 if some failed, 2 if there is no GPU that the suite runs on.
"""

import argparse
import array
import ctypes
import datetime
import json
import math
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))
POISON, OTHER_POISON = 0xDB, 0x24
GUARD = 4096
LEAST_FLUSH = 1 << 26
LOG_BYTES = 8192
# Status of an event that has not come, and seconds after which a kernel counts as one that does not end.
NOT_READY, TIME_LIMIT = 600, 60

C_TYPES = {
    "i32": ctypes.c_int, "u32": ctypes.c_uint, "u8": ctypes.c_ubyte, "u64": ctypes.c_uint64, "size": ctypes.c_size_t,
    "text": ctypes.c_char_p, "buffer": ctypes.c_void_p, "i32s": ctypes.c_void_p, "pointers": ctypes.c_void_p,
    "f32": ctypes.c_float,
}
ELEMENT_BYTES = {"f16": 2, "bf16": 2, "f32": 4, "tf32": 4, "f64": 8, "i1": 1}


class HardwareError(Exception):
    """Why there is no GPU, or what a call of its driver said."""


def element_bytes(name):
    if name in ELEMENT_BYTES:
        return ELEMENT_BYTES[name]
    return max(1, int(re.search(r"\d+", name).group()) // 8)


class Driver:
    """One GPU through libcuda or libamdhip64, by the table of functions in suite.json."""

    def __init__(self, vendor, api, ordinal):
        self.vendor, self.api, self.bound, self.is_stuck = vendor, api, {}, False
        library = api["libraries"][vendor]
        chosen = os.environ.get(library["variable"])
        reason = None
        self.library = None
        for name in [chosen] if chosen else library["files"]:
            try:
                self.library = ctypes.CDLL(name)
                break
            except OSError as error:
                reason = reason or str(error)
        maker = library["vendor"]
        if self.library is None:
            raise HardwareError(f"the {maker} driver's library cannot be loaded: {reason}")
        try:
            self.call("initialize", 0)
        except HardwareError as error:
            raise HardwareError(f"there is no {maker} GPU that can be used: {error}") from None
        count = self.result("deviceCount")
        if ordinal >= count:
            raise HardwareError(f"the {maker} driver finds {count} GPUs, none of number {ordinal}")
        self.device = self.result("device", ordinal)
        if vendor == "cuda":
            self.call("setContext", self.result("retainContext", self.device))
        else:
            self.call("setDevice", self.device)
        self.facts = self.read_facts()

    def function(self, name):
        """The bound function, its symbol and the types of its parameters."""
        if name not in self.bound:
            entry = self.api["functions"][name]
            symbol = entry[self.vendor]
            try:
                function = getattr(self.library, symbol)
            except AttributeError:
                raise HardwareError(f"the driver's library has no function '{symbol}'") from None
            outs = [type.startswith("out ") for type in entry["parameters"]]
            function.argtypes = [
                ctypes.c_void_p if is_out else C_TYPES[type] for type, is_out in zip(entry["parameters"], outs)
            ]
            function.restype = ctypes.c_char_p if entry.get("returns") == "text" else ctypes.c_int
            self.bound[name] = (function, symbol, entry["parameters"])
        return self.bound[name]

    def call(self, name, *arguments):
        function, symbol, _ = self.function(name)
        status = function(*arguments)
        if status != 0:
            raise HardwareError(f"{symbol}: {self.describe(status)}")

    def result(self, name, *arguments):
        """Calls a function whose first parameter receives a number."""
        _, _, parameters = self.function(name)
        value = C_TYPES[parameters[0][len("out "):]]()
        self.call(name, ctypes.byref(value), *arguments)
        return value.value

    def describe(self, status):
        texts = []
        for cuda, hip in (("errorName", "hipErrorName"), ("errorText", "hipErrorText")):
            if self.vendor == "hip":
                text = self.function(hip)[0](status)
            else:
                text = ctypes.c_char_p()
                self.function(cuda)[0](status, ctypes.byref(text))
                text = text.value
            texts.append(text.decode() if text else None)
        name, explanation = texts
        if name is None:
            return f"error {status}"
        return name if explanation in (None, name) else f"{name} ({explanation})"

    def read_facts(self):
        attributes = self.api["libraries"][self.vendor]["attributes"]

        def attribute(name):
            try:
                return self.result("deviceAttribute", attributes[name], self.device)
            except HardwareError:
                return 0

        name = ctypes.create_string_buffer(256)
        self.call("deviceName", name, 256, self.device)
        version = self.result("driverVersion")
        if self.vendor == "cuda":
            numbers = self.api["cudaNumbers"]
            major = self.result("deviceAttribute", numbers["computeCapabilityMajor"], self.device)
            minor = self.result("deviceAttribute", numbers["computeCapabilityMinor"], self.device)
            arch = f"sm_{major}{minor}"
            text = f"{version // 1000}.{version % 1000 // 10}"
        else:
            properties = ctypes.create_string_buffer(8192)
            self.call("deviceProperties", properties, self.device)
            found = re.search(rb"gfx[0-9a-f]{3,}", properties.raw)
            if found is None:
                raise HardwareError("the HIP driver does not say the device's architecture")
            arch = found.group().decode()
            text = f"{version // 10000000}.{version % 10000000 // 100000}.{version % 100000}"
        return {
            "vendor": self.vendor,
            "name": name.value.decode(),
            "arch": arch,
            "memoryBytes": self.result("deviceMemory", self.device),
            **{key: attribute(key) for key in attributes},
            "driverVersion": text,
        }

    def load(self, image):
        handle = ctypes.c_uint64()
        buffer = ctypes.create_string_buffer(image, len(image) + 1)
        if self.vendor == "hip":
            self.call("loadModule", ctypes.byref(handle), buffer, 0, None, None)
            return handle.value
        log = ctypes.create_string_buffer(LOG_BYTES)
        numbers = self.api["cudaNumbers"]
        options = (ctypes.c_int * 2)(numbers["jitErrorLog"], numbers["jitErrorLogBytes"])
        values = (ctypes.c_void_p * 2)(ctypes.addressof(log), LOG_BYTES)
        try:
            self.call("loadModule", ctypes.byref(handle), buffer, 2, options, values)
        except HardwareError as error:
            text = log.value.decode(errors="replace").strip()
            raise HardwareError(f"{error}: {text}" if text else str(error)) from None
        return handle.value

    def fill(self, pointer, value, size):
        self.call("fill", pointer, value, size)

    def synchronize(self):
        """Waits for what was launched; gives the device up where it does not end."""
        event = self.result("createEvent", 0)
        self.call("recordEvent", event, 0)
        deadline = time.monotonic() + TIME_LIMIT
        query = self.function("queryEvent")[0]
        while query(event) == NOT_READY:
            if time.monotonic() > deadline:
                self.is_stuck = True
                raise HardwareError(f"the kernel has not ended after {TIME_LIMIT} s")
            time.sleep(0.001)
        self.call("destroyEvent", event)
        self.call("synchronize")

    def download(self, pointer, size):
        result = bytearray(size)
        if size:
            self.call("download", (ctypes.c_char * size).from_buffer(result), pointer, size)
        return result


class Launch:
    """A kernel with its arguments in the device's memory, each tensor between two guards."""

    def __init__(self, driver, case, handle):
        self.driver, self.case, self.handle = driver, case, handle
        kernel = case["kernel"]
        self.buffers, self.values = {}, []
        shared = driver.facts["sharedBytes"]
        if shared and kernel["sharedBytes"] > shared:
            raise HardwareError(f"needs {kernel['sharedBytes']} bytes of shared memory; a block can have {shared}")
        try:
            for argument in kernel["arguments"]:
                self.place(argument)
            if driver.vendor == "cuda" and kernel["sharedBytes"] > 0:
                number = driver.api["cudaNumbers"]["maxDynamicSharedBytes"]
                driver.call("setFunctionAttribute", handle, number, kernel["sharedBytes"])
        except HardwareError:
            self.free()
            raise

    def place(self, argument):
        given = self.case["inputs"][argument["name"]]
        if argument["kind"] == "scalar":
            self.values.append(ctypes.create_string_buffer(bytes.fromhex(given["bytes"])))
            return
        size = element_bytes(given["elementType"])
        for extent in given["shape"]:
            size *= extent
        base = self.driver.result("allocate", size + 2 * GUARD)
        contents = None
        if "offset" in given:
            contents = input_bytes(given["elementType"], given["offset"], size)
        self.buffers[argument["name"]] = (base, size, contents)
        start = base + GUARD
        if start % argument["alignment"] != 0:
            raise HardwareError(f"argument '{argument['name']}' is not aligned to {argument['alignment']} bytes")
        self.values.append(ctypes.c_uint64(start))

    def prepare(self, poison=POISON):
        for base, size, contents in self.buffers.values():
            self.driver.fill(base, poison, size + 2 * GUARD)
            if contents:
                self.driver.call("upload", base + GUARD, contents, size)

    def start(self):
        addresses = [ctypes.addressof(value) for value in self.values]
        parameters = (ctypes.c_void_p * max(1, len(addresses)))(*addresses)
        kernel = self.case["kernel"]
        sizes = [*self.case["grid"], *kernel["block"], kernel["sharedBytes"]]
        self.driver.call("launch", self.handle, *sizes, 0, parameters, None)

    def run(self):
        self.start()
        self.driver.synchronize()

    def read(self, name):
        base, size, _ = self.buffers[name]
        return self.driver.download(base + GUARD, size)

    def find_overrun(self):
        for name, (base, size, _) in self.buffers.items():
            for place, start in (("in front of", base), ("behind", base + GUARD + size)):
                if self.driver.download(start, GUARD).count(POISON) != GUARD:
                    return f"the kernel wrote {place} argument '{name}'"
        return None

    def free(self):
        for base, _, _ in self.buffers.values():
            if not self.driver.is_stuck:
                self.driver.call("free", base)
        self.buffers = {}


POOLS = {}


def input_bytes(type, offset, size):
    """The pool of a type, again and again, from an offset on."""
    if type not in POOLS:
        with open(os.path.join(FOLDER, "pool", f"{type}.bin"), "rb") as file:
            POOLS[type] = file.read()
    pool = POOLS[type]
    start = offset * element_bytes(type)
    return (pool[start:] + pool * (size // len(pool) + 1))[:size]


def float8_value(code, type):
    exponent_bits, mantissa_bits = (4, 3) if "E4M3" in type else (5, 2)
    is_fnuz = type.endswith("FNUZ")
    bias = (1 << (exponent_bits - 1)) - (0 if is_fnuz else 1)
    sign = -1.0 if code & 0x80 else 1.0
    exponent, mantissa = code >> mantissa_bits & (1 << exponent_bits) - 1, code & (1 << mantissa_bits) - 1
    top = (1 << exponent_bits) - 1
    if is_fnuz:
        if code == 0x80:
            return math.nan
    elif type == "f8E4M3FN":
        if code & 0x7F == 0x7F:
            return math.nan
    elif exponent == top:
        return sign * math.inf if mantissa == 0 else math.nan
    if exponent == 0:
        return sign * mantissa * 2.0 ** (1 - bias - mantissa_bits)
    return sign * (1 + mantissa / (1 << mantissa_bits)) * 2.0 ** (exponent - bias)


def element_at(data, type, index):
    size = element_bytes(type)
    raw = bytes(data[index * size:(index + 1) * size])
    if type == "bf16":
        return struct.unpack("<f", b"\0\0" + raw)[0]
    if type.startswith("f8"):
        return float8_value(raw[0], type)
    if type in ("f16", "f32", "f64"):
        return struct.unpack({"f16": "<e", "f32": "<f", "f64": "<d"}[type], raw)[0]
    return int.from_bytes(raw, "little", signed=not type.startswith("u") and type != "i1")


def poisoned_elements(data, size, poison):
    """Numbers of the elements that hold nothing but poison."""
    pattern, at, found = bytes([poison]) * size, -1, []
    while True:
        at = data.find(pattern, at + 1)
        if at < 0:
            return found
        if at % size == 0:
            found.append(at // size)
            at += size - 1


def check_outputs(case, launch):
    """What is wrong, or None, and the largest error norm: the rule is that of tile-run --compare."""
    with open(os.path.join(FOLDER, "expected", case["expected"]), "rb") as file:
        expected = file.read()
    worst, suspects = 0.0, {}
    for output in case["outputs"]:
        name, count, tolerance = output["argument"], output["count"], output["tolerance"]
        given = case["inputs"][name]
        type = given["elementType"]
        data = launch.read(name)
        if "offset" not in given:
            poisoned = poisoned_elements(data, element_bytes(type), POISON)
            if poisoned:
                suspects[name] = poisoned
        offsets, values = array.array("I"), array.array("d")
        middle = output["start"] + 4 * count
        offsets.frombytes(expected[output["start"]:middle])
        values.frombytes(expected[middle:middle + 8 * count])
        if sys.byteorder == "big":
            offsets.byteswap(), values.byteswap()
        squares = sum(value * value for value in values)
        typical = math.sqrt(squares / max(1, count))
        errors = 0.0
        for offset, value in zip(offsets, values):
            found = element_at(data, type, offset)
            if found == value or (math.isnan(found) and math.isnan(value)):
                continue
            distance = abs(found - value)
            if not distance <= tolerance * (abs(value) + typical):
                return f"output '{name}' has {found} at element {offset}, expected {value}", math.inf
            errors += distance * distance
        norm = math.sqrt(errors / squares) if squares else math.sqrt(errors)
        worst = max(worst, norm)
        if norm > tolerance:
            return f"output '{name}': error norm {norm} exceeds {tolerance}", norm
    message = launch.find_overrun()
    if message is None and suspects:
        launch.prepare(OTHER_POISON)
        launch.run()
        for name, elements in suspects.items():
            size = element_bytes(case["inputs"][name]["elementType"])
            again = set(poisoned_elements(launch.read(name), size, OTHER_POISON))
            both = [element for element in elements if element in again]
            if both:
                message = f"element {both[0]} of output '{name}' was never written"
                break
    return message, worst


def quantile(ordered, fraction):
    place = fraction * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def summarize(seconds):
    ordered = sorted(seconds)
    return {
        "median": quantile(ordered, 0.5), "minimum": ordered[0], "p10": quantile(ordered, 0.1),
        "p90": quantile(ordered, 0.9), "repeats": len(ordered),
    }


def time_launches(driver, start, warm_up, repeats):
    size = max(LEAST_FLUSH, 2 * driver.facts["l2Bytes"])
    begin, end = driver.result("createEvent", 0), driver.result("createEvent", 0)
    scratch = driver.result("allocate", size)
    seconds = []
    try:
        for number in range(warm_up + repeats):
            driver.fill(scratch, number % 256, size)
            driver.call("recordEvent", begin, 0)
            start()
            driver.call("recordEvent", end, 0)
            driver.call("awaitEvent", end)
            if number >= warm_up:
                seconds.append(driver.result("elapsedTime", begin, end) / 1000)
    finally:
        driver.call("free", scratch)
        driver.call("destroyEvent", begin)
        driver.call("destroyEvent", end)
    return summarize(seconds)


def rate(timing, case, device):
    """Rates of a time, and its share of the roofline where the device has a description."""
    work = case["work"]
    timing["gigaflopPerSecond"] = work["flop"] / timing["median"] / 1e9
    timing["gigabytesPerSecond"] = work["bytes"] / timing["median"] / 1e9
    target = next((name for name in (device, device + "a") if name in case["rooflines"]), None)
    if target is not None:
        roofline = case["rooflines"][target]
        timing["shareOfRoofline"] = roofline["seconds"] / timing["median"]
        timing["roofline"] = {**roofline, "target": target}
    return {**timing, **work}


def load_code(driver, case):
    """The precompiled code; where the driver refuses it, as older ones do, what an nvcc of this machine makes of the text."""
    try:
        with open(os.path.join(FOLDER, "code", case["code"]), "rb") as file:
            return driver.load(file.read())
    except HardwareError:
        nvcc = os.environ.get("TILEWRIGHT_NVCC") or shutil.which("nvcc") or "/usr/local/cuda/bin/nvcc"
        if driver.vendor != "cuda" or not os.path.exists(nvcc):
            raise
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "kernel.cubin")
            arch = case["arch"] if case["arch"][-1] in "af" else driver.facts["arch"]
            text = os.path.join(FOLDER, "text", case["text"])
            if subprocess.run([nvcc, "-std=c++17", f"-arch={arch}", "-cubin", "-o", output, text]).returncode != 0:
                raise
            with open(output, "rb") as file:
                return driver.load(file.read())


def run_case(driver, case, options):
    module = load_code(driver, case)
    handle = driver.result("getFunction", module, case["kernel"]["name"].encode())
    launch = Launch(driver, case, handle)
    try:
        launch.prepare()
        launch.run()
        message, norm = check_outputs(case, launch)
        numbers = driver.api["functionAttributes"]
        facts = {name: driver.result("functionAttribute", number, handle) for name, number in numbers.items()}
        if message is not None:
            return {"status": "failed", "message": message, **facts}
        result = {"status": "passed", "errorNorm": norm, **facts}
        if options.time:
            timing = time_launches(driver, launch.start, options.warm_up, options.repeats)
            result["time"] = rate(timing, case, driver.facts["arch"])
        return result
    finally:
        launch.free()
        if not driver.is_stuck:
            driver.call("unloadModule", module)


def arch_number(arch):
    return int(re.search(r"\d+", arch).group())


def executes(device, arch):
    """Whether a device runs code for an architecture: NVIDIA's instruction sets are kept, except names in `a`."""
    if not (device.startswith("sm_") and arch.startswith("sm_")):
        return device == arch
    if arch[-1] in "af":
        return arch_number(device) == arch_number(arch)
    return arch_number(device) >= arch_number(arch)


def cases_for(suite, device, pattern):
    """Of each case the variant for the latest architecture that the device executes."""
    best = {}
    for case in suite["cases"]:
        name = case["name"]
        if not executes(device, case["arch"]) or not re.search(pattern, name):
            continue
        if name not in best or arch_number(case["arch"]) >= arch_number(best[name]["arch"]):
            best[name] = case
    return list(best.values())


def open_gpu(api, ordinal):
    reasons = []
    for vendor in ("cuda", "hip"):
        try:
            return Driver(vendor, api, ordinal)
        except HardwareError as error:
            reasons.append(str(error))
    raise HardwareError("; ".join(reasons))


def measure_peers(suite_case, timing, options):
    """Times of other libraries for the same computation, or why there are none."""
    if "peer" not in suite_case or not options.time or options.no_peers:
        return None
    try:
        import peers
    except Exception as error:  # whatever a library that is half installed throws
        return {"reason": str(error).split("\n")[0]}
    found = peers.measure(suite_case["peer"], options.warm_up, options.repeats, summarize)
    for entry in found.values():
        if "median" in entry:
            entry["ratio"] = entry["median"] / timing["median"]
    return found


def show(case, result):
    print(f"{'passed' if result['status'] == 'passed' else 'FAILED'}: {case['name']}")
    if "message" in result:
        print(f"        {result['message']}")
    if "time" in result:
        timing = result["time"]
        share = f", {100 * timing['shareOfRoofline']:.1f} % of the roofline" if "shareOfRoofline" in timing else ""
        print(f"        {timing['median'] * 1e6:.2f} us, {timing['gigaflopPerSecond']:.0f} GFLOP/s, "
              f"{timing['gigabytesPerSecond']:.0f} GB/s{share}")
    for name, entry in (result.get("peers") or {}).items():
        if isinstance(entry, dict) and "median" in entry:
            print(f"        {name}: {entry['median'] * 1e6:.2f} us, {entry['ratio']:.2f} of its speed")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description="Run the GPU suite.")
    parser.add_argument("--out", default="results.json", help="where to write the results")
    parser.add_argument("--cases", default="", help="only cases whose names match a regular expression")
    parser.add_argument("--device", type=int, default=0, help="which GPU of several")
    parser.add_argument("--repeats", type=int, default=50, help="timed launches of each kernel")
    parser.add_argument("--warm-up", type=int, default=5, help="launches before them")
    parser.add_argument("--no-time", dest="time", action="store_false", help="check results only")
    parser.add_argument("--no-peers", action="store_true", help="do not time other libraries")
    options = parser.parse_args()
    with open(os.path.join(FOLDER, "suite.json"), encoding="utf8") as file:
        suite = json.load(file)
    try:
        driver = open_gpu(suite["api"], options.device)
    except HardwareError as error:
        print(f"no GPU: {error}", file=sys.stderr)
        return 2
    cases = cases_for(suite, driver.facts["arch"], options.cases)
    if not cases:
        print(f"no case of the suite runs on {driver.facts['name']} ({driver.facts['arch']})", file=sys.stderr)
        return 2
    results = []
    for case in cases:
        known = {key: case[key] for key in ("name", "group", "arch")}
        is_over = False
        try:
            result = run_case(driver, case, options)
            if result["status"] == "passed":
                found = measure_peers(case, result.get("time"), options)
                if found is not None:
                    result["peers"] = found
        except HardwareError as error:
            result = {"status": "failed", "message": str(error)}
            # A kernel that faulted takes the device's context with it.
            is_over = driver.is_stuck or bool(re.search("ILLEGAL|LAUNCH_FAILED|LaunchFailure|IllegalAddress|ECC|ASSERT", str(error)))
        results.append({**known, **result})
        show(case, result)
        if is_over:
            break
    failed = sum(result["status"] == "failed" for result in results)
    summary = {"passed": len(results) - failed, "failed": failed, "notRun": len(cases) - len(results)}
    versions = {"python": platform.python_version()}
    for name in ("torch", "triton", "numpy"):
        if name in sys.modules:
            versions[name] = str(getattr(sys.modules[name], "__version__", "?"))
    report = {
        "version": 1,
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "runner": f"Python {platform.python_version()}",
        "versions": versions,
        "suite": {"created": suite["created"], "versions": suite["versions"]},
        "device": driver.facts,
        "method": {"warmUp": options.warm_up, "repeats": options.repeats, "flush": True} if options.time else "not timed",
        "summary": summary,
        "cases": results,
    }
    with open(options.out, "w", encoding="utf8") as file:
        json.dump(report, file, indent=2)
        file.write("\n")
    print(f"{summary['passed']} passed, {failed} failed, {summary['notRun']} not run; results in {options.out}")
    return 0 if failed == 0 and summary["notRun"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
