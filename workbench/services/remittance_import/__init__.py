"""Import of 835 files: `RemittanceImport(database).import_remittance(actor, name, data)`."""

from workbench.services.remittance_import.service import RemittanceImport

__all__ = ["RemittanceImport"]
