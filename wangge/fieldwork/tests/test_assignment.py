"""Whose task it is, for any staff one can think of."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wangge.accounts.models import Role
from wangge.fieldwork.assignment import ORDER, Seat, choose

COMMUNITY, GRID, NEIGHBOUR, ELSEWHERE = "/1/2/", "/1/2/3/", "/1/2/4/", "/1/9/5/"

seats = st.builds(
    Seat,
    account_id=st.integers(1, 9),
    role=st.sampled_from(sorted(Role)),
    path=st.sampled_from([COMMUNITY, GRID, NEIGHBOUR, ELSEWHERE, "/1/"]),
    open_tasks=st.integers(0, 3),
)
staff = st.lists(seats, max_size=12)


def pick(*seats: Seat, without: int | None = None) -> int | None:
    return choose(seats, grid=GRID, community=COMMUNITY, without=without)


def test_the_worker_goes_before_the_deputy_and_the_deputy_before_the_lead() -> None:
    lead, deputy, worker = (
        Seat(1, Role.GRID_LEAD, GRID), Seat(2, Role.DEPUTY, GRID), Seat(3, Role.GRID_WORKER, GRID)
    )  # fmt: skip
    assert pick(lead, deputy, worker) == 3
    assert pick(lead, deputy) == 2
    assert pick(lead) == 1


def test_the_own_lead_goes_before_a_neighbours_worker_and_the_station_last() -> None:
    station, neighbour, lead = (
        Seat(1, Role.GRID_LEAD, COMMUNITY), Seat(2, Role.GRID_WORKER, NEIGHBOUR), Seat(3, Role.GRID_LEAD, GRID)
    )  # fmt: skip
    assert pick(station, neighbour, lead) == 3
    assert pick(station, neighbour) == 2
    assert pick(station) == 1
    assert pick() is None


def test_of_two_workers_the_one_with_less_to_do_goes() -> None:
    assert pick(Seat(1, Role.GRID_WORKER, GRID, 5), Seat(2, Role.GRID_WORKER, GRID, 1)) == 2


def test_a_matter_of_the_community_itself_is_the_stations() -> None:
    people = [Seat(1, Role.GRID_WORKER, GRID), Seat(2, Role.GRID_LEAD, COMMUNITY)]
    assert choose(people, grid=COMMUNITY, community=COMMUNITY) == 2


# The machine may be busy; that says nothing about staff.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(staff, st.one_of(st.none(), st.integers(1, 9)))
def test_whoever_is_chosen_works_in_the_community_and_did_not_handle_the_case(
    people: list[Seat], handler: int | None
) -> None:
    chosen = pick(*people, without=handler)
    suited = [
        s for s in people if s.path.startswith(COMMUNITY) and s.role in ORDER and s.account_id != handler
    ]
    assert (chosen is None) == (not suited), "somebody goes whenever anybody can"
    assert chosen is None or chosen in {s.account_id for s in suited}


@given(staff, st.randoms())
def test_the_order_in_which_people_are_listed_does_not_matter(people: list[Seat], luck: object) -> None:
    shuffled = list(people)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert pick(*shuffled) == pick(*people)


@given(staff)
def test_nobody_from_afar_while_the_grid_has_people(people: list[Seat]) -> None:
    own = {s.account_id for s in people if s.path == GRID and s.role in ORDER}
    if own:
        assert pick(*people) in own
