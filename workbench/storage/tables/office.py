"""The office: practices, facilities, payers with their plans, users and their settings."""

import sqlalchemy as sa

from workbench.storage.tables.base import flag, id_column, metadata, one_of, reference, text

practices = sa.Table(
    "practices",
    metadata,
    id_column(),
    text("name", None),
    text("time_zone", "America/New_York"),
    flag("active", default=True),
)

practice_identifiers = sa.Table(
    "practice_identifiers",
    metadata,
    reference("practice_id", "practices.id"),
    text("kind", None),
    text("value", None),
    sa.PrimaryKeyConstraint("kind", "value", "practice_id"),
    one_of("kind", "NPI", "TIN"),
)

facilities = sa.Table("facilities", metadata, id_column(), text("name", None), flag("active", default=True))

practice_facilities = sa.Table(
    "practice_facilities",
    metadata,
    reference("practice_id", "practices.id"),
    reference("facility_id", "facilities.id"),
    sa.PrimaryKeyConstraint("practice_id", "facility_id"),
)

payers = sa.Table(
    "payers",
    metadata,
    id_column(),
    text("name", None),
    text("payer_code"),
    flag("active", default=True),
)

# An identifier names one payer (spec deposits 8 row 21). NAME rows are proposals for a person, never a match.
payer_identifiers = sa.Table(
    "payer_identifiers",
    metadata,
    reference("payer_id", "payers.id"),
    text("kind", None),
    text("value", None),
    sa.PrimaryKeyConstraint("kind", "value"),
    one_of("kind", "N104", "REF2U", "TRN03", "BPR10", "NAME"),
)

plans = sa.Table(
    "plans",
    metadata,
    id_column(),
    reference("payer_id", "payers.id", index=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    flag("active", default=True),
)

users = sa.Table(
    "users",
    metadata,
    id_column(),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    text("name", None),
    flag("active", default=True),
)

user_practices = sa.Table(
    "user_practices",
    metadata,
    reference("user_id", "users.id"),
    reference("practice_id", "practices.id"),
    sa.PrimaryKeyConstraint("user_id", "practice_id"),
)

user_roles = sa.Table(
    "user_roles",
    metadata,
    reference("user_id", "users.id"),
    text("role", None),
    sa.PrimaryKeyConstraint("user_id", "role"),
)

user_settings = sa.Table(
    "user_settings",
    metadata,
    reference("user_id", "users.id"),
    text("key", None),
    text("value", None),
    sa.PrimaryKeyConstraint("user_id", "key"),
)

company_settings = sa.Table("company_settings", metadata, text("key", None), text("value", None))
company_settings.append_constraint(sa.PrimaryKeyConstraint("key"))
