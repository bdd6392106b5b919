"""What changes in evaluation: freezing scorecards, appeals, the rules of scores."""

from wangge.insight.actions.appeals import appeal, decide_appeal
from wangge.insight.actions.freezing import freeze, freeze_month
from wangge.insight.actions.rules import change_rule

__all__ = ["appeal", "change_rule", "decide_appeal", "freeze", "freeze_month"]
