# ruff: noqa: S608 - the SQL is put together from names and words of ours alone
"""Which rows of which table a person's role sees, and who of them may add, change or remove rows.

One entry for each table; a table without one fails the build, and so does a migration. Services check finer
things (the state of a deposit, say): this is what also holds for SQL typed by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from workbench.domain.permissions import Permission
from workbench.domain.roles import ROLES
from workbench.domain.scan_batch.words import BatchType

P = Permission
Rights = frozenset[P]
NOBODY: Rights = frozenset()

_BATCH_WORK = frozenset(
    {P.BATCH_CREATE, P.BATCH_UPDATE, P.BATCH_DELETE, P.BATCH_POST, P.BATCH_UNPOST, P.IMAGE_ADD}
    | {P.IMAGE_ARRANGE, P.IMAGE_ARRANGE_POSTED, P.SET_CODE, P.SET_HOLD, P.SET_ATTACH}
)
_TAKE_BACK = frozenset({P.DEPOSIT_RESET, P.DEPOSIT_REVERSE, P.DEPOSIT_VOID})
_BOOK = _TAKE_BACK | {P.DEPOSIT_SEND}
_BRING = frozenset({P.DEPOSIT_NEW, P.DEPOSIT_IMPORT})
_WORK_CLAIMS = frozenset({P.DEPOSIT_EDIT, P.DEPOSIT_CLAIMS})
# The period close books the day of the bank on its deposits; a rule made from an error closes that error.
_DEPOSIT_WORK = _BRING | _WORK_CLAIMS | _BOOK | {P.DEPOSIT_IGNORE, P.BANK_MATCH, P.PERIOD_CLOSE, P.RULES_EDIT}
_BANK_WORK = frozenset({P.BANK_IMPORT, P.BANK_MATCH, P.PERIOD_CLOSE})
_SEE_DEPOSITS = frozenset({P.DEPOSIT_VIEW})
_SEE_BANK = frozenset({P.BANK_VIEW})
_SEE_BATCHES = frozenset({P.BATCH_VIEW})


@dataclass(frozen=True, slots=True)
class Rule:
    """How a person's role is bound in one table.

    Attributes:
        sight: the rows that exist for the person, as SQL over the table's columns; empty means every row.
            `:row` stands for the table.
        reads: permissions, one of which it takes to read; empty: none.
        adds, changes, removes: permissions, one of which it takes; empty: only the owner of the database may.
        anyone_adds: every person may add (rows that `sight_of_new` allows).
        sight_of_new: the rows that may be added, when that is not `sight`.
        blind: columns whose foreign key may point to what the person does not see.
        asked: column -> SQL that says whether its foreign key points to something the person sees, where the
            parent's own rule cannot say it because that rule looks at this table.
        staff_only: no person's role reaches the table at all.
    """

    sight: str = ""
    reads: Rights = NOBODY
    adds: Rights = NOBODY
    changes: Rights = NOBODY
    removes: Rights = NOBODY
    anyone_adds: bool = False
    anyone_changes: bool = False
    anyone_removes: bool = False
    sight_of_new: str | None = None
    blind: frozenset[str] = field(default_factory=frozenset)
    asked: Mapping[str, str] = field(default_factory=dict)
    staff_only: bool = False


# Stands for the table whose row is looked at.
ROW = ":row"
# What a person works for: a constant of the query, not a look-up for each row.
PRACTICE = (
    "(practice_id = ANY ((SELECT workbench_practices())::bigint[])"
    " OR practice_id IS NULL AND (SELECT workbench_sees_unassigned()))"
)
MINE = "user_id = (SELECT workbench_user_id())"


def holds(rights: Rights) -> str:
    """Whether one of the person's roles grants one of the rights; asked once for a query."""
    roles = sorted(role.value for role, granted in ROLES.items() if granted & rights)
    return f"(SELECT workbench_has_role('{{{','.join(roles)}}}'))"


def through(column: str, parent: str) -> str:
    """The row is seen when its parent is; the parent's own rule applies inside."""
    return f"EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.id = {ROW}.{column})"


def _list_of_the_office(rights: Rights) -> Rule:
    """No patient in it, the same for everybody."""
    return Rule(adds=rights, changes=rights, removes=rights)


def _bound(sight: str, reads: Rights, writes: Rights, removes: Rights | None = None) -> Rule:
    return Rule(
        sight, reads=reads, adds=writes, changes=writes, removes=writes if removes is None else removes
    )


