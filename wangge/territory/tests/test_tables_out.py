"""Tables as files: what a workbook cannot hold is left out, and what looks like a formula stays words."""

from io import BytesIO

from openpyxl import load_workbook

from wangge.territory import tables_out


def test_words_that_no_workbook_holds_and_formulas_do_no_harm() -> None:
    left = tables_out._xlsx([["note", "lat"], ["=1+1\x0b路口\n旁", -0.5]])
    (_head, row) = load_workbook(BytesIO(left)).active.iter_rows(values_only=True)
    assert row == ("'=1+1路口\n旁", -0.5)
    assert tables_out.as_meant("'=1+1") == "=1+1"
    assert tables_out.as_meant("'s Gravenhage") == "'s Gravenhage"
