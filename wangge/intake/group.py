"""Reports that arrive together are committed together: the first waiting thread stores for all that wait.

Each request keeps its own answer and error, and is answered only after its commit. Under load this turns one
transaction and one flush to disk for each report into one for a few dozen; alone, a report waits for nobody.
"""

import threading
from collections.abc import Sequence

from django.db import DatabaseError, InterfaceError, connection, transaction

from wangge.cases.actions import Draft, Prepared, Received, prepare, store_reports

MOST_AT_ONCE = 64


class _Item:
    """One report on its way: `ready` opens when there is an outcome, or when it is this thread's turn to lead."""

    __slots__ = ("error", "prepared", "ready", "received")

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.received: Received | None = None
        self.error: Exception | None = None
        self.ready = threading.Lock()
        self.ready.acquire()

    @property
    def is_settled(self) -> bool:
        return self.received is not None or self.error is not None


class Group:
    """A meeting point for the threads of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Item] = []
        self._led = False

    def receive(self, draft: Draft) -> Received:
        """Store a checked report together with those that wait; returns after the commit, raises its own error.

        Give the draft a `source_key`: a batch whose outcome is unknown (connection lost) is sent again, and the key
        keeps it from being stored twice.
        """
        item = _Item(prepare(draft))
        with self._lock:
            self._waiting.append(item)
            leads, self._led = not self._led, True
        if not leads:
            item.ready.acquire()
        if not item.is_settled:
            self._lead()
        if item.error is not None:
            raise item.error
        assert item.received is not None
        return item.received

    def _lead(self) -> None:
        """Store one batch, the own report among it, then pass the lead to the first who still waits."""
        with self._lock:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        try:
            _settle(batch)
        finally:
            with self._lock:
                successor = self._waiting[0] if self._waiting else None
                self._led = successor is not None
            if successor is not None:
                successor.ready.release()
            for item in batch:
                item.ready.release()


def _settle(batch: Sequence[_Item]) -> None:
    """Give every item its outcome; when the batch fails, each is tried alone and keeps its own error."""
    try:
        for item, received in zip(batch, _store([item.prepared for item in batch]), strict=True):
            item.received = received
    except Exception as error:  # whatever it is, it belongs to one of them: the others must not suffer
        for item in batch:
            _settle_alone(
                item, error, retry=len(batch) > 1 or isinstance(error, DatabaseError | InterfaceError)
            )


def _settle_alone(item: _Item, error: Exception, *, retry: bool) -> None:
    try:
        if not retry:
            raise error
        [item.received] = _store([item.prepared])
    except Exception as own:
        item.error = own


def _store(prepared: Sequence[Prepared]) -> list[Received]:
    if connection.in_atomic_block:
        with transaction.atomic():
            return store_reports(prepared)
    try:
        return store_reports(prepared)  # one statement: its own transaction
    except (DatabaseError, InterfaceError):
        connection.close_if_unusable_or_obsolete()
        raise


_group = Group()
receive_together = _group.receive
