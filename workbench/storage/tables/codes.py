"""The code lists an office has a licence for: their texts stand in front of our own short words."""

import sqlalchemy as sa

from workbench.domain.codes import CodeList
from workbench.storage.tables.base import metadata, one_of, text

licensed_codes = sa.Table(
    "licensed_codes",
    metadata,
    text("list", None),
    text("code", None),
    text("meaning", None),
    sa.PrimaryKeyConstraint("list", "code"),
    one_of("list", *CodeList),
)
