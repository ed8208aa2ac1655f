"""`stoa rebuild`, `stoa outage` and `stoa outbox`, as the people who run Stoa use them."""

from tests.support.stoa import Stoa


def test_rebuilding_changes_nothing_that_was_right(stoa: Stoa):
    stoa.says("builder", "/learn python-from-zero")
    before = stoa.says("builder", "/progress")
    done = stoa.run("rebuild", "--user", "builder")
    assert (done.returncode, done.stdout) == (0, "Rebuilt from the ledger: 1 learner.\n")
    done = stoa.run("rebuild")
    assert done.stdout.startswith("Rebuilt from the ledger: ")
    assert "learners..." in done.stderr
    assert stoa.says("builder", "/progress") == before
    unknown = stoa.run("rebuild", "--user", "nobody at all")
    assert unknown.returncode == 1
    assert "nobody" in unknown.stderr


def test_an_outage_is_recorded_and_listed(stoa: Stoa):
    done = stoa.run("outage", "2026-03-02T10:00+01:00", "2026-03-02T12:30", "--reason", "a fire")
    assert (done.returncode, done.stdout) == (
        0,
        "2026-03-02 09:00 to 2026-03-02 12:30 UTC: a fire\n",
    )
    assert "a fire" in stoa.run("outage").stdout
    backwards = stoa.run("outage", "2026-03-03T10:00", "2026-03-02T10:00")
    assert (backwards.returncode, "later end" in backwards.stderr) == (2, True)
    assert stoa.run("outage", "2999-01-01", "2999-01-02").returncode == 2
    assert stoa.run("outage", "yesterday", "today").returncode == 2


def test_what_waits_and_what_was_given_up_is_shown(stoa: Stoa):
    shown = stoa.run("outbox")
    assert (shown.returncode, shown.stdout) == (0, "Nothing waits.\nNothing was given up.\n")
    unknown = stoa.run("outbox", "--retry", "00000000-0000-7000-8000-000000000000")
    assert unknown.returncode == 1
    assert "was given up. See: stoa outbox" in unknown.stderr
    assert stoa.run("outbox", "--retry", "soon").returncode == 2