_SETUP = frozenset({P.SETUP})
_RULES = frozenset({P.RULES_EDIT})
_CHARGE, _PAYMENT = frozenset({P.CHARGE_PAPER}), frozenset({P.PAYMENT_PAPER})
_ATTACH = frozenset({P.SET_ATTACH})
_BANK_IMPORT = frozenset({P.BANK_IMPORT})
# Of the two kinds of paper a person sees those that they work with (spec scan-batches 2.5).
_PAPER = (
    f"(batch_type = '{BatchType.CHARGE}' AND {holds(_CHARGE)}"
    f" OR batch_type = '{BatchType.PAYMENT}' AND {holds(_PAYMENT)})"
)
_EITHER_SIDE = (
    f"(transaction_id IS NOT NULL AND {through('transaction_id', 'bank_transactions')}"
    f" OR deposit_id IS NOT NULL AND {through('deposit_id', 'deposits')})"
)
_SOME_ITEM = (
    "(created_by_id = (SELECT workbench_user_id())"
    " OR EXISTS (SELECT 1 FROM bank_match_items AS item WHERE item.match_id = :row.id))"
)
_SEES_MATCH = "workbench_sees_match(:row.match_id)"
# Whoever may bring files sees that one is here already, whoever brought it: else it would be stored twice.
_FILE_KNOWN = f"({holds(_BRING)} OR EXISTS (SELECT 1 FROM deposits WHERE deposits.import_file_id = {ROW}.id))"
# Not so a bank file: its findings name accounts and balances.
_BANK_FILE_SEEN = (
    f"({MINE} OR EXISTS (SELECT 1 FROM bank_statements AS part WHERE part.bank_file_id = :row.id))"
)
_CHAIN = "(chain = 0 OR chain = ANY ((SELECT workbench_practices())::bigint[]))"
# What belongs to no practice is read by who did it, and by who reviews the trail.
_REVIEWED = f"(chain <> 0 OR {MINE} OR {holds(frozenset({P.AUDIT_VIEW}))})"

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        # The office. People, their roles and practices are changed with the owner's role alone.
        "users": Rule(),
        "user_roles": Rule(),
        "user_practices": Rule(),
        "user_credentials": Rule(staff_only=True),
        "user_settings": Rule(MINE, anyone_adds=True, anyone_changes=True, anyone_removes=True),
        "practices": _bound("id = ANY ((SELECT workbench_practices())::bigint[])", NOBODY, _SETUP),
        # Numbers of a public register: an import says by them whose a remittance is.
        "practice_identifiers": _list_of_the_office(_SETUP),
        "practice_facilities": _list_of_the_office(_SETUP),
        "facilities": _list_of_the_office(_SETUP),
        "payers": _list_of_the_office(_SETUP),
        "payer_identifiers": _list_of_the_office(_SETUP),
        "plans": _list_of_the_office(_SETUP),
        "company_settings": _list_of_the_office(_SETUP | {P.PERIOD_CLOSE}),
        "licensed_codes": _list_of_the_office(_SETUP),
        "rules": _list_of_the_office(_RULES),
        "era_amounts": _list_of_the_office(_RULES),
        "payer_settings": _list_of_the_office(_SETUP | _RULES),
        # Files that came in.
        "import_files": Rule(_FILE_KNOWN, adds=_BRING, sight_of_new=""),
        "import_contents": Rule(
            "workbench_holds_file(import_file_id)",
            adds=_BRING,
            sight_of_new="workbench_file_is_new(import_file_id)",
        ),
        "interchanges": Rule(
            through("import_file_id", "import_files"),
            adds=_BRING,
            sight_of_new="workbench_file_is_new(import_file_id)",
        ),
        "import_mappings": _list_of_the_office(_BRING),
        "import_log": Rule(f"({MINE} OR {holds(_SETUP)})", adds=_BRING, sight_of_new=MINE),
        # Our own claims.
        "claims": Rule(
            PRACTICE,
            reads=_SEE_DEPOSITS,
            adds=_BRING,
            changes=_BRING | _WORK_CLAIMS | _BOOK,
            # Who posts a claim need not see the file it came in.
            blind=frozenset({"source_import_id"}),
        ),
        "claim_payers": _bound(through("claim_id", "claims"), NOBODY, _BRING),
        "charge_lines": _bound(through("claim_id", "claims"), NOBODY, _BRING | _BOOK, NOBODY),
        # Deposits.
        "deposits": Rule(
            PRACTICE,
            reads=_SEE_DEPOSITS,
            adds=_BRING,
            changes=_DEPOSIT_WORK,
            asked={"import_file_id": "workbench_may_refer_to_file(:row.import_file_id)"},
        ),
        "deposit_claims": _bound(through("deposit_id", "deposits"), NOBODY, _DEPOSIT_WORK),
        "deposit_lines": _bound(through("deposit_claim_id", "deposit_claims"), NOBODY, _DEPOSIT_WORK),
        "adjustments": _bound(through("deposit_claim_id", "deposit_claims"), NOBODY, _DEPOSIT_WORK),
        "provider_adjustments": _bound(through("deposit_id", "deposits"), NOBODY, _DEPOSIT_WORK),
        "provider_allocations": _bound(
            through("provider_adjustment_id", "provider_adjustments"), NOBODY, _DEPOSIT_WORK
        ),
        "deposit_errors": _bound(through("deposit_id", "deposits"), NOBODY, _DEPOSIT_WORK),
        # The ledger is only added to. An entry comes before the transaction that seals it.
        "ledger_transactions": Rule(
            through("deposit_id", "deposits"),
            adds=_BOOK,
            asked={
                "reverses_id": "workbench_sees_transaction(:row.reverses_id)",
                "negates_id": "workbench_sees_transaction(:row.negates_id)",
            },
        ),
        "ledger_entries": Rule(
            through("transaction_id", "ledger_transactions"),
            adds=_BOOK,
            sight_of_new="",
            blind=frozenset({"transaction_id"}),
        ),
        # The bank.
        "bank_accounts": Rule(PRACTICE, reads=_SEE_BANK, adds=_BANK_IMPORT, changes=_SETUP),
        "bank_files": Rule(_BANK_FILE_SEEN, adds=_BANK_IMPORT, sight_of_new=MINE),
        "bank_statements": Rule(
            through("account_id", "bank_accounts"), adds=_BANK_IMPORT, blind=frozenset({"bank_file_id"})
        ),
        "bank_transactions": Rule(
            through("account_id", "bank_accounts"),
            adds=_BANK_IMPORT,
            changes=_BANK_WORK,
            blind=frozenset({"bank_file_id"}),
        ),
        "bank_matches": Rule(
            _SOME_ITEM,
            reads=_SEE_BANK,
            adds=_BANK_WORK,
            changes=_BANK_WORK,
            removes=_BANK_WORK,
            sight_of_new="created_by_id = (SELECT workbench_user_id())",
        ),
        "bank_match_items": Rule(
            _EITHER_SIDE,
            reads=_SEE_BANK,
            adds=_BANK_WORK,
            changes=_BANK_WORK,
            removes=_BANK_WORK,
            asked={"match_id": _SEES_MATCH},
        ),
        "bank_match_parts": Rule(
            through("deposit_id", "deposits"),
            reads=_SEE_BANK,
            adds=_BANK_WORK,
            changes=_BANK_WORK,
            removes=_BANK_WORK,
            asked={"match_id": _SEES_MATCH},
        ),
        "payer_aliases": _list_of_the_office(_BANK_WORK),
        "bank_column_profiles": _list_of_the_office(_BANK_IMPORT),
        "bank_day_closes": _bound(
            through("account_id", "bank_accounts"), NOBODY, frozenset({P.PERIOD_CLOSE}), NOBODY
        ),
        # Scan batches and what they are tied to.
        "image_batches": Rule(
            f"{PRACTICE} AND {_PAPER}",
            reads=_SEE_BATCHES,
            adds=frozenset({P.BATCH_CREATE}),
            changes=_BATCH_WORK,
            removes=frozenset({P.BATCH_DELETE}),
        ),
        "image_sets": _bound(through("batch_id", "image_batches"), NOBODY, _BATCH_WORK),
        "images": _bound(through("set_id", "image_sets"), NOBODY, _BATCH_WORK),
        "image_renditions": _bound(through("image_id", "images"), NOBODY, _BATCH_WORK),
        "image_imports": _bound(through("batch_id", "image_batches"), NOBODY, _BATCH_WORK),
        "coding_forms": _bound(through("set_id", "image_sets"), NOBODY, _BATCH_WORK),
        "charge_batches": _bound(
            f"{PRACTICE} AND {holds(_CHARGE)}",
            _SEE_BATCHES,
            _ATTACH,
        ),
        "cases": _bound(through("charge_batch_id", "charge_batches"), NOBODY, _ATTACH),
        "payment_batches": _bound(
            f"{PRACTICE} AND {holds(_PAYMENT)}",
            _SEE_BATCHES,
            _ATTACH,
        ),
        "payments": _bound(through("payment_batch_id", "payment_batches"), NOBODY, _ATTACH),
        "charge_batch_links": _bound(through("image_batch_id", "image_batches"), NOBODY, _ATTACH),
        "payment_batch_links": _bound(through("image_batch_id", "image_batches"), NOBODY, _ATTACH),
        "set_attachments": _bound(through("set_id", "image_sets"), NOBODY, _ATTACH),
        # The audit trail is only added to, in one's own name; the head of a chain moves with it.
        "audit_events": Rule(
            f"{_CHAIN} AND {_REVIEWED}", anyone_adds=True, sight_of_new=f"{MINE} AND {_CHAIN}"
        ),
        "audit_heads": Rule(_CHAIN, anyone_adds=True, anyone_changes=True),
    }
)
