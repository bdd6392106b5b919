"""What reporters think of the result, and which closed cases they call not solved."""

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Case, Rating, Recheck
from wangge.cases.workflow import Stage

SATISFIED: dict[int, Promise] = {
    3: pgettext_lazy("rating", "Very satisfied"),
    2: pgettext_lazy("rating", "Satisfied"),
    1: pgettext_lazy("rating", "Not satisfied"),
}
SOLVED: dict[bool, Promise] = {
    True: pgettext_lazy("rating", "Solved"),
    False: pgettext_lazy("rating", "Not solved"),
}


def unsolved() -> Q:
    """The condition of closed cases that a reporter or a re-check called not solved since they were closed.

    What a person has looked at and not reopened is decided.
    """
    complaints = Rating.objects.filter(
        solved=False, reviewed_at=None, report__case=OuterRef("pk"), at__gte=OuterRef("closed_at")
    )
    failed = Recheck.objects.filter(passed=False, reviewed_at=None, case=OuterRef("pk"))
    since = failed.filter(done_at__gte=OuterRef("closed_at"))
    return Q(stage=Stage.CLOSED) & (Q(Exists(complaints)) | Q(Exists(since)))


def is_unsolved(case: Case) -> bool:
    """Tell the same of one case."""
    return Case.objects.filter(unsolved(), pk=case.pk).exists()
