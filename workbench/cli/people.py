"""`workbench people`: who works here, what they may do, and for which practices."""

import sys
from typing import Annotated

import typer

from workbench.cli.desk import opened
from workbench.cli.output import AsJson, print_json, print_table
from workbench.domain.roles import Role

Login = Annotated[
    str, typer.Argument(metavar="LOGIN", help="As the person types it, or the identity provider sends it.")
]
Roles = Annotated[
    list[Role] | None, typer.Option("--role", help="May be given several times; rights add up.")
]
Practices = Annotated[
    list[str] | None, typer.Option("--practice", help="Name of a practice; may be given several times.")
]

group = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="people")


@group.callback()
def people() -> None:
    """People: add, list, roles, practices, passwords."""


@group.command("add")
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="As the pages show it.")] = "",
    role: Roles = None,
    practice: Practices = None,
) -> None:
    """Add a person. Whoever adds the first becomes the office's administrator."""
    with opened() as desk:
        desk.people.add(desk.actor, login, name, roles=role or (), practices=practice or ())
    typer.echo(f"{login} is added. Next: workbench people password {login}")


@group.command("list")
def list_people(as_json: AsJson = False) -> None:  # noqa: FBT002
    """List everybody with roles and practices."""
    with opened() as desk:
        everybody = desk.people.everybody(desk.actor)
    if as_json:
        rows = [
            {
                "login": person.login,
                "name": person.name,
                "active": person.active,
                "roles": [role.value for role in person.roles],
                "practices": list(person.practices),
            }
            for person in everybody
        ]
        print_json({"people": rows})
        return
    print_table(
        ("Login", "Name", "Roles", "Practices", "Active"),
        (
            (
                person.login,
                person.name,
                ", ".join(role.label for role in person.roles),
                ", ".join(person.practices),
                "yes" if person.active else "no",
            )
            for person in everybody
        ),
    )


@group.command("roles")
def roles(login: Login, role: Roles = None) -> None:
    """Give a person exactly these roles."""
    with opened() as desk:
        desk.people.set_roles(desk.actor, login, role or ())
    typer.echo(f"{login}: {', '.join(one.label for one in role or ()) or 'no role'}.")


@group.command("practices")
def practices(login: Login, practice: Practices = None) -> None:
    """Let a person work for exactly these practices."""
    with opened() as desk:
        desk.people.set_practices(desk.actor, login, practice or ())
    typer.echo(f"{login}: {', '.join(practice or ()) or 'no practice'}.")


@group.command("password")
def password(login: Login) -> None:
    """Set a person's password, asked for twice, or the first line of what is piped in; never an argument."""
    if sys.stdin.isatty():
        typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    with opened() as desk:
        desk.people.set_password(desk.actor, login, typed)
    typer.echo(f"The password of {login} is set.")


@group.command("deactivate")
def deactivate(login: Login) -> None:
    """End a person's access; what they did stays theirs."""
    with opened() as desk:
        desk.people.deactivate(desk.actor, login)
    typer.echo(f"{login} can no longer sign in.")


@group.command("activate")
def activate(login: Login) -> None:
    """Let a person come back; set a password next."""
    with opened() as desk:
        desk.people.activate(desk.actor, login)
    typer.echo(f"{login} is active. Next: workbench people password {login}")
