"""What a file is: its encoding, its format, and one clear sentence when it is neither."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicant_portal.importers import registry, registry_formats
from applicant_portal.kit.data_files import (
    BadRow,
    UnreadableFile,
    csv_table,
    decode,
    json_table,
    reads_like_ukrainian,
)

SAMPLE = (
    "Назва закладу освіти;Код\nХарківський вигаданий університет імені Сковороди;1\n"
    "Львівська вигадана академія мистецтв та ремесел;2\n"
)


def test_utf8_with_and_without_a_mark_reads_the_same() -> None:
    assert decode(SAMPLE.encode(), "a.csv") == decode(SAMPLE.encode("utf-8-sig"), "a.csv") == SAMPLE


def test_cp1251_reads_as_ukrainian() -> None:
    assert decode(SAMPLE.encode("cp1251"), "a.csv") == SAMPLE


@pytest.mark.parametrize("encoding", ["koi8-u", "cp866", "iso8859-5", "mac-cyrillic", "utf-16", "utf-16-le"])
def test_other_encodings_are_refused_and_not_read_wrongly(encoding: str) -> None:
    with pytest.raises(UnreadableFile, match="UTF-8"):
        decode((SAMPLE * 5).encode(encoding, errors="replace"), "a.csv")


def test_western_text_with_accents_is_not_taken_for_ukrainian() -> None:
    with pytest.raises(UnreadableFile, match="кодування"):
        decode("name,id\nUniversité général café élève été,1\n".encode("latin-1"), "a.csv")


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"PK\x03\x04\x14\x00", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"<!DOCTYPE html><html>", "вебсторінка"),
        (b"abc\x00def\x00\x01\x02 text that is not text", "двійковий"),
        (b"", "порожній"),
        (b"\xef\xbb\xbf \r\n", "порожній"),
    ],
)
def test_what_is_no_table_is_named_for_what_it_is(head: bytes, what: str) -> None:
    with pytest.raises(UnreadableFile, match=what):
        decode(head, "file")


def test_text_spoiled_by_recoding_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="перекодуванням"):
        decode("Назва,Код\n\ufffd\ufffd\ufffd\ufffd\ufffd,1\n".encode(), "a.csv")


def test_broken_json_is_one_sentence_with_line_and_column() -> None:
    with pytest.raises(UnreadableFile, match=r"рядку 2, позиція \d+") as caught:
        json_table('[{"usid": 1},\n {"usid": }]', "a.json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": NaN}', "[" + "9" * 5000 + "]", "[]", "{}", '["a"', "{"]
)
def test_absurd_json_never_ends_in_a_traceback(text: str) -> None:
    with pytest.raises(UnreadableFile):
        registry_of(text)


def registry_of(text: str) -> object:
    table = json_table(text, "a.json")
    if registry_formats.recognise(table.headings, table.kind) is None:
        raise UnreadableFile("unknown")
    return table


@pytest.mark.parametrize(
    "shape",
    [
        lambda record: [record],
        lambda record: record,
        lambda record: {"offers": [record]},
        lambda record: {"data": [record]},
        lambda record: {"1069080": record},
    ],
    ids=["a list", "alone", "under offers", "under data", "by its id"],
)
def test_records_are_found_in_every_wrapping(shape: Callable[[Any], Any]) -> None:
    assert json_table(json.dumps(shape({"usid": 1})), "a.json").rows == [{"usid": 1}]


def test_one_object_a_line_is_read_too() -> None:
    assert len(json_table('{"usid": 1}\n{"usid": 2}\n', "a.jsonl").rows) == 2


def test_an_element_that_is_no_object_is_a_bad_row_and_the_rest_is_read() -> None:
    rows = json_table('[{"usid": 1}, 7, "x"]', "a.json").rows
    assert [isinstance(row, BadRow) for row in rows] == [False, True, True]


def test_a_csv_that_breaks_off_inside_quotes_is_refused_whole() -> None:
    with pytest.raises(UnreadableFile, match="рядка 3"):
        csv_table('Назва,Код\nА,1\n"Б,2\n', "a.csv")


def test_a_csv_of_headings_only_has_nothing_to_read() -> None:
    with pytest.raises(UnreadableFile, match="жодного запису"):
        csv_table("Назва,Код\n", "a.csv")


def test_a_missing_file_and_a_folder_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="Не вдалося відкрити"):
        registry.read(tmp_path / "none.csv")
    with pytest.raises(UnreadableFile, match="тека"):
        registry.read(tmp_path)


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_one_sentence(data: bytes) -> None:
    try:
        text = decode(data, "file")
        table = json_table(text, "file") if text.lstrip()[:1] in ("{", "[") else csv_table(text, "file")
    except UnreadableFile as error:
        assert str(error)  # noqa: PT017 (either it is read, or it is refused with a sentence)
    else:
        assert table.rows


@given(st.text(alphabet="абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВІЇЄҐ «»’-.,0123456789", min_size=1, max_size=39))
def test_short_ukrainian_text_survives_cp1251(text: str) -> None:
    assert reads_like_ukrainian(text.encode("cp1251").decode("cp1251"))
