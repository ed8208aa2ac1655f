"""The breaker opens, waits, lets one try, and closes again."""

from tutor.models.breaker import FAILURES, LONGEST_S, OPEN_S, WINDOW_S, Breaker


def opened(at: float = 100.0) -> Breaker:
    breaker = Breaker()
    for number in range(FAILURES):
        assert breaker.admit(at + number)
        breaker.failed(at + number)
    return breaker


def test_it_opens_after_so_many_failures_within_the_window() -> None:
    last = 100.0 + FAILURES - 1
    breaker = opened()
    assert not breaker.admit(last + 1)
    assert not breaker.admit(last + OPEN_S - 0.1)
    assert breaker.admit(last + OPEN_S)


def test_failures_far_apart_do_not_open_it() -> None:
    breaker = Breaker()
    for number in range(4 * FAILURES):
        at = number * (WINDOW_S / (FAILURES - 1) + 1)
        assert breaker.admit(at)
        breaker.failed(at)


def test_a_success_in_between_begins_the_count_anew() -> None:
    breaker = Breaker()
    for at in range(3 * FAILURES):
        assert breaker.admit(at)
        if at % (FAILURES - 1):
            breaker.failed(at)
        else:
            breaker.succeeded()


def test_one_probe_at_a_time_decides() -> None:
    breaker = opened()
    later = 100.0 + FAILURES - 1 + OPEN_S
    assert breaker.admit(later)
    assert not breaker.admit(later + 1)  # the probe is on its way
    breaker.failed(later + 2)
    assert not breaker.admit(later + 3)
    assert breaker.admit(later + 2 + OPEN_S)
    breaker.succeeded()
    assert breaker.admit(later + 2 + OPEN_S)
    assert breaker.admit(later + 2 + OPEN_S)


def test_a_probe_that_was_given_up_leaves_room_for_the_next() -> None:
    breaker = opened()
    later = 100.0 + FAILURES - 1 + OPEN_S
    assert breaker.admit(later)
    breaker.abandoned()
    assert breaker.admit(later + 1)


def test_it_rests_as_long_as_the_service_asks_but_not_for_ever() -> None:
    breaker = Breaker()
    breaker.failed(10.0, after=5.0)
    assert not breaker.admit(14.9)
    assert breaker.admit(15.0)
    breaker.succeeded()
    breaker.failed(20.0, after=10 * LONGEST_S)
    assert not breaker.admit(20.0 + LONGEST_S - 1)
    assert breaker.admit(20.0 + LONGEST_S)


def test_what_a_person_has_to_mend_keeps_it_open() -> None:
    breaker = Breaker()
    breaker.give_up("401")
    assert breaker.broken == "401"
    assert not breaker.admit(1e9)
