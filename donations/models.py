"""The rooms of ``donations``, gathered for Django."""

from donations.deposits.models import CashDeposit
from donations.money.models import Donor, DonorLookup, Gift
from donations.money.void_models import VoidRequest
from donations.registers.models import Register, RegisterAnswer, RememberedColumn
from donations.stations.models import Station

__all__ = [
    "CashDeposit",
    "Donor",
    "DonorLookup",
    "Gift",
    "Register",
    "RegisterAnswer",
    "RememberedColumn",
    "Station",
    "VoidRequest",
]
