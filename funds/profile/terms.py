"""The values of a proposal, passed from a form, the demo or a test to the actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from charity_hub.organizations.models import Organization
from charity_hub.regions.models import Region
from funds.profile.models import Fund, Position


@dataclass(frozen=True)
class NewPurpose:
    """A designated use of money. An empty ``slug`` is made from the name."""

    name: str
    restricted: bool = True
    slug: str = ""


@dataclass(frozen=True)
class Seat:
    """A member of the committee, or its supervisor."""

    name: str
    position: str = Position.MEMBER
    represents: str = ""

    @property
    def title(self) -> str:
        """The label of the position."""
        return str(Position(self.position).label)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A fund as its street proposes it. Seed money in fen, management fee in basis points (500 is 5 %).

    An empty ``name`` becomes the customary one: host charity + street or community + 慈善基金.
    """

    region: Region
    host: Organization
    name: str = ""
    aim: str
    agreement_number: str = ""
    signed_on: date
    starts_on: date
    ends_on: date | None = None
    use_terms: str
    rights_terms: str = ""
    termination_terms: str
    leftover_terms: str
    leftover_fund: Fund | None = None
    seed_money_fen: int = 0
    seed_money_from: str = ""
    management_fee_bp: int = 0
    purposes: Sequence[NewPurpose] = ()
    committee: Sequence[Seat] = ()
