"""Writes what Python pickles, and what it holds, for the tests of the reader in Rust.

    python make_vectors.py DIRECTORY [FAMILY ...] [-- CASE ...]

makes DIRECTORY/FAMILY/CASE with header.pickle, buf0.bin, ... and meta.json, whose `expect` says
what the value is. Families, all of them where none is named:

    ipp-p2 ... ipp-p5           ipyparallel.serialize.serialize_object
    ipp-apply-p2 ... -p5        ipyparallel.serialize.pack_apply_message
    pickle2-inband ... pickle5-inband
    pickle5-oob                 PEP 574

It needs numpy, and ipyparallel for its own families.
"""

import collections
import datetime
import decimal
import fractions
import hashlib
import json
import math
import pathlib
import pickle
import re
import sys

import numpy as np

try:
    from ipyparallel.serialize import serialize as ipp
    from ipyparallel.serialize.canning import Reference
except ImportError:
    ipp = None

FAMILIES = (
    [f"ipp-p{protocol}" for protocol in (2, 3, 4, 5)]
    + [f"ipp-apply-p{protocol}" for protocol in (2, 3, 4, 5)]
    + [f"pickle{protocol}-inband" for protocol in (2, 3, 4, 5)]
    + ["pickle5-oob"]
)


class Engine:
    """A value that only an engine can put together, and what `describe` calls it."""

    def __init__(self, value, what):
        self.value, self.what = value, what


# What the value is.


def digest(data):
    return hashlib.sha256(data).hexdigest()


def fields(dtype):
    found = []
    for name in dtype.names:
        field, offset = dtype.fields[name][:2]
        entry = {
            "name": name,
            "offset": offset,
            "dtype": field.base.str,
            "shape": list(field.shape),
        }
        if field.base.names:
            entry["fields"] = fields(field.base)
        found.append(entry)
    return found


def describe_array(array):
    dtype = array.dtype
    told = {
        "type": "ndarray",
        "shape": list(array.shape),
        "dtype": dtype.str,
        "itemsize": dtype.itemsize,
        "hasobject": dtype.hasobject,
    }
    if dtype.names:
        told["fields"] = fields(dtype)
    if dtype.hasobject:
        told["tolist_repr"] = repr(array.tolist())
        return told
    told["nbytes"] = array.nbytes
    told["sha256_c_order"] = digest(array.tobytes())
    widest = {"c": 16}.get(dtype.kind, 8)
    if array.size and dtype.kind in "biufc" and dtype.itemsize <= widest:
        told["first"] = repr(array.flat[0].item())
        told["last"] = repr(array.flat[array.size - 1].item())
    return told


def describe(value, above=()):
    """`above` holds the containers that `value` is in, outermost first."""
    for up, container in enumerate(reversed(above), 1):
        if container is value:
            return {"type": "recursive", "levels_up": up}
    within = (*above, value)
    kind = type(value)
    name = kind.__name__
    if isinstance(value, Engine):
        return {"type": "ipyparallel", "what": value.what}
    if value is None or kind in (bool, int, float, complex):
        return {"type": name, "repr": repr(value)}
    if kind is str:
        utf8 = value.encode("utf-8", "surrogatepass")
        told = {"type": "str", "chars": len(value), "utf8_sha256": digest(utf8)}
        surrogates = any(0xD800 <= ord(char) < 0xE000 for char in value)
        if len(value) <= 64 and not surrogates:
            told["value"] = value
        return told
    if kind in (bytes, bytearray):
        return {"type": name, "nbytes": len(value), "sha256": digest(value)}
    if kind is memoryview:
        data = value.tobytes()
        return {"type": name, "nbytes": len(data), "sha256": digest(data)}
    if kind is pickle.PickleBuffer:
        return describe(value.raw().obj)
    if kind in (list, tuple, set, frozenset):
        return {"type": name, "items": [describe(item, within) for item in value]}
    if kind in (dict, collections.OrderedDict):
        pairs = [[describe(k, within), describe(v, within)] for k, v in value.items()]
        return {"type": name, "items": pairs}
    if kind is np.ndarray:
        return describe_array(value)
    if isinstance(value, np.ndarray):
        told = {"type": "ndarray subclass", "class": name}
        if isinstance(value, np.ma.MaskedArray):
            told["data"] = describe_array(np.asarray(value.data))
            told["mask"] = describe_array(np.ma.getmaskarray(value))
        else:
            told["data"] = describe_array(value.view(np.dtype(value.dtype.descr), np.ndarray))
        return told
    if isinstance(value, np.generic):
        return {"type": "numpy scalar", "dtype": value.dtype.str, "sha256": digest(value.tobytes())}
    return {"type": "other", "class": f"{kind.__module__}.{kind.__qualname__}", "repr": repr(value)}


