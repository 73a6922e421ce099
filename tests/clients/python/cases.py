"""The cases of the programs of this folder, in the order they are defined in."""

CASES = []


def case(function):
    CASES.append(function)
    return function


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"
