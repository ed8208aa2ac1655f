"""The bundle in the tree: whole, licensed, and free of any registry's address."""

import hashlib
import json
from pathlib import Path

WEB = Path(__file__).parents[4] / "domain" / "grading" / "web"
ALLOWED = {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"}


def test_the_bundle_has_the_hash_beside_it() -> None:
    wanted, name = (WEB / "bundle" / "page.js.sha256").read_text().split()
    assert hashlib.sha256((WEB / "bundle" / name).read_bytes()).hexdigest() == wanted


def test_every_package_is_locked_and_freely_licensed() -> None:
    lock = json.loads((WEB / "source" / "package-lock.json").read_text())
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert {about["license"] for about in packages.values()} <= ALLOWED
    assert all(about["integrity"] for about in packages.values())
    assert not any("resolved" in about for about in packages.values())
    direct = json.loads((WEB / "source" / "package.json").read_text())
    versions = {**direct["dependencies"], **direct["devDependencies"]}
    for name, version in versions.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    licences = (WEB / "bundle" / "LICENSES.txt").read_text()
    assert "happy-dom 21.0.4 (MIT)" in licences
    assert "@vitest/expect 5.1.1 (MIT)" in licences
