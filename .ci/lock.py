"""Writes requirements.lock and requirements-dev.lock from pyproject.toml: `make lock`.

The versions are those that pip chooses on this machine. A package that only some Python versions
or systems need gets a marker, found by walking what each package says it requires.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {"linux": ("Linux", "posix"), "darwin": ("Darwin", "posix"), "win32": ("Windows", "nt")}
EDITABLE = "editables>=0.5"  # what hatchling asks for when it installs a checkout in place
# How to ask for what this Python does not need itself: wheels for the newest, one by one.
ELSEWHERE = (
    "--no-deps",
    "--only-binary=:all:",
    "--target=unused",
    f"--python-version={PYTHONS[-1]}",
    "--ignore-requires-python",
)
HEADER = "# Made by `make lock` from pyproject.toml; do not edit by hand.\n"


class Package(NamedTuple):
    """One chosen package."""

    version: str
    requires: list[Requirement]


def resolve(arguments: Iterable[str]) -> dict[str, Package]:
    """What pip would install, by name.

    Args:
        arguments: requirements as in pyproject.toml, and options of `pip install`.
    """
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"]
    command += ["--ignore-installed", "--report", "-", *arguments]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 - own words
    chosen: dict[str, Package] = {}
    for item in json.loads(answer.stdout)["install"]:
        about = item["metadata"]
        needs = [Requirement(text) for text in about.get("requires_dist", ())]
        chosen[canonicalize_name(about["name"])] = Package(about["version"], needs)
    return chosen


def environments() -> dict[tuple[str, str], dict[str, str]]:
    """The environments a lock should serve, as marker variables."""
    return {
        (python, system): {
            "python_version": python,
            "python_full_version": f"{python}.2",  # the oldest we meet is Debian 12's 3.11.2
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "sys_platform": system,
            "platform_system": platform,
            "os_name": family,
        }
        for python in PYTHONS
        for system, (platform, family) in SYSTEMS.items()
    }


def reach(
    roots: Iterable[str], packages: Mapping[str, Package], environment: Mapping[str, str]
) -> dict[str, Requirement]:
    """Each package that the roots need in an environment, with one requirement that asks for it."""
    found: dict[str, Requirement] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(Requirement(root), frozenset[str]()) for root in roots]
    while waiting:
        wanted, extras = waiting.pop()
        if wanted.marker and not any(
            wanted.marker.evaluate({**environment, "extra": extra}) for extra in (extras or {""})
        ):
            continue
        name = canonicalize_name(wanted.name)
        found.setdefault(name, wanted)
        key = (name, frozenset(wanted.extras))
        if key not in seen and name in packages:
            seen.add(key)
            inner = frozenset({"", *wanted.extras})
            waiting += [(need, inner) for need in packages[name].requires]
    return found


def marker(present: set[tuple[str, str]], everywhere: set[tuple[str, str]]) -> str:
    """The words behind a pin that holds in some environments only."""
    if present == everywhere:
        return ""
    systems = sorted({system for _, system in present})
    pythons = [python for python in PYTHONS if any(python == where for where, _ in present)]
    parts = []
    if len(systems) == len(SYSTEMS) - 1:
        (absent,) = set(SYSTEMS) - set(systems)
        parts.append(f'sys_platform != "{absent}"')
    elif len(systems) == 1:
        parts.append(f'sys_platform == "{systems[0]}"')
    if pythons[0] != PYTHONS[0]:
        parts.append(f'python_version >= "{pythons[0]}"')
    if pythons[-1] != PYTHONS[-1]:
        parts.append(f'python_version <= "{pythons[-1]}"')
    return "; " + " and ".join(parts) if parts else ""


def pins(roots: list[str], packages: dict[str, Package]) -> dict[str, str]:
    """The lock's line of each package the roots need anywhere; resolves what is only elsewhere."""
    everywhere = environments()
    while True:
        where: dict[str, set[tuple[str, str]]] = {}
        missing: set[str] = set()
        for key, environment in everywhere.items():
            for name, wanted in reach(roots, packages, environment).items():
                where.setdefault(name, set()).add(key)
                if name not in packages:
                    missing.add(f"{wanted.name}{wanted.specifier}")
        if not missing:
            return {
                name: f"{name}=={packages[name].version}{marker(present, set(everywhere))}"
                for name, present in sorted(where.items())
            }
        packages |= resolve([*ELSEWHERE, *sorted(missing)])


def main() -> None:
    """Write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = [*project["project"]["dependencies"], *project["build-system"]["requires"], EDITABLE]
    develop = project["project"]["optional-dependencies"]["dev"]
    packages = resolve(runtime)
    settled = [f"{name}=={package.version}" for name, package in packages.items()]
    packages |= resolve([*runtime, *develop, *settled])
    first = pins(runtime, packages)
    second = pins([*runtime, *develop], packages)
    (ROOT / "requirements.lock").write_text(HEADER + "".join(f"{p}\n" for p in first.values()))
    more = "".join(f"{line}\n" for name, line in second.items() if name not in first)
    (ROOT / "requirements-dev.lock").write_text(HEADER + more)


if __name__ == "__main__":
    main()
