"""Every act that the program writes into the access log has words, and so have its particulars."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from wangge.audit.acts import ACTS, particulars

# Directly, or by the helper of a module that writes several acts of a kind.
WRITTEN = re.compile(r"""(?:record_access|_record|_note)\(\s*"([a-z_.]+)"\s*,""")
OF_ADDRESSES = re.compile(r"""_log\("([a-z_]+)", address,""")
OF_CONFIGURATION = re.compile(r"""\blog\(\s*"(configuration_[a-z_]+)",""")
OF_IMPORTS = re.compile(r"""_finished\([a-z]+, "([a-z_]+)",""")


def test_each_act_that_is_written_has_words() -> None:
    written: set[str] = set()
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        written |= {act for act in WRITTEN.findall(text) if "record_access" in text}
        written |= {f"address.{act}" for act in OF_ADDRESSES.findall(text)}
        written |= set(OF_CONFIGURATION.findall(text))
        written |= {f"{what}.imported" for what in OF_IMPORTS.findall(text)}
    assert len(written) > 50
    assert written - set(ACTS) == set()


def _sources() -> list[Path]:
    return [path for path in (settings.BASE_DIR / "wangge").rglob("*.py") if "tests" not in path.parts]


@pytest.mark.parametrize(
    ("detail", "chinese", "english"),
    [
        ({"card": "department", "period": "2026-05"}, "考核表：部门；考核期：2026-05", "scorecard: Departments; period: 2026-05"),
        ({"card": "inspector", "version": 3, "content": {"terms": []}}, "考核表：监督员；版本：3", "scorecard: Inspectors; version: 3"),
        (
            {"act": "change", "role": "acceptor", "from": "2026-06-10T00:30:00+00:00"},
            "行为：修改班次；角色：受理员；起：2026-06-10 08:30",
            "act: changed a shift; role: acceptor; from: 2026-06-10 08:30",
        ),
        ({"posts": ["grid_worker 990101001001001"]}, "岗位：网格员 990101001001001", "posts: grid worker 990101001001001"),
        ({"level": "street", "pattern": "\\d{9}"}, "层级：街道（镇）；编码规则：\\d{9}", "level: street (town); pattern: \\d{9}"),
        ({"marked": ["2026-01-01 rest", "2026-01-04 work"], "hours": False}, None, "marked days: 2026-01-01 rest day、2026-01-04 working day; hours changed: no"),
        ({"name": ["人民路", None], "kind": "former"}, "名称：人民路、–；类别：曾用名", "name: 人民路、–; kind: former name"),
        ({"text": "3f9a1c", "where": "event 12"}, "文字：3f9a1c；位置：办理过程第 12 条", "text: 3f9a1c; where: no. 12 of its timeline"),
        ({"where": "supervisionorder reply"}, "位置：督办答复", "where: reply to a supervision order"),
        ({"title": "T 恤厂路口", "until": "2026-06-30"}, None, "title: T 恤厂路口; until: 2026-06-30"),
    ],
)  # fmt: skip
def test_codes_are_words_in_both_languages(
    detail: dict[str, object], chinese: str | None, english: str
) -> None:
    with translation.override("en"):
        assert particulars(detail).lower() == english.lower()
    if chinese:
        with translation.override("zh-hans"):
            assert particulars(detail).replace("; ", "；").replace(": ", "：") == chinese
