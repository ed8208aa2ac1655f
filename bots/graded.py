"""What somebody is told whose work was graded after they had gone: the result, and what it won."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.challenges import attempts, grading
from domain.challenges.grading import Graded
from domain.errors import N_
from domain.motivation.service import Outcome
from domain.notifications.kinds import KINDS
from domain.notifications.rules import Message
from domain.quizzes.grading import Result

KIND = KINDS["graded"]
PASSED = N_("Your code for “{title}” passed all its tests.")
CHECKED = N_("Your code for “{title}” is checked: {passed} of {total} tests passed, {percent} %.")
OVER = N_("The time for “{title}” is over. What you had was handed in.")
BADGES = N_("New badges: {badges}. See all: /badges")
GOALS = N_("Goals reached: {goals}.")


async def code_message(conn: AsyncConnection, graded: Graded, now: datetime) -> Message:
    """The message about a graded attempt; in a transaction of the worker."""
    attempt = await attempts.attempt(conn, graded.user_id, graded.attempt)
    won, values = _won(graded.outcome)
    return Message(
        key=grading.news_key(graded.attempt),
        kind=KIND.name,
        text="\n\n".join((PASSED if attempt.status == "passed" else CHECKED, *won)),
        values={
            "title": attempt.title,
            "passed": sum(test["status"] == "passed" for test in attempt.tests),
            "total": len(attempt.tests),
            "percent": float(attempt.percentage or 0),
            **values,
        },
        run_at=now,
        user_id=graded.user_id,
        identity_id=graded.identity_id,
        choices=("/code history", "/badges") if BADGES in won else ("/code history",),
        policy=KIND.policy,
    )


def quiz_message(result: Result, now: datetime) -> Message:
    """The message about a quiz that was handed in when its time was over."""
    sheet = result.sheet
    won, values = _won(result.outcome)
    return Message(
        key=f"handed-in:{sheet.id}",
        kind=KIND.name,
        text="\n\n".join((OVER, *won)),
        values={"title": sheet.title, **values},
        run_at=now,
        user_id=sheet.user_id,
        identity_id=sheet.identity_id,
        choices=("/quiz", "/badges") if BADGES in won else ("/quiz",),
        policy=KIND.policy,
    )


def _won(outcome: Outcome | None) -> tuple[list[str], Mapping[str, Any]]:
    """Achievements and goals that this work reached: nobody was there to be shown them."""
    if outcome is None:
        return [], {}
    texts, values = [], {}
    if outcome.badges:
        texts.append(BADGES)
        values["badges"] = ", ".join(badge.name for badge in outcome.badges)
    if outcome.goals:
        texts.append(GOALS)
        values["goals"] = ", ".join(f"“{goal.title}”" for goal in outcome.goals)
    return texts, values
