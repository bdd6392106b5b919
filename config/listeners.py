"""Who listens to which event. Every listener is harmless the second time; names go up the layers only here."""

from wangge.insight.listeners import CHANGES_FACTS

MAKE_TASK = "wangge.fieldwork.listeners.make_task"
MOVE_TASK = "wangge.fieldwork.listeners.move_task"
END_TASK = "wangge.fieldwork.listeners.end_task"
NOTE_FACTS = "wangge.insight.listeners.note_facts"

LISTENERS: dict[str, tuple[str, ...]] = {
    "verify": (MAKE_TASK,),
    "request_check": (MAKE_TASK,),
    "correct_report": (MOVE_TASK,),
    "correct": (MOVE_TASK,),
    "find": (END_TASK,),
    "answer": (END_TASK,),
    "decline": (END_TASK,),
    "join": (END_TASK,),
    "file": (END_TASK,),
    "pass_check": (END_TASK,),
    "fail_check": (END_TASK,),
    "close": (END_TASK,),
    "reopen": (END_TASK,),
    "merge": (END_TASK,),
    "void": (END_TASK,),
    "void_report": (END_TASK,),
    "withdraw": (END_TASK,),
}
LISTENERS |= {verb: (*LISTENERS.get(verb, ()), NOTE_FACTS) for verb in CHANGES_FACTS}