# The values.

PATTERN = bytes(index % 251 for index in range(1 << 17))


def of_pattern(shape, dtype):
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    return np.frombuffer(bytearray(PATTERN[: count * dtype.itemsize]), dtype).reshape(shape)


def counted(*shape, dtype="<f8"):
    return np.arange(math.prod(shape)).astype(dtype).reshape(shape)


def read_only(array):
    array.flags.writeable = False
    return array


def scalars():
    yield from {
        "none": None,
        "true": True,
        "false": False,
        "float": 1.25,
        "float_inf": -math.inf,
        "float_nan": math.nan,
        "complex": 1.5 - 2j,
        "int_0": 0,
        "int_5": 5,
        "int_minus1": -1,
        "int_255": 255,
        "int_256": 256,
        "int_65535": 65535,
        "int_65536": 65536,
        "int_i32_max": 2**31 - 1,
        "int_i32_min": -(2**31),
        "int_2_31": 2**31,
        "int_i64_max": 2**63 - 1,
        "int_minus_2_63": -(2**63),
        "int_u64_max": 2**64 - 1,
        "int_2_100": 2**100,
        "int_minus_2_127": -(2**127),
        "int_minus_2_100_more": -(2**100) - 12345,
        "int_2_3000": 2**3000,
        "str_short": "hello",
        "str_unicode": "h\u00e9llo \u2603 \U0001f600",
        "str_256": "x" * 256,
        "str_5000": "y" * 5000,
        "str_surrogate": "\ud800",
        "str_surrogates_paired": "a\ud83d\ude00b",
        "str_empty": "",
        "bytes_empty": b"",
        "bytes_short": b"hello",
        "bytes_1024": PATTERN[:1024],
        "bytes_1025": PATTERN[:1025],
        "bytes_big": PATTERN[:3000],
        "bytes_all": bytes(range(256)),
        "bytearray_small": bytearray(b"abc"),
        "bytearray_empty": bytearray(),
        "bytearray_big": bytearray(PATTERN[:3000]),
        "memoryview_small": memoryview(b"hello"),
        "memoryview_big": memoryview(PATTERN[:3000]),
        "memoryview_f8_2d": memoryview(counted(20, 30)),
        "memoryview_strided": memoryview(PATTERN[:3000])[::2],
        "np_scalar_f8": np.float64(1.5),
        "np_scalar_i4": np.int32(-7),
        "np_scalar_b1": np.True_,
        "np_scalar_c16": np.complex128(1 - 2j),
        "np_scalar_S": np.bytes_(b"abc"),
        "np_scalar_U": np.str_("ab\u00e9"),
        "np_scalar_M8": np.datetime64("2020-02-29T01:02:03", "s"),
        "np_scalar_be_f4": np.array(1.5, ">f4")[()],
        "np_scalar_struct": np.array((1, 2.5), [("a", "<i2"), ("b", "<f8")])[()],
    }.items()
    floats = [0.0, -0.0, 0.1, 1e16, 1e15, 123456789012345680.0, 1e22, 1e-4, 1e-5, 1.5e-7, 5e-324]
    floats += [1.7976931348623157e308, -2.5, 100.0, 1 / 3, math.inf]
    yield "list_of_floats", floats
    parts = [0.0, -0.0, 1.0, -1.0, 1e16, 0.1, math.inf, -math.inf, math.nan]
    yield "list_of_complex", [complex(real, imag) for real in parts for imag in parts]


