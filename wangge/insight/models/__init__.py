from wangge.insight.models.facts import FactKind, StageFact

__all__ = ["FactKind", "StageFact"]
