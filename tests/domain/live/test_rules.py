"""Scoring, places, teams and closing, against slow definitions and as properties."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.live import rules
from domain.live.rules import Asked, Given, Mode, Player

LIMIT = timedelta(seconds=20)
START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


def who(number: int) -> UUID:
    return UUID(int=number)


def gave(player: int, position: int, share: float = 1, seconds: float = 5, turn: int = 0) -> Given:
    return Given(
        who(player), position, Fraction(share), timedelta(seconds=seconds), turn or player + 1
    )


def points(
    mode: Mode, answers: list[Given], people: list[Player], count: int = 1
) -> list[Fraction]:
    """Points by player, in the order of the players."""
    asked = [Asked(position, Fraction(1)) for position in range(count)]
    board = {one.player: one.points for one in rules.board(mode, asked, people, answers, LIMIT)}
    return [board[player.id] for player in people]


ADA, BOB, CYD = (Player(who(number)) for number in range(3))


def test_accuracy_gives_the_right_share_whatever_the_time():
    answers = [gave(0, 0, seconds=1), gave(1, 0, 0.5, seconds=19), gave(2, 0, 0)]
    assert points("accuracy", answers, [ADA, BOB, CYD]) == [1, Fraction(1, 2), 0]


def test_timed_gives_half_for_being_right_and_half_for_the_time_left():
    answers = [gave(0, 0, seconds=0), gave(1, 0, seconds=10), gave(2, 0, seconds=21)]
    assert points("timed", answers, [ADA, BOB, CYD]) == [1, Fraction(3, 4), Fraction(1, 2)]


def test_more_time_makes_a_slower_answer_worth_as_much():
    slow = Player(who(1), extension=Fraction(2))
    answers = [gave(0, 0, seconds=5), gave(1, 0, seconds=10)]
    assert points("timed", answers, [ADA, slow]) == [Fraction(7, 8), Fraction(7, 8)]


def test_first_counts_only_the_first_right_answer_by_arrival():
    answers = [gave(0, 0, turn=3), gave(1, 0, turn=2), gave(2, 0, 0.5, turn=1)]
    assert points("first", answers, [ADA, BOB, CYD]) == [0, 1, 0]


def test_survival_ends_scoring_with_the_third_mistake():
    answers = [gave(0, number, 0) for number in range(3)] + [gave(0, 3)]
    answers += [gave(1, number) for number in range(4)]
    board = rules.board(
        "survival", [Asked(n, Fraction(1)) for n in range(4)], [ADA, BOB, CYD], answers, LIMIT
    )
    assert [(one.place, one.player, int(one.points), one.lives) for one in board] == [
        (1, who(1), 4, 3),
        (2, who(0), 0, 0),
        (2, who(2), 0, 0),
    ]


def test_somebody_late_loses_no_life_for_what_was_asked_before():
    late = Player(who(0), joined_at_position=3)
    board = rules.board(
        "survival", [Asked(n, Fraction(1)) for n in range(4)], [late], [gave(0, 3)], LIMIT
    )
    assert (board[0].lives, int(board[0].points)) == (3, 1)


def test_a_void_question_is_as_if_it_had_not_been_asked():
    answers = [gave(0, 0), gave(1, 0, 0), gave(0, 1, 0), gave(1, 1)]
    voided = [Asked(0, Fraction(1), is_void=True), Asked(1, Fraction(1))]
    for mode in rules.MODES:
        with_void = rules.board(mode, voided, [ADA, BOB], answers, LIMIT)
        without = rules.board(mode, voided[1:], [ADA, BOB], answers, LIMIT)
        assert with_void == without


def test_equal_points_share_a_place_and_the_next_one_is_left_out():
    answers = [gave(0, 0), gave(1, 0), gave(2, 0, 0.5)]
    board = rules.board("accuracy", [Asked(0, Fraction(1))], [ADA, BOB, CYD], answers, LIMIT)
    assert [one.place for one in board] == [1, 1, 3]


def test_a_team_counts_the_mean_of_its_members():
    people = [Player(who(0), team=0), Player(who(1), team=1), Player(who(2), team=1)]
    answers = [gave(0, 0, 0.5), gave(1, 0), gave(2, 0, 0)]
    board = rules.board("accuracy", [Asked(0, Fraction(1))], people, answers, LIMIT)
    assert [(one.place, one.team, one.points) for one in rules.teams(board, people)] == [
        (1, 0, Fraction(1, 2)),
        (1, 1, Fraction(1, 2)),
    ]


@pytest.mark.parametrize(
    ("seconds", "extension", "counts"),
    [
        (20, 1, True),
        (21, 1, True),
        (21.001, 1, False),
        (41, 2, True),
        (31.5, Fraction(3, 2), False),
    ],
)
def test_an_answer_is_in_time_within_the_grace(seconds: float, extension: Fraction, counts: bool):
    player = Player(who(0), extension=Fraction(extension))
    assert rules.in_time(LIMIT, player, timedelta(seconds=seconds)) is counts


def test_a_question_waits_for_the_slowest_player_who_is_here():
    people = [
        ADA,
        Player(who(1), extension=Fraction(3, 2)),
        Player(who(2), extension=Fraction(2), left=True),
    ]
    assert rules.closes_at(START, LIMIT, people) == START + timedelta(seconds=31)
    assert rules.closes_at(START, LIMIT, []) == START + timedelta(seconds=21)
    assert rules.closes_at(START, None, people) is None


def test_nobody_waits_for_those_who_left_or_are_out():
    people = [ADA, BOB, Player(who(2), left=True)]
    assert not rules.everybody_answered(people, {who(0)})
    assert rules.everybody_answered(people, {who(0), who(1)})
    assert rules.everybody_answered(people, {who(0)}, out={who(1)})
    assert not rules.everybody_answered([], set())


COUNT, QUESTIONS = 5, 6
MODES = st.sampled_from(rules.MODES)
PLAYERS = st.lists(
    st.builds(
        Player,
        st.just(who(0)),
        team=st.integers(0, 2),
        extension=st.sampled_from(rules.EXTENSIONS),
        joined_at_position=st.integers(0, 3),
        left=st.booleans(),
    ),
    min_size=1,
    max_size=COUNT,
).map(
    lambda people: [
        Player(who(n), one.team, one.extension, one.joined_at_position, one.left)
        for n, one in enumerate(people)
    ]
)
ANSWERS = st.lists(
    st.tuples(
        st.integers(0, COUNT - 1),
        st.integers(0, QUESTIONS - 1),
        st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1)]),
        st.integers(0, 20_000),
    ),
    max_size=30,
    unique_by=lambda one: one[:2],
).map(
    lambda rows: [
        Given(who(player), position, share, timedelta(milliseconds=used), turn)
        for turn, (player, position, share, used) in enumerate(rows, start=1)
    ]
)
ASKED = st.lists(
    st.tuples(st.integers(0, QUESTIONS - 1), st.integers(1, 5), st.booleans()),
    unique_by=lambda one: one[0],
).map(lambda rows: [Asked(position, Fraction(p), void) for position, p, void in rows])


def of_players(answers: list[Given], people: list[Player]) -> list[Given]:
    return [one for one in answers if one.player.int < len(people)]


def slow_points(mode: Mode, asked: list[Asked], player: Player, answers: list[Given]) -> Fraction:
    """The points of one player, by the definition, one question at a time."""
    total, lives = Fraction(0), 3
    for question in sorted(asked, key=lambda one: one.position):
        if question.is_void or question.position < player.joined_at_position:
            continue
        rights = [
            one.turn for one in answers if one.position == question.position and one.share == 1
        ]
        mine = [
            one for one in answers if one.position == question.position and one.player == player.id
        ]
        if mode == "survival":
            if lives and mine and mine[0].share == 1:
                total += question.points
            elif lives:
                lives -= 1
        elif mode == "first":
            total += question.points if mine and rights and mine[0].turn == min(rights) else 0
        elif mine:
            whole = question.points * mine[0].share
            seconds = Fraction(20) * player.extension
            used = Fraction(mine[0].used // timedelta(milliseconds=1), 1000)
            left = max(Fraction(0), seconds - used) / seconds
            total += whole if mode == "accuracy" else whole / 2 + whole / 2 * left
    return total


@settings(max_examples=150)
@given(MODES, ASKED, PLAYERS, ANSWERS)
def test_the_board_is_the_slow_definition(
    mode: Mode, asked: list[Asked], people: list[Player], answers: list[Given]
):
    answers = of_players(answers, people)
    if mode == "first":  # an answer of somebody who came later is never there to be first
        came = {one.id: one.joined_at_position for one in people}
        answers = [one for one in answers if came[one.player] <= one.position]
    board = rules.board(mode, asked, people, answers, LIMIT)
    found = {one.player: one.points for one in board}
    assert found == {one.id: slow_points(mode, asked, one, answers) for one in people}
    assert [one.points for one in board] == sorted(found.values(), reverse=True)
    for one in board:
        assert one.place == 1 + sum(other.points > one.points for other in board)


@settings(max_examples=100)
@given(MODES, ASKED, PLAYERS, ANSWERS, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_does_not_matter(
    mode: Mode, asked: list[Asked], people: list[Player], answers: list[Given], shuffler: Random
):
    answers = of_players(answers, people)
    board = rules.board(mode, asked, people, answers, LIMIT)
    for rows in (asked, people, answers):
        shuffler.shuffle(rows)
    assert rules.board(mode, asked, people, answers, LIMIT) == board


@settings(max_examples=100)
@given(ASKED, PLAYERS, ANSWERS)
def test_time_never_takes_more_than_half(
    asked: list[Asked], people: list[Player], answers: list[Given]
):
    answers = of_players(answers, people)
    slow = {
        one.player: one.points for one in rules.board("accuracy", asked, people, answers, LIMIT)
    }
    for one in rules.board("timed", asked, people, answers, LIMIT):
        assert slow[one.player] / 2 <= one.points <= slow[one.player]
