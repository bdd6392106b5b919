"""What other programs call working days and rest days, and how a name tells it."""

from __future__ import annotations

import re

from wangge.cases.calendars.plan import NORMAL

WORK, REST = "work", "rest"

# As the column of a sheet, or a category of an entry.
KINDS = {
    **dict.fromkeys(
        ("work", "working day", "workday", "make-up", "make-up day", "alternate-workday", "班", "上班", "上班日", "工作日",
         "调休上班", "调休上班日", "补班", "补班日"),
        WORK,
    ),
    **dict.fromkeys(
        ("rest", "rest day", "holiday", "day off", "off", "public holiday", "work-holiday", "休", "休息", "休息日", "放假",
         "假日", "节假日", "法定节假日", "假期"),
        REST,
    ),
    **dict.fromkeys(("normal", "ordinary", "正常", "平常"), NORMAL),
}  # fmt: skip

# In a title; 调休上班 holds both signs and is work, so work is asked for first.
SAYS_WORK = re.compile(r"班|补休上班|\b(make-?up|working ?day|workday)\b", re.IGNORECASE)
SAYS_REST = re.compile(r"休|放假|假期|\b(holiday|rest ?day|day off)\b", re.IGNORECASE)
SIGNS = re.compile(
    r"[（(\[【]\s*(调休上班日?|补班日?|上班日?|放假|休息日?|调休|休|班|make-?up day|rest day)\s*[)）\]】]"
    r"|\s+(调休上班日?|补班日?|上班日?|放假|休息日?|调休|休|班)$|[:：]\s*(make-?up day|rest day)$",
    re.IGNORECASE,
)


def kind_of(word: str) -> str | None:
    """Return what a word of a column or category means; None when it means nothing to us."""
    return KINDS.get(word.strip().lower())


def kind_told_by(title: str) -> str | None:
    """Return what the title of an entry says of its days; None when it does not say."""
    if SAYS_WORK.search(title):
        return WORK
    return REST if SAYS_REST.search(title) else None


def bare_name(title: str) -> str:
    """The name of a holiday without the sign that says what its days are: 国庆节（休） is 国庆节."""
    return SIGNS.sub("", title.strip()).strip()[:60]
