"""What the person who runs Stoa needs: is it healthy, and a copy of what it knows."""

from domain.operations.backup import Backup, BackupFailed, make_backup
from domain.operations.doctor import Wall, examine
from domain.operations.findings import Finding, has_problems, render
from domain.operations.migrate import Migration, migrate
from domain.operations.restore import Restored, RestoreFailed, restore_backup

__all__ = [
    "Backup",
    "BackupFailed",
    "Finding",
    "Migration",
    "RestoreFailed",
    "Restored",
    "Wall",
    "examine",
    "has_problems",
    "make_backup",
    "migrate",
    "render",
    "restore_backup",
]
