"""`workbench people` as an administrator types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cli.commands import workbench
from workbench.services.sign_in import SignIn
from workbench.storage import Database


def set_password(login: str, typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workbench", "people", "password", login],
        input=typed,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_person_is_added_changed_and_shut_out(home: Path) -> None:
    assert workbench("people", "add", "Nora", "--name", "Nora North", "--role", "coder").returncode == 0
    assert (
        workbench("people", "roles", "nora", "--role", "payment_poster", "--role", "analyst").returncode == 0
    )
    refused = set_password("nora", "short\n")
    assert refused.returncode == 1
    assert "12 to 200 characters" in refused.stderr
    done = set_password("nora", "four plain words here\n")
    assert done.returncode == 0
    assert "four plain words" not in done.stdout + done.stderr
    listed = json.loads(workbench("people", "list", "--json").stdout)["people"]
    assert [(one["login"], one["name"], one["roles"]) for one in listed if one["login"] == "nora"] == [
        ("nora", "Nora North", ["analyst", "payment_poster"])
    ]
    # Whoever adds the first is the administrator.
    assert [one["roles"] for one in listed if one["login"] != "nora"] == [["administrator"]]
    database = Database.open(f"sqlite:///{home / 'workbench.sqlite3'}")
    assert SignIn(database).by_password("nora", "four plain words here") is not None
    assert workbench("people", "deactivate", "nora").returncode == 0
    assert SignIn(database).by_password("nora", "four plain words here") is None
    database.close()


def test_what_cannot_be_is_said(home: Path) -> None:
    assert "no person ghost" in workbench("people", "roles", "ghost", "--role", "coder").stderr
    assert workbench("people", "roles", "ghost", "--role", "king").returncode == 2
    assert "no practice Nowhere" in workbench("people", "add", "x", "--practice", "Nowhere").stderr
    refused = workbench("serve", "--host", "0.0.0.0", "--desk", "--no-browser")  # noqa: S104 - what must be refused
    assert refused.returncode == 1
    assert "Without sign-in" in refused.stderr
