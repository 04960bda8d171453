"""Files that came in: what they were, who brought them when, and their bytes as received."""

import sqlalchemy as sa

from workbench.storage.tables.base import count, id_column, metadata, one_of, reference, text
from workbench.storage.types import UtcDateTime

# One row per different content. The unique sha256 is what makes eight imports at once into one:
# the check that comes before only makes the message kinder.
import_files = sa.Table(
    "import_files",
    metadata,
    id_column(),
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    text("name", None),
    count("size"),
    text("kind", None),
    sa.Column("received_at", UtcDateTime, nullable=False),
)

# The bytes as received, zlib-compressed in pieces of equal size, so that the segments of one claim are read
# without unpacking the whole file.
import_contents = sa.Table(
    "import_contents",
    metadata,
    reference("import_file_id", "import_files.id"),
    sa.Column("piece_no", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("import_file_id", "piece_no"),
)

# ISA06 + ISA08 + ISA13 + GS06. Not unique: a sender may reuse a number, which makes the file doubtful, not refused.
interchanges = sa.Table(
    "interchanges",
    metadata,
    id_column(),
    reference("import_file_id", "import_files.id"),
    text("isa_sender"),
    text("isa_receiver"),
    text("isa_control"),
    text("gs_control"),
    sa.Index("ix_interchanges_identity", "isa_control", "gs_control", "isa_sender", "isa_receiver"),
)

# Every attempt, the refused ones too.
import_log = sa.Table(
    "import_log",
    metadata,
    id_column(),
    text("sha256", None),
    text("file_name", None),
    reference("import_file_id", "import_files.id", nullable=True, index=True),
    text("outcome", None),
    text("findings_json", "[]"),
    reference("user_id", "users.id"),
    sa.Column("at", UtcDateTime, nullable=False),
    one_of("outcome", "new", "duplicate", "doubtful", "rejected"),
)

# Which heading is which field in tables of one sender; no patient data, only headings.
import_mappings = sa.Table(
    "import_mappings",
    metadata,
    id_column(),
    text("kind", None),
    text("name", None),
    text("mapping_json", "{}"),
    sa.UniqueConstraint("kind", "name"),
)
