"""How well the learner model foretells answers, beside simpler rules.

    python -m benchmarks.learner_model [FILE.csv ...] [--learners 300] [--answers 60] [--json]

Without files, answers are made up by learners who follow other laws than the model's. A file has a
head and the columns learner, item, skill and correct, in any order and with any others; rows are
taken in the order of time. Skills may be missing, or several with ; or ~~ or | between them.
`correct` is 0 or 1, true or false, or a share between them.

Every rule sees the answers of four fifths of the learners first. The figures are of the others, of
whom nothing was known: each answer is foretold, then learned from. Log-loss: surprise in nats,
lower is better. AUC: how often a right answer was expected more than a wrong one. ECE: by how much
the chances that were said are off, over ten equally large groups. First ten: the AUC over each new
learner's first ten answers. Exit 1 when on made-up answers a simpler rule has the lower log-loss
over all worlds, or a file cannot be read.
"""

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import itemgetter
from pathlib import Path
from random import Random

from benchmarks.learner_model_rivals import RULES, Rule, log_loss
from benchmarks.learner_model_rows import Answer, BadFile, read_file
from benchmarks.learner_model_worlds import WORLDS
from benchmarks.timing import table

NEW_OF = 5  # one learner in so many is new
FIRST = 10  # answers of a new learner that count as the start
GROUPS = 10
_HEAD = ("rule", "log-loss", "AUC", "ECE", "first ten", "µs an answer")


@dataclass(frozen=True, slots=True)
class Score:
    """How one rule did; None where there were only right or only wrong answers."""

    rule: str
    log_loss: float
    auc: float | None
    ece: float
    auc_first: float | None
    microseconds: float