def arrays():
    little, big = "f2 f4 f8 f16 c8 c16 c32 i2 i4 i8 u2 u4 u8", "f4 f8 c16 i2 i8"
    for order, codes in (("<", little), (">", big)):
        for code in codes.split():
            name = f"dtype_{'le' if order == '<' else 'be'}_{code}"
            yield name, counted(1200).astype(order + code)
            yield name + "_small", counted(2, 3).astype(order + code)
    for code in ("b1", "i1", "u1"):
        yield f"dtype_{code}", counted(1200, dtype="<i8").astype(code)
        yield f"dtype_{code}_small", counted(2, 3).astype(code)
    for code in (">f2", ">f16", ">c8", ">c32", ">u2", ">u4", ">u8", ">i4"):
        yield f"dtype_be_{code[1:]}_more", counted(150).astype(code)
    texts = [str(number) for number in range(200)]
    yield "dtype_S10", np.array(texts, "S10")
    yield "dtype_U5", np.array(texts, "U5")
    yield "dtype_U5_be", np.array(texts, ">U5")
    yield "dtype_V7", of_pattern((200,), "V7")
    yield "dtype_M8_ns", np.arange(200).astype("M8[ns]")
    yield "dtype_m8_s", np.arange(200).astype("m8[s]")
    yield "dtype_M8_25us_be", np.arange(200).astype(">M8[25us]")
    yield "dtype_M8_generic", np.array(["NaT"] * 150, "M8")
    yield "dtype_m8_D_small", np.arange(5).astype("m8[D]")
    yield "dtype_object", np.array([1, "two", None, 4.0], object)
    quoted = ["it's", 'say "x"', "it's \"x\"", "tab\there\n", "caf\u00e9 \u2603", "\x00\x7f\x85\xad", "\\"]
    quoted += ["\U0001f600\u200b\ue000\U000e0001\ud800", b"it's \x00\xff'\"\\\n", bytearray(b"ab")]
    yield "dtype_object_quoted", np.array(quoted, object)
    nested = np.array([None] * 12, object)
    nested[0] = [1, (2,), (), {"k": {3.5}}, frozenset({1}), set(), frozenset(), {}]
    nested[1] = (1 - 2j, -0.0, 1e300, math.nan, 2**70, True)
    nested[2] = datetime.date(2020, 2, 29)
    nested[3] = decimal.Decimal("1.10")
    nested[4] = fractions.Fraction(1, 3)
    nested[5] = range(1, 5, 2)
    yield "dtype_object_nested", nested.reshape(3, 4)
    yield "dtype_object_0d", np.array(None, object)
    yield "dtype_object_empty", np.array([], object)
    yield "dtype_object_big", np.array([f"text {number}" for number in range(400)], object)
    yield "dtype_object_fortran", np.asfortranarray(np.arange(6).astype(object).reshape(2, 3))

    yield "f8_0d", np.array(3.5)
    yield "f8_1d_small", counted(3)
    yield "f8_1d_1024_bytes", counted(128)
    yield "f8_1d_1032_bytes", counted(129)
    yield "f8_1d_big", counted(300)
    yield "f8_ones_2048", np.ones(2048)
    yield "f8_readonly", read_only(counted(300))
    yield "f8_1d_negative_stride", counted(300)[::-1]
    yield "f8_2d_c", counted(20, 30)
    yield "f8_2d_fortran", np.asfortranarray(counted(20, 30))
    yield "f8_2d_fortran_small", np.asfortranarray(counted(2, 3))
    yield "f8_2d_columns_strided", counted(20, 60)[:, ::2]
    yield "f8_2d_broadcast", np.broadcast_to(counted(150), (4, 150))
    yield "f8_3d_permuted", counted(6, 10, 8).transpose(1, 0, 2)
    yield "f8_3d_permuted_more", counted(6, 10, 8).transpose(1, 2, 0)
    yield "f8_3d_slice", counted(6, 10, 8)[1:4]
    yield "f8_4d", counted(5, 4, 3, 7)
    yield "f8_4d_fortran", np.asfortranarray(counted(5, 4, 3, 7))
    yield "f8_dim_65536", np.zeros((1, 65536), "i1")
    yield "f8_empty_0", np.empty(0)
    yield "f8_empty_0x5", np.empty((0, 5))
    yield "f8_empty_5x0", np.empty((5, 0))
    yield "f8_32_axes", counted(2, *[1] * 31)
    yield "f8_values", np.array([0.1, math.nan, -0.0, 1e300])
    yield "f4_values", np.array([0.1, 2, 1e30], "<f4")
    yield "f2_values", np.array([0.1, 2, 65504], "<f2")
    yield "c8_values", np.array([0.1 - 0.2j, complex(-0.0, math.nan)], "<c8")
    yield "bool_0d", np.array(True)
    yield "u8_large", np.array([2**64 - 1, 2**63], "<u8")
    for dtype in ("S3", "U3", "M8[s]", "<f16", "V3"):
        yield f"zero_d_{dtype[:2].strip('<')}", of_pattern((), dtype)

    packed = [("n", "<i8"), ("s", "S1"), ("u", "<u4")]
    yield "struct_packed", of_pattern((200,), packed)
    yield "struct_small", of_pattern((3,), packed)
    yield "struct_one_field", of_pattern((400,), [("g", "<f4")])
    yield "struct_mixed_endian", of_pattern((200,), [("a", ">f4"), ("b", "<i2")])
    inner = [("x", "<f4"), ("y", "<f8")]
    yield "struct_nested", of_pattern((60,), [("a", inner), ("b", "<i4", (2, 3))])
    yield "struct_nested_array", of_pattern((20,), [("a", inner, (2,)), ("b", [("c", inner)])])
    yield "struct_aligned", of_pattern((200,), np.dtype([("a", "i1"), ("b", "<i4")], align=True))
    apart = {"names": ["b", "a"], "formats": ["<i4", "i1"], "offsets": [4, 0], "itemsize": 16}
    yield "struct_offsets", of_pattern((200,), np.dtype(apart))
    gaps = {"names": ["a", "b"], "formats": ["<i4", "i1"], "offsets": [2, 8], "itemsize": 16}
    yield "struct_gaps", of_pattern((100,), np.dtype(gaps))
    yield "struct_object_field", np.array([(1, "x"), (2, None)], [("a", "<i4"), ("o", "O")])
    kinds = [("b", "?"), ("h", "<f2"), ("S", "S3"), ("U", "<U2"), ("V", "V2"), ("z", "<c8")]
    yield "struct_kinds", of_pattern((100,), kinds)
    yield "struct_dates", of_pattern((100,), [("t", "<M8[ms]"), ("d", ">m8[D]")])
    yield "struct_0d", of_pattern((), packed)
    yield "struct_fortran", np.asfortranarray(of_pattern((10, 20), packed))
    yield "struct_strided", of_pattern((200,), packed)[::2]
    yield "struct_unicode_names", of_pattern((100,), [("\u00e9", "<i4"), ("\u2603", "<i4")])

    yield "masked_array", np.ma.MaskedArray(counted(4), mask=[False, True, False, False])
    yield "record_array", of_pattern((100,), [("n", "<i8"), ("u", "<u4")]).view(np.recarray)


