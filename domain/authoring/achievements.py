"""achievements.yaml: what can be earned, by what, checked before anything is written.

The file beside the courses holds those of everybody; a course's own holds steps of that course.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.authoring.documents import Context, read_yaml_file
from domain.authoring.fields import Fields, bad_id, is_id
from domain.authoring.models import Achievement
from domain.authoring.problems import Problems
from domain.errors import StoaError
from domain.motivation.achievements import METRICS
from domain.sql import sql

PATH = "achievements.yaml"
OF_COURSE = "course"  # the metric of a course's own: the percentage of it that is done
RARITIES = ("common", "uncommon", "rare", "epic", "legendary")
LARGEST_TARGET, MOST_POINTS, MOST_FREEZES, MOST = 1_000_000, 1_000, 2, 200

# What is not in the file any more can no longer be earned; whoever has it keeps it.
_APPLY = sql(
    """
    WITH given AS (
        SELECT r.code, r.name, r.description, r.rarity, r.points, r.freezes, r.metric,
               jsonb_build_object('metric', r.metric, 'target', r.target) AS criteria
        FROM jsonb_to_recordset(:rows) AS r(code text, name text, description text, rarity text,
                                            points int, freezes int, metric text, target int)
    ), gone AS (
        UPDATE achievements SET is_active = false
        WHERE is_active AND starts_with(code, :prefix) AND code NOT IN (SELECT code FROM given)
            AND (:prefix <> '' OR strpos(code, '/') = 0))
    INSERT INTO achievements AS a (code, achievement_type, name, description, criteria, points,
                                   freezes, rarity)
    SELECT code, metric, name, description, criteria, points, freezes, rarity FROM given
    ON CONFLICT (code) DO UPDATE
        SET achievement_type = excluded.achievement_type, name = excluded.name,
            description = excluded.description, criteria = excluded.criteria,
            points = excluded.points, freezes = excluded.freezes, rarity = excluded.rarity,
            is_active = true
        WHERE (a.name, a.description, a.criteria, a.points, a.freezes, a.rarity, a.is_active)
            IS DISTINCT FROM (excluded.name, excluded.description, excluded.criteria,
                              excluded.points, excluded.freezes, excluded.rarity, true)
""",
    rows=JSONB(),
)


class BadAchievements(StoaError):
    """The file cannot be taken; the message has a line for each problem."""


def read_achievements(context: Context, metrics: Sequence[str]) -> tuple[Achievement, ...]:
    """The achievements of a file; what is wrong with it is reported to the context.

    Args:
        context: a folder's files; without `achievements.yaml` there are none.
        metrics: what a criterion may count here.
    """
    if PATH not in context.texts:
        return ()
    fields = read_yaml_file(PATH, context, PATH)
    if len(fields.names) > MOST:
        context.spot(PATH).error(f"at most {MOST} achievements: merge or remove some")
    return tuple(_one(code, fields, metrics) for code in fields.names)


def _one(code: str, file: Fields, metrics: Sequence[str]) -> Achievement:
    spot = file.spot(code)
    if not is_id(code):
        spot.error(bad_id(code))
    fields = Fields(file.node(code), spot, "an achievement")
    largest = 100 if tuple(metrics) == (OF_COURSE,) else LARGEST_TARGET
    made = Achievement(
        code=code,
        name=fields.text("name", required=True, limit=60),
        description=fields.text("description", required=True, limit=200),
        metric=fields.choice("counts", metrics),
        target=fields.integer("target", 1, largest, required=True) or 1,
        points=fields.integer("points", 0, MOST_POINTS, 0) or 0,
        freezes=fields.integer("freezes", 0, MOST_FREEZES, 0) or 0,
        rarity=fields.choice("rarity", RARITIES, "common"),
    )
    fields.finish()
    return made


def read_shared(path: Path) -> tuple[Achievement, ...] | None:
    """The achievements of everybody, from a file beside the courses; None when there is none.

    Raises:
        BadAchievements: something in it is wrong.
    """
    if not path.is_file():
        return None
    problems = Problems()
    text = path.read_text(encoding="utf-8")
    found = read_achievements(Context({PATH: text}, frozenset({PATH}), problems), METRICS)
    if problems.errors:
        raise BadAchievements("\n".join(map(str, problems.errors)))
    return found


async def apply_achievements(
    conn: AsyncConnection, achievements: Sequence[Achievement], course: str | None = None
) -> None:
    """Bring the table to what a file says; as the worker.

    Args:
        conn: a transaction of the worker.
        achievements: all of the file.
        course: the slug of the course they belong to; None for those of everybody.
    """
    prefix = f"{course}/" if course else ""
    rows = [
        {
            **one.model_dump(mode="json"),
            "code": prefix + one.code,
            "metric": f"{OF_COURSE}:{course}" if course else one.metric,
        }
        for one in achievements
    ]
    await conn.execute(_APPLY, {"rows": rows, "prefix": prefix})
