"""How each action of the matrix is done: by a person, to the things of a place."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tests.permissions.scene import DAY, TARGETS, Place, Scene, header, picture
from tests.services.test_bank import bai2
from workbench.bank.profile import ColumnProfile
from workbench.domain.audit_views import AuditQuery
from workbench.domain.bank import BankLineState
from workbench.domain.bank_desk import ListPage
from workbench.domain.deposit import Disposition, PaymentType
from workbench.domain.deposit_views import ClaimQuery, DepositQuery
from workbench.domain.findings import Severity
from workbench.domain.identity import Actor
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import AdjustmentFacts, Rule
from workbench.domain.posting_views import PostingQuery
from workbench.domain.reports import ReconciliationQuery
from workbench.domain.roles import Role
from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.cleaning import Cut, Step
from workbench.domain.scan_batch.coding import CodingForm
from workbench.domain.scan_batch.lists import BatchQuery
from workbench.domain.scan_batch.records import Payment
from workbench.domain.scan_batch.words import BatchType, CaseStatus, CodingStatus, DocumentType, PaymentKind
from workbench.domain.scan_batch.work import ChargeBatchDraft, PaymentBatchDraft, PaymentDraft
from workbench.images.intake import Incoming
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedLine
from workbench.services.deposit_desk.claim_search import ClaimCriteria
from workbench.services.deposit_desk.creating import NewDeposit, NewStatement
from workbench.services.deposit_desk.editing import HeaderEdit
from workbench.services.deposit_desk.rules import EraAmount
from workbench.services.image_store import Size
from workbench.services.import_mappings import TableKind
from workbench.services.reports.figures import Group
from workbench.services.scan_batches.lists import SearchDefaults
from workbench.services.scan_profiles import ScanProfile

Call = Callable[[Scene, Place, Actor], Any]
REASON = "because"
MONEY = b"patient id,amount\nX,1.00\n"
BATCHES, DEPOSITS, POSTINGS = BatchQuery(), DepositQuery(), PostingQuery(show="all")
PERIOD = ReconciliationQuery(date(2026, 1, 1), date(2026, 12, 31))
PAGE = ListPage()
CODES = b"code,description\n1,Deductible\n2,Coinsurance\n3,Copay\n"


def frame(name: str) -> Call:
    return lambda s, _p, who: frames_of(s, who, name)


def frames_of(s: Scene, who: Actor, name: str) -> pd.DataFrame:
    s.wb.frames._ask_actor = lambda: who
    found: pd.DataFrame = getattr(s.wb.frames, name)()
    return found


def statement(p: Place) -> NewStatement:
    return NewStatement(p.practice, 100, "CHECK", (p.ours,), DAY)


def new_work(p: Place) -> ChargeBatchDraft | PaymentBatchDraft:
    if p.kind is BatchType.CHARGE:
        return ChargeBatchDraft(
            p.practice, expected_case_count=1, date_of_service=DAY, facility_id=p.facility
        )
    return PaymentBatchDraft(p.practice, expected_count=1, payer_id=1)


def work_id(s: Scene, p: Place) -> int:
    """The work batch of the place that takes this kind of paper."""
    of = s.batches[p.practice, p.kind, "linked"]
    return of.charge_work if p.kind is BatchType.CHARGE else of.payment_work


def first_payment(s: Scene, p: Place) -> Payment:
    """As whoever may see it has seen it."""
    return s.scan.entries.payments(s.office.supervisor, p.payment_work)[0]


def keep_and_forget(s: Scene, who: Actor) -> None:
    s.scan.profiles.keep(who, ScanProfile(name="x"))
    s.scan.profiles.forget(who, "x", office=False)


def target_id(s: Scene, p: Place) -> int:
    return int(getattr(s.batches[p.practice, p.kind, "linked"], TARGETS[p.kind][1]))


def picture_file(s: Scene) -> list[Path]:
    path = s.file.parent / "page.jpg"
    path.write_bytes((s.wb.settings.image_store / picture_path(s)).read_bytes())
    return [path]


def picture_path(s: Scene) -> Path:
    new = picture(s, "sent in")
    return s.wb.scan_desk.files._store.path(new.sha256)


CALLS: dict[str, Call] = {
    "people.activate": lambda s, _p, who: s.wb.people.activate(who, "south"),
    "people.add": lambda s, _p, who: s.wb.people.add(who, "newcomer", "New", roles=[Role.CODER]),
    "people.deactivate": lambda s, _p, who: s.wb.people.deactivate(who, "south"),
    "people.everybody": lambda s, _p, who: s.wb.people.everybody(who),
    "people.practices": lambda s, _p, who: s.wb.people.practices(who),
    "people.set_password": lambda s, _p, who: s.wb.people.set_password(who, "south", "a long enough pass phrase"),
    "people.set_practices": lambda s, _p, who: s.wb.people.set_practices(who, "south", []),
    "people.set_roles": lambda s, _p, who: s.wb.people.set_roles(who, "south", [Role.CODER]),
    "audit.choices": lambda s, _p, who: s.wb.audit.choices(who),
    "audit.event": lambda s, p, who: s.wb.audit.event(who, p.practice, p.event),
    "audit.page": lambda s, _p, who: s.wb.audit.page(who, AuditQuery(limit=500)),
    "audit.table": lambda s, _p, who: s.wb.audit.table(who, AuditQuery()).to_pandas(),
    "audit.verify": lambda s, _p, who: s.wb.audit.verify(who),
    "sql": lambda s, _p, who: s.wb._sql_desk.answer(
        who, "select * from claims", rows=1000, seconds=60).rows.to_pandas(),
    "export": lambda s, _p, who: s.exports.export(who, pd.DataFrame({"a": [1]}), s.file.parent / "a.csv"),
    "deposits.choices": lambda s, _p, who: s.wb.deposits.choices(who),
    "deposits.claim": lambda s, p, who: s.wb.deposits.claim(who, p.claim),
    "deposits.claims": lambda s, p, who: s.wb.deposits.claims(who, p.deposit, ClaimQuery()),
    "deposits.errors": lambda s, p, who: s.wb.deposits.errors(who, p.deposit),
    "deposits.get": lambda s, p, who: s.wb.deposits.get(who, p.deposit),
    "deposits.ignore": lambda s, p, who: s.wb.deposits.ignore(who, p.deposit, REASON, p.version),
    "deposits.money": lambda s, p, who: s.wb.deposits.money(who, p.deposit),
    "deposits.neighbours": lambda s, p, who: s.wb.deposits.neighbours(who, p.deposit, DEPOSITS),
    "deposits.notes": lambda s, p, who: s.wb.deposits.notes(who, p.deposit),
    "deposits.history": lambda s, p, who: s.wb.deposits.history(who, p.deposit),
    "deposits.add_note": lambda s, p, who: s.wb.deposits.add_note(who, p.deposit, "a note"),
    "export.pdf": lambda s, p, who: s.scan.export.take_out(who, p.batch, p.images[:1], "export"),
    "export.take_out": lambda s, p, who: s.scan.export.take_out(who, p.batch, p.images[:1], "print"),
    "sets.append_parts": lambda s, p, who: s.scan.sets.append_parts(who, p.batch, [[picture(s, "one more")]]),
    "deposits.page": lambda s, _p, who: s.wb.deposits.page(who, DEPOSITS),
    "deposits.provider_adjustments": lambda s, p, who: s.wb.deposits.provider_adjustments(who, p.deposit),
    "deposits.refusals": lambda s, p, who: s.wb.deposits.refusals(who, p.deposit),
    "deposits.restore": lambda s, p, who: s.wb.deposits.restore(who, p.deposit, REASON, p.version),
    "choices.open_claims": lambda s, p, who: s.desk.choices.open_claims(who, p.practice, f"{p.mark}LAST"),
    "choices.owners": lambda s, _p, who: s.desk.choices.owners(who),
    "choices.payers": lambda s, _p, who: s.desk.choices.payers(who, "a", 5),
    "choices.practices": lambda s, _p, who: s.desk.choices.practices(who),
    "creating.create_eob": lambda s, p, who: s.desk.creating.create_eob(
        who, NewDeposit(p.practice, 100, "C1", 1, DAY)),
    "creating.create_statement": lambda s, p, who: s.desk.creating.create_statement(who, statement(p)),
    "creating.preview_statement": lambda s, p, who: s.desk.creating.preview_statement(who, statement(p)),
    "copying.copy": lambda s, p, who: s.desk.copying.copy(who, p.claim, p.deposit),
    "editing.add_claims": lambda s, p, who: s.desk.editing.add_claims(who, p.deposit, [p.ours]),
    "editing.attach": lambda s, p, who: s.desk.editing.attach(who, p.claim, p.ours),
    "editing.edit_header": lambda s, p, who: s.desk.editing.edit_header(
        who, p.deposit, p.version, HeaderEdit(check_number="C9")),
    "editing.save_claim": lambda s, p, who: s.desk.editing.save_claim(
        who, p.claim, 1, ClaimEdit((EditedLine(p.line, 10000),)), ready=False),
    "editing.set_included": lambda s, p, who: s.desk.editing.set_included(
        who, p.deposit, [p.claim], included=False, reason=REASON),
    "editing.set_payer": lambda s, p, who: s.desk.editing.set_payer(who, p.claim, 1),
    "editing.surroundings": lambda s, p, who: s.desk.editing.surroundings(who, p.claim),
    "claim_search.proposals": lambda s, p, who: s.desk.claim_search.proposals(who, p.claim),
    "claim_search.search": lambda s, p, who: s.desk.claim_search.search(
        who, p.deposit, ClaimCriteria(last=f"{p.mark}LAST", all_dates=True)),
    "errors.compare": lambda s, p, who: s.desk.errors.compare(who, p.deposit, p.error),
    "errors.ignore": lambda s, p, who: s.desk.errors.ignore(who, p.deposit, [p.error], REASON),
    "errors.of_deposit": lambda s, p, who: s.desk.errors.of_deposit(who, p.deposit),
    "errors.of_kind": lambda s, p, who: s.desk.errors.of_kind(who, p.deposit, "CLAIM_NOT_FOUND"),
    "errors.recompute": lambda s, p, who: s.desk.errors.recompute(who, p.deposit),
    "errors.reopen": lambda s, p, who: s.desk.errors.reopen(who, p.deposit, [p.error]),
    "errors.settled": lambda s, p, who: s.desk.errors.settled(who, p.deposit),
    "resolving.apply_rules": lambda s, p, who: s.desk.resolving.apply_rules(who, p.deposit),
    "resolving.choose_claim_payers": lambda s, p, who: s.desk.resolving.choose_claim_payers(
        who, p.deposit, {p.claim: 1}, {p.claim: 1}),
    "resolving.choose_effect": lambda s, p, who: s.desk.resolving.choose_effect(
        who, [p.adjustment], p.deposit, Effect.WRITE_OFF, PaymentType.INSURANCE),
    "resolving.correct_payer_order": lambda s, p, who: s.desk.resolving.correct_payer_order(
        who, p.deposit, [p.claim], {p.claim: 1}),
    "resolving.dispose": lambda s, p, who: s.desk.resolving.dispose(
        who, p.deposit, p.provider, Disposition.REPORT),
    "resolving.map_line": lambda s, p, who: s.desk.resolving.map_line(who, p.claim, {p.line: None}),
    "resolving.map_lines": lambda s, p, who: s.desk.resolving.map_lines(
        who, p.deposit, {p.claim: {p.line: None}}, {p.claim: 1}),
    "resolving.misplaced": lambda s, p, who: s.desk.resolving.misplaced(who, p.deposit),
    "resolving.propose_payers": lambda s, p, who: s.desk.resolving.propose_payers(who, p.deposit),
    "resolving.propose_practices": lambda s, p, who: s.desk.resolving.propose_practices(who, p.deposit),
    "resolving.propose_spread": lambda s, p, who: s.desk.resolving.propose_spread(who, p.claim),
    "resolving.propose_spreads": lambda s, p, who: s.desk.resolving.propose_spreads(who, p.deposit),
    "resolving.remember_payer": lambda s, p, who: s.desk.resolving.remember_payer(who, p.deposit, 1),
    "resolving.report_claim_level": lambda s, p, who: s.desk.resolving.report_claim_level(who, p.waiting_claim, p.waiting),
    "resolving.spread": lambda s, p, who: s.desk.resolving.spread(who, p.waiting_claim, p.waiting, {}),
    "resolving.spread_as_proposed": lambda s, p, who: s.desk.resolving.spread_as_proposed(
        who, p.deposit, {p.claim: 1}),
    "resolving.undecided": lambda s, p, who: s.desk.resolving.undecided(who, p.deposit),
    "resolving.unmapped": lambda s, p, who: s.desk.resolving.unmapped(who, p.deposit),
    "rematching.assign_practice": lambda s, p, who: s.desk.rematching.assign_practice(
        who, p.deposit, p.practice),
    "rematching.rematch": lambda s, p, who: s.desk.rematching.rematch(who, p.deposit),
    "provider_money.candidates": lambda s, p, who: s.desk.provider_money.candidates(who, p.deposit, p.provider),
    "provider_money.of_deposit": lambda s, p, who: s.desk.provider_money.of_deposit(who, p.deposit),
    "provider_money.running_ledger": lambda s, _p, who: s.desk.provider_money.running_ledger(who),
    "provider_money.settle_proposed": lambda s, p, who: s.desk.provider_money.settle_proposed(who, p.deposit),
    "posting.send": lambda s, p, who: s.desk.posting.send(who, p.deposit),
    "posting.verify": lambda s, p, who: s.desk.posting.verify(who, p.deposit),
    "postings.ids": lambda s, _p, who: s.desk.postings.ids(who, POSTINGS),
    "postings.ignore_like": lambda s, _p, who: s.desk.postings.ignore_like(
        who, PostingQuery(show="all", error_code="CLAIM_NOT_FOUND"), REASON),
    "postings.open": lambda s, p, who: s.desk.postings.open(who, p.claim),
    "postings.page": lambda s, _p, who: s.desk.postings.page(who, POSTINGS),
    "undoing.reset": lambda s, p, who: s.desk.undoing.reset(who, p.deposit, REASON),
    "undoing.reverse": lambda s, p, who: s.desk.undoing.reverse(who, p.claim, REASON),
    "undoing.void": lambda s, p, who: s.desk.undoing.void(who, p.deposit, REASON),
    "auto_post.due": lambda s, _p, who: s.desk.auto_post.due(who),
    "auto_post.run": lambda s, _p, who: s.desk.auto_post.run(who),
    "rules.era_amounts": lambda s, _p, who: s.desk.rules.era_amounts(who),
    "rules.explain": lambda s, _p, who: s.desk.rules.explain(who, AdjustmentFacts("CO", "45")),
    "rules.own": lambda s, _p, who: s.desk.rules.own(who),
    "rules.save": lambda s, _p, who: s.desk.rules.save(
        who, Rule(0, Effect.WRITE_OFF, PaymentType.INSURANCE, group="CO", carc="45")),
    "rules.set_era_amount": lambda s, _p, who: s.desk.rules.set_era_amount(
        who, EraAmount(None, "L6", Disposition.REPORT)),
    "settings.close_period": lambda s, _p, who: s.desk.settings.close_period(who, date(2026, 1, 31)),
    "settings.closed_through": lambda s, _p, who: s.desk.settings.closed_through(who),
    "settings.company": lambda s, _p, who: s.desk.settings.company(who),
    "settings.error_severities": lambda s, _p, who: s.desk.settings.error_severities(who),
    "settings.set_error_severity": lambda s, _p, who: s.desk.settings.set_error_severity(
        who, "PR_SUM_DIFF", Severity.BLOCKING),
    "settings.payer_auto_post": lambda s, _p, who: s.desk.settings.payer_auto_post(who, 1),
    "settings.set_company": lambda s, _p, who: s.desk.settings.set_company(who, "unlisted_code", "block"),
    "settings.set_payer_auto_post": lambda s, _p, who: s.desk.settings.set_payer_auto_post(who, 1, 3),
    "work_lists.items": lambda s, _p, who: s.desk.work_lists.items(who, "denials"),
    "work_lists.tiles": lambda s, _p, who: s.desk.work_lists.tiles(who),
    "user_settings.get": lambda s, _p, who: s.wb.user_settings.get(who, "claim_search_time_period"),
    "user_settings.set": lambda s, _p, who: s.wb.user_settings.set(who, "claim_search_time_period", "30"),
    "remittance_import.import_remittance": lambda s, _p, who: s.wb.remittance_import.import_remittance(
        who, "x.835", b"nothing"),
    "claims_import.import_837": lambda s, _p, who: s.wb.claims_import.import_837(who, "x.837", b"nothing"),
    "claims_import.import_file": lambda s, _p, who: s.wb.claims_import.import_file(who, "x.837", b"ISA nothing"),
    "claims_import.import_table": lambda s, _p, who: s.wb.claims_import.import_table(who, "x.csv", b"a,b\n1,2\n"),
    "claims_import.propose_mapping": lambda s, _p, who: s.wb.claims_import.propose_mapping(
        who, "x.csv", b"a,b\n1,2\n"),
    "patient_payments.import_table": lambda s, p, who: s.wb.patient_payments.import_table(
        who, p.practice, "x.csv", MONEY, deposited_date=DAY),
    "patient_payments.preview": lambda s, p, who: s.wb.patient_payments.preview(who, p.practice, "x.csv", MONEY),
    "patient_payments.template": lambda s, _p, _who: s.wb.patient_payments.template(notes=True),
    "patient_payments.propose_mapping": lambda s, _p, who: s.wb.patient_payments.propose_mapping(
        who, "x.csv", MONEY),
    "code_lists.import_licensed": lambda s, _p, who: s.wb.code_lists.import_licensed(who, CODES),
    "demo.make": lambda s, _p, who: s.wb.demo.make(who, DAY, lambda _text, _part: None),
    "scan_desk.import_paths": lambda s, p, who: list(
        s.scan.import_paths(who, p.batch, picture_file(s), "new")),
    "imports.run": lambda s, p, who: list(
        s.scan.imports.run(who, p.batch, [Incoming("page.jpg", path) for path in picture_file(s)])),
    "batches.create": lambda s, p, who: s.scan.batches.create(who, header(p, p.kind, "new")),
    "batches.delete": lambda s, p, who: s.scan.batches.delete(who, p.batch),
    "batches.facts": lambda s, p, who: s.scan.batches.facts(who, p.batch),
    "batches.get": lambda s, p, who: s.scan.batches.get(who, p.batch),
    "batches.post": lambda s, p, who: s.scan.batches.post(who, p.batch),
    "batches.problems": lambda s, p, who: s.scan.batches.problems(who, header(p, p.kind, "new")),
    "batches.restore": lambda s, p, who: s.scan.batches.restore(who, p.batch),
    "batches.unpost": lambda s, p, who: s.scan.batches.unpost(who, p.batch, REASON),
    "batches.update": lambda s, p, who: s.scan.batches.update(who, p.batch, header(p, p.kind, "changed"), 1),
    "batches.why_not": lambda s, p, who: s.scan.batches.why_not(who, p.batch, Action.POST),
    "lists.clock": lambda s, _p, who: s.scan.lists.clock(who),
    "lists.page": lambda s, _p, who: s.scan.lists.page(who, BATCHES),
    "lists.posted": lambda s, p, who: s.scan.lists.posted(who, p.kind, BATCHES),
    "lists.search_defaults": lambda s, p, who: s.scan.lists.search_defaults(who, p.kind),
    "lists.set_search_defaults": lambda s, p, who: s.scan.lists.set_search_defaults(who, p.kind, SearchDefaults()),
    "lists.sets_of": lambda s, p, who: s.scan.lists.sets_of(who, p.batch),
    "lists.unattached": lambda s, _p, who: s.scan.lists.unattached(who),
    "choices.facilities": lambda s, p, who: s.scan.choices.facilities(who, p.practice),
    "scan_choices.practices": lambda s, _p, who: s.scan.choices.practices(who),
    "sets.append": lambda s, p, who: s.scan.sets.append(who, p.batch, [picture(s, "one more")]),
    "sets.apply": lambda s, p, who: s.scan.sets.apply(who, p.edit.inverse() if p.edit else None),  # type: ignore[arg-type]
    "sets.change": lambda s, p, who: s.scan.sets.change(who, p.batch, Action.MARK, "x", lambda pages: pages),
    "sets.delete_images": lambda s, p, who: s.scan.sets.delete_images(who, p.batch, p.images[:1]),
    "sets.delete_sets": lambda s, p, who: s.scan.sets.delete_sets(who, p.batch, p.sets[1:]),
    "sets.merge": lambda s, p, who: s.scan.sets.merge(who, p.batch, p.sets[1]),
    "sets.move": lambda s, p, who: s.scan.sets.move(who, p.batch, p.images[-1:], p.sets[1], 1),
    "sets.move_set": lambda s, p, who: s.scan.sets.move_set(who, p.batch, p.sets[1], 1),
    "sets.prepare": lambda s, p, who: s.scan.sets.prepare(
        who, p.batch, Action.MARK, lambda _stores, _opened: ("x", lambda pages: pages)),
    "sets.reorder": lambda s, p, who: s.scan.sets.reorder(who, p.batch, p.sets[1], p.images[3:1:-1]),
    "sets.restore_images": lambda s, p, who: s.scan.sets.restore_images(who, p.batch, []),
    "sets.split": lambda s, p, who: s.scan.sets.split(who, p.batch, p.images[1]),
    "marks.classify": lambda s, p, who: s.scan.marks.classify(who, p.batch, p.images[:1], DocumentType.OTHER),
    "marks.classify_set": lambda s, p, who: s.scan.marks.classify_set(who, p.batch, p.sets[0], DocumentType.OTHER),
    "marks.hold": lambda s, p, who: s.scan.marks.hold(who, p.batch, p.sets[1], REASON),
    "cleaning.as_scanned": lambda s, p, who: s.scan.cleaning.as_scanned(who, p.batch, p.images[:1]),
    "cleaning.by_hand": lambda s, p, who: s.scan.cleaning.by_hand(who, p.batch, p.images[:1], 100, Cut(500)),
    "cleaning.straighten": lambda s, p, who: s.scan.cleaning.straighten(who, p.batch, p.images[:1]),
    "cleaning.toggle": lambda s, p, who: s.scan.cleaning.toggle(who, p.batch, p.images[:1], Step.INVERT),
    "marks.note_image": lambda s, p, who: s.scan.marks.note_image(who, p.batch, p.images[0], "note"),
    "marks.note_set": lambda s, p, who: s.scan.marks.note_set(who, p.batch, p.sets[0], "note"),
    "marks.release": lambda s, p, who: s.scan.marks.release(who, p.batch, p.sets[1]),
    "marks.rotate": lambda s, p, who: s.scan.marks.rotate(who, p.batch, p.images[:1], 90),
    "provider_money.named_elsewhere": lambda s, p, who: s.desk.provider_money.named_elsewhere(
        who, p.deposit, p.provider),
    "import_mappings.all": lambda s, _p, who: s.desk.import_mappings.all(who, TableKind.CLAIMS),
    "import_mappings.remove": lambda s, _p, who: s.desk.import_mappings.remove(who, TableKind.CLAIMS, "x"),
    "import_mappings.save": lambda s, _p, who: s.desk.import_mappings.save(
        who, TableKind.CLAIMS, "x", {"pcn": "Claim"}),
    "import_inbox": lambda s, p, who: s.scan.import_inbox(who, p.batch, "new"),
    "inbox.folder": lambda s, p, who: s.scan.inbox.folder(who, p.batch),
    "inbox.take": lambda s, p, who: s.scan.inbox.take(who, p.batch),
    "inbox.waiting": lambda s, p, who: s.scan.inbox.waiting(who, p.batch),
    "profiles.all": lambda s, _p, who: s.scan.profiles.all(who),
    "profiles.forget": lambda s, _p, who: keep_and_forget(s, who),
    "profiles.keep": lambda s, _p, who: s.scan.profiles.keep(who, ScanProfile(name="x")),
    "profiles.last_used": lambda s, _p, who: s.scan.profiles.last_used(who),
    "profiles.use": lambda s, _p, who: s.scan.profiles.use(who, ScanProfile(name="x")),
    "set_details.get": lambda s, p, who: s.scan.set_details.get(who, p.sets[0]),
    "set_details.save": lambda s, p, who: s.scan.set_details.save(who, p.batch, p.sets[0], header(p, p.kind, "own")),
    "work.draft": lambda s, p, who: s.scan.work.draft(who, p.kind, work_id(s, p)),
    "work.update": lambda s, p, who: s.scan.work.update(who, work_id(s, p), new_work(p), 1),
    "entries.delete_payment": lambda s, p, who: s.scan.entries.delete_payment(who, first_payment(s, p)),
    "entries.update_payment": lambda s, p, who: s.scan.entries.update_payment(
        who, first_payment(s, p), PaymentDraft(PaymentKind.INSURANCE, 200)),
    "views.batch_of": lambda s, p, who: s.scan.views.batch_of(who, p.sets[0]),
    "views.contents": lambda s, p, who: s.scan.views.contents(who, p.batch),
    "views.duplicates": lambda s, _p, who: s.scan.views.duplicates(who, s.every_sha256()),
    "views.view": lambda s, p, who: s.scan.views.view(who, p.images[0]),
    "views.view_set": lambda s, p, who: s.scan.views.view_set(who, p.sets[0]),
    "coding.form": lambda s, p, who: s.scan.coding.form(who, p.sets[0]),
    "coding.save": lambda s, p, who: s.scan.coding.save(who, p.sets[1], CodingForm(patient_last="X"), 0),
    "coding.set_status": lambda s, p, who: s.scan.coding.set_status(
        who, p.sets[1], CodingStatus.IGNORED, REASON),
    "journal.begin": lambda s, p, who: s.scan.journal.begin(who, p.batch, "a.pdf", 1),
    "journal.begin_all": lambda s, p, who: s.scan.journal.begin_all(who, p.batch, [("a.pdf", 1)]),
    "journal.dismiss": lambda s, p, who: s.scan.journal.dismiss(who, p.entry),
    "journal.fail": lambda s, p, who: s.scan.journal.fail(who, p.entry, REASON),
    "journal.fail_all": lambda s, p, who: s.scan.journal.fail_all(who, [p.entry], REASON),
    "journal.finish": lambda s, p, who: s.scan.journal.finish(who, p.entry, 1),
    "journal.finish_all": lambda s, p, who: s.scan.journal.finish_all(who, [(p.entry, 1)]),
    "journal.open": lambda s, p, who: s.scan.journal.open(who, p.batch),
    "recycle_bin.pages": lambda s, p, who: s.scan.recycle_bin.pages(who, p.batch),
    "recycle_bin.purge": lambda s, _p, who: s.scan.recycle_bin.purge(who),
    "files.open": lambda s, p, who: s.scan.files.open(who, p.images[0]),
    "files.picture": lambda s, p, who: s.scan.files.picture(who, p.images[0], Size.FULL),
    "files.sweep": lambda s, _p, who: s.scan.files.sweep(who),
    "files.verify": lambda s, _p, who: s.scan.files.verify(who),
    "images.open": lambda s, p, who: s.pictures(who).open(p.images[0]),
    "work.candidates": lambda s, p, who: s.scan.work.candidates(who, p.batch),
    "work.charge_batch": lambda s, p, who: s.scan.work.charge_batch(who, p.charge_work),
    "work.create": lambda s, p, who: s.scan.work.create(who, new_work(p), image_batch_id=p.batch),
    "work.delete": lambda s, p, who: s.scan.work.delete(who, p.kind, work_id(s, p)),
    "work.link": lambda s, p, who: s.scan.work.link(who, p.batch, p.kind, work_id(s, p)),
    "work.obstacles": lambda s, p, who: s.scan.work.obstacles(who, p.batch, p.kind, work_id(s, p)),
    "work.payment_batch": lambda s, p, who: s.scan.work.payment_batch(who, p.payment_work),
    "work.propose": lambda s, p, who: s.scan.work.propose(who, p.batch),
    "work.unlink": lambda s, p, who: s.scan.work.unlink(who, p.batch, p.kind, work_id(s, p)),
    "ties.attach": lambda s, p, who: s.scan.ties.attach(who, p.sets[1], TARGETS[p.kind][0], target_id(s, p)),
    "ties.detach": lambda s, p, who: s.scan.ties.detach(
        who, p.sets[0], TARGETS[p.kind][0], target_id(s, p), REASON),
    "ties.of_set": lambda s, p, who: s.scan.ties.of_set(who, p.sets[0]),
    "ties.of_target": lambda s, p, who: s.scan.ties.of_target(who, TARGETS[p.kind][0], target_id(s, p)),
    "ties.pages_of": lambda s, p, who: s.scan.ties.pages_of(who, TARGETS[p.kind][0], target_id(s, p)),
    "ties.sets_for_deposit": lambda s, _p, who: s.scan.ties.sets_for_deposit(who),
    "entries.add_payment": lambda s, p, who: s.scan.entries.add_payment(
        who, p.payment_work, PaymentDraft(PaymentKind.INSURANCE, 100)),
    "entries.case": lambda s, p, who: s.scan.entries.case(who, p.case),
    "entries.cases": lambda s, p, who: s.scan.entries.cases(who, p.charge_work),
    "entries.create_case": lambda s, p, who: s.scan.entries.create_case(who, p.charge_work),
    "entries.import_coding": lambda s, p, who: s.scan.entries.import_coding(who, p.case, p.sets[0]),
    "entries.payments": lambda s, p, who: s.scan.entries.payments(who, p.payment_work),
    "entries.post_payments": lambda s, p, who: s.scan.entries.post_payments(who, p.payment_work),
    "entries.set_case_status": lambda s, p, who: s.scan.entries.set_case_status(who, p.case, CaseStatus.SUBMITTED),
    "entries.why_not_post": lambda s, p, who: s.scan.entries.why_not_post(who, p.payment_work),
    "bank.imports.accounts": lambda s, _p, who: s.wb.bank.imports.accounts(who),
    "bank.imports.assign_account": lambda s, p, who: s.wb.bank.imports.assign_account(
        who, p.account, "name", p.practice),
    "bank.imports.import_file": lambda s, p, who: s.wb.bank.imports.import_file(
        who, "n.bai", bai2("500,N1,,NEW", account=f"00{p.practice}{p.mark}", day="261104", opening=30800)),
    "bank.imports.practices": lambda s, _p, who: s.wb.bank.imports.practices(who),
    "bank.imports.profiles": lambda s, _p, who: s.wb.bank.imports.profiles(who),
    "bank.imports.save_profile": lambda s, _p, who: s.wb.bank.imports.save_profile(
        who, ColumnProfile("p", ("Day", "Cents"), date="Day", amount="Cents")),
    "bank.matching.run": lambda s, _p, who: s.wb.bank.matching.run(who),
    "bank.decisions.accept": lambda s, p, who: s.wb.bank.decisions.accept(who, [p.match], REASON),
    "bank.decisions.mark": lambda s, p, who: s.wb.bank.decisions.mark(
        who, p.bank_line, p.bank_version, BankLineState.TO_CHECK, REASON),
    "bank.decisions.match": lambda s, p, who: s.wb.bank.decisions.match(who, [p.bank_line], [p.deposit], REASON),
    "bank.decisions.merge": lambda s, p, who: s.wb.bank.decisions.merge(
        who, p.match, [p.bank_line], [p.deposit], REASON),
    "bank.decisions.reject": lambda s, p, who: s.wb.bank.decisions.reject(who, p.match, REASON),
    "bank.decisions.split": lambda s, p, who: s.wb.bank.decisions.split(who, p.bank_line, {p.deposit: 700}, REASON),
    "bank.decisions.unmatch": lambda s, p, who: s.wb.bank.decisions.unmatch(who, p.match, REASON),
    "bank.days.day": lambda s, p, who: s.wb.bank.days.day(who, p.account, DAY),
    "bank.days.days": lambda s, p, who: s.wb.bank.days.days(who, p.account, DAY, DAY),
    "bank.days.lock": lambda s, p, who: s.wb.bank.days.lock(who, p.account, DAY),
    "bank.days.reopen": lambda s, p, who: s.wb.bank.days.reopen(who, p.account, DAY, REASON),
    "bank.lists.deposit_page": lambda s, _p, who: s.wb.bank.lists.deposit_page(who, PAGE, matched=None),
    "bank.lists.deposits": lambda s, _p, who: s.wb.bank.lists.deposits(who, matched=None),
    "bank.lists.line_page": lambda s, _p, who: s.wb.bank.lists.line_page(who, list(BankLineState), PAGE),
    "bank.lists.lines": lambda s, _p, who: s.wb.bank.lists.lines(who, list(BankLineState)),
    "bank.lists.match_page": lambda s, _p, who: s.wb.bank.lists.match_page(who, PAGE),
    "bank.lists.proposals": lambda s, _p, who: s.wb.bank.lists.proposals(who),
    "bank.lists.tracing_request": lambda s, p, who: s.wb.bank.lists.tracing_request(who, p.bank_line),
    "bank.lists.unreconciled": lambda s, _p, who: s.wb.bank.lists.unreconciled(who, DAY),
    "bank.reports.reconciliation": lambda s, _p, who: s.wb.bank.reports.reconciliation(who, PERIOD),
    "bank.reports.snapshot": lambda s, _p, who: s.wb.bank.reports.snapshot(who, PERIOD, [Group.PRACTICE]),
    "bank.report_exports.document": lambda s, _p, who: s.wb.bank.report_exports.document(who, s.report()),
    "bank.report_exports.render": lambda s, _p, who: s.wb.bank.report_exports.render(who, s.report(), "csv"),
}  # fmt: skip


def call_of(action: str) -> Call:
    """The call of a row: its full name, or the part behind the desk."""
    if action.startswith("frames."):
        return frame(action.removeprefix("frames."))
    if action == "scan_desk.choices.practices":
        return CALLS["scan_choices.practices"]
    return CALLS.get(action) or CALLS[action.partition(".")[2]]
