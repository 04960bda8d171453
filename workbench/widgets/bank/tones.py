"""How the states of spec deposits 7.3 are coloured, wherever they are shown."""

from workbench.domain.bank import DepositBankState

DEPOSIT_TONES = {
    DepositBankState.PROPOSED: "accent",
    DepositBankState.MATCHED: "good",
    DepositBankState.CARD: "good",
    DepositBankState.DIFFERENCE: "warn",
}