def held_out(learners: Collection[str]) -> frozenset[str]:
    """The learners who are kept apart: a fifth, the same in every run and for every rule.

    Raises:
        BadFile: fewer than two learners.
    """
    if len(learners) < 2:
        raise BadFile("One learner is too few: somebody must be new to the others.")
    ordered = sorted(learners, key=lambda name: hashlib.sha256(name.encode()).digest())
    return frozenset(ordered[: max(1, len(ordered) // NEW_OF)])


def auc(said: Sequence[tuple[float, float]]) -> float | None:
    """How often a right answer was expected more than a wrong one; ties count half.

    Args:
        said: (chance, share) pairs; a share of at least a half is right.

    Returns:
        None when all were right or all wrong.
    """
    ordered = sorted(said)
    rights = sum(share >= 0.5 for _, share in ordered)
    wrongs = len(ordered) - rights
    if not rights or not wrongs:
        return None
    ranks, place = 0.0, 0
    while place < len(ordered):
        end, tied = place, 0
        while end < len(ordered) and ordered[end][0] == ordered[place][0]:
            tied += ordered[end][1] >= 0.5
            end += 1
        ranks += tied * (place + 1 + end) / 2
        place = end
    return (ranks - rights * (rights + 1) / 2) / (rights * wrongs)


def calibration(said: Sequence[tuple[float, float]]) -> list[tuple[float, float, int]]:
    """Ten groups of equal size from the least to the most expected: chance, share right, size."""
    ordered = sorted(said, key=itemgetter(0))  # equal chances stay mixed as they came
    groups = []
    for number in range(GROUPS):
        group = ordered[number * len(ordered) // GROUPS : (number + 1) * len(ordered) // GROUPS]
        if group:
            size = len(group)
            groups.append(
                (sum(one for one, _ in group) / size, sum(two for _, two in group) / size, size)
            )
    return groups


def ece(said: Sequence[tuple[float, float]]) -> float:
    """By how much the chances that were said are off, on average over the groups."""
    groups = calibration(said)
    return sum(abs(one - two) * size for one, two, size in groups) / len(said)


def try_rule(
    rule: Rule, answers: Sequence[Answer], apart: Collection[str]
) -> tuple[Score, list[tuple[float, float]]]:
    """Let a rule learn from all but some learners, then foretell those ones' answers."""
    first = []
    known = [given for given in answers if given.learner not in apart]
    new = [given for given in answers if given.learner in apart]
    count: Counter[str] = Counter()
    begun = time.process_time()
    for given in known:
        rule.answer(given)
    said = [(rule.answer(given), given.share) for given in new]
    spent = time.process_time() - begun
    for given, pair in zip(new, said, strict=True):
        count[given.learner] += 1
        if count[given.learner] <= FIRST:
            first.append(pair)
    score = Score(
        rule=rule.name,
        log_loss=sum(log_loss(*pair) for pair in said) / len(said),
        auc=auc(said),
        ece=ece(said),
        auc_first=auc(first),
        microseconds=1e6 * spent / len(answers),
    )
    return score, said


def try_all(answers: Sequence[Answer]) -> tuple[list[Score], list[tuple[float, float, int]]]:
    """Every rule on the same answers, and the calibration of ours (the last).

    Raises:
        BadFile: there is one learner only.
    """
    apart = held_out({given.learner for given in answers})
    scores: list[Score] = []
    said: list[tuple[float, float]] = []
    for rule in RULES:
        score, said = try_rule(rule(), answers, apart)
        scores.append(score)
        sys.stderr.write(f"  {score.rule}: {score.microseconds * len(answers) / 1e6:.1f} s\n")
    return scores, calibration(said)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def printed(name: str, answers: Sequence[Answer], scores: Sequence[Score]) -> str:
    """One world or file as a table."""
    learners = {given.learner for given in answers}
    new = len(held_out(learners))
    items = len({given.item for given in answers})
    rows = [
        (
            score.rule,
            _number(score.log_loss),
            _number(score.auc),
            _number(score.ece),
            _number(score.auc_first),
            f"{score.microseconds:.1f}",
        )
        for score in scores
    ]
    return (
        f"{name}: {len(answers)} answers, {items} items, {len(learners)} learners, "
        f"{new} of them new\n{table(_HEAD, rows)}\n"
    )


def mean_losses(results: Mapping[str, Sequence[Score]]) -> dict[str, float]:
    """The log-loss of each rule, averaged over worlds."""
    sums: dict[str, float] = {}
    for scores in results.values():
        for score in scores:
            sums[score.rule] = sums.get(score.rule, 0.0) + score.log_loss / len(results)
    return sums


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.learner_model",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.csv")
    parser.add_argument(
        "--learners", metavar="N", type=int, default=300, help="in each made-up world (300)"
    )
    parser.add_argument(
        "--answers", metavar="N", type=int, default=60, help="of each of them, about (60)"
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, default=1, help="of the made-up worlds (1)"
    )
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    wish = parser.parse_args(arguments)
    if wish.learners < 20 or wish.answers < 4:
        parser.error("at least 20 learners and 4 answers are needed")
    results: dict[str, list[Score]] = {}
    report = []
    failed = False
    for name in map(str, wish.files) if wish.files else WORLDS:
        sys.stderr.write(f"{name}...\n")
        try:
            if wish.files:
                read = read_file(Path(name))
                answers = read.answers
                for complaint in read.complaints():
                    sys.stderr.write(f"{name}: {complaint}\n")
            else:
                random = Random(f"{wish.seed} {name}")
                answers = list(WORLDS[name](random, wish.learners, wish.answers))
            scores, groups = try_all(answers)
        except BadFile as problem:
            words = str(problem)
            sys.stderr.write(f"{words if words.startswith(name) else f'{name}: {words}'}\n")
            failed = True
            continue
        results[name] = scores
        if wish.json:
            report.append(
                {
                    "name": name,
                    "answers": len(answers),
                    "learners": len({given.learner for given in answers}),
                    "items": len({given.item for given in answers}),
                    "rules": [asdict(score) for score in scores],
                    "calibration": [list(group) for group in groups],
                }
            )
        else:
            sys.stdout.write(printed(name, answers, scores) + "\n")
    if wish.json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    if failed or not results:
        return 1
    losses = mean_losses(results)
    if len(results) > 1 and not wish.json:
        words = ", ".join(f"{rule} {loss:.4f}" for rule, loss in losses.items())
        sys.stdout.write(f"Mean log-loss: {words}\n")
    return 0 if wish.files or min(losses, key=losses.__getitem__) == "ours" else 1


if __name__ == "__main__":
    sys.exit(main())