def containers():
    big, small = counted(300), counted(3)
    yield from {
        "tuple_empty": (),
        "tuple_1": (1,),
        "tuple_2": (1, 2),
        "tuple_3": (1, 2, 3),
        "tuple_4": (1, 2, 3, 4),
        "list_empty": [],
        "list_ints": [1, 2, 3],
        "list_1001_ints": list(range(1001)),
        "set_empty": set(),
        "set_ints": {1, 2, 3},
        "set_of_bytes": {PATTERN[:3000]},
        "set_of_some_bytes": {PATTERN[:2000], PATTERN[1:2001], b"small"},
        "set_of_str": {"a", "b", "c"},
        "frozenset_ints": frozenset({1, 2}),
        "frozenset_empty": frozenset(),
        "dict_empty": {},
        "dict_1001_ints": {number: number for number in range(1001)},
        "dict_of_arrays": {"b": big, "a": counted(400), "small": small, "n": 5},
        "dict_int_keys": {2: big, 1: b"x"},
        "dict_number_keys": {2.5: big, True: counted(301), 2**70: counted(302), -1: counted(303)},
        "dict_tuple_keys": {(1, "b"): big, (1, "a"): counted(301), (0, "c", 1): counted(302)},
        "dict_bytes_keys": {b"b": big, b"a": counted(301), b"": counted(302)},
        "dict_unicode_keys": {"\U0001f600": big, "\uffff": counted(301), "\ud800": counted(302)},
        "dict_mixed_keys": {1: big, "a": 2},
        "dict_none_key": {None: big},
        "dict_nested": {"outer": {"inner": big, "n": 1}, "list": [big, 2]},
        "dict_of_70_arrays": {number: counted(130 + number) for number in range(70)},
        "list_of_arrays": [big, counted(400), 7, "x"],
        "list_of_kinds": [big, PATTERN[:2000], small, b"small", None, np.array([1, None] * 300)],
        "list_of_strided": [big[::2], counted(20, 20).T, np.broadcast_to(small, (100, 3))],
        "list_nested": [[big], (big, [b"whoda"])],
        "list_nested_str_70000": [["z" * 70000, "after"]],
        "list_nested_bytes_70000": [[PATTERN[:3000] * 24, "after"]],
        "list_600_strings_twice": [[f"s{number}" for number in range(600)]] * 2,
        "list_of_63_arrays": [counted(130)] + [counted(129)] * 62,
        "list_of_64_arrays": [counted(129)] * 64,
        "list_same_array_twice": [big, big],
        "list_same_object_twice": [[1, 2]] * 2,
        "tuple_mixed_small": (small, 1, 2, b"hello"),
        "tuple_of_arrays": (big, b"hello", PATTERN[:3000]),
        "uncanned_builtin_function": len,
        "uncanned_date": datetime.date(2020, 2, 29),
        "uncanned_decimal": decimal.Decimal("1.10"),
        "uncanned_fraction": fractions.Fraction(1, 3),
        "uncanned_range": range(5),
        "uncanned_ordereddict": collections.OrderedDict([("z", big), ("a", 1)]),
    }.items()
    more = [
        datetime.datetime(2020, 2, 29, 1, 2),
        datetime.datetime(2020, 2, 29, 1, 2, 3, 4),
        datetime.time(),
        datetime.time(1, 2, 3),
        datetime.timedelta(),
        datetime.timedelta(-1, 5, 7),
        datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.utc),
        range(1, 10, 3),
        decimal.Decimal("NaN"),
        fractions.Fraction(-3),
    ]
    yield "list_of_uncanned", more
    recursive = [1]
    recursive.append(recursive)
    yield "list_recursive", recursive
    inside = []
    recursive = (1, inside)
    inside.append(recursive)
    yield "tuple_recursive", recursive
    recursive = {"a": 1}
    recursive["self"] = [recursive]
    yield "dict_recursive", recursive
    recursive = [2, [3]]
    recursive[1].append(recursive[1])
    yield "list_recursive_within", recursive
    deep = []
    for _ in range(40):
        deep = [deep, 1]
    yield "list_deep", deep


