"""What people in the made-up district say and answer, in Chinese, by class of matter.

`{where}` stands for the place in words, `{road}` for the road, `{estate}` and `{n}` for estate and building,
`{days}` for a number of days, `{time}` for an hour of the day in words.
"""

from .environment import ENVIRONMENT
from .facilities import FACILITIES
from .talk import DECLINED, FOLLOW_UPS, QUESTIONS, RATINGS, SEND_BACKS, Declined, Question
from .template import Template
from .works_and_trade import WORKS_AND_TRADE

TEMPLATES: tuple[Template, ...] = (*FACILITIES, *ENVIRONMENT, *WORKS_AND_TRADE)

__all__ = [
    "DECLINED",
    "FOLLOW_UPS",
    "QUESTIONS",
    "RATINGS",
    "SEND_BACKS",
    "TEMPLATES",
    "Declined",
    "Question",
    "Template",
]
