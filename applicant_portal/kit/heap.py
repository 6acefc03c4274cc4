"""What a process holds for good is not looked through for garbage again and again."""

import gc


def settle() -> None:
    """To be called once everything long-lived is loaded: code, word lists, the first state of an index.

    A full collection went through all of it, 60 to 250 ms in which no thread answers or indexes; it is what
    made the slowest edits slow (measured by tests/benchmarks/scale.py).
    """
    gc.collect()
    gc.freeze()
