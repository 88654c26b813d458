"""Organizations: street offices, committees, charities, agencies and companies.

Nouns: Organization (kind, USCC, region), its public-fundraising qualification.
Verbs: none of its own; administrators manage them in ``/admin/``, one by one or by import.
A USCC is checked (GB 32100, mod 31) and unique; an organization that other rows depend on is never deleted.
"""
