"""Who acts. Every service takes an `Actor` first and checks it: a disabled button protects nothing."""

from dataclasses import dataclass

from workbench.domain.permissions import Permission
from workbench.errors import NotFoundError, NotPermittedError


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person.

    Attributes:
        practice_ids: the practices the person works for; nothing of another one is ever shown.
        sees_unassigned: whether work that belongs to no practice yet (an 835 whose payee is not ours) is shown.
    """

    user_id: int
    login: str
    name: str
    practice_ids: frozenset[int]
    permissions: frozenset[Permission]
    sees_unassigned: bool = False

    def require(self, permission: Permission) -> None:
        """Raises NotPermittedError when no role of the person grants `permission`."""
        if permission not in self.permissions:
            raise NotPermittedError(
                f"You may not do this ({permission.value}). Ask your supervisor for the right."
            )

    def sees(self, practice_id: int | None) -> bool:
        """Whether things of this practice (None: of no practice yet) are visible to the person."""
        return self.sees_unassigned if practice_id is None else practice_id in self.practice_ids

    def require_sight(self, practice_id: int | None, what: str) -> None:
        """Raises NotFoundError, the same as for a thing that does not exist: an error betrays no hidden row."""
        if not self.sees(practice_id):
            raise NotFoundError(f"{what} was not found.")
