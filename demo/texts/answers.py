"""Answers to the extra questions of a class, read from the words of a report as its writer would have answered."""

from __future__ import annotations

# Question → what is taken for granted, then answers with words that tell of them.
ANSWERS: dict[str, tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "cover_problem": ("rattles", (
        ("missing", ("没了", "缺", "洞", "丢")), ("cracked", ("裂", "碎", "破", "压坏")), ("rattles", ("响", "松", "翘")))),
    "cover_danger": ("no", (("yes", ("危险", "没了", "踩空", "绊", "差点", "洞")),)),
    "lamp_extent": ("one", (("street", ("一段", "整条", "一片")), ("several", ("三盏", "连着", "几盏")))),
    "pothole_place": ("lane", (("pavement", ("人行道",)), ("cycle", ("电动车", "自行车", "骑")))),
    "noise_source": ("shop", (
        ("works", ("工地", "装修", "施工")), ("square", ("广场舞", "音响", "跳舞")), ("neighbour", ("楼上", "邻居")))),
    "vehicle_blocks": ("pavement", (
        ("tactile", ("盲道",)), ("door", ("门口", "楼道", "单元")), ("lane", ("车道", "堵")))),
    "fire_lane": ("vehicle", (("objects", ("杂物", "堆")), ("locked", ("锁",)), ("built", ("搭",)))),
    "water_depth": ("ankle", (("above", ("齐腰", "熄火")), ("knee", ("膝",)))),
    "cable_state": ("low", (("ground", ("掉", "落", "地上")), ("sparks", ("火花",)))),
    "gas_smell": ("yes", (("no", ("不闻", "散了")),)),
    "lift_trapped": ("no", (("yes", ("被困", "关在")),)),
    "tree_problem": ("branch", (("fallen", ("倒",)), ("leaning", ("歪", "斜")), ("dead", ("枯", "死")))),
    "toilet_problem": ("dirty", (("closed", ("关", "锁")), ("broken", ("坏", "漏", "堵")))),
}  # fmt: skip


def answer(question: str, text: str) -> str:
    """What the writer of a text would answer to a question of `ANSWERS`."""
    granted, signs = ANSWERS[question]
    return next((key for key, words in signs if any(word in text for word in words)), granted)
