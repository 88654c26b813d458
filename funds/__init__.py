"""Community charity funds: agreement and committee, spending, public page, annual report."""
