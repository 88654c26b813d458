"""Organizations: street offices, committees, charities, agencies and companies.

Nouns: Organization (kind, USCC, region), its public-fundraising qualification.
Verbs: none of its own; administrators keep them in ``/admin/``, by hand or as a table.
A USCC is checked (GB 32100, mod 31) and unique; an organization that anything depends on is never deleted.
"""
