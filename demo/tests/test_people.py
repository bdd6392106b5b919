"""Everybody in the made-up district has a post that fits it, and nobody can be mistaken for a real person."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from demo import plan, units
from demo.people import DEMO_PEOPLE, Person, people
from demo.places import District
from wangge.accounts.models import AdminRole, Role, UnitKind
from wangge.cases.classes_data import read_matters, read_unit_roles


@pytest.fixture(scope="module")
def everybody(district: District) -> list[Person]:
    return people(district)


def test_there_are_about_150_people_with_unique_names_accounts_and_telephones(
    everybody: list[Person],
) -> None:
    assert 140 <= len(everybody) <= 180
    for attribute in ("name", "account", "phone"):
        assert len({getattr(person, attribute) for person in everybody}) == len(everybody)


def test_telephone_numbers_cannot_ring_anywhere(everybody: list[Person]) -> None:
    assert all(re.fullmatch(r"1400555\d{4}", person.phone) for person in everybody)
    assert all(re.fullmatch(r"0900-555\d{4}", unit.phone) for unit in units.units())


def test_every_role_is_one_the_platform_knows_and_every_role_is_filled(everybody: list[Person]) -> None:
    held = {post.role for person in everybody for post in person.posts}
    assert held == {role.value for role in Role}
    administrators = [person for person in everybody if person.admin_role]
    assert Counter(person.admin_role for person in administrators) == Counter(
        role.value for role in AdminRole
    )
    assert all(not person.posts for person in administrators)


def test_posts_and_units_point_at_areas_and_units_that_exist(
    everybody: list[Person], district: District
) -> None:
    areas = {area.code for area in district.areas}
    known = {unit.code for unit in units.units()}
    assert all(person.unit_code in known for person in everybody)
    assert all(post.area_code in areas for person in everybody for post in person.posts)


def test_some_grids_have_two_workers_some_none_and_neighbours_stand_in(
    everybody: list[Person], district: District
) -> None:
    posts = [post for person in everybody for post in person.posts]
    workers = Counter(post.area_code for post in posts if post.role == "grid_worker")
    deputies = {post.area_code for post in posts if post.role == "deputy"}
    general = [grid.code for grid in district.at_level("grid") if grid.kind == "general"]
    numbers = Counter(workers[code] for code in general)
    assert set(numbers) == {0, 1, 2}
    assert numbers[1] > 0.8 * len(general)
    assert {code for code in general if not workers[code]} & deputies


def test_units_form_a_tree_and_parents_come_first() -> None:
    seen: set[str] = set()
    for unit in units.units():
        assert unit.code not in seen
        assert not unit.parent or unit.parent in seen
        assert unit.kind in {kind.value for kind in UnitKind}
        seen.add(unit.code)


def test_the_duty_list_names_a_unit_for_every_kind_of_work_everywhere() -> None:
    known = {unit.code for unit in units.units()}
    communities = [units.COUNTY + c.street + c.code for c in plan.COMMUNITIES]
    matters = {matter.code for matter in read_matters()} | set(units.CLASS_DUTIES)
    for role in read_unit_roles():
        for community in communities:
            assert units.responsible_unit(role.code, "06010", community) in known
    for duty in units.duties():
        assert duty.unit_code in known
        assert bool(duty.unit_role) != bool(duty.matter_code)
        assert not duty.matter_code or duty.matter_code in matters


def test_the_people_of_the_sign_in_page_exist_in_the_role_they_are_offered_for(
    everybody: list[Person],
) -> None:
    by_account = {person.account: person for person in everybody}
    assert len(DEMO_PEOPLE) >= 10
    for offered in DEMO_PEOPLE:
        person = by_account[offered.account]
        assert offered.role in {post.role for post in person.posts} | {person.admin_role}
        assert offered.try_zh
        assert offered.try_en
