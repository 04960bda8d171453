"""Facility, dates, payer and plan of one set, where they are not the batch's: mixed stacks (spec scan-batches 4.2)."""

from dataclasses import replace

from workbench.domain.identity import Actor
from workbench.domain.scan_batch import arrange
from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.header import FIELDS_OF, BatchHeader, check_header, errors_of
from workbench.domain.scan_batch.pages import OWN_FIELDS, Edit, SetState
from workbench.services.scan_batches.desk import FormRefusedError, OpenBatch, open_batch, today
from workbench.services.scan_batches.editing import Arrange, Editing
from workbench.storage import Stores


class SetDetails(Editing):
    """A set's own details, as a header that holds nothing else. What is empty there is the batch's."""

    def get(self, actor: Actor, set_id: int) -> BatchHeader:
        with self.database.reading() as stores:
            opened = open_batch(stores, actor, stores.image_sets.batch_of_set(set_id))
            return own_header(
                opened, arrange.live_set(stores.image_sets.pages(opened.batch.batch_id), set_id)
            )

    def save(self, actor: Actor, batch_id: int, set_id: int, own: BatchHeader) -> Edit:
        """Raises FormRefusedError. New cases and payments made from the set begin with what it says."""

        def change(stores: Stores, opened: OpenBatch) -> tuple[str, Arrange]:
            fields = FIELDS_OF[opened.batch.batch_type]
            wanted = replace(own, practice_id=opened.batch.practice_id, batch_type=opened.batch.batch_type)
            fitted = wanted.fitted()
            facts = stores.batch_choices.header_facts(fitted, self._stored(stores, opened, set_id))
            if errors := errors_of(check_header(fitted, facts, today(stores, opened.batch.practice_id))):
                raise FormRefusedError(errors)
            values = {name: getattr(fitted, name) for name in fields}
            return f"Details of set {set_id}", lambda now: now.with_changed(
                [replace(arrange.live_set(now, set_id), **values)]
            )

        return self.prepare(actor, batch_id, Action.MARK, change)

    @staticmethod
    def _stored(stores: Stores, opened: OpenBatch, set_id: int) -> BatchHeader:
        pages = stores.image_sets.pages(opened.batch.batch_id)
        return own_header(opened, arrange.live_set(pages, set_id))


def own_header(opened: OpenBatch, state: SetState) -> BatchHeader:
    own = {name: getattr(state, name) for name in OWN_FIELDS}
    return BatchHeader(practice_id=opened.batch.practice_id, batch_type=opened.batch.batch_type, **own)