def only_pickle():
    yield "picklebuffer_bytes", pickle.PickleBuffer(PATTERN[:97] + b"abc")
    yield "picklebuffer_bytearray", pickle.PickleBuffer(bytearray(PATTERN[:97] + b"abc"))
    yield "list_same_buffer_twice", [pickle.PickleBuffer(PATTERN[:100])] * 2


def plain_function(x):
    return x + 1


# Its code names the file it is from: the same one, wherever the project lies.
plain_function.__code__ = plain_function.__code__.replace(co_filename="make_vectors.py")


def only_ipp():
    yield "function_plain", Engine(plain_function, "function_plain")
    yield "reference", Engine(Reference("a + 1"), "reference")
    yield "list_with_reference", Engine([Reference("x"), counted(300)], "list_with_reference")


def applied():
    big = counted(300)
    yield "nothing", (len, (), {})
    yield "one", (len, (big,), {})
    yield "two_of_a_kind", (len, (big, counted(5)), {"b": counted(301), "a": [counted(302), 1]})
    yield "names", (len, (), {"z": 1, "a": "x", "\u00e9": {"k": big}})
    yield "reference", (len, (Engine(Reference("x"), "reference"), 1), {})
    yield "function", (Engine(plain_function, "function_plain"), (1,), {})


# What Python makes of it.


