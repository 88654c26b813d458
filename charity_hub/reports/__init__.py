"""Reports: annual reports, frozen figures and the street's own words.

Nouns: AnnualReport (subject, year, version), Builder (what an app registers to compute figures).
States: computing → draft → issued; a correction is a new version with a note, the old one stays readable.
An open version may be discarded, an issued one never.
Verbs: request, compute (freeze the figures as JSON with a hash), write the words, render, issue, correct,
discard.
"""
