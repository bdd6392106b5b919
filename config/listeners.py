"""Who listens to which event. Every listener is harmless the second time; names go up the layers only here."""

from wangge.cases.notices import COLLEAGUES, HIDING, REPORTERS
from wangge.insight.listeners import CHANGES_FACTS

MAKE_TASK = "wangge.fieldwork.listeners.make_task"
MOVE_TASK = "wangge.fieldwork.listeners.move_task"
TASK_FOLLOWS = "wangge.fieldwork.listeners.follow_territory"
END_TASK = "wangge.fieldwork.listeners.end_task"
TELL = "wangge.cases.notices.tell"
HUSH = "wangge.cases.notices.hush"
TELL_WORKER = "wangge.fieldwork.notices.tell_worker"
CALL_OFF = "wangge.fieldwork.notices.call_off"
HAND_TO_NAMED = "wangge.fieldwork.listeners.hand_to_named"
DISPATCH = "wangge.cases.listeners.dispatch_by_duty_list"
DRAW_RECHECK = "wangge.cases.listeners.draw_recheck"
NOTE_FACTS = "wangge.insight.listeners.note_facts"

FOLLOW_TERRITORY = ("wangge.registry.territory.follow", "wangge.cases.territory.follow")

# Who counts what a change of the territory would touch, in the order of the page.
TERRITORY_EFFECTS = (
    "wangge.cases.territory.effects", "wangge.registry.territory.effects", "wangge.insight.territory.effects",
)  # fmt: skip

LISTENERS: dict[str, tuple[str, ...]] = {
    "verify": (MAKE_TASK,),
    "request_check": (MAKE_TASK,),
    "correct_report": (MOVE_TASK,),
    "correct": (MOVE_TASK,),
    "settle": (DRAW_RECHECK,),
    "ask_recheck": (MAKE_TASK,),
    "pass_recheck": (END_TASK,),
    "fail_recheck": (END_TASK,),
    "hide_report": (HAND_TO_NAMED,),
    "hide_case": (HAND_TO_NAMED,),
    "name_handlers": (HAND_TO_NAMED,),
    "find": (END_TASK,),
    "answer": (END_TASK,),
    "decline": (END_TASK,),
    "join": (END_TASK,),
    "file": (END_TASK, DISPATCH),
    "pass_check": (END_TASK,),
    "fail_check": (END_TASK,),
    "close": (END_TASK,),
    "reopen": (END_TASK,),
    "merge": (END_TASK,),
    "void": (END_TASK,),
    "void_report": (END_TASK,),
    "withdraw": (END_TASK,),
    "territory_in_force": FOLLOW_TERRITORY,
    "relocate": (TASK_FOLLOWS,),
}
LISTENERS |= {verb: (*LISTENERS.get(verb, ()), NOTE_FACTS) for verb in CHANGES_FACTS}

# Workers hear of their tasks; who else is told is a table of its own (wangge/cases/notices.py).
TOLD = {
    MAKE_TASK: TELL_WORKER, MOVE_TASK: TELL_WORKER, TASK_FOLLOWS: TELL_WORKER, HAND_TO_NAMED: TELL_WORKER,
    END_TASK: CALL_OFF,
}  # fmt: skip
LISTENERS |= {
    verb: (*names, *(TOLD[name] for name in names if name in TOLD)) for verb, names in LISTENERS.items()
}
LISTENERS |= {verb: (*LISTENERS.get(verb, ()), TELL) for verb in {**COLLEAGUES, **REPORTERS}}
LISTENERS |= {verb: (HUSH, *LISTENERS.get(verb, ())) for verb in HIDING}
