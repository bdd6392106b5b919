from wangge.insight.models.facts import FactKind, StageFact
from wangge.insight.models.scorecards import Appeal, FrozenFact, Scorecard, ScorecardRow, ScoreRule

__all__ = ["Appeal", "FactKind", "FrozenFact", "ScoreRule", "Scorecard", "ScorecardRow", "StageFact"]
