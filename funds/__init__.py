"""Community charity funds: agreement, committee, spending, books, figures, public page, annual report."""