def unwrap(value):
    return value.value if isinstance(value, Engine) else value


def pack(family, value):
    """The blobs."""
    protocol = int(re.search(r"\d", family)[0])
    if family.startswith("ipp-apply"):
        ipp.PICKLE_PROTOCOL = protocol
        function, args, kwargs = value
        args = [unwrap(arg) for arg in args]
        return ipp.pack_apply_message(unwrap(function), args, kwargs)
    if family.startswith("ipp"):
        ipp.PICKLE_PROTOCOL = protocol
        return ipp.serialize_object(unwrap(value))
    buffers = []
    callback = buffers.append if family.endswith("-oob") else None
    header = pickle.dumps(value, protocol, buffer_callback=callback)
    return [header, *(buffer.raw() for buffer in buffers)]


def cases(family):
    if family.startswith("ipp-apply"):
        yield from applied()
        return
    yield from scalars()
    yield from arrays()
    yield from containers()
    if family.startswith("ipp"):
        yield from only_ipp()
    if family == "pickle5-oob":
        yield from only_pickle()


def describe_case(family, value):
    if not family.startswith("ipp-apply"):
        return describe(value)
    function, args, kwargs = value
    return {
        "type": "apply",
        "function": describe(function),
        "args": [describe(arg) for arg in args],
        "kwargs": {name: describe(arg) for name, arg in kwargs.items()},
    }


def write(folder, family, case, value):
    meta = {"family": family, "case": case, "numpy": np.__version__}
    # Canning writes into what it cans, so ask before.
    expect = describe_case(family, value)
    try:
        blobs = pack(family, value)
    except Exception as error:
        meta["error"] = f"{type(error).__name__}: {error}"
        blobs = []
    else:
        meta["expect"] = expect
    folder.mkdir(parents=True, exist_ok=True)
    for index, blob in enumerate(blobs):
        name = f"buf{index - 1}.bin" if index else "header.pickle"
        view = memoryview(blob)
        (folder / name).write_bytes(view.tobytes())
        if index:
            buffer = {"file": name, "nbytes": view.nbytes, "readonly": view.readonly}
            meta.setdefault("buffers", []).append(buffer)
    (folder / "meta.json").write_text(json.dumps(meta, indent=1))


def main():
    target, *families = sys.argv[1:]
    only = []
    if "--" in families:
        only = families[families.index("--") + 1 :]
        families = families[: families.index("--")]
    for family in families or FAMILIES:
        if family.startswith("ipp") and ipp is None:
            print(f"no ipyparallel here: {family} is left out", file=sys.stderr)
            continue
        for case, value in cases(family):
            if not only or case in only:
                write(pathlib.Path(target, family, case), family, case, value)


if __name__ == "__main__":
    main()
