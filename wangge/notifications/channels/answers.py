"""What providers that hand out tokens answer: asked once more where they disown ours, and their codes put into ours."""

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from wangge.notifications.channels.base import Again, Failed, ForGood
from wangge.notifications.channels.tokens import forget


@dataclass(frozen=True)
class Codes:
    """What a provider's error codes mean for us; any other one is the provider's trouble with everybody's messages."""

    token_is_bad: Set[int]
    not_reached: Set[int]
    for_good: Set[int]
    this_one: Set[int]

    def failure(self, code: int, said: str) -> Failed:
        """The failure that a code stands for."""
        words = f"{code}: {said}"
        if code in self.not_reached:
            return ForGood(words, address=True)
        if code in self.for_good:
            return ForGood(words)
        return Again(words, everybody=code not in self.this_one)


def answer_of(post: Callable[[], dict[str, Any]], key: str, codes: Codes) -> dict[str, Any]:
    """What is answered to a message that is taken; raises `Failed` for one that is not. `key` names our token."""
    answer = post()
    if answer.get("errcode") in codes.token_is_bad:
        # Another program may have fetched a new one, which ends ours.
        forget(key)
        answer = post()
    if code := int(answer.get("errcode") or 0):
        raise codes.failure(code, str(answer.get("errmsg", "")))
    return answer
