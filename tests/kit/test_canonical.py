"""Canonical bytes: the examples of RFC 8785 and what JSON cannot say."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfirst.kit.canonical import canonical_bytes, canonical_digest, new_salt, salted_digest


def test_the_example_of_rfc_8785():
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '\u20ac$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }

    assert canonical_bytes(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_utf_16_code_units():
    value = {"\u20ac": 1, "\r": 2, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}

    assert list(json.loads(canonical_bytes(value))) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600"]
    assert canonical_bytes({"\uff5e": 1, "\U0001f600": 2}).index("😀".encode()) == 2


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-1.5, "-1.5"), (100.0, "100"), (1e20, "100000000000000000000"),
        (1e21, "1e+21"), (123456789012345680000.0, "123456789012345680000"), (0.000001, "0.000001"),
        (1e-7, "1e-7"), (1.5e-9, "1.5e-9"), (5e-324, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740991, "9007199254740991"), (0.1 + 0.2, "0.30000000000000004"), (12.0e-5, "0.00012"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_browsers_do(number, written):
    assert canonical_bytes(number).decode() == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_reads_back_as_itself(number):
    assert float(canonical_bytes(number)) == number


@given(st.dictionaries(st.text(alphabet="abcйї\u0301"), st.integers(-5, 5) | st.text(alphabet='é😀\n"\\')))
def test_order_of_keys_never_shows(value):
    try:
        once = canonical_bytes(value)
    except ValueError:
        return

    assert canonical_bytes(dict(reversed(value.items()))) == once
    assert b" " not in once


def test_text_is_written_in_nfc():
    assert canonical_bytes({"й": "и\u0306"}) == canonical_bytes({"и\u0306": "й"}) == '{"й":"й"}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", {"й": 1, "и\u0306": 2}])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises(ValueError):  # noqa: PT011
        canonical_bytes(value)


@pytest.mark.parametrize("value", [b"bytes", {1: "a"}, object()])
def test_other_types_are_refused(value):
    with pytest.raises(TypeError):
        canonical_bytes(value)


def test_digest_is_sha_256_of_salt_and_bytes():
    salt = b"s" * 32

    assert (
        canonical_digest({"b": 1, "a": "ї"}, salt=salt) == hashlib.sha256(salt + '{"a":"ї","b":1}'.encode()).hexdigest()
    )
    assert salted_digest(b"", salt=b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert len(new_salt()) == 32
    assert new_salt() != new_salt()
